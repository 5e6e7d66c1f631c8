"""When a test can be sat, until when an attempt takes answers, and when its result may be seen. All by one clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quizapp.core.assessments.plan import Feedback
from quizapp.core.messages import Message, say

GRACE = timedelta(seconds=5)
"""How long after the end of the time an answer is taken that was under way."""
NO_EXTRA = 100
MOST_PERCENT = 1_000


class Phase(StrEnum):
    """Where a test stands for a student. ``late``: after the due date, and still open."""

    BEFORE = "before"
    OPEN = "open"
    LATE = "late"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """When a test opens, is due and closes; None: no such moment."""

    opens: datetime | None = None
    due: datetime | None = None
    closes: datetime | None = None

    def override(self, own: "Window") -> "Window":
        """The same with the dates that a student has of their own."""
        return Window(own.opens or self.opens, own.due or self.due, own.closes or self.closes)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one student in one test: the dates, the minutes of the time limit, and the time in percent."""

    window: Window
    limit_minutes: int | None = None
    time_percent: int = NO_EXTRA

    @property
    def limit(self) -> timedelta | None:
        """How long an attempt takes at most."""
        return None if self.limit_minutes is None else timedelta(minutes=self.limit_minutes) * self.time_percent / 100

    @property
    def _extra(self) -> timedelta:
        # Whoever has more time and begins with the class must not be cut short by the class's dates.
        return timedelta(minutes=self.limit_minutes or 0) * (self.time_percent - NO_EXTRA) / 100

    @property
    def due(self) -> datetime | None:
        """Until when an attempt is in time: the due date, moved by the student's extra minutes."""
        return None if self.window.due is None else self.window.due + self._extra

    @property
    def closes(self) -> datetime | None:
        """When the last answer is taken: the closing date, moved by the student's extra minutes."""
        return None if self.window.closes is None else self.window.closes + self._extra

    def phase(self, now: datetime) -> Phase:
        """Where the test stands."""
        if self.window.opens is not None and now < self.window.opens:
            return Phase.BEFORE
        if self.closes is not None and now >= self.closes:
            return Phase.CLOSED
        return Phase.OPEN if self.due is None or now <= self.due else Phase.LATE

    def deadline(self, started: datetime) -> datetime | None:
        """When the time of an attempt that began at ``started`` runs out; None: never."""
        ends = [moment for moment in (self.closes, self.limit and started + self.limit) if moment]
        return min(ends) if ends else None

    def takes_answers(self, started: datetime, now: datetime) -> bool:
        """Whether an answer that arrives now is taken; a few seconds of grace are for what was under way."""
        end = self.deadline(started)
        return end is None or now <= end + GRACE

    def is_over(self, started: datetime, now: datetime) -> bool:
        """Whether the attempt is to be closed by whoever looks."""
        return not self.takes_answers(started, now)

    def shows_result(self, feedback: Feedback, ended: datetime | None, now: datetime, *, open_attempt: bool) -> bool:
        """Whether the student may see scores, right answers and reasons of an attempt.

        ``open_attempt``: another attempt of the student at the test takes answers. What is shown after the due date
        waits for its end: a test can be sat late, and attempts may ask the same cards.
        """
        if ended is None or feedback is Feedback.NEVER:
            return False
        return feedback is not Feedback.AFTER_DUE or (not open_attempt and self.due is not None and now > self.due)

    def is_final(self, feedback: Feedback, ended: datetime | None, now: datetime, *, open_attempt: bool) -> bool:
        """Whether the answers may go into the log of reviews, where the student can find them.

        Where no feedback is ever given, that is once the test has closed; without a closing date, never.
        """
        if ended is not None and feedback is Feedback.NEVER:
            return self.closes is not None and now > self.closes
        return self.shows_result(feedback, ended, now, open_attempt=open_attempt)

    def holds_cards(self, feedback: Feedback, *, attempts_left: int, open_attempt: bool, now: datetime) -> bool:
        """Whether a test that keeps its cards out of study keeps them from this student now.

        From the opening until the student can sit it no more and, where feedback comes after the due date, until then.
        """
        phase = self.phase(now)
        if phase is Phase.BEFORE:
            return False
        if open_attempt or (attempts_left > 0 and phase is not Phase.CLOSED):
            return True
        if feedback is Feedback.AFTER_DUE:
            return self.due is not None and now <= self.due
        return feedback is Feedback.NEVER and phase is not Phase.CLOSED and self.closes is not None


def check_window(window: Window) -> dict[str, Message]:
    """What is wrong with the order of the dates, by field."""
    faults: dict[str, Message] = {}
    if window.opens and window.due and window.due <= window.opens:
        faults["due"] = say("The due date is to be after the opening.")
    if window.opens and window.closes and window.closes <= window.opens:
        faults["closes"] = say("The closing is to be after the opening.")
    if window.due and window.closes and window.closes < window.due:
        faults["closes"] = say("The closing is to be no earlier than the due date.")
    return faults

"""What every study use case needs to know of the installation."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from quizapp.core.learning.scheduling import Scheduler
from quizapp.core.learning.studyday import StudyCalendar


@dataclass(frozen=True, slots=True)
class StudyRules:
    """The memory model, the school's study days, and the secret behind every shuffle.

    The secret keeps the order of options from giving the answer away: the program's source is public, so an order that
    anybody could compute would be one that anybody could undo.
    """

    scheduler: Scheduler
    calendar: StudyCalendar
    secret: bytes

    def shuffle_seed(self, handle: str, ref: str, revision: int, reps: int) -> bytes:
        """The seed for showing a card to a learner (``handle``, blank for a visitor) after ``reps`` reviews."""
        return hmac.digest(self.secret, f"shuffle|{handle}|{ref}|{revision}|{reps}".encode(), "sha256")

    def day_ends(self, now: datetime) -> datetime:
        """When the study day of ``now`` ends."""
        today = self.calendar.day_of(now)
        return self.calendar.start_of(type(today).fromordinal(today.toordinal() + 1))

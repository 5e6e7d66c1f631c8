"""Past reviews as Anki keeps them: lines of its review log, and what they make of a card.

Both programs reckon with FSRS-6, so that Anki goes on where the learner stopped: the memory's state travels along.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from quizapp.core.exchange.model import PastReview
from quizapp.core.learning.memory import MemoryState, Phase, Rating, from_millis, to_millis
from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar

# Earlier and later times are none of a review: seconds taken for milliseconds, or the other way round.
_EARLIEST_MS, _LATEST_MS = 10**11, 10**14
_DAY: Final = timedelta(days=1)
_KINDS: Final = {Phase.LEARNING: 0, Phase.REVIEW: 1, Phase.RELEARNING: 2}
_FACTOR: Final = 2_500
_LONGEST_MS: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of the review log: intervals in days, or, below zero, in seconds."""

    at_ms: int
    rating: int
    interval: int
    last_interval: int
    duration_ms: int
    kind: int

    @property
    def factor(self) -> int:
        """Anki's ease, in thousandths: 0 while a card is learned."""
        return 0 if self.kind == _KINDS[Phase.LEARNING] else _FACTOR


@dataclass(frozen=True, slots=True)
class Progress:
    """What a learner's reviews made of a card. ``data`` is JSON with the state of the memory, as Anki keeps it."""

    is_learned: bool
    due_ms: int
    interval: int
    reps: int
    lapses: int
    data: str
    log: tuple[Logged, ...]


def make_scheduler() -> Scheduler:
    """The scheduler by which past reviews are told again: default parameters, days of UTC."""
    return Scheduler(SchedulerSettings(), StudyCalendar(ZoneInfo("UTC")))


def _count_interval(state: MemoryState) -> int:
    ahead = state.due - state.last_review
    return max(1, round(ahead / _DAY)) if state.phase is Phase.REVIEW else -int(ahead.total_seconds())


def _write_memory(state: MemoryState) -> str:
    last = to_millis(state.last_review) // 1000
    return json.dumps({"s": round(state.stability, 4), "d": round(state.difficulty, 3), "dr": 0.9, "lrt": last})


def _replay(reviews: Sequence[PastReview], scheduler: Scheduler) -> Progress | None:
    state: MemoryState | None = None
    log: list[Logged] = []
    for review in sorted(reviews, key=lambda review: review.at_ms):
        if not _EARLIEST_MS <= review.at_ms < _LATEST_MS or not 1 <= review.rating <= 4:
            continue
        kind = _KINDS[state.phase if state else Phase.LEARNING]
        before = _count_interval(state) if state else 0
        state = scheduler.review(state, Rating(review.rating), from_millis(review.at_ms))
        duration = min(max(0, review.duration_ms or 0), _LONGEST_MS)
        log.append(Logged(review.at_ms, review.rating, _count_interval(state), before, duration, kind))
    if state is None:
        return None
    is_learned = state.phase is Phase.REVIEW
    interval = max(1, _count_interval(state))
    due = to_millis(state.due)
    return Progress(is_learned, due, interval, state.reps, state.lapses, _write_memory(state), tuple(log))


def find_progress(reviews: Sequence[PastReview]) -> Mapping[str, Progress]:
    """The progress of each card that was reviewed, by the card's id. Reviews with impossible times are left out."""
    by_card: dict[str, list[PastReview]] = {}
    for review in reviews:
        by_card.setdefault(review.card, []).append(review)
    scheduler = make_scheduler()
    found = ((card, _replay(entries, scheduler)) for card, entries in by_card.items())
    return {card: progress for card, progress in found if progress is not None}

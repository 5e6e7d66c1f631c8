"""What was really done on each day of a plan, counted as the plan counts: each card once a day."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.core.learning.habits import LONGEST_ANSWER_MS

_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class DoneDay:
    """Cards begun and cards reviewed, each once; all answers; and the minutes, as far as answers were timed."""

    new: int = 0
    reviews: int = 0
    answers: int = 0
    minutes: float = 0.0


def sum_days(answers: Iterable[tuple[int, int, bool, int | None]]) -> dict[int, DoneDay]:
    """What was done on each study day, from answers in their order: (study day, card, whether it was new, millis).

    A card that was new, and came again on the same day, was begun and not reviewed. An answer takes two minutes at
    most, however long its page stood open.
    """
    days: dict[int, DoneDay] = {}
    met: set[tuple[int, int]] = set()
    for day, card, was_new, millis in answers:
        before = days.get(day, DoneDay())
        first = (day, card) not in met
        met.add((day, card))
        days[day] = DoneDay(
            before.new + (first and was_new),
            before.reviews + (first and not was_new),
            before.answers + 1,
            before.minutes + min(millis or 0, LONGEST_ANSWER_MS) / _MINUTE,
        )
    return days

"""Choosing the day on which a card comes back, so that no day holds more than it has to.

Only days within the band of the fuzz are looked at (``fuzz.fuzz_range``): the memory model has the first word, comfort
the second.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from quizapp.core.errors import Invalid
from quizapp.core.learning.fuzz import fuzz_range, spread_interval
from quizapp.core.learning.studyday import add_days
from quizapp.core.messages import say

EVEN_WEEK = (1.0,) * 7
REDUCED_DAY = 0.5
"""The weight of a day on which a learner wants to do half as much as on others."""


@dataclass(frozen=True, slots=True)
class Load:
    """What already waits on the days to come.

    ``cards`` maps a study day to the number of cards due on it, a day that is missing has none. ``week`` holds a weight
    for each weekday from Monday: 1 is a day like any other, 0.5 takes half as much, 0 is a day off, used only where the
    band holds no other. ``siblings`` are the days on which a card that shares a passage is due. Raises Invalid (field
    ``week``) for anything but seven weights from 0 to 1.
    """

    cards: Mapping[date, int] = field(default_factory=dict)
    week: tuple[float, ...] = EVEN_WEEK
    siblings: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.week) != len(EVEN_WEEK) or not all(0 <= weight <= 1 for weight in self.week):
            message = say("A week has seven days, each with a weight from 0 (a day off) to 1 (a day like any other).")
            raise Invalid(message, {"week": message})


LoadOf = Callable[[range], Load]
"""What waits on these days, counted from today: for who looks it up only once the days are known."""


def _burden(day: date, load: Load) -> tuple[bool, bool, float]:
    """How little a day suits one more card: smaller is better. It must not depend on the interval (see below)."""
    weight = load.week[day.weekday()]
    cards = load.cards.get(day, 0) + 1
    return day in load.siblings, weight == 0, cards / (weight or 1)


def balance_interval(interval: int, today: date, load: Load, seed: bytes, longest: int) -> int:
    """The interval in days, moved within its band to the day that suits best; equal arguments give the same day.

    A day without a sibling goes first, then one that is not off, then the one with the least load for its weight, then
    the one nearest to where the seed alone would have moved the card. With one load and seed, a longer interval never
    becomes shorter than a shorter one: days are compared by what does not depend on the interval, and the places that
    the seed chooses keep their order.
    """
    spread = spread_interval(interval, seed, longest)

    def rank(days: int) -> tuple[tuple[bool, bool, float], int, int]:
        return _burden(add_days(today, days), load), abs(days - spread), days

    return min(fuzz_range(interval, longest), key=rank)

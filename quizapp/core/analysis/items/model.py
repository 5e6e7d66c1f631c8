"""What item analysis begins with and comes to: answers in, figures out, each figure with its interval.

An item is one card at one revision, asked in one place: a test, or the study of a deck. The items of one place make a
scale: what a student scored on the others of the scale is the *rest* with which an item is compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quizapp.core.analysis.items.intervals import Interval

FEWEST = 10
"""From so many students on a figure says something; below, it is left out."""


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """One student's answer to one item; ``score`` is from 0 to 1.

    ``chosen`` are the options taken, where there are options. ``given``: there was an answer at all; a question of a
    test that was left open scores 0. ``millis`` is how long the student looked at it, None where nobody knows.
    """

    student: int
    item: int
    score: float
    chosen: tuple[str, ...] = ()
    given: bool = True
    millis: int | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen in an item: all texts in the author's order, and the right ones among them."""

    texts: tuple[str, ...]
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure of so many students, with the interval in which the true one lies, where that can be told."""

    value: float
    count: int
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Thirds:
    """So many students of the best, the middle and the lowest third by the rest of the scale.

    ``unranked`` ones answered nothing else, so that they stand in no third.
    """

    top: int = 0
    middle: int = 0
    bottom: int = 0
    unranked: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.top + self.middle + self.bottom + self.unranked


@dataclass(frozen=True, slots=True)
class OptionLine:
    """An option with who chose it.

    ``share`` is that of all students asked. ``discrimination`` is the correlation of choosing it with the rest score:
    above zero where the better students chose it. Both are None where there are too few students to say.
    """

    text: str
    right: bool
    chosen: Thirds
    share: Estimate | None
    discrimination: Estimate | None


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """All figures of one item. An estimate is None where there are too few students, or nothing to compare.

    ``count`` students were asked; ``omitted`` of them gave no answer, ``right`` ones count as right. ``facility`` is
    the mean score, ``discrimination`` its correlation with the rest score, ``alpha_without`` Cronbach's alpha of the
    scale without this item, ``median_ms`` the median time in milliseconds. ``thirds`` are the students that were asked,
    ``right_thirds`` those whose answer counts as right. ``likely_key`` is a wrong option that looks like the right one.
    """

    count: int
    omitted: int
    right: int
    facility: Estimate | None
    discrimination: Estimate | None
    alpha_without: Estimate | None
    median_ms: Estimate | None
    thirds: Thirds
    right_thirds: Thirds
    options: tuple[OptionLine, ...] = ()
    likely_key: str = ""


@dataclass(frozen=True, slots=True)
class ScaleStatistics:
    """The items of a scale by their numbers, and Cronbach's alpha of all of them (None: too few students)."""

    items: Mapping[int, ItemStatistics] = field(default_factory=dict)
    alpha: Estimate | None = None

"""How much a learner takes on in one study day, for each deck and altogether."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.core.errors import Invalid
from quizapp.core.messages import say

HIGHEST_LIMIT = 9_999
USUAL_PORTION = 200
"""So many reviews a day are taken from what has piled up, where the learner chose no limit; less is no pile."""


@dataclass(frozen=True, slots=True)
class DailyLimits:
    """The most new cards and the most reviews in a study day; None is no limit. Raises Invalid, naming the field.

    Learning steps are never limited: a card that was begun is finished.
    """

    new: int | None = None
    reviews: int | None = None

    def __post_init__(self) -> None:
        for field, limit in (("new", self.new), ("reviews", self.reviews)):
            if limit is not None and not 0 <= limit <= HIGHEST_LIMIT:
                message = say("A daily limit goes from 0 to %(most)s cards.", most=HIGHEST_LIMIT)
                raise Invalid(message, {field: message})


@dataclass(frozen=True, slots=True)
class DayCount:
    """What was done on a study day: cards answered for the first time, and answers to cards out of their steps."""

    new: int = 0
    reviews: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """How many new cards and reviews the day still takes; None is no end. ``backlog``: more reviews wait than that."""

    new: int | None = None
    reviews: int | None = None
    backlog: bool = False


def find_portion(limits: DailyLimits, done: DayCount, waiting: int) -> DailyLimits:
    """The learner's limits; where reviews have none and more wait than a day's usual portion, that portion."""
    if limits.reviews is not None or done.reviews + waiting <= USUAL_PORTION:
        return limits
    return DailyLimits(limits.new, USUAL_PORTION)


def _left(limits: Iterable[tuple[int | None, int]]) -> int | None:
    return min((max(limit - done, 0) for limit, done in limits if limit is not None), default=None)


def room_today(limits: Iterable[tuple[DailyLimits, DayCount]], waiting: int) -> Room:
    """What the day still takes, under every one of these limits, each with what was already done under it.

    ``waiting`` is the number of reviews due. A new card is tomorrow's review: where reviews are limited, new cards only
    get the places that the waiting reviews leave, so that a backlog does not grow while it is worked off.
    """
    pairs = list(limits)
    new = _left((limit.new, done.new) for limit, done in pairs)
    reviews = _left((limit.reviews, done.reviews) for limit, done in pairs)
    if reviews is None:
        return Room(new, None)
    left = _left((limit.reviews, done.reviews + done.new) for limit, done in pairs)
    free = max((left or 0) - waiting, 0)
    return Room(free if new is None else min(new, free), reviews, backlog=waiting > reviews)

"""From a log of reviews to what a memory model can be measured on, and fitted to.

The definitions are those of the public FSRS benchmark (https://github.com/open-spaced-repetition/srs-benchmark): the
first review of a card and those on the same study day as the one before are not predicted, but are part of the history
that predictions start from.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quizapp.core.learning.memory import Rating, from_millis, to_millis
from quizapp.core.learning.reviewlog import LoggedReview
from quizapp.core.learning.studyday import StudyCalendar, add_days

LONGEST_HISTORY = 128
"""The benchmark looks at the first 128 reviews of a card."""

_DAY_MS = 86_400_000
_FEWEST_ALIKE = 6
_LONGEST_USUAL = {Rating.EASY: 365}
_LONGEST_USUAL_ELSE = 100
_OUTLIERS_SHARE = 0.05
_OUTLIERS_LEAST = 20
_SMALLEST_SHARE_KEPT = 0.5  # the filter empties small logs


@dataclass(frozen=True, slots=True)
class History:
    """One card's reviews in order: study days since the one before (0 for the first), ratings, times in ms.

    ``prior`` multiplies the stability after the first review: what a class has taught about the card (``prior``).
    """

    elapsed: tuple[int, ...]
    ratings: tuple[int, ...]
    times: tuple[int, ...]
    prior: float = 1.0


@dataclass(frozen=True, slots=True)
class Item:
    """One review to be predicted, and what the benchmark sorts it by.

    ``history`` and ``review`` are its places among the histories and in its own. ``elapsed`` is in study days, at least
    1; ``length`` counts the review days of the card, this one included; ``lapses`` those days before on which the card
    was found forgotten. ``first`` is the rating of the card's first review.
    """

    history: int
    review: int
    at: int
    elapsed: int
    length: int
    lapses: int
    first: int
    recalled: bool


class _DayFinder:
    """The study day of many instants, asking the calendar once for each day rather than for each instant."""

    def __init__(self, calendar: StudyCalendar) -> None:
        self._calendar = calendar
        self._found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)

    def find(self, at: int) -> int:
        """The ordinal of the study day of an instant in milliseconds since 1970 UTC."""
        near = self._found[at // _DAY_MS]
        for day, start, end in near:
            if start <= at < end:
                return day
        date = self._calendar.day_of(from_millis(at))
        start, end = (to_millis(self._calendar.start_of(one)) for one in (date, add_days(date, 1)))
        near.append((date.toordinal(), start, end))
        return date.toordinal()


def collect_histories(reviews: Iterable[LoggedReview], calendar: StudyCalendar) -> tuple[History, ...]:
    """One history for each card, in the order of their first reviews in the log."""
    cards: dict[str, list[LoggedReview]] = defaultdict(list)
    for review in reviews:
        cards[review.card_id].append(review)
    finder = _DayFinder(calendar)
    histories = []
    for log in cards.values():
        days = [finder.find(review.at) for review in log]
        elapsed = [0, *(max(later - day, 0) for day, later in pairwise(days))]
        times = tuple(review.at for review in log)
        histories.append(History(tuple(elapsed), tuple(int(review.rating) for review in log), times))
    return tuple(histories)


def _list_card_items(number: int, history: History) -> list[Item]:
    items = []
    lapses, length = 0, 1
    for review, (elapsed, rating) in enumerate(zip(history.elapsed, history.ratings, strict=True)):
        if review and elapsed:
            length += 1
            recalled = rating > Rating.AGAIN
            items.append(
                Item(number, review, history.times[review], elapsed, length, lapses, history.ratings[0], recalled)
            )
            lapses += not recalled
    return items


def list_items(histories: Sequence[History]) -> list[Item]:
    """All reviews to be predicted, in the order of their times."""
    items = [item for number, history in enumerate(histories) for item in _list_card_items(number, history)]
    return sorted(items, key=lambda item: (item.at, item.history, item.review))


def _find_rare_delays(items: Iterable[Item], first: int) -> set[int]:
    """The delays of a second review day, after this first rating, that the benchmark's filter drops.

    The rarest go first, of equally rare ones the longest: up to a twentieth of the cards, or up to 20; beyond that
    those that fewer than six cards share, and those over 100 days (365 after Easy).
    """
    counts: dict[int, int] = defaultdict(int)
    for item in items:
        counts[item.elapsed] += 1
    most = max(sum(counts.values()) * _OUTLIERS_SHARE, _OUTLIERS_LEAST)
    longest = _LONGEST_USUAL.get(Rating(first), _LONGEST_USUAL_ELSE)
    rare: set[int] = set()
    removed = 0
    for elapsed, count in sorted(counts.items(), key=lambda pair: (pair[1], -pair[0])):
        if removed + count < most or count < _FEWEST_ALIKE or elapsed > longest:
            rare.add(elapsed)
            removed += count
    return rare


def drop_outliers(items: Sequence[Item]) -> list[Item]:
    """The items that the benchmark keeps: without cards whose second review day came after an unusual delay.

    All items of such a card go, as do those beyond a card's first 128 reviews. Of a small log nothing may be left: the
    filter takes up to 20 cards of each first rating in any case.
    """
    seconds: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        if item.length == 2:
            seconds[item.first].append(item)
    outliers: set[int] = set()
    for first, some in seconds.items():
        rare = _find_rare_delays(some, first)
        outliers.update(item.history for item in some if item.elapsed in rare)
    return [item for item in items if item.history not in outliers and item.review < LONGEST_HISTORY]


def list_usual_items(histories: Sequence[History]) -> list[Item]:
    """All reviews to be predicted, without outliers; where the filter would take more than half, with them."""
    items = list_items(histories)
    kept = drop_outliers(items)
    return items if len(kept) < _SMALLEST_SHARE_KEPT * len(items) else kept


def split_items(items: Sequence[Item], share: float) -> tuple[list[Item], list[Item]]:
    """The earlier share of items in the order of time, and the later rest: what happens at one instant stays together.

    A model that is fitted to the first must not know anything of the second.
    """
    if not items:
        return [], []
    cut = items[min(int(len(items) * share), len(items) - 1)].at
    return [item for item in items if item.at < cut], [item for item in items if item.at >= cut]

"""What a learner remembers now and will, and what was done for it: from plain rows to plain rows.

Days are study days, counted by their ordinals or from today. Recall is a probability from 0 to 1: what the memory model
expects. Retention is the share of answers that were right when a card came back: what really happened.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from quizapp.core.learning.scheduling import DEFAULT_DECAY, recall_after
from quizapp.core.learning.studyday import StudyCalendar, add_days

FEWEST_ANSWERS = 10
"""Fewer answers than this say too little for a share."""

MATURE_DAYS = 21
"""From this break on, in study days, a card counts as an old acquaintance (Anki's border between young and mature)."""

LEVELS = 4
"""The shades of a day on which something was answered."""

_WEEK = 7


@dataclass(frozen=True, slots=True)
class StudiedCard:
    """A card that was answered and is in use: ``due_in`` counts study days from today, below zero where it waits.

    ``decay`` is the forgetting curve's exponent under the parameters that the card follows.
    """

    deck: int
    stability: float
    days_ago: int
    due_in: int
    decay: float = DEFAULT_DECAY


@dataclass(frozen=True, slots=True)
class Recall:
    """So many cards, of which ``recalled`` are expected to be remembered."""

    cards: int
    recalled: float

    @property
    def share(self) -> float:
        """The mean recall, from 0 to 1; 0 without cards."""
        return self.recalled / self.cards if self.cards else 0.0


@dataclass(frozen=True, slots=True)
class Retention:
    """So many answers to cards that came back, of which ``recalled`` were remembered."""

    answers: int = 0
    recalled: int = 0

    def __add__(self, other: "Retention") -> "Retention":
        return Retention(self.answers + other.answers, self.recalled + other.recalled)

    @property
    def share(self) -> float | None:
        """The share remembered, from 0 to 1; None where there are too few answers to say."""
        return self.recalled / self.answers if self.answers >= FEWEST_ANSWERS else None


@dataclass(frozen=True, slots=True)
class DayWork:
    """What was answered on one study day (``day`` is its ordinal): of ``answers``, ``timed`` ones took ``millis``."""

    day: int
    answers: int
    right: int
    timed: int
    millis: int


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day in the calendar: which column (week) and row (day of the week), and its shade from 0 (nothing) to 4."""

    week: int
    weekday: int
    day: date
    answers: int
    level: int


class DayCounter:
    """``StudyCalendar.day_of`` for many moments: it finds the bounds of each study day once."""

    def __init__(self, calendar: StudyCalendar) -> None:
        self._calendar = calendar
        self._starts: list[datetime] = []
        self._spans: list[tuple[datetime, int]] = []

    def find(self, moment: datetime) -> int:
        """The ordinal of the study day of a moment."""
        place = bisect_right(self._starts, moment)
        if place:
            end, ordinal = self._spans[place - 1]
            if moment < end:
                return ordinal
        day = self._calendar.day_of(moment)
        start, end = self._calendar.start_of(day), self._calendar.start_of(add_days(day, 1))
        self._starts.insert(place, start)
        self._spans.insert(place, (end, day.toordinal()))
        return day.toordinal()


def expect_recall(cards: Iterable[StudiedCard], *, in_days: int = 0) -> Recall:
    """How many of these cards will be remembered so many days from today if none is answered until then."""
    chances = [recall_after(max(card.days_ago, 0) + in_days, card.stability, card.decay) for card in cards]
    return Recall(len(chances), sum(chances))


def expect_recall_by_deck(cards: Iterable[StudiedCard]) -> dict[int, Recall]:
    """How many cards of each deck are remembered today; a deck without such cards is left out."""
    by_deck: dict[int, list[StudiedCard]] = {}
    for card in cards:
        by_deck.setdefault(card.deck, []).append(card)
    return {deck: expect_recall(group) for deck, group in by_deck.items()}


def sum_recall_by_theme(by_deck: Mapping[int, Recall], themes: Mapping[int, str]) -> dict[str, Recall]:
    """The same for themes, where ``themes`` names that of each deck."""
    by_theme: dict[str, Recall] = {}
    for deck, recall in by_deck.items():
        sum_before = by_theme.get(themes[deck], Recall(0, 0.0))
        by_theme[themes[deck]] = Recall(sum_before.cards + recall.cards, sum_before.recalled + recall.recalled)
    return by_theme


def forecast_due(cards: Iterable[StudiedCard], days: int) -> tuple[int, ...]:
    """How many cards fall due on each of the next ``days`` study days; today's number holds all that wait already."""
    counts = [0] * days
    for card in cards:
        if card.due_in < days:
            counts[max(card.due_in, 0)] += 1
    return tuple(counts)


def count_waiting(cards: Iterable[StudiedCard]) -> int:
    """How many cards have been due since an earlier day."""
    return sum(card.due_in < 0 for card in cards)


def sum_work(days: Iterable[DayWork], first: int, last: int) -> DayWork:
    """The work from one day to another, both included, as that of one long day (``day`` is the last)."""
    within = [work for work in days if first <= work.day <= last]
    return DayWork(
        day=last,
        answers=sum(work.answers for work in within),
        right=sum(work.right for work in within),
        timed=sum(work.timed for work in within),
        millis=sum(work.millis for work in within),
    )


def _find_top(counts: Sequence[int]) -> int:
    """What makes the strongest shade: nine of ten days have at most so many answers, so one long day pales no other."""
    ordered = sorted(counts)
    return ordered[(len(ordered) - 1) * 9 // 10]


def lay_out_calendar(
    days: Iterable[DayWork], first: date, last: date, first_weekday: int = 0
) -> tuple[CalendarDay, ...]:
    """All days from ``first`` to ``last`` in columns of a week, which begins on ``first_weekday`` (0 is Monday)."""
    answers = {work.day: work.answers for work in days if work.answers}
    top = _find_top(list(answers.values())) if answers else 1
    offset = (first.weekday() - first_weekday) % _WEEK
    cells = []
    for number, ordinal in enumerate(range(first.toordinal(), last.toordinal() + 1)):
        week, weekday = divmod(number + offset, _WEEK)
        count = answers.get(ordinal, 0)
        level = min(-(-LEVELS * count // top), LEVELS)
        cells.append(CalendarDay(week, weekday, date.fromordinal(ordinal), count, level))
    return tuple(cells)

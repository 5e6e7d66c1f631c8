"""Moving cards to the days that new parameters, or another desired recall, would have given them.

Only what has to move is moved: a card whose day lies within the band of its new interval stays. Others go to the day of
the band that suits best (``balance``). What would be due at once is spread over the days to come, first the cards for
which a day's delay costs most (``backlog``), and no day takes more of it than its fair share; none of these cards comes
later than it would have come anyhow. So no change of a number piles up work.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from quizapp.core.learning.backlog import gain
from quizapp.core.learning.balance import EVEN_WEEK, Load, balance_interval
from quizapp.core.learning.fuzz import fuzz_range
from quizapp.core.learning.memory import MemoryState
from quizapp.core.learning.scheduling import SchedulerSettings, days_until
from quizapp.core.learning.studyday import StudyCalendar, add_days

SHARE_DAYS = 14
"""A fair share is what each day would take if all that waits in two weeks came evenly."""


@dataclass(frozen=True, slots=True)
class PlannedCard:
    """A card out of its steps: its state, the settings that schedule it, and the seed of its place in the band."""

    card_id: int
    state: MemoryState
    settings: SchedulerSettings
    seed: bytes


@dataclass(frozen=True, slots=True)
class Move:
    """A card, last answered at ``last_review`` and ``reps`` times in all, is due at another time."""

    card_id: int
    reps: int
    last_review: datetime
    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class Reschedule:
    """What would be moved. ``before`` and ``after`` are the cards due by study day; what is overdue counts today."""

    today: date
    ends: datetime
    cards: int
    moves: tuple[Move, ...]
    before: Mapping[date, int]
    after: Mapping[date, int]

    @property
    def earlier(self) -> int:
        """How many cards come earlier than before."""
        return sum(move.after < move.before for move in self.moves)

    @property
    def later(self) -> int:
        """How many cards come later than before."""
        return sum(move.after > move.before for move in self.moves)

    @property
    def due_today(self) -> int:
        """How many cards become due today that were not before."""
        return sum(move.after < self.ends <= move.before for move in self.moves)


class _Planner:
    """The days as they fill up."""

    def __init__(self, calendar: StudyCalendar, week: tuple[float, ...], today: date) -> None:
        self._calendar = calendar
        self._week = week if any(week) else EVEN_WEEK
        self._today = today
        self.load: Counter[date] = Counter()
        self.moves: list[Move] = []
        self._pile: list[PlannedCard] = []

    def day_of(self, card: PlannedCard) -> date:
        """The study day on which a card waits: today where it is overdue."""
        return max(self._calendar.day_of(card.state.due), self._today)

    def _band(self, card: PlannedCard) -> tuple[date, int, range]:
        """The day of the last answer, the interval that the card should have had since, and the days allowed."""
        settings = card.settings
        interval = days_until(settings.desired_retention, card.state.stability, settings.decay)
        interval = min(interval, settings.maximum_interval)
        return self._calendar.day_of(card.state.last_review), interval, fuzz_range(interval, settings.maximum_interval)

    def consider(self, card: PlannedCard) -> None:
        """Leave a card, move it within its band, or put it with those that would be due at once."""
        answered, interval, band = self._band(card)
        first, last = add_days(answered, band[0]), add_days(answered, band[-1])
        due = self._calendar.day_of(card.state.due)
        if first <= due <= last or max(due, last) <= self._today:
            return
        if last <= self._today:
            self._pile.append(card)
            return
        gone = frozenset(day for days in band if (day := add_days(answered, days)) <= self._today)
        self.load[self.day_of(card)] -= 1
        load = Load(self.load, self._week, siblings=gone)  # as unwelcome as a sibling: chosen last of all
        days = balance_interval(interval, answered, load, card.seed, card.settings.maximum_interval)
        self._move(card, add_days(answered, days))

    def _move(self, card: PlannedCard, day: date) -> None:
        self.load[day] += 1
        state = card.state
        move = Move(card.card_id, state.reps, state.last_review, state.due, self._calendar.start_of(day))
        self.moves.append(move)

    def _fair_share(self) -> int:
        waiting = sum(self.load[add_days(self._today, ahead)] for ahead in range(SHARE_DAYS))
        return math.ceil((len(self._pile) + waiting) / SHARE_DAYS)

    def spread_pile(self) -> None:
        """Give the cards that would be due at once their days, each before its present one, or leave it there."""
        share, day = self._fair_share(), self._today
        left = self._pile
        while left := [card for card in left if self.day_of(card) > day]:
            room = math.ceil(share * self._week[day.weekday()]) - self.load[day]
            if room > 0:
                now = self._calendar.start_of(day)
                left.sort(key=lambda card: (-gain(card.state, now, card.settings.decay), card.card_id))
                for card in left[:room]:
                    self.load[self.day_of(card)] -= 1
                    self._move(card, day)
                left = left[room:]
            day = add_days(day, 1)


def plan_reschedule(
    cards: Sequence[PlannedCard], calendar: StudyCalendar, now: datetime, week: tuple[float, ...] = EVEN_WEEK
) -> Reschedule:
    """What to move so that each card comes when its stability says: the same plan all through one study day.

    ``cards`` are all that wait for review, not those in steps; ``week`` weighs the weekdays (``balance.Load``).
    """
    today = calendar.day_of(now)
    planner = _Planner(calendar, week, today)
    planner.load.update(planner.day_of(card) for card in cards)
    before = dict(planner.load)
    for card in sorted(cards, key=lambda card: card.card_id):
        planner.consider(card)
    planner.spread_pile()
    moves = tuple(sorted(planner.moves, key=lambda move: move.card_id))
    after = {day: count for day, count in planner.load.items() if count}
    return Reschedule(today, calendar.start_of(add_days(today, 1)), len(cards), moves, before, after)

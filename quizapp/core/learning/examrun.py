"""One simulated way to an exam, day by day, with a fixed portion of time each day.

A day's portion goes first to cards that are due, those due longest before the others, then to new cards, then to cards
that would fall due before the exam anyhow: so the days fill up from the front, and what can be done early is not left
for the end. In the last week no day takes more than one and a half times the mean of the days before it.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

from quizapp.core.learning.dice import Dice
from quizapp.core.learning.habits import Habits
from quizapp.core.learning.memory import Rating
from quizapp.core.learning.model import Memory, MemoryModel
from quizapp.core.learning.workload import KnownCard, learn_again

LAST_WEEK = 7
STEEPEST = 1.5
"""How many times the mean of the days before a day of the last week may take."""

# A card may be reviewed early once this share of its interval is over and it would be due within these days. The share
# lets some work be done before the last week in any plan of eleven days or more; below, a week is most of the plan.
_EARLIEST_SHARE = 0.3
_LOOK_AHEAD = 21


@dataclass(frozen=True, slots=True)
class Journey:
    """What is to be learned, and within which bounds: ``days`` before the exam, of which ``idle`` pass unused.

    ``retention`` is the recall at which a card is due. At most ``new_per_day`` cards are begun on a day.
    """

    known: Sequence[KnownCard]
    unseen: int
    days: int
    retention: float
    new_per_day: int
    idle: int = 0


@dataclass(slots=True)
class Day:
    """What was done on one day."""

    new: int = 0
    reviews: int = 0
    seconds: float = 0.0


@dataclass(order=True, slots=True)
class _Card:
    """``due`` and ``last`` count from today, ``dice`` are the card's own chances. A heap sorts by ``due``."""

    due: int
    number: int
    last: int = field(compare=False)
    memory: Memory = field(compare=False)
    dice: Dice = field(compare=False)


class ExamRun:
    """Plays one way to the exam.

    ``days`` tells what was done, ``recalls`` how likely each begun card is recalled, ``unbegun`` how many cards were
    never reached, ``last_new`` the last day with a new card (-1 where there is none).
    """

    def __init__(self, journey: Journey, model: MemoryModel, habits: Habits, portion: float, seed: bytes) -> None:
        self._journey, self._model, self._habits = journey, model, habits
        self._portion, self._seed = portion, seed
        self._longest = max(habits.known_seconds, habits.forgotten_seconds)
        self._begun = 0
        self._spent = 0.0
        self._heap: list[_Card] = []
        self.days = [Day() for _ in range(journey.days)]
        for number, known in enumerate(journey.known):
            dice = Dice(seed + b"known %d" % number)
            due = model.interval(known.stability, journey.retention) - known.days_ago
            memory = (known.stability, known.difficulty)
            heapq.heappush(self._heap, _Card(due, number, -known.days_ago, memory, dice))
        for day in range(journey.idle, journey.days):
            self._work(day)
        self.unbegun = journey.unseen - self._begun
        self.last_new = max((number for number, day in enumerate(self.days) if day.new), default=-1)
        self.recalls = [model.recall(journey.days - card.last, card.memory[0]) for card in self._heap]

    def _limit(self, day: int) -> float:
        before = day - self._journey.idle
        if day < self._journey.days - LAST_WEEK or not before:
            return self._portion
        # The mean is over all days so far: were it to grow by half a day's work each day, the whole week would still
        # stay below one and a half times the mean of all days.
        return min(self._portion, STEEPEST * self._spent / before) if self._spent else self._portion

    def _work(self, day: int) -> None:
        today, limit = self.days[day], self._limit(day)
        self._review(day, limit, today, early=False)
        self._begin(day, limit, today)
        self._review(day, limit, today, early=True)
        self._spent += today.seconds

    def _is_early_enough(self, card: _Card, day: int) -> bool:
        """Whether a card not yet due may be taken: not twice a day, and not much before its time."""
        return card.last < day and day - card.last >= _EARLIEST_SHARE * (card.due - card.last)

    def _review(self, day: int, limit: float, today: Day, *, early: bool) -> None:
        done = []
        latest = min(self._journey.days - 1, day + _LOOK_AHEAD) if early else day
        while self._heap and self._heap[0].due <= latest:
            if today.seconds + self._longest > limit:
                break
            card = heapq.heappop(self._heap)
            if not early or self._is_early_enough(card, day):
                self._answer(card, day, today)
            done.append(card)
        for card in done:
            heapq.heappush(self._heap, card)

    def _answer(self, card: _Card, day: int, today: Day) -> None:
        elapsed = day - card.last
        rating = self._habits.rate_later(self._model.recall(elapsed, card.memory[0]), card.dice)
        card.memory = learn_again(self._model, card.memory, elapsed, rating)
        today.reviews += 1
        today.seconds += self._habits.seconds_for(rating)
        self._schedule(card, day)

    def _begin(self, day: int, limit: float, today: Day) -> None:
        while self._begun < self._journey.unseen and today.new < self._journey.new_per_day:
            if today.seconds + self._habits.new_seconds > limit:
                return
            dice = Dice(self._seed + b"new %d" % self._begun)
            rating = self._habits.rate_first(dice)
            memory = self._model.start(rating)
            if rating == Rating.AGAIN:
                memory = self._model.step(memory, 0, Rating.GOOD)
            card = _Card(0, len(self._journey.known) + self._begun, day, memory, dice)
            self._schedule(card, day)
            heapq.heappush(self._heap, card)
            self._begun += 1
            today.new += 1
            today.seconds += self._habits.new_seconds

    def _schedule(self, card: _Card, day: int) -> None:
        card.last = day
        card.due = day + self._model.interval(card.memory[0], self._journey.retention)

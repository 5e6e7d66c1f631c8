"""One simulated way to an exam, day by day, with a fixed portion of time each day.

A day's portion goes first to cards that are due, those due longest before the others, then to new cards, then to cards
that would fall due before the exam anyhow: so the days fill up from the front, and what can be done early is not left
for the end. In the last week no day takes more than one and a half times the mean of the days before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
EARLIEST_SHARE = 0.3
LOOK_AHEAD = 21


def is_early_enough(elapsed: int, interval: int) -> bool:
    """Whether a card not yet due may be taken: not twice a day, and not much before its time. Both in study days."""
    return elapsed > 0 and elapsed >= EARLIEST_SHARE * interval


@dataclass(frozen=True, slots=True)
class Journey:
    """What is to be learned, and within which bounds: ``days`` before the exam, of which ``idle`` pass unused.

    ``retention`` is the recall at which a card is due. At most ``new_per_day`` cards are begun on a day. In a thinned
    journey each card stands for ``thinned`` of them, and takes as much of a day as they.
    """

    known: Sequence[KnownCard]
    unseen: int
    days: int
    retention: float
    new_per_day: int
    idle: int = 0
    thinned: int = 1

    @property
    def cards(self) -> int:
        """All that are played."""
        return len(self.known) + self.unseen

    def most_new(self, day: int) -> int:
        """How many cards may be begun on a day, the fractions of a thinned journey spread over the days."""
        return (day + 1) * self.new_per_day // self.thinned - day * self.new_per_day // self.thinned


@dataclass(slots=True)
class Day:
    """What was done on one day."""

    new: int = 0
    reviews: int = 0
    seconds: float = 0.0


class Chances:
    """Every card's own chances on one way, rolled once and the same for all portions that are tried on it."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._dice: dict[bytes, tuple[Dice, list[float]]] = {}

    def of_card(self, name: bytes) -> "Tape":
        """A card's chances from the first on."""
        if name not in self._dice:
            self._dice[name] = (Dice(self._seed + name), [])
        return Tape(*self._dice[name])


class Tape(Dice):
    """The numbers that a die gave, from the first on; at their end it is rolled again."""

    __slots__ = ("_at", "_dice", "_rolled")

    def __init__(self, dice: Dice, rolled: list[float]) -> None:
        self._dice, self._rolled, self._at = dice, rolled, 0

    def roll(self) -> float:
        """The next number."""
        if self._at == len(self._rolled):
            self._rolled.append(self._dice.roll())
        self._at += 1
        return self._rolled[self._at - 1]


class _Card:
    """``due`` and ``last`` count from today; ``chances`` are the card's own."""

    __slots__ = ("chances", "due", "last", "memory")

    def __init__(self, last: int, memory: Memory, chances: Tape) -> None:
        self.last, self.memory, self.chances = last, memory, chances
        self.due = last


class ExamRun:
    """Plays one way to the exam with so many seconds a day (``portion``).

    ``days`` tells what was done, ``recalls`` how likely each begun card is recalled, ``unbegun`` how many of the
    ``cards`` were never reached, ``last_new`` the last day with a new card (-1 where there is none). All are counted in
    cards played.
    """

    def __init__(self, journey: Journey, model: MemoryModel, habits: Habits, portion: float, chances: Chances) -> None:
        self._journey, self._model, self._habits = journey, model, habits
        self._portion, self._chances = portion / journey.thinned, chances
        self._longest = max(habits.known_seconds, habits.forgotten_seconds)
        self._spent = 0.0
        self._cards: list[_Card] = []
        self._waiting: dict[int, list[int]] = {}
        self.days = [Day() for _ in range(journey.days)]
        for number, known in enumerate(journey.known):
            memory = (known.stability, known.difficulty)
            self._add(_Card(-known.days_ago, memory, chances.of_card(b"known %d" % number)))
        self._first = min(self._waiting, default=0)
        for day in range(journey.idle, journey.days):
            self._work(day)
        self.cards = journey.cards
        self.unbegun = journey.cards - len(self._cards)
        self.last_new = max((number for number, day in enumerate(self.days) if day.new), default=-1)
        self.recalls = [model.recall(journey.days - card.last, card.memory[0]) for card in self._cards]

    def _add(self, card: _Card) -> None:
        self._cards.append(card)
        self._schedule(len(self._cards) - 1, card, card.last)

    def _schedule(self, number: int, card: _Card, day: int) -> None:
        card.last = day
        card.due = day + self._model.interval(card.memory[0], self._journey.retention)
        self._waiting.setdefault(card.due, []).append(number)

    def _limit(self, day: int) -> float:
        before, left = day - self._journey.idle, self._journey.days - self._journey.idle
        # Of so few days, seven cannot hold one and a half times the mean, whatever is done on them.
        if day < self._journey.days - LAST_WEEK or left <= STEEPEST * LAST_WEEK:
            return self._portion
        # The mean is over all days so far: were it to grow by half a day's work each day, the whole week would still
        # stay below one and a half times the mean of all days.
        return min(self._portion, STEEPEST * self._spent / before) if self._spent else self._portion

    def _work(self, day: int) -> None:
        today, limit = self.days[day], self._limit(day)
        self._review(self._first, day, day, limit, early=False)
        self._begin(day, limit)
        self._review(day + 1, min(self._journey.days - 1, day + LOOK_AHEAD), day, limit, early=True)
        self._spent += today.seconds
        while self._first <= day and self._first not in self._waiting:
            self._first += 1

    def _review(self, first: int, last: int, day: int, limit: float, *, early: bool) -> None:
        """Take the cards due from ``first`` to ``last``, in this order, as long as there is time."""
        today = self.days[day]
        for due in range(first, last + 1):
            if today.seconds + self._longest > limit:
                return
            for number in sorted(self._waiting.pop(due, ())):
                card = self._cards[number]
                full = today.seconds + self._longest > limit
                if full or (early and not is_early_enough(day - card.last, due - card.last)):
                    self._waiting.setdefault(due, []).append(number)
                else:
                    self._answer(number, card, day, today)

    def _answer(self, number: int, card: _Card, day: int, today: Day) -> None:
        elapsed = day - card.last
        rating = self._habits.rate_later(self._model.recall(elapsed, card.memory[0]), card.chances)
        card.memory = learn_again(self._model, card.memory, elapsed, rating)
        today.reviews += 1
        today.seconds += self._habits.seconds_for(rating)
        self._schedule(number, card, day)

    def _begin(self, day: int, limit: float) -> None:
        today, known, most = self.days[day], len(self._journey.known), self._journey.most_new(day)
        while len(self._cards) < self._journey.cards and today.new < most:
            if today.seconds + self._habits.new_seconds > limit:
                return
            chances = self._chances.of_card(b"new %d" % (len(self._cards) - known))
            rating = self._habits.rate_first(chances)
            memory = self._model.start(rating)
            if rating == Rating.AGAIN:
                memory = self._model.step(memory, 0, Rating.GOOD)
            self._add(_Card(day, memory, chances))
            today.new += 1
            today.seconds += self._habits.new_seconds

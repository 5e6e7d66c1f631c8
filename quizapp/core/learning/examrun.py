"""One simulated way to an exam, day by day, with a fixed portion of time each day.

A day's portion goes first to cards that are due, those due longest before the others, then to new cards, then to cards
that would fall due before the exam anyhow: so the days fill up from the front, and what can be done early is not left
for the end. In the last week no day takes more than one and a half times the mean of the days before it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.core.learning.dice import Dice
from quizapp.core.learning.habits import Habits
from quizapp.core.learning.model import AGAIN, EASY, GOOD, HARD, Memory, MemoryModel
from quizapp.core.learning.workload import KnownCard

LAST_WEEK = 7
STEEPEST = 1.5
"""How many times the mean of the days before a day of the last week may take."""

# A card may be reviewed early once this share of its interval is over and it would be due within these days. The share
# lets some work be done before the last week in any plan of eleven days or more; below, a week is most of the plan.
EARLIEST_SHARE = 0.3
LOOK_AHEAD = 21
_AT_ONCE = 4  # a die draws so many numbers with one hash


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
        return self.most_new_between(day, day)

    def most_new_between(self, first: int, last: int) -> int:
        """The same for all days from one to another."""
        return (last + 1) * self.new_per_day // self.thinned - first * self.new_per_day // self.thinned


@dataclass(slots=True)
class Day:
    """What was done on one day."""

    new: int = 0
    reviews: int = 0
    seconds: float = 0.0


class Chances:
    """Every card's own chances on one way, rolled once and the same for all portions and learners that share them."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._known: list[Tape] = []
        self._new: list[Tape] = []

    def of_known(self, number: int) -> "Tape":
        """The chances of a card that was known before, from the first on; cards are asked for in their order."""
        return self._find(self._known, b"known %d", number)

    def of_new(self, number: int) -> "Tape":
        """The same for a card that was begun on the way."""
        return self._find(self._new, b"new %d", number)

    def _find(self, tapes: "list[Tape]", name: bytes, number: int) -> "Tape":
        if number == len(tapes):
            tapes.append(Tape(Dice(self._seed + name % number)))
        return tapes[number]


class Tape:
    """The numbers that a die gave, from the first on (``rolled``); who needs more of them winds on."""

    __slots__ = ("_dice", "rolled")

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self.rolled: list[float] = []

    def wind(self) -> None:
        """Roll some more."""
        self.rolled += [self._dice.roll() for _ in range(_AT_ONCE)]


class _Card:
    """``due`` and ``last`` count from today; of its chances so many (``at``) are used up."""

    __slots__ = ("at", "due", "last", "memory", "rolled", "tape")

    def __init__(self, last: int, memory: Memory, tape: Tape, at: int = 0) -> None:
        self.last, self.memory, self.tape, self.at = last, memory, tape, at
        self.rolled = tape.rolled
        self.due = last


@dataclass(frozen=True, slots=True)
class _Rolled:
    """One number that was rolled before."""

    number: float

    def roll(self) -> float:
        """The number."""
        return self.number


class ExamRun:
    """Plays one way to the exam with so many seconds a day (``portion``).

    ``days`` tells what was done, ``recalls`` how likely each begun card is recalled, ``unbegun`` how many of the
    ``cards`` were never reached, ``last_new`` the last day with a new card (-1 where there is none). All are counted in
    cards played. Where all cards are to be begun by the day ``begun_by``, a way on which that cannot come true any more
    is left at once, and ``late``.
    """

    def __init__(
        self,
        journey: Journey,
        model: MemoryModel,
        habits: Habits,
        portion: float,
        chances: Chances,
        *,
        begun_by: int | None = None,
    ) -> None:
        self._journey, self._model, self._habits = journey, model, habits
        self._portion, self._chances = portion / journey.thinned, chances
        self._longest = max(habits.known_seconds, habits.forgotten_seconds)
        self._stretch, self._all_known = model.stretch(journey.retention), sum(habits.known)
        self._spent = 0.0
        self._cards: list[_Card] = []
        self._waiting = defaultdict[int, list[int]](list)
        self._relearn = model.relearn
        self.days = [Day() for _ in range(journey.days)]
        for number, known in enumerate(journey.known):
            memory = (known.stability, known.difficulty)
            self._add(_Card(-known.days_ago, memory, chances.of_known(number)))
        self._first = min(self._waiting, default=0)
        self.late = False
        for day in range(journey.idle, journey.days):
            self.late = begun_by is not None and self._is_late(day, begun_by)
            if self.late:
                break
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
        card.due = day + self._model.interval_for(card.memory[0], self._stretch)
        self._waiting[card.due].append(number)

    def _is_late(self, day: int, begun_by: int) -> bool:
        """Whether cards are left that cannot all be begun from a day on, were there nothing else to do."""
        left = self._journey.cards - len(self._cards)
        if not left:
            return False
        # Seconds are added up one card after the other: the last digits may fall either way.
        a_day = int(self._portion / self._habits.new_seconds * (1 + 1e-9))
        return left > a_day * max(begun_by + 1 - day, 0) or left > self._journey.most_new_between(day, begun_by)

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
        today, cards, waiting = self.days[day], self._cards, self._waiting
        for due in range(first, last + 1):
            if today.seconds + self._longest > limit:
                return
            numbers = waiting.pop(due, None)
            if numbers is None:
                continue
            numbers.sort()
            kept = list[int]()
            for place, number in enumerate(numbers):
                card = cards[number]
                if early and not is_early_enough(day - card.last, due - card.last):
                    kept.append(number)
                elif today.seconds + self._longest > limit:
                    kept += numbers[place:]
                    break
                else:
                    self._answer(number, card, day, today)
            if kept:  # a card that was answered may have come to wait for the same day
                waiting[due] = kept + waiting.get(due, [])

    def _answer(self, number: int, card: _Card, day: int, today: Day) -> None:
        # All that follows happens a hundred thousand times for a class: two chances are taken, one for remembering, one
        # for how well, as ``Habits.rate_later`` does it, and the memory goes on as by ``learn_again``.
        at, rolled, habits = card.at, card.rolled, self._habits
        if at + 2 > len(rolled):
            card.tape.wind()
        card.at = at + 2
        stability, difficulty = card.memory
        recall = self._model.recall(day - card.last, stability)
        rating, seconds = AGAIN, habits.forgotten_seconds
        if rolled[at] < recall:
            hard, good, _ = habits.known
            rest, seconds = rolled[at + 1] * self._all_known, habits.known_seconds
            rating = HARD if rest < hard else GOOD if rest - hard < good else EASY
        card.memory = memory = self._relearn(stability, difficulty, recall, rating)
        today.reviews += 1
        today.seconds += seconds
        card.last = day
        due = card.due = day + self._model.interval_for(memory[0], self._stretch)
        self._waiting[due].append(number)

    def _begin(self, day: int, limit: float) -> None:
        today, known, most = self.days[day], len(self._journey.known), self._journey.most_new(day)
        while len(self._cards) < self._journey.cards and today.new < most:
            if today.seconds + self._habits.new_seconds > limit:
                return
            tape = self._chances.of_new(len(self._cards) - known)
            if not tape.rolled:
                tape.wind()
            rating = self._habits.rate_first(_Rolled(tape.rolled[0]))
            memory = self._model.start(rating)
            if rating == AGAIN:
                memory = self._model.step(memory, 0, GOOD)
            self._add(_Card(day, memory, tape, at=1))
            today.new += 1
            today.seconds += self._habits.new_seconds

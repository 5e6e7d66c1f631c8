"""What tomorrow brings, for choices that somebody is still thinking about: reviews, new cards and minutes.

A forecast and no promise: what is due today is taken as done today, as far as the limits let it; each answer goes as
the memory model and the learner's habits expect. Cards that already have a day keep it, so a choice changes tomorrow
through what it lets in and through the cards that are answered today.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from quizapp.core.learning.habits import Habits
from quizapp.core.learning.limits import DailyLimits, DayCount
from quizapp.core.learning.memory import Rating
from quizapp.core.learning.model import Memory, MemoryModel
from quizapp.core.learning.scheduling import SchedulerSettings


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """A card that was begun: due in so many study days (0: today, below: since earlier), ``in_steps`` or for review."""

    deck: str
    stability: float
    difficulty: float
    days_ago: int
    due_in: int
    in_steps: bool = False


@dataclass(frozen=True, slots=True)
class DeckToday:
    """A deck that was begun: cards never seen, what was done of it today, and the model that its cards follow."""

    slug: str
    unseen: int
    done: DayCount
    settings: SchedulerSettings


@dataclass(frozen=True, slots=True)
class Limits:
    """The daily limits of all decks together and of single ones; ``pace`` new cards a day where nothing limits them."""

    all: DailyLimits
    decks: Mapping[str, DailyLimits]
    pace: int

    def of(self, deck: str) -> DailyLimits:
        """The limits of one deck."""
        return self.decks.get(deck, DailyLimits())


@dataclass(frozen=True, slots=True)
class Tomorrow:
    """What tomorrow brings: reviews and new cards as far as the limits let them, and the minutes for both.

    ``kept_back`` are reviews that are due and find no room.
    """

    reviews: float = 0.0
    new: int = 0
    minutes: float = 0.0
    kept_back: float = 0.0


def adapt_habits(habits: Habits, known_steps: tuple[int, int], steps: tuple[int, int]) -> Habits:
    """The habits under other learning and relearning steps than those under which they were observed.

    Each pair is the number of learning and of relearning steps. A new card is answered once for each learning step, at
    least once; a forgotten one once more for each relearning step. An answer more or less takes as long as a known one.
    """
    learning = max(steps[0], 1) - max(known_steps[0], 1)
    relearning = steps[1] - known_steps[1]
    return replace(
        habits,
        new_seconds=max(habits.new_seconds + learning * habits.known_seconds, habits.known_seconds),
        forgotten_seconds=max(habits.forgotten_seconds + relearning * habits.known_seconds, habits.known_seconds),
    )


class _Model:
    """How likely a card of one deck is back on the day after an answer."""

    def __init__(self, settings: SchedulerSettings, habits: Habits) -> None:
        self._settings, self._habits = settings, habits
        self._memory = MemoryModel(settings.parameters)
        self.from_new = sum(
            share for rating, share in enumerate(habits.first, 1) if self._comes_back(self._learn(rating))
        )

    def _learn(self, rating: int) -> Memory:
        memory = self._memory.start(rating)
        further = max(len(self._settings.learning_steps), 1) - 1 + (rating == Rating.AGAIN)
        for _ in range(0 if rating == Rating.EASY else further):
            memory = self._memory.step(memory, 0, Rating.GOOD)
        return memory

    def _comes_back(self, memory: Memory) -> bool:
        interval = self._memory.interval(memory[0], self._settings.desired_retention)
        return min(interval, self._settings.maximum_interval) <= 1

    def recall(self, card: WaitingCard, days: int = 0) -> float:
        return self._memory.recall(card.days_ago + days, card.stability)

    def from_steps(self, card: WaitingCard) -> float:
        return float(self._comes_back(self._memory.step((card.stability, card.difficulty), 0, Rating.GOOD)))

    def from_review(self, card: WaitingCard) -> float:
        memory, recall = (card.stability, card.difficulty), self.recall(card)
        forgotten = self._memory.step(memory, card.days_ago, Rating.AGAIN)
        if self._settings.relearning_steps:
            forgotten = self._memory.step(forgotten, 0, Rating.GOOD)
        chance = (1 - recall) * self._comes_back(forgotten)
        for rating, share in enumerate(self._habits.known, 2):
            chance += recall * share * self._comes_back(self._memory.step(memory, card.days_ago, rating))
        return chance

    def seconds(self, cards: Sequence[WaitingCard]) -> float:
        """What a review tomorrow takes on average."""
        if not cards:
            return self._habits.known_seconds
        recall = sum(self.recall(card, 1) for card in cards) / len(cards)
        return recall * self._habits.known_seconds + (1 - recall) * self._habits.forgotten_seconds


class _Day:
    """What a day still takes under the limits of all decks together; each deck asks in its turn."""

    def __init__(self, limits: Limits, done: DayCount) -> None:
        self._limits = limits
        self._reviews: float | None = None if limits.all.reviews is None else max(limits.all.reviews - done.reviews, 0)
        self._new = None if limits.all.new is None else max(limits.all.new - done.new, 0)
        self._pace = max(limits.pace - done.new, 0)

    def take_reviews(self, deck: str, waiting: float, done: int) -> float:
        own = self._limits.of(deck).reviews
        taken = waiting if own is None else min(waiting, max(own - done, 0))
        if self._reviews is not None:
            taken = min(taken, self._reviews)
            self._reviews -= taken
        return taken

    def take_new(self, deck: str, unseen: int, done: DayCount, waiting: float, taken: float) -> int:
        """A backlog leaves no room for new cards, as in ``limits.room_today``."""
        own = self._limits.of(deck)
        new = unseen if own.new is None else min(unseen, max(own.new - done.new, 0))
        if own.new is None and self._new is None:
            new = min(new, self._pace)
            self._pace -= new
        if own.reviews is not None:
            new = min(new, max(own.reviews - done.reviews - int(waiting), 0))
        if self._reviews is not None:
            new = min(new, int(self._reviews)) if taken >= waiting else 0
        if self._new is not None:
            new = min(new, self._new)
            self._new -= new
        return new


def _group(cards: Iterable[WaitingCard]) -> dict[str, list[WaitingCard]]:
    by_deck: dict[str, list[WaitingCard]] = {}
    for card in cards:
        by_deck.setdefault(card.deck, []).append(card)
    return by_deck


def expect_tomorrow(
    cards: Iterable[WaitingCard], decks: Sequence[DeckToday], limits: Limits, habits: Habits
) -> Tomorrow:
    """What tomorrow brings under these limits and the settings of each deck. Cards of other decks are passed over."""
    by_deck = _group(cards)
    done = DayCount(sum(deck.done.new for deck in decks), sum(deck.done.reviews for deck in decks))
    today, tomorrow = _Day(limits, done), _Day(limits, DayCount())
    total = Tomorrow()
    for deck in decks:
        mine = by_deck.get(deck.slug, [])
        day = _expect_deck(deck, mine, _Model(deck.settings, habits), today, tomorrow, habits)
        total = Tomorrow(
            total.reviews + day.reviews,
            total.new + day.new,
            total.minutes + day.minutes,
            total.kept_back + day.kept_back,
        )
    return total


def _expect_deck(
    deck: DeckToday, cards: list[WaitingCard], model: _Model, today: _Day, tomorrow: _Day, habits: Habits
) -> Tomorrow:
    waiting = [card for card in cards if card.due_in <= 0 and not card.in_steps]
    planned = [card for card in cards if card.due_in == 1 and not card.in_steps]
    answered = today.take_reviews(deck.slug, len(waiting), deck.done.reviews)
    begun = today.take_new(deck.slug, deck.unseen, deck.done, len(waiting), answered)
    share = answered / len(waiting) if waiting else 0.0
    back = share * sum(model.from_review(card) for card in waiting) + begun * model.from_new
    back += sum(model.from_steps(card) for card in cards if card.in_steps)
    due = len(waiting) - answered + len(planned) + back
    reviews = tomorrow.take_reviews(deck.slug, due, 0)
    new = tomorrow.take_new(deck.slug, deck.unseen - begun, DayCount(), due, reviews)
    seconds = reviews * model.seconds(waiting + planned) + new * habits.new_seconds
    return Tomorrow(reviews, new, seconds / 60, due - reviews)

"""What tomorrow brings, for choices that somebody is still thinking about: reviews, new cards and minutes.

A forecast and no promise: what is due today is taken as done today, as far as the limits let it; each answer goes as
the memory model and the learner's habits expect. Cards that already have a day keep it, so a choice changes tomorrow
through what it lets in and through the cards that are answered today.
"""

import math
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
    """What a day takes under the limits, deck by deck; ``waiting`` are the reviews due in each deck."""

    def __init__(self, limits: Limits, done: Mapping[str, DayCount], waiting: Mapping[str, float]) -> None:
        self._limits, self._done, self._waiting = limits, done, waiting
        new, reviews = sum(each.new for each in done.values()), sum(each.reviews for each in done.values())
        general = limits.all
        self._reviews = math.inf if general.reviews is None else max(general.reviews - reviews, 0)
        self._free = self._reviews - sum(waiting.values())
        self._new = math.inf if general.new is None else max(general.new - new, 0)
        self._pace = max(limits.pace - new, 0)

    def take_reviews(self, deck: str) -> float:
        own, waiting = self._limits.of(deck).reviews, self._waiting[deck]
        taken = waiting if own is None else min(waiting, max(own - self._done[deck].reviews, 0))
        taken = min(taken, self._reviews)
        self._reviews -= taken
        return taken

    def take_new(self, deck: str, unseen: int) -> int:
        """New cards only get the places that the waiting reviews leave, as in ``limits.room_today``."""
        own, done = self._limits.of(deck), self._done[deck]
        most = min(unseen, self._new, self._free)
        if own.new is not None:
            most = min(most, own.new - done.new)
        if own.reviews is not None:
            most = min(most, own.reviews - done.reviews - self._waiting[deck])
        unlimited = own.new is None and math.isinf(self._new)
        new = max(int(min(most, self._pace) if unlimited else most), 0)
        self._new, self._free = self._new - new, self._free - new
        self._pace -= new if unlimited else 0
        return new


@dataclass(frozen=True, slots=True)
class _Evening:
    """A deck when today's work is done: reviews due tomorrow, cards unseen, and the seconds that a review takes."""

    due: float
    unseen: int
    seconds: float


def _group(cards: Iterable[WaitingCard]) -> dict[str, list[WaitingCard]]:
    by_deck: dict[str, list[WaitingCard]] = {}
    for card in cards:
        by_deck.setdefault(card.deck, []).append(card)
    return by_deck


def _is_due(card: WaitingCard) -> bool:
    return card.due_in <= 0 and not card.in_steps


def _end_today(deck: DeckToday, cards: list[WaitingCard], day: _Day, habits: Habits) -> _Evening:
    model = _Model(deck.settings, habits)
    waiting = [card for card in cards if _is_due(card)]
    planned = [card for card in cards if card.due_in == 1 and not card.in_steps]
    answered, begun = day.take_reviews(deck.slug), day.take_new(deck.slug, deck.unseen)
    share = answered / len(waiting) if waiting else 0.0
    back = share * sum(model.from_review(card) for card in waiting) + begun * model.from_new
    back += sum(model.from_steps(card) for card in cards if card.in_steps)
    return _Evening(
        due=len(waiting) - answered + len(planned) + back,
        unseen=deck.unseen - begun,
        seconds=model.seconds(waiting + planned),
    )


def expect_tomorrow(
    cards: Iterable[WaitingCard], decks: Sequence[DeckToday], limits: Limits, habits: Habits
) -> Tomorrow:
    """What tomorrow brings under these limits and the settings of each deck. Cards of other decks are passed over."""
    by_deck: dict[str, list[WaitingCard]] = {deck.slug: [] for deck in decks} | _group(cards)
    waiting = {deck.slug: float(sum(map(_is_due, by_deck[deck.slug]))) for deck in decks}
    today = _Day(limits, {deck.slug: deck.done for deck in decks}, waiting)
    evening = {deck.slug: _end_today(deck, by_deck[deck.slug], today, habits) for deck in decks}
    nothing = {deck.slug: DayCount() for deck in decks}
    tomorrow = _Day(limits, nothing, {slug: each.due for slug, each in evening.items()})
    reviews = {slug: tomorrow.take_reviews(slug) for slug in evening}
    new = sum(tomorrow.take_new(slug, each.unseen) for slug, each in evening.items())
    seconds = sum(reviews[slug] * each.seconds for slug, each in evening.items()) + new * habits.new_seconds
    kept_back = sum(each.due for each in evening.values()) - sum(reviews.values())
    return Tomorrow(sum(reviews.values()), new, seconds / 60, kept_back)

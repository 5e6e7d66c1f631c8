"""What a desired retention costs and brings: reviews and minutes a day, and cards remembered, in a simulated future.

Each card is played through on its own, with chances of its own that are the same for every retention, so that two
retentions differ by the retention and not by luck. Daily limits and backlogs are left out: what is compared is the
steady work that a choice brings with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from quizapp.core.errors import Invalid
from quizapp.core.learning.dice import Dice
from quizapp.core.learning.habits import Habits
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.core.learning.model import Memory, MemoryModel
from quizapp.core.learning.scheduling import HIGHEST_RETENTION, LONGEST_INTERVAL, LOWEST_RETENTION
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.core.messages import say

RETENTIONS = (0.70, 0.75, 0.80, 0.85, 0.90, 0.92, 0.94, 0.95, 0.96, 0.97)
LONGEST_DAYS = 1_000


@dataclass(frozen=True, slots=True)
class KnownCard:
    """A card that was answered before: its memory, and the study days since its last answer."""

    stability: float
    difficulty: float
    days_ago: int


@dataclass(frozen=True, slots=True)
class Future:
    """What is simulated: the cards known and not yet seen, how many new ones a day, and for how many days."""

    known: Sequence[KnownCard]
    unseen: int
    new_per_day: int
    days: int = 365

    def __post_init__(self) -> None:
        if self.unseen < 0 or (self.unseen and self.new_per_day < 1):
            message = say("At least one new card a day.")
            raise Invalid(message, {"new_per_day": message})
        if not 1 <= self.days <= LONGEST_DAYS:
            message = say("A simulation goes over 1 to %(most)s days.", most=LONGEST_DAYS)
            raise Invalid(message, {"days": message})


@dataclass(frozen=True, slots=True)
class Workload:
    """The work under one desired retention: means a day, and how many cards are remembered on the last day."""

    retention: float
    reviews: float
    minutes: float
    remembered: float


def list_known(states: Iterable[MemoryState], today: date, calendar: StudyCalendar) -> list[KnownCard]:
    """The cards behind these memory states, as simulations want them."""
    return [
        KnownCard(state.stability, state.difficulty, max((today - calendar.day_of(state.last_review)).days, 0))
        for state in states
    ]


def learn_again(model: MemoryModel, memory: Memory, elapsed: int, rating: int) -> Memory:
    """The memory after a review; what was forgotten is relearned at once, on the same day."""
    memory = model.step(memory, elapsed, rating)
    return model.step(memory, 0, Rating.GOOD) if rating == Rating.AGAIN else memory


def _pick(count: int, most: int | None, dice: Dice) -> list[int]:
    """The numbers below ``count``; where that is more than ``most``, one by chance out of each of ``most`` portions."""
    if most is None or count <= most:
        return list(range(count))
    return [int((place + dice.roll()) * count / most) for place in range(most)]


class _Run:
    """One retention's future, card after card."""

    def __init__(self, model: MemoryModel, habits: Habits, retention: float, days: int, longest: int) -> None:
        self._model, self._habits, self._retention, self._days = model, habits, retention, days
        self._longest = longest
        self.reviews = 0
        self.seconds = 0.0
        self.remembered = 0.0

    def add_new(self, day: int, dice: Dice) -> None:
        rating = self._habits.rate_first(dice)
        memory = self._model.start(rating)
        if rating == Rating.AGAIN:
            memory = self._model.step(memory, 0, Rating.GOOD)
        self.seconds += self._habits.new_seconds
        self._go_on(memory, day, self._interval(memory[0]), dice)

    def add_known(self, card: KnownCard, dice: Dice) -> None:
        due = self._interval(card.stability) - card.days_ago
        self._go_on((card.stability, card.difficulty), -card.days_ago, max(due, 0) + card.days_ago, dice)

    def _interval(self, stability: float) -> int:
        return min(self._model.interval(stability, self._retention), self._longest)

    def _go_on(self, memory: Memory, last: int, interval: int, dice: Dice) -> None:
        while last + interval < self._days:
            rating = self._habits.rate_later(self._model.recall(interval, memory[0]), dice)
            memory = learn_again(self._model, memory, interval, rating)
            last += interval
            interval = self._interval(memory[0])
            self.reviews += 1
            self.seconds += self._habits.seconds_for(rating)
        self.remembered += self._model.recall(self._days - last, memory[0])


def simulate_workload(
    future: Future,
    parameters: Sequence[float],
    habits: Habits,
    retention: float,
    seed: bytes,
    *,
    longest: int = LONGEST_INTERVAL,
    most: int | None = None,
) -> Workload:
    """The work that a desired retention brings. Equal arguments give equal figures.

    No interval is longer than ``longest`` days. Where ``most`` is given, at most so many of the known cards and of the
    new ones are played, drawn evenly from the weakest to the strongest, and stand for all. Raises Invalid (field
    ``desired_retention``) for a retention below 0.70 or above 0.97.
    """
    if not LOWEST_RETENTION <= retention <= HIGHEST_RETENTION:
        message = say("The desired recall goes from 70 to 97 percent.")
        raise Invalid(message, {"desired_retention": message})
    known = sorted(future.known, key=lambda card: (card.stability, card.difficulty, card.days_ago))
    begun = min(future.unseen, future.new_per_day * future.days)
    model = MemoryModel(parameters)
    reviews = seconds = remembered = 0.0
    for kind, count in ((b"known", len(known)), (b"new", begun)):
        run = _Run(model, habits, retention, future.days, longest)
        numbers = _pick(count, most, Dice(seed + kind))
        for number in numbers:
            dice = Dice(seed + kind + b" %d" % number)
            if kind == b"known":
                run.add_known(known[number], dice)
            else:
                run.add_new(number // future.new_per_day, dice)
        weight = count / len(numbers) if numbers else 0.0
        reviews += run.reviews * weight
        seconds += run.seconds * weight
        remembered += run.remembered * weight
    return Workload(retention, reviews / future.days, seconds / 60 / future.days, remembered)

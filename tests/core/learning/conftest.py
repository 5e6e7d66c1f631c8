from collections.abc import Callable, Iterator, Sequence

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from pydantic import TypeAdapter

from quizapp.core.deck.schema import Card
from quizapp.core.learning.dice import Dice
from quizapp.core.learning.memory import Rating
from quizapp.core.learning.model import MemoryModel
from quizapp.core.learning.reviewlog import LoggedReview

MakeCard = Callable[..., Card]


@pytest.fixture(scope="session")
def make_card() -> MakeCard:
    """A card of a type with its answer fields; what all cards share is filled in."""
    adapter: TypeAdapter[Card] = TypeAdapter(Card)

    def make(**fields: object) -> Card:
        return adapter.validate_python({"id": "a-card", "prompt": "What is it?"} | fields)

    return make


MakeLog = Callable[..., list[LoggedReview]]
_DAY_MS = 86_400_000
_START_MS = 1_700_049_600_000  # noon of a day, UTC


def _rate(number: float) -> Rating:
    return Rating(2 + (number > 0.1) + (number > 0.9))


@pytest.fixture(scope="session")
def make_log() -> MakeLog:
    """A made-up learner's reviews over a year, in the order of their times.

    The learner forgets as FSRS-6 with the given parameters says, studies at noon UTC, is early or late at times, and
    relearns what was forgotten on the same day.
    """

    def study(card: int, model: MemoryModel, dice: Dice) -> Iterator[LoggedReview]:
        day = int(dice.roll() * 180)
        rating = Rating.AGAIN if dice.roll() < 0.25 else _rate(dice.roll())
        memory, minutes = model.start(rating), 0
        yield LoggedReview(f"card-{card}", _START_MS + day * _DAY_MS, rating)
        while day < 365:
            if rating is Rating.AGAIN:
                elapsed, minutes, rating = 0, minutes + 10, Rating.GOOD
            else:
                elapsed, minutes = max(1, round(model.interval(memory[0], 0.9) * (0.5 + dice.roll()))), 0
                known = dice.roll() < model.recall(elapsed, memory[0])
                rating = _rate(dice.roll()) if known else Rating.AGAIN
            day += elapsed
            memory = model.step(memory, elapsed, rating)
            yield LoggedReview(f"card-{card}", _START_MS + day * _DAY_MS + minutes * 60_000, rating)

    def make(cards: int, seed: int, parameters: Sequence[float] = DEFAULT_PARAMETERS) -> list[LoggedReview]:
        dice, model = Dice(seed.to_bytes(8)), MemoryModel(parameters)
        log = [review for card in range(cards) for review in study(card, model, dice)]
        return sorted(log, key=lambda review: review.at)

    return make

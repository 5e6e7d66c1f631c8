from collections.abc import Callable

import pytest
from pydantic import TypeAdapter

from quizapp.core.deck.schema import Card

MakeCard = Callable[..., Card]


@pytest.fixture(scope="session")
def make_card() -> MakeCard:
    """A card of a type with its answer fields; what all cards share is filled in."""
    adapter: TypeAdapter[Card] = TypeAdapter(Card)

    def make(**fields: object) -> Card:
        return adapter.validate_python({"id": "a-card", "prompt": "What is it?"} | fields)

    return make

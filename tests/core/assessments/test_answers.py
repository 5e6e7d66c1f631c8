"""How much of a question is answered."""

from typing import Any

import pytest
from plumbing import samples

from quizapp.core.assessments.answers import Fill, Given, check_given
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Card
from quizapp.core.errors import Invalid
from quizapp.core.learning.presentation import ask


def _cards() -> dict[str, Card]:
    found = read_deck(samples.DECK, "birds.yaml")
    assert isinstance(found, DeckFile)
    return {card.id: card for card in found.deck.cards}


CARDS = _cards()


def _check(card: str, typed: Any, response: Any) -> Fill:
    return check_given(CARDS[card], ask(CARDS[card], b"seed"), Given(typed, response))


@pytest.mark.parametrize(
    ("card", "typed", "response", "fill"),
    [
        ("height", "", "", Fill.NOTHING),
        ("height", "100 cm", "100 cm", Fill.WHOLE),
        ("food", [], [], Fill.NOTHING),
        ("food", ["Fish"], ["Fish"], Fill.WHOLE),
        ("winter", "", None, Fill.NOTHING),
        ("winter", "false", False, Fill.WHOLE),
        ("legs", "  ", "  ", Fill.NOTHING),
        ("legs", "long", "long", Fill.WHOLE),
        ("waiting", ["", " "], ["", " "], Fill.NOTHING),
        ("waiting", ["without", ""], ["without", ""], Fill.WHOLE),
        ("sequence", ["", "", ""], [], Fill.NOTHING),
        ("sequence", ["1", "", ""], ["How it looks"], Fill.PART),
        ("sequence", ["1", "1", "2"], ["How it looks", "What it eats", "Where it goes"], Fill.PART),
        ("sequence", ["1", "2", "9"], ["How it looks", "What it eats", "Where it goes"], Fill.PART),
        ("sequence", ["1", "3", "2"], ["How it looks", "Where it goes", "What it eats"], Fill.WHOLE),
        ("seasons", {"Winter": "", "Water": ""}, {"Winter": "", "Water": ""}, Fill.NOTHING),
        ("seasons", {}, {}, Fill.NOTHING),
        ("seasons", {"Winter": "fish"}, {"Winter": "fish"}, Fill.PART),
        ("seasons", {"Winter": "fish", "Water": "fish"}, {"Winter": "fish", "Water": "fish"}, Fill.WHOLE),
    ],
)
def test_an_answer_is_nothing_a_part_or_whole(card: str, typed: Any, response: Any, fill: Fill) -> None:
    assert _check(card, typed, response) is fill


@pytest.mark.parametrize(
    ("card", "typed", "response"),
    [
        ("height", "300 cm", "300 cm"),
        ("food", ["Fish", "Stones"], ["Fish", "Stones"]),
        ("winter", "maybe", None),
        ("legs", "x" * 10_001, "x" * 10_001),
        ("legs", "a\x00b", "a\x00b"),
        ("waiting", ["x" * 9_000, "x" * 9_000], ["x" * 9_000, "x" * 9_000]),
        ("sequence", ["", "", ""], ["What it dreams"]),
        ("sequence", ["1", "", ""], ["What it dreams"]),
        ("seasons", {"Winter": "bread"}, {"Winter": "bread"}),
        ("seasons", {"Spring": "fish"}, {"Spring": "fish"}),
    ],
)
def test_what_was_never_offered_or_is_no_text_is_refused(card: str, typed: Any, response: Any) -> None:
    with pytest.raises(Invalid) as refused:
        _check(card, typed, response)
    assert list(refused.value.fields) == ["response"]

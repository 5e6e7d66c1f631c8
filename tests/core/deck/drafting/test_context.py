"""Texts that stand alone, and those that point back."""

from collections.abc import Callable
from typing import Any

import pytest

from quizapp.core.deck.drafting.context import is_dangling


@pytest.mark.parametrize(
    ("text", "dangles"),
    [
        ("In which year did he leave?", True),
        ("In which year did Ada Lovelace leave her house?", False),
        ("Who left because he was tired?", False),
        ("Who called her a fool?", True),
        ("When did Nivelle replace him?", True),
        ("When did Pétain say that Nivelle replaced him?", False),
        ("Why did they leave?", True),
        ("Why did the men leave their house?", False),
        ("Historians praised her.", True),
        ("The king left his house.", False),
        ("This was new.", True),
        ("The two met.", True),
        ("Ada and Bea met, and the two left.", False),
        ("", False),
    ],
)
def test_a_text_that_points_back_to_nothing_dangles(text: str, dangles: bool) -> None:
    assert is_dangling(text) is dangles


def test_a_gap_has_the_sentence_before_it_that_says_who_is_meant(suggest: Callable[..., list[Any]]) -> None:
    cards = [one.card for one in suggest("date", "The chemist Ada Lovelace came early. She moved to a farm in 1960.")]
    assert [card.text for card in cards] == ["The chemist Ada Lovelace came early. She moved to a farm in {{1960}}."]


def test_nothing_is_asked_where_nobody_can_know_who_is_meant(suggest: Callable[..., list[Any]]) -> None:
    assert suggest("date", "It rained. She moved to a farm in 1960.") == []
    long = "The chemist Ada Lovelace came " + "very " * 60 + "early."
    assert suggest("date", f"{long} She moved to a farm in 1960.") == []


def test_a_noun_at_the_head_of_its_sentence_is_small_in_the_question(suggest: Callable[..., list[Any]]) -> None:
    prompts = [one.card.prompt for one in suggest("date", "Shares collapsed in London on 2 May 1720.")]
    assert prompts == ["When did shares collapse in London?"]

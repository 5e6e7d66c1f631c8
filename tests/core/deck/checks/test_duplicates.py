"""Cards that ask the same."""

from collections.abc import Callable

import pytest

from quizapp.core.deck.checks import check_deck
from quizapp.core.deck.read import DeckFile
from quizapp.core.problem import Problem

Build = Callable[..., DeckFile]
Change = Callable[..., str]
Check = Callable[..., list[Problem]]
Codes = Callable[..., list[str]]

ASKED = "When did people first walk freely through that border?"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"prompt": "When did people *first* walk freely, through that border?"},
        {"prompt": "When did many people at first walk freely through this border?", "answer": "in autumn of 1989"},
        {"type": "flashcard", "answer": "In the autumn of 1989."},
        {"type": "choice", "wrong": "[in the spring of 1848, in the winter of 1953]"},
    ],
)
def test_a_card_that_asks_the_same_is_told(check: Check, deck: Build, change: Change, fields: dict[str, str]) -> None:
    (problem,) = check(deck(change(), change(id="again", **fields)))
    assert (problem.code, problem.line) == ("near-duplicate", 18)
    assert "`fall` (line 8)" in problem.message


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": "When did people first walk sadly around a mountain?"},
        {"answer": "after protests in Leipzig"},
        {"prompt": "When did people first walk freely through that 2 border?"},
        {"prompt": "When did people first walk freely through that wall?"},
    ],
)
def test_a_card_that_asks_something_else_is_left_alone(codes: Codes, change: Change, fields: dict[str, str]) -> None:
    assert codes(change(), change(id="again", **fields)) == []


def test_statements_with_the_same_truth_and_nearly_the_same_words_are_told(codes: Codes, change: Change) -> None:
    true = change(type="truefalse", prompt="The gates of that border opened in autumn.", answer="true")
    again = change(id="b", type="truefalse", prompt="The gates of the border opened in autumn.", answer="true")
    assert codes(true, again) == ["near-duplicate"]
    assert codes(true, again.replace("answer: true", "answer: false")) == []


def test_three_cards_that_ask_the_same_are_told_twice(codes: Codes, change: Change) -> None:
    assert codes(change(), change(id="b"), change(id="c")) == ["near-duplicate"] * 2


def test_a_card_of_another_deck_counts_too(check: Check, deck: Build) -> None:
    other = deck(head="format: 1\nid: other\ntitle: O\nlanguage: en\ntheme: t\nsources: [wall]\n", name="other.yaml")
    (problem,) = check(deck(), other)
    assert (problem.file, problem.code) == ("other.yaml", "near-duplicate")
    assert "`small/fall`" in problem.message


def test_many_cards_that_share_words_and_ask_for_different_things_are_left_alone(deck: Build, change: Change) -> None:
    names = [f"{first}{second}ville" for first in "bcdfghjklm" for second in ("a", "eo", "iu", "ou")]
    cards = [change(id=name, prompt=f"Which river flows through {name}?", answer=f"the {name[::-1]}") for name in names]
    problems = check_deck(deck(*cards), {})
    assert "near-duplicate" not in {problem.code for problem in problems}

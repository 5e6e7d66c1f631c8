"""Quotation marks left over, and pairs around a whole answer."""

from collections.abc import Callable

import pytest

from quizapp.core.deck.read import DeckFile
from quizapp.core.problem import Problem, Severity

Build = Callable[..., DeckFile]
Change = Callable[..., str]
Check = Callable[..., list[Problem]]

CODES = ("stray-quote", "quotes-around-all")


@pytest.fixture
def find(check: Check, deck: Build, change: Change) -> Callable[..., list[tuple[str, int, int]]]:
    """The codes of these two rules and their places, for the good card with some lines changed."""

    def run(**fields: str) -> list[tuple[str, int, int]]:
        problems = [problem for problem in check(deck(change(**fields))) if problem.code in CODES]
        assert all(problem.severity is Severity.WARNING and problem.fix for problem in problems)
        return [(problem.code, problem.line, problem.column) for problem in problems]

    return run


Find = Callable[..., list[tuple[str, int, int]]]


@pytest.mark.parametrize(
    ("key", "text", "line"),
    [
        ("answer", "World's Fair\"", 11),
        ("prompt", "What was the World's Fair?\"", 10),
        ("hint", 'It was a fair"', 13),
        ("explanation", 'The text says that it was a fair"', 12),
        ("accept", "[fair, World's Fair\"]", 16),
    ],
)
def test_a_quotation_mark_that_nothing_opens_is_told(find: Find, key: str, text: str, line: int) -> None:
    ((code, at, _),) = find(**{key: text})
    assert (code, at) == ("stray-quote", line)


@pytest.mark.parametrize(
    "answer",
    ["'the \"Wall\"'", "'12\"'", "5'11\"", '“the Wall"', "'`print(\"`\"'", "World's Fair", '"World\'s Fair"'],
)
def test_quotation_marks_in_pairs_and_inches_are_left_alone(find: Find, answer: str) -> None:
    assert find(accept=f"[{answer}]") == []


@pytest.mark.parametrize("answer", ["“Berlin”", "„Berlin“", "„Berlin”", "”Berlin”", "«Berlin»", "»Berlin«"])
def test_a_pair_around_the_whole_answer_is_told(find: Find, answer: str) -> None:
    assert find(answer=answer) == [("quotes-around-all", 11, 13)]


@pytest.mark.parametrize(
    "answer",
    ["“Berlin” and “Bonn”", "the “Wall”", "“Wall” fell", "“ich bin «Berlin»”", "“Berlin", "“”", "«Berlin”", "‘B’"],
)
def test_an_answer_that_quotes_within_is_left_alone(find: Find, answer: str) -> None:
    assert find(answer=answer) == []


def test_an_explanation_or_prompt_may_be_a_quotation(find: Find) -> None:
    assert find(explanation="“In the autumn of 1989 it fell.”", prompt="“Who fell then?”", hint="“Autumn.”") == []


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ("type: choice\n    answer: a\n    wrong: [b, “c”, “d”]", (12, 16)),
        ("type: choice\n    answer: a\n    wrong: [{text: “c”}]", (12, 20)),
        ("type: multiple\n    answers: [a, “b”]\n    wrong: [c]", (11, 18)),
        ("type: order\n    items: [a, “b”]", (11, 16)),
        ("type: match\n    pairs: [[a, b], [c, “d”]]", (11, 25)),
        ("type: flashcard\n    answer: “b”", (11, 13)),
    ],
)
def test_options_items_and_sides_are_looked_at_and_told_once_a_card(
    check: Check, deck: Build, fields: str, place: tuple[int, int]
) -> None:
    card = f"  - id: a\n    prompt: Which?\n    {fields}\n"
    found = [problem for problem in check(deck(card)) if problem.code in CODES]
    assert [(problem.code, problem.line, problem.column) for problem in found] == [("quotes-around-all", *place)]


def test_statements_and_blanks_are_left_alone(check: Check, deck: Build) -> None:
    cards = "  - {id: a, type: truefalse, prompt: It fell., answer: true}\n"
    cards += "  - {id: b, type: cloze, text: 'It fell in {{“Berlin”}}'}\n"
    assert not [problem for problem in check(deck(cards)) if problem.code in CODES]


def test_both_rules_can_be_waived(find: Find) -> None:
    assert find(answer="“Berlin”", waive="{quotes-around-all: The title has them.}") == []

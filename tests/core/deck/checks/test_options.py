"""Options of a card, and what a guesser learns over a deck."""

from collections.abc import Callable

import pytest

from quizapp.core.deck.checks import check_deck
from quizapp.core.deck.read import DeckFile
from quizapp.core.messages import Message
from quizapp.core.problem import Problem

Build = Callable[..., DeckFile]
Change = Callable[..., str]
Codes = Callable[..., list[str]]


@pytest.fixture
def find(deck: Build, change: Change) -> Callable[..., list[Problem]]:
    """What is found of one rule in a deck of cards whose fields are given."""

    def run(code: str, *cards: dict[str, str | None]) -> list[Problem]:
        texts = [change(**({"id": f"card-{number}"} | card)) for number, card in enumerate(cards)]
        return [problem for problem in check_deck(deck(*texts), {}) if problem.code == code]

    return run


Find = Callable[..., list[Problem]]


def choice(answer: str, *wrong: str) -> dict[str, str | None]:
    return {"type": "choice", "answer": f"'{answer}'", "wrong": "[" + ", ".join(f"'{text}'" for text in wrong) + "]"}


@pytest.mark.parametrize(
    "options",
    [("the Cold War", "Cold War.", "Peace"), ("Bonn", "*Berlin*", "“Berlin”"), ("Paris", "Le Havre", "havre")],
)
def test_options_that_differ_in_marks_and_articles_only_are_told(find: Find, options: tuple[str, ...]) -> None:
    (problem,) = find("alike-options", choice(*options))
    assert (problem.line, problem.column) == (16, 12)


@pytest.mark.parametrize(
    "options", [("C", "C#", "C++"), ("5", "-5", "5!"), ("a", "b"), ("...", "???", "."), ("US", "the USA")]
)
def test_options_that_differ_in_a_sign_are_different(find: Find, options: tuple[str, ...]) -> None:
    assert find("alike-options", choice(*options)) == []


def test_items_to_order_and_options_to_tick_are_compared_too(find: Find) -> None:
    assert len(find("alike-options", {"type": "order", "answer": None, "items": "[the fall, Fall!?, fall.]"})) == 1
    ticks = {"type": "multiple", "answer": None, "answers": "[a fall, peace]", "wrong": "[fall]"}
    assert len(find("alike-options", ticks)) == 1
    assert find("alike-options", {"type": "match", "answer": None, "pairs": "[[a, the b], [c, b]]"}) == []


@pytest.mark.parametrize(
    ("options", "pair"),
    [
        (("Berlin", "Berlin and Bonn", "Rome"), "“Berlin” and “Berlin and Bonn”"),
        (("Rome, Bonn and Berlin", "Paris", "Bonn & Rome"), "“Bonn & Rome” and “Rome, Bonn and Berlin”"),
        (("10-20", "20-30", "31-40"), "“10-20” and “20-30”"),
        (("about 15–25 %", "5–10 %", "20 to 30 %"), "“about 15–25 %” and “20 to 30 %”"),
    ],
)
def test_options_that_overlap_are_told(find: Find, options: tuple[str, ...], pair: str) -> None:
    (problem,) = find("overlapping-options", choice(*options))
    assert pair in problem.message


@pytest.mark.parametrize(
    "options",
    [
        ("South Korea", "Korea"),
        ("Berlin and Bonn", "Bonn and Rome"),
        ("10-19", "20-29", "30-39"),
        ("1914-1918", "1914-1920", "1918-1939"),
        ("2-1", "1-2", "0-3"),
        ("10-20", "15-25", "no idea"),
        ("and", "or"),
    ],
)
def test_options_that_stand_apart_do_not_overlap(find: Find, options: tuple[str, ...]) -> None:
    assert find("overlapping-options", choice(*options)) == []


@pytest.mark.parametrize(
    "option",
    [
        *(
            "All of the above",
            "none of these",
            "None of the other options.",
            "both of them",
            "all of the above answers",
        ),
        *(
            "Both A and B",
            "a & c",
            "alle genannten",
            "keine der Antworten",
            "aucune de ces réponses",
            "todas las anteriores",
        ),
    ],
)
def test_options_about_other_options_are_told(find: Find, option: str) -> None:
    (problem,) = find("all-of-the-above", choice("Berlin", "Bonn", option))
    assert option in problem.message


@pytest.mark.parametrize(
    "option", ["All of the guards", "None of these cities burnt", "Both of the Koreas", "hepatitis A and B"]
)
def test_options_that_only_begin_like_that_are_left_alone(find: Find, option: str) -> None:
    assert find("all-of-the-above", choice("Berlin", "Bonn", option)) == []


LONG = choice("a rather long and careful option", "short", "brief", "small")
EVEN = choice("short", "brief", "small", "a rather long and careful option")


def test_right_options_that_are_mostly_the_longest_are_told(find: Find) -> None:
    (problem,) = find("longest-is-right", *[LONG] * 6, *[EVEN] * 4)
    assert (problem.line, problem.column) == (8, 3)
    assert "6 of 10" in problem.message
    assert "about 2" in problem.message


def test_a_few_long_right_options_are_chance(find: Find) -> None:
    assert find("longest-is-right", *[LONG] * 3, *[EVEN] * 7) == []
    assert find("longest-is-right", *[LONG] * 7) == []
    assert find("longest-is-right", *[choice("four", "two", "ten", "six")] * 20) == []


@pytest.mark.parametrize(
    ("card", "where"),
    [
        (choice("1950", "1940", "1960"), "between others"),
        (choice("-5", "1,000", "7"), "the lowest"),
        (choice("1,000", "999", "1.5"), "the highest"),
    ],
)
def test_right_numbers_always_in_one_position_are_told(find: Find, card: dict[str, str | None], where: str) -> None:
    (problem,) = find("unbalanced-position", *[card] * 8)
    assert where in problem.message
    assert isinstance(problem.message, Message)
    assert isinstance(problem.message.values["where"], Message)  # to be said in another language too


def test_right_numbers_in_all_positions_are_left_alone(find: Find) -> None:
    cards = [choice("1950", "1940", "1960"), choice("1940", "1950", "1960"), choice("1960", "1950", "1940")]
    assert find("unbalanced-position", *cards * 3) == []
    for card in (choice("1", "2"), choice("1", "1.0", "2"), choice("one", "2", "3")):
        assert find("unbalanced-position", *[card] * 9) == []


@pytest.mark.parametrize(
    ("right", "wrong", "told"), [(9, 1, True), (1, 9, True), (8, 2, False), (5, 5, False), (7, 0, False)]
)
def test_statements_that_are_nearly_all_true_or_false_are_told(find: Find, right: int, wrong: int, told: bool) -> None:
    true, false = ({"type": "truefalse", "answer": truth} for truth in ("true", "false"))
    assert bool(find("unbalanced-truth", *[true] * right, *[false] * wrong)) is told


def test_statements_nearly_all_alike_are_told_with_no_english_word_among_the_values(find: Find) -> None:
    for truth in ("true", "false"):
        (problem,) = find("unbalanced-truth", *[{"type": "truefalse", "answer": truth}] * 9)
        assert isinstance(problem.message, Message)
        assert (problem.message.template.split()[-1], problem.message.values) == (f"{truth}.", {"count": 9, "right": 9})

"""What is said of lines in the wrong column, of odd spaces, and of texts behind their closing quotation mark."""

from collections.abc import Callable

import pytest

from quizapp.core.problem import Problem

Refuse = Callable[[str | bytes], tuple[Problem, ...]]

CARD = ("  - id: wall", "    type: short", "    prompt: Who?", "    answer: x", "    hint: h")
NEXT = "  - id: b\n    type: short\n    prompt: Who?\n    answer: x\n"


@pytest.fixture
def tell(refuse: Refuse, head: str) -> Callable[..., tuple[int, int, str]]:
    """What is said of a deck of two cards in which one line of the first, counted from 0, is another."""

    def run(number: int, line: str) -> tuple[int, int, str]:
        lines = "\n".join([*CARD[:number], line, *CARD[number + 1 :]])
        (problem,) = refuse(f"{head}{lines}\n{NEXT}")
        assert problem.code == "yaml-syntax"
        return problem.line, problem.column, f"{problem.message} {problem.fix}"

    return run


Tell = Callable[..., tuple[int, int, str]]


@pytest.mark.parametrize(
    ("number", "line", "place", "said"),
    [
        (3, "      answer: x", (10, 7), "`answer` begins in column 7, its neighbours in column 5. Take away 2 spaces"),
        (1, "     type: short", (8, 6), "`type` begins in column 6, its neighbours in column 5. Take away one space"),
        (3, "answer: x", (10, 1), "`answer` begins in column 1, its neighbours in column 5. Give it 4 more spaces"),
        (4, "    hint: h\n     - id: c\n       type: short", (12, 6), "The dash before `id` begins in column 6"),
        (4, "    citations:\n      - source: w\n        paragraph: 1\n          quote: x", (14, 11), "in column 9"),
    ],
)
def test_a_key_that_is_read_as_text_of_the_line_above_is_told_its_column(
    tell: Tell, number: int, line: str, place: tuple[int, int], said: str
) -> None:
    at_line, at_column, told = tell(number, line)
    assert (at_line, at_column) == place
    assert said in told


@pytest.mark.parametrize(
    ("number", "line", "place", "said"),
    [
        (3, "   answer: x", (10, 4), "begins in column 4, its neighbours in column 5. Give it one more space."),
        (1, "   type: short", (8, 4), "its neighbours in column 5. Give it one more space."),
        (4, "    wrong: [a]\n      hint: h", (12, 7), "in column 7, its neighbours in column 5. Take away 2 spaces"),
        (4, "    citations:\n      - source: w\n        paragraph: 1\n       quote: x", (14, 8), "in column 9"),
        (
            4,
            "    hint: h\n   - id: c\n     type: short",
            (12, 4),
            "dash stands in column 4, those above it in column 3",
        ),
        (4, "    hint: h\n    - id: c\n      type: short", (12, 5), "Take away 2 spaces before it."),
        (4, "    wrong:\n      - a\n     - b", (13, 6), "those above it in column 7. Give it one more space."),
        (4, "    wrong:\n      - a\n   - b", (13, 4), "those above it in column 7."),
    ],
)
def test_a_line_that_begins_beside_its_neighbours_is_told_their_column(
    tell: Tell, number: int, line: str, place: tuple[int, int], said: str
) -> None:
    at_line, at_column, told = tell(number, line)
    assert (at_line, at_column) == place
    assert said in told


@pytest.mark.parametrize("dash", [" - id: c", "- id: c"])
def test_a_dash_left_of_the_cards_is_told_their_column(refuse: Refuse, head: str, card: str, dash: str) -> None:
    problem = refuse(f"{head}{card}{dash}\n    type: short\n")[-1]
    assert (problem.line, problem.column) == (11, dash.index("-") + 1)
    assert "those above it in column 3" in problem.message


@pytest.mark.parametrize(
    ("line", "column", "fix"),
    [
        ('    prompt: "What did the "artists" fear?"', 28, "Put the whole in '…', or write \\\" inside."),
        ('    prompt: "Artists" feared what?', 23, "Put the whole in '…', or write \\\" inside."),
        ('    prompt: "The "artists\'" fear"', 19, 'Write \\" for each quotation mark inside.'),
        ("    prompt: 'It's here'", 17, "Put the whole in \"…\", or write '' for each ' inside."),
        ('    wrong: ["a "b" c", d]', 17, "Put the whole in '…', or write \\\" inside."),
        ('    prompt: "a": b', 16, "Put the whole in '…'"),
        ('    text: "{{Paris}} is "a" city"', 26, "Put the whole in '…'"),
    ],
)
def test_a_text_that_goes_on_behind_its_quotation_mark_is_told_how_to_hold_both(
    tell: Tell, line: str, column: int, fix: str
) -> None:
    at_line, at_column, told = tell(2, line)
    assert (at_line, at_column) == (9, column)
    assert told.startswith("The text goes on after its closing quotation mark. ")
    assert fix in told


def test_a_quotation_mark_that_is_closed_by_the_next_one_below_is_told_where_it_opens(tell: Tell) -> None:
    at_line, at_column, told = tell(2, '    prompt: "Who?\n    hint: "x"')
    assert (at_line, at_column) == (9, 13)
    assert "opens here is never closed" in told


def test_a_missing_comma_between_quoted_texts_is_no_quotation_mark_too_many(tell: Tell) -> None:
    assert "not closed" in tell(3, '    wrong: ["a" "b"]')[2]


@pytest.mark.parametrize(
    ("number", "line", "place"),
    [
        (3, "\u00a0\u00a0\u00a0\u00a0answer: x", (10, 1)),
        (3, "  \u00a0 answer: x", (10, 3)),
        (3, "\u00a0\u00a0\u00a0\u00a0answer: x\n\u00a0\u00a0\u00a0\u00a0note: x", (10, 1)),
        (4, "    hint: h\n\u00a0 - id: c\n    type: short", (12, 1)),
    ],
)
def test_a_line_that_begins_with_a_non_breaking_space_is_told(
    tell: Tell, number: int, line: str, place: tuple[int, int]
) -> None:
    at_line, at_column, told = tell(number, line)
    assert (at_line, at_column) == place
    assert "begins with a non-breaking space (often pasted from Word or a web page). Type ordinary spaces." in told


@pytest.mark.parametrize(("line", "column"), [("\tanswer: x", 1), ("  \tanswer: x", 3)])
def test_a_line_that_begins_with_a_tab_is_told(tell: Tell, line: str, column: int) -> None:
    assert tell(3, line) == (10, column, "This line begins with a tab. Type ordinary spaces, two a step.")


def test_a_colon_within_a_text_is_still_a_colon_within_a_text(tell: Tell) -> None:
    for line in (
        "    prompt: What: this",
        "    prompt: What\n      said he: this",
        "    prompt: What\n      said: this",
    ):
        assert "A colon with a space" in tell(2, line)[2]


def test_a_dash_without_its_space_is_told(refuse: Refuse, head: str) -> None:
    problem = refuse(f"{head}  -id: a\n    type: short\n")[-1]
    assert (problem.line, problem.column, problem.message) == (7, 3, "The dash here has no space behind it.")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: b\n- c\n", 2, "This cannot stand here"),
        ("h: |\n  w: 1\nk:\n  - a\n  q: 2\n", 5, "lacks its dash"),
        ("some text\n  answer: x\n", 2, "A colon with a space"),
        ('a: "x' + "\n y" * 300 + '\nb: "c', 302, "This cannot stand here"),
        (" format: 1\nid: a\n", 2, "This is not YAML"),
    ],
)
def test_where_the_columns_tell_nothing_the_parser_has_its_say(refuse: Refuse, text: str, line: int, said: str) -> None:
    problem = refuse(text)[-1]
    assert (problem.line, problem.code) == (line, "yaml-syntax")
    assert said in problem.message


def test_a_key_in_the_column_of_a_citation_above_is_told_that_of_its_card(tell: Tell) -> None:
    lines = "    citations:\n      - source: w\n        paragraph: 1\n    hint: h\n        note: x"
    assert tell(4, lines) == (
        15,
        9,
        "`note` begins in column 9, its neighbours in column 5. Take away 4 spaces before it.",
    )

"""Marks within cells and lines: found at their ends, in time that grows with the length alone."""

import pytest

from quizapp.core.exchange import aiken
from quizapp.core.exchange.model import ImportOptions
from quizapp.core.exchange.registry import guess_format
from quizapp.core.exchange.tables_marks import find_marked, read_sentence

LONG = 1_000_000  # where time grew with the square of it, a day


@pytest.mark.parametrize(
    "right", ["*one", "* one", "one *", "✓ one", "one ✓", "**one**", "[x] one", "one (correct)", "one (Right)"]
)
def test_a_mark_at_either_end_is_found_and_taken_off(right: str) -> None:
    assert find_marked([right, "[ ] two", "three"]) == (["one", "two", "three"], [0])
    assert find_marked([f"a) {right}", "b) two"]) == (["one", "two"], [0])


@pytest.mark.parametrize("options", [[], ["one", "two"], ["*one", "*two"], ["*", "two"], ["(correct)", "two"]])
def test_where_none_or_all_are_marked_nothing_is_changed(options: list[str]) -> None:
    assert find_marked(options) == (options, [])


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * LONG + "b",
        "* a" + " " * LONG + "b",
        "[" + " " * LONG,
        "a *" * LONG,
        "**" * LONG,
        "{{c1::" + "::" * LONG,
        "{{c1::a" * LONG,
        "{{c1::a::" * LONG,
        "{{c" + "1" * LONG,
        "[a" * LONG,
        "**a" * LONG,
        "_ " * LONG,
        "\n" * LONG,
        "\n \t" * LONG,
    ],
    ids=lambda text: repr(text[:9]),
)
def test_no_text_of_marks_takes_long(text: str) -> None:
    assert len(find_marked([text, "two"])[0]) == 2
    read_sentence(text, "")
    read_sentence(text, "two")
    data = f"Which?\nA) one\nB) {text}\n".encode()
    aiken.read(data, ImportOptions("a.txt"))
    guess_format(text.encode(), "a.txt")
    guess_format(data, "a.txt")

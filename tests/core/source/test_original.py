"""Numbering the paragraphs of plain texts."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.problem import Problem
from quizapp.core.source.original import OriginalText, read_original

SENTENCE = "This is a sentence of more than a dozen words, as paragraphs of an article tend to be."
LONG = f"{SENTENCE} {SENTENCE}"


def read(text: str) -> OriginalText:
    original = read_original(text.encode(), "wall.txt")
    assert isinstance(original, OriginalText)
    return original


def test_one_block_a_line() -> None:
    text = f"The title of the text\n{LONG}\nA part\n{LONG}\nShort."
    assert read(text).paragraphs == (LONG, LONG, "Short.")


def test_blocks_between_blank_lines() -> None:
    text = f"\n{LONG}\n\nWhy does it object?\n\n{LONG}\r\n\r\n  \r\nNo sentence\r\n\r\n{LONG}\n\n"
    assert read(text).paragraphs == (LONG, LONG, LONG)


def test_a_title_right_above_its_paragraph_is_no_part_of_it() -> None:
    assert read(f"The title\n{LONG}\n\nA part\n{LONG}").paragraphs == (LONG, LONG)


def test_a_hard_wrapped_text_is_put_together() -> None:
    text = f"The title\n\n{SENTENCE}\n{SENTENCE}\n\n  {SENTENCE}\n"
    assert read(text).paragraphs == (LONG, SENTENCE)


def test_short_lines_without_blank_lines_are_a_block_each() -> None:
    assert read("One thing.\nAnother thing.").paragraphs == ("One thing.", "Another thing.")


@pytest.mark.parametrize(
    "heading", ["Global Implications", "Why does it object?", "# Said.", "## A heading: so", "«Who?»"]
)
def test_headings_are_not_counted(heading: str) -> None:
    assert read(f"{heading}\n{LONG}").paragraphs == (LONG,)


@pytest.mark.parametrize(
    "paragraph", ["It fell.", "“It fell!”", "It fell (at last).", "He said:", SENTENCE[:-1], "他说。"]
)
def test_short_paragraphs_are_counted(paragraph: str) -> None:
    assert read(f"{paragraph}\n{LONG}").paragraphs == (paragraph, LONG)


def test_the_bytes_have_their_digest() -> None:
    assert read("").sha256 == sha256(b"").hexdigest()
    assert read("") == OriginalText("wall.txt", sha256(b"").hexdigest(), ())


def test_hidden_characters_are_spaces_and_other_bytes_a_problem() -> None:
    assert read("It\u2028fell.").paragraphs == ("It fell.",)
    (problem,) = read_original(b"\xff\xfe", "wall.txt")
    assert isinstance(problem, Problem)
    assert problem.code == "not-utf-8"


@given(st.text(max_size=200))
def test_every_text_has_paragraphs_without_line_ends(text: str) -> None:
    result = read_original(text.encode("utf-8", "replace"), "wall.txt")
    assert isinstance(result, OriginalText)
    assert all(paragraph and "\n" not in paragraph for paragraph in result.paragraphs)


ARTICLES = Path(__file__).parents[4] / "shared" / "sources"


@pytest.mark.parametrize(
    ("name", "first_words"),
    [
        (
            "growing-partnership.txt",
            ["In", "The", "Currently,", "Military", "North", "While", "The", "The"],
        ),
        ("russia-vs-america.txt", ["Russia", "Last", "Russia", "Moscow", "When", "After", "Some,"]),
    ],
)
def test_the_two_articles_are_numbered_right_where_they_are_at_hand(name: str, first_words: list[str]) -> None:
    file = ARTICLES / name
    if file.exists():
        original = read_original(file.read_bytes(), name)
        assert isinstance(original, OriginalText)
        assert [paragraph.split()[0] for paragraph in original.paragraphs] == first_words

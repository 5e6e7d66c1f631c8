"""Plain text as Markdown: it shows exactly these words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.markup import plain_text
from quizapp.core.source.document import read_blocks
from quizapp.core.source.importing.decoding import clean_characters
from quizapp.core.source.importing.model import Piece
from quizapp.core.source.importing.writing import escape_text, write_markdown

_MARKS = st.text(alphabet="ab1 #*_-+=>`~[]()<>!&;.\\|\n\té中", max_size=60)


def _read_back(markdown: str) -> list[str]:
    return [plain_text(block.text) for block in read_blocks(markdown)]


@given(st.one_of(_MARKS, st.text(max_size=80)))
def test_a_paragraph_reads_back_word_for_word(text: str) -> None:
    cleaned = clean_characters(text).replace("\f", " ")
    markdown = write_markdown([Piece("paragraph", cleaned)])
    assert " ".join(_read_back(markdown)).split() == cleaned.split()
    assert all(block.kind == "paragraph" for block in read_blocks(markdown))


@given(_MARKS)
def test_a_heading_and_an_item_read_back_word_for_word(text: str) -> None:
    for kind in ("heading", "item"):
        markdown = write_markdown([Piece(kind, text, 1)])  # type: ignore[arg-type]
        assert " ".join(_read_back(markdown)).split() == text.split()


@given(_MARKS)
def test_a_quote_reads_back_word_for_word(text: str) -> None:
    markdown = write_markdown([Piece("quote", text), Piece("quote", "End.")])
    assert " ".join(_read_back(markdown)).split() == [*text.split(), "End."]


@pytest.mark.parametrize("text", ["1. One", "- one", "# one", "> one", "=====", "-----", "***", "```", "~~~", "    x"])
def test_what_looks_like_a_mark_of_a_block_stays_text(text: str) -> None:
    assert _read_back(f"Before.\n\n{escape_text(text)}") == ["Before.", text.strip()]


def test_signs_that_mean_nothing_stay_as_they_are() -> None:
    assert escape_text("a_b & c! 5 < 6 (x) #1") == "a_b & c! 5 \\< 6 (x) #1"


def test_line_breaks_are_kept() -> None:
    assert _read_back(write_markdown([Piece("paragraph", "One\n\n two ")])) == ["One\ntwo"]


def test_items_in_a_row_are_one_list_with_the_deeper_ones_inside() -> None:
    pieces = [
        Piece("item", "One", 0, "10."),
        Piece("item", "Deep", 3),
        Piece("item", "Two", 0, "11."),
        Piece("item", ""),
    ]
    markdown = write_markdown(pieces)
    assert markdown == "10. One\n    - Deep\n11. Two\n"
    assert len(read_blocks(markdown)) == 1


def test_code_keeps_its_lines_whatever_fences_it_holds() -> None:
    markdown = write_markdown([Piece("code", "```\n  x = 1\n````")])
    assert _read_back(markdown) == ["```\n  x = 1\n````"]


def test_a_paragraph_of_a_thousand_marks_is_shown_as_it_is() -> None:
    text = "*a* _b_ " * 400 + "`" * 900
    markdown = write_markdown([Piece("paragraph", text)])
    assert "".join(" ".join(_read_back(markdown)).split()) == "".join(text.split())
    assert len(read_blocks(markdown)) > 1


def test_nothing_gives_nothing() -> None:
    assert write_markdown([]) == "\n"
    assert write_markdown([Piece("paragraph", " ")]) == "\n"


def test_more_than_two_megabytes_are_refused() -> None:
    with pytest.raises(Invalid, match="longer than 2 MB"):
        write_markdown([Piece("paragraph", "x" * 3_000_000)])

"""From bytes to text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.text import decode_text, find_places, shorten


def test_utf_8_is_read_and_a_byte_order_mark_dropped() -> None:
    assert decode_text("\ufeffé".encode(), "f") == ("é", [])
    assert decode_text(b"", "f") == ("", [])


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [(b"\xff", 1, 1), (b"a\r\nb\xe9", 2, 2), (b"\xef\xbb\xbfab\n\xc3", 2, 1), ("é\n".encode() + b"\x80", 2, 1)],
)
def test_the_first_byte_that_is_not_utf_8_is_told(data: bytes, line: int, column: int) -> None:
    text, (problem,) = decode_text(data, "f")
    assert text is None
    assert (problem.line, problem.column, problem.code) == (line, column, "not-utf-8")


def test_utf_16_is_recognised() -> None:
    text, (problem,) = decode_text("format: 1".encode("utf-16"), "f")
    assert text is None
    assert "UTF-16" in problem.message


@pytest.mark.parametrize("code", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_recognised_too(code: str) -> None:
    text, [problem] = decode_text("format: 1\nid: wall – ж\n".encode(code), "f")
    assert (text, problem.line, problem.column, problem.code) == (None, 1, 1, "not-utf-8")
    assert "UTF-16" in problem.message


def test_a_file_that_is_too_large_is_not_read() -> None:
    assert decode_text(b"abc", "f", 3) == ("abc", [])
    text, (problem,) = decode_text(b"abcd", "f", 3)
    assert (text, problem.code) == (None, "file-too-large")


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x85", "\u2028", "\u202e", "\u2067", "\ufeff", "\uffff"])
def test_a_hidden_character_is_told_and_replaced(character: str) -> None:
    text, (problem,) = decode_text(f"a\r\nb\rc\nd{character}".encode(), "f")
    assert text == "a\r\nb\rc\nd "
    assert (problem.line, problem.column, problem.code) == (4, 2, "hidden-character")
    assert f"U+{ord(character):04X}" in problem.message


@pytest.mark.parametrize("character", ["\t", "\u00ad", "\u200b", "\u200d", "\u200f", "\u00a0", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
def test_characters_that_scripts_and_emoji_need_are_kept(character: str) -> None:
    assert decode_text(character.encode(), "f") == (character, [])


def test_of_many_hidden_characters_the_first_hundred_are_told() -> None:
    text, problems = decode_text(b"\x00\n" * 5000, "f")
    assert text == " \n" * 5000
    assert [problem.line for problem in problems] == list(range(1, 101))


@given(st.text(alphabet="a\r\n", max_size=30), st.lists(st.integers(0, 30), max_size=5).map(sorted))
def test_places_are_those_an_editor_shows(text: str, offsets: list[int]) -> None:
    offsets = [min(offset, len(text)) for offset in offsets]
    for offset, (line, column) in zip(offsets, find_places(text, offsets), strict=True):
        before = text[:offset]
        if not (before.endswith("\r") and text[offset : offset + 1] == "\n"):
            lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            assert (line, column) == (len(lines), len(lines[-1]) + 1)


def test_texts_are_shortened_to_one_line() -> None:
    assert shorten("a\n b") == "a b"
    assert shorten("x" * 60) == "x" * 60
    assert shorten("x" * 1000) == "x" * 59 + "…"

"""Texts with blanks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.cloze import ClozeError, ClozeText, parse_cloze


def test_a_text_is_taken_apart() -> None:
    assert parse_cloze("The {{Soviet Union| USSR }} ended in {{1991}}.") == ClozeText(
        ("The ", " ended in ", "."), (("Soviet Union", "USSR"), ("1991",))
    )
    assert parse_cloze("{{a}}{{b}}") == ClozeText(("", "", ""), (("a",), ("b",)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no blank",
        "{{",
        "{{a",
        "{{}}",
        "{{ }}",
        "{{a|}}",
        "{{|a}}",
        "{{a {{b}} }}",
        "a}} {{b}}",
        "{{b}} }}",
        "{a}",
        "{{c1::a}}",
        "{{c12::a::b}}",
    ],
)
def test_a_text_whose_blanks_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ClozeError):
        parse_cloze(text)


PIECE = st.text(alphabet="abc .", max_size=5)
WORDING = st.text(alphabet="abc", min_size=1, max_size=5)


@given(PIECE, st.lists(st.tuples(st.lists(WORDING, min_size=1, max_size=3), PIECE), min_size=1, max_size=4))
def test_pieces_and_blanks_come_back_as_they_were_put_together(first: str, rest: list[tuple[list[str], str]]) -> None:
    text = first + "".join("{{" + "|".join(blank) + "}}" + piece for blank, piece in rest)
    assert parse_cloze(text) == ClozeText(
        (first, *(piece for _, piece in rest)), tuple(tuple(blank) for blank, _ in rest)
    )

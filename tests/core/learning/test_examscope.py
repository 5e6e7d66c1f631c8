import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.examscope import ExamScope, TextPart, parse_ranges, write_ranges


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("3-5, 8", ((3, 5), (8, 8))),
        ("8,3–5", ((3, 5), (8, 8))),
        (" § 3 — 5 ;\n8 ", ((3, 5), (8, 8))),
        ("1-3, 2-6, 7", ((1, 7),)),
        ("4-4", ((4, 4),)),
        ("٣-٥", ((3, 5),)),
        ("", ()),
        (" , ;", ()),
    ],
)
def test_ranges_are_read_as_people_write_them(text: str, ranges: tuple):
    assert parse_ranges(text) == ranges


@pytest.mark.parametrize(
    "text", ["0", "0-3", "5-3", "abc", "3 5", "-3", "3-", "3-5-8", "99999", "1.5", "²", "*", "1, x", "<b>"]
)
def test_what_is_no_range_of_paragraphs_is_refused(text: str):
    with pytest.raises(Invalid):
        parse_ranges(text)


def test_too_many_ranges_are_refused():
    with pytest.raises(Invalid):
        parse_ranges(",".join(str(number) for number in range(1, 400, 2)))


@given(st.lists(st.tuples(st.integers(1, 9_999), st.integers(0, 50)), max_size=20))
def test_what_is_written_is_read_again(starts: list[tuple[int, int]]):
    ranges = [(first, min(first + more, 9_999)) for first, more in starts]
    joined = parse_ranges(write_ranges(ranges))
    assert parse_ranges(write_ranges(joined)) == joined
    numbers = {number for first, last in ranges for number in range(first, last + 1)}
    part = TextPart(source="text", ranges=joined)
    assert {number for number in range(1, 10_051) if part.holds(number)} == numbers
    assert all(one[1] + 1 < other[0] for one, other in itertools.pairwise(joined))


def test_a_scope_comes_back_from_its_line():
    scope = ExamScope(decks=("birds",), tags=("größe",), parts=(TextPart(source="herons", ranges=((1, 2),)),))
    assert ExamScope.from_json(scope.to_json()) == scope
    assert not scope.empty
    assert ExamScope.from_json("{}").empty


@pytest.mark.parametrize("text", ["", "[]", "{", '{"cards": []}', '{"decks": [1]}', '{"decks": null}', "[" * 100_000])
def test_a_line_that_is_no_scope_is_refused(text: str):
    with pytest.raises(Invalid):
        ExamScope.from_json(text)

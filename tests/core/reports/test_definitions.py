"""The columns: unique, stable, each with a meaning."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.reports.columns import TYPE_WORDS, Type, make_unique
from quizapp.core.reports.definitions import DEFINITIONS, IDENTITY, Kind
from quizapp.core.reports.formats import MEDIA_TYPES, Format, parse_format

_GRADEBOOKS = (Kind.CANVAS, Kind.MOODLE)


def test_every_kind_is_defined() -> None:
    assert list(DEFINITIONS) == list(Kind)
    assert set(TYPE_WORDS) == set(Type)
    assert set(MEDIA_TYPES) == set(Format)


@pytest.mark.parametrize("kind", Kind)
def test_headers_are_unique_and_each_column_says_what_it_means(kind: Kind) -> None:
    columns = DEFINITIONS[kind].columns
    names = [column.name.casefold() for column in columns]
    assert len(set(names)) == len(names)
    assert all(column.meaning.endswith(".") for column in columns)
    if kind not in _GRADEBOOKS:
        assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", column.name) for column in columns)


def test_rows_about_students_begin_with_the_agreed_columns() -> None:
    agreed = ["student_id", "external_id", "last_name", "first_name", "email", "class", "groups"]
    assert [column.name for column in IDENTITY] == agreed
    for kind in (Kind.STUDENTS, Kind.ATTEMPTS, Kind.RESPONSES):
        assert DEFINITIONS[kind].columns[: len(IDENTITY)] == IDENTITY


def test_only_the_gradebooks_have_a_column_for_each_test() -> None:
    assert {kind for kind, definition in DEFINITIONS.items() if definition.per_test} == set(_GRADEBOOKS)


@given(st.lists(st.sampled_from(["a", "A", "b", "a [2]", ""])))
def test_repeated_names_are_numbered(names: list[str]) -> None:
    unique = list(make_unique(names))
    assert len({name.casefold() for name in unique}) == len(names)
    assert all(made.startswith(name) for made, name in zip(unique, names, strict=True))


def test_the_first_of_several_names_stays() -> None:
    assert list(make_unique(["Quiz", "quiz", "Quiz", "Quiz [2]"])) == ["Quiz", "quiz [2]", "Quiz [3]", "Quiz [2] [2]"]


@pytest.mark.parametrize(("name", "expected"), [("csv", Format.CSV), (" XLSX ", Format.XLSX), ("json", Format.JSON)])
def test_a_format_goes_by_its_name(name: str, expected: Format) -> None:
    assert parse_format(name) is expected


@pytest.mark.parametrize("name", ["", "xls", "pdf", "csv,json", "ｃｓｖ"])
def test_another_format_is_refused_with_those_that_there_are(name: str) -> None:
    with pytest.raises(Invalid, match="Choose csv, xlsx, ods or json") as caught:
        parse_format(name)
    assert set(caught.value.fields) == {"format"}

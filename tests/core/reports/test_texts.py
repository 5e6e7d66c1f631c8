"""CSV and JSON, read back."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.messages import say
from quizapp.core.reports.cells import clean_text, is_dangerous, make_harmless
from quizapp.core.reports.columns import Column, Type
from quizapp.core.reports.model import Report
from quizapp.core.reports.texts import write_csv, write_json

Make = Callable[..., Report]
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROWS = [("=1+1", -5, -0.25, True, AT), ("Öztürk, „x“\n2", 0, None, False, None), ("", None, 1.0, None, None)]


def _read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def test_csv_holds_the_rows_under_one_header(make_report: Make) -> None:
    assert _read_csv(b"".join(write_csv(make_report(ROWS)))) == [
        ["name", "count", "share", "late", "at"],
        ["'=1+1", "-5", "-0.25", "true", "2026-11-22T13:00:00+01:00"],
        ["Öztürk, „x“ 2", "0", "", "false", ""],
        ["", "", "1", "", ""],
    ]


def test_csv_begins_with_a_byte_order_mark_on_request_only(make_report: Make) -> None:
    assert b"".join(write_csv(make_report([]))) == b"name,count,share,late,at\r\n"
    assert b"".join(write_csv(make_report([]), bom=True)) == b"\xef\xbb\xbfname,count,share,late,at\r\n"


def test_headers_are_made_harmless_too(make_report: Make) -> None:
    columns = (Column("=HYPERLINK(1)", Type.TEXT, say("x")), Column("a;@b", Type.TEXT, say("x")))
    assert b"".join(write_csv(make_report([], columns))) == b"'=HYPERLINK(1),a;'@b\r\n"


def test_json_is_a_list_of_objects_with_texts_as_they_are(make_report: Make) -> None:
    found = json.loads(b"".join(write_json(make_report(ROWS))))
    assert found[0] == {"name": "=1+1", "count": -5, "share": -0.25, "late": True, "at": "2026-11-22T13:00:00+01:00"}
    assert found[1]["late"] is False
    assert found[1]["share"] is None
    assert found[2] == {"name": None, "count": None, "share": 1.0, "late": None, "at": None}


def test_no_rows_make_an_empty_list(make_report: Make) -> None:
    assert json.loads(b"".join(write_json(make_report([])))) == []


@pytest.mark.parametrize("write", [write_csv, write_json])
def test_a_long_report_comes_in_pieces_as_its_rows_do(make_report: Make, write: Callable[..., object]) -> None:
    taken = 0

    def rows() -> object:
        nonlocal taken
        for number in range(20_000):
            taken += 1
            yield (f"name {number}", number, 0.5, True, AT)

    pieces = write(make_report(rows()))
    first = next(pieces)  # type: ignore[call-overload]
    assert 0 < taken < 5_000
    data = first + b"".join(pieces)  # type: ignore[operator, arg-type]
    assert data.count(b"name 1") > 10_000
    assert taken == 20_000


@given(st.lists(st.text(), min_size=1, max_size=6))
def test_every_text_comes_back_from_csv_as_it_left(make_report: Make, texts: list[str]) -> None:
    columns = (Column("text", Type.TEXT, say("x")), Column("more", Type.TEXT, say("x")))
    read = _read_csv(b"".join(write_csv(make_report([(clean_text(text), "x") for text in texts], columns))))
    for (cell, _), text in zip(read[1:], texts, strict=True):
        assert cell == make_harmless(clean_text(text))
        assert not is_dangerous(cell)


@given(st.lists(st.text(), max_size=6))
def test_every_text_comes_back_from_json_as_it_left(make_report: Make, texts: list[str]) -> None:
    columns = (Column("text", Type.TEXT, say("x")),)
    clean = [clean_text(text) for text in texts]
    found = json.loads(b"".join(write_json(make_report([(text,) for text in clean], columns))))
    assert [one["text"] for one in found] == [text or None for text in clean]

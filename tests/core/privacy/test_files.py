"""The files of an export: the same in both, harmless in spreadsheets, explained."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.privacy.files import Value, list_names, write_csv, write_json, write_readme
from quizapp.core.privacy.inventory import EXPORTED, INVENTORY
from quizapp.core.reports.cells import is_dangerous

MOMENT = datetime(2026, 11, 22, 12, 0, 0, 5000, tzinfo=UTC)
ROW: list[Value] = ["=1+1", 3, 0.5, True, None, MOMENT, date(2026, 11, 22), b"ab\xff", "two\nlines"]
NAMES = [f"c{number}" for number in range(len(ROW))]


def test_a_row_is_the_same_in_both_files() -> None:
    lines = list(csv.reader(io.StringIO(b"".join(write_csv(NAMES, [ROW])).decode(), newline="")))
    moment = "2026-11-22T12:00:00.005+00:00"
    assert lines == [NAMES, ["'=1+1", "3", "0.5", "true", "", moment, "2026-11-22", "ab\ufffd", "two lines"]]
    (fields,) = json.loads(b"".join(write_json(NAMES, [ROW])))
    told = ["=1+1", 3, 0.5, True, None, moment, "2026-11-22", "ab\ufffd", "two\nlines"]
    assert list(fields.values()) == told


@pytest.mark.parametrize("count", [0, 1, 2])
def test_any_number_of_rows_makes_whole_files(count: int) -> None:
    rows = [["a"]] * count
    assert len(json.loads(b"".join(write_json(["x"], rows)))) == count
    assert b"".join(write_csv(["x"], rows)).count(b"\r\n") == count + 1


@given(st.text())
def test_no_text_is_a_formula_and_none_breaks_the_files(text: str) -> None:
    (cells,) = list(csv.reader(io.StringIO(b"".join(write_csv(["x"], [[text]])).decode(), newline="")))[1:] or [[""]]
    assert not any(is_dangerous(cell) for cell in cells)
    assert len(json.loads(b"".join(write_json(["x"], [[text]])))) == 1


def test_halves_of_characters_end_no_export() -> None:
    assert json.loads(b"".join(write_json(["x"], [["\ud800"]]))) == [{"x": "?"}]
    assert b"".join(write_csv(["x"], [["a\ud800b"]])) == b"x\r\na b\r\n"


def test_the_readme_explains_every_file_and_column() -> None:
    text = write_readme(EXPORTED, MOMENT)
    for table in EXPORTED:
        assert f"{table.file}.csv, {table.file}.json: " in text
        for name in list_names(table):
            assert f"\n  {name}: " in text


def test_a_wording_of_a_card_has_its_question_beside_it() -> None:
    assert list_names(INVENTORY["review"])[-1] == "question"
    assert "question" not in list_names(INVENTORY["card_state"])

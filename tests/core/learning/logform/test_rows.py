import json

import pytest

from quizapp.core.learning.logform.fault import BrokenLog
from quizapp.core.learning.logform.rows import list_rows

NAMES = ["card_id", "review_time", "review_rating"]


def rows(text: str) -> list[tuple[int, list[str]]]:
    return [(line, list(cells)) for line, cells in list_rows(text)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_may_have_any_usual_separator_and_ends_of_lines(separator: str, end: str):
    text = end.join(separator.join(cells) for cells in (NAMES, ["a", "1", "3"], [""]))
    assert rows(text) == [(1, NAMES), (2, ["a", "1", "3"])]


def test_a_table_may_name_its_separator_and_lines_are_still_counted_from_the_first():
    assert rows("sep=;\r\ncard_id;x\r\na;1\r\n") == [(2, ["card_id", "x"]), (3, ["a", "1"])]
    assert rows("sep=#\ncard_id,x\n") == [(2, ["card_id", "x"])]


def test_spaces_may_stand_before_quoted_cells():
    assert rows('"card_id"; "x"\n"a, b"; "1"\n') == [(1, ["card_id", "x"]), (2, ["a, b", "1"])]


def test_blank_lines_hold_nothing():
    assert rows("\n\na,b\n , \n,\nc,d\n") == [(3, ["a", "b"]), (6, ["c", "d"])]


@pytest.mark.parametrize("text", ['a,b\n"c,d\n', 'a,b\n"' + "x" * 200_000])
def test_an_open_quotation_mark_is_told_with_its_line(text: str):
    with pytest.raises(BrokenLog) as broken:
        rows(text)
    assert (broken.value.line, broken.value.fault.code) == (2, "not-csv")


def test_a_first_cell_without_an_end_is_told():
    with pytest.raises(BrokenLog):
        rows('"' + "x" * 200_000)


@pytest.mark.parametrize("indent", [None, 2])
def test_objects_of_json_are_rows_whose_names_come_first(indent: int | None):
    log = [{"card_id": "a", "review_time": 12, "x": None}, {"review_time": 1.5, "card_id": 2**70, "late": True}]
    found = rows(json.dumps(log, indent=indent))
    assert [cells for _, cells in found] == [
        ["card_id", "review_time", "x", "late"],
        ["a", "12", "", ""],
        [str(2**70), "1.5", "", "true"],
    ]
    assert [line for line, _ in found] == ([1, 1, 1] if indent is None else [2, 2, 7])


def test_lines_of_json_are_rows_and_keep_their_numbers():
    assert rows('\n{"card_id": NaN}\n\n{"card_id": 1e400}\n') == [(2, ["card_id"]), (2, ["NaN"]), (4, ["1e400"])]


def test_lists_of_json_are_rows_too():
    assert rows('[["a", "b"], [1, {"c": 2}]]') == [(1, ["a", "b"]), (1, ["1", '{"c": "2"}'])]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ('{"a": 1}\n{"a": ', 2, "not-json"),
        ('[{"a": 1},\n', 2, "not-json"),
        ("[" * 100_000, 1, "not-json"),
        ('[{"a": 1},\n 7]', 2, "not-a-review"),
    ],
)
def test_what_is_no_json_is_told_with_its_line(text: str, line: int, code: str):
    with pytest.raises(BrokenLog) as broken:
        rows(text)
    assert (broken.value.line, broken.value.fault.code) == (line, code)

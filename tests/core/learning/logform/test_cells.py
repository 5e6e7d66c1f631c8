from zoneinfo import ZoneInfo

import pytest

from quizapp.core.learning.logform.cells import TimeReader, Unit, guess_unit, read_duration, read_rating
from quizapp.core.learning.logform.fault import Fault
from quizapp.core.learning.memory import Rating

AT = 1_795_349_100_000  # 2026-11-22 12:05 UTC
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "cell",
    [
        str(AT),
        f" {AT}.0 ",
        "2026-11-22T12:05:00Z",
        "2026-11-22T12:05:00+00:00",
        "2026-11-22 14:05:00 +0200",
        "2026-11-22 12:05:00 UTC",
        "2026-11-22T13:05",
        "2026/11/22 13:05",
        "2026-11-22T12:05:00.000000Z",
    ],
)
def test_a_time_may_be_written_in_many_ways(cell: str):
    assert TimeReader(Unit.MILLISECOND, BERLIN, 1).read(cell) == AT


@pytest.mark.parametrize(
    ("cells", "unit", "at"),
    [
        ([str(AT // 1000)], Unit.SECOND, AT),
        ([f"{AT // 1000}.250"], Unit.SECOND, AT + 250),
        ([f"{AT}999"], Unit.MICROSECOND, AT),
        ([f"{AT}000000"], Unit.NANOSECOND, AT),
        ([str(AT), str(AT // 1000)], Unit.MILLISECOND, AT),
        (["2026-11-22T12:05:00Z"], Unit.MILLISECOND, AT),
    ],
)
def test_the_unit_of_numbers_is_that_of_most(cells: list[str], unit: Unit, at: int):
    assert guess_unit(cells) is unit
    assert TimeReader(unit, BERLIN, 1).read(cells[0]) == at


def test_a_time_in_another_unit_than_the_others_is_at_fault():
    with pytest.raises(Fault, match="seconds"):
        TimeReader(Unit.SECOND, BERLIN, 1).read(str(AT))


def test_it_is_remembered_what_had_to_be_supposed():
    times = TimeReader(Unit.MILLISECOND, BERLIN, 1)
    times.read("2026-11-22 12:05:00 GMT")
    assert (times.zoneless, times.timeless) == (False, False)
    assert times.read("2026-11-22") == AT - 65 * 60_000
    assert (times.zoneless, times.timeless) == (True, True)


@pytest.mark.parametrize("cell", ["3", " 3 ", "3.0", "good", "Good", "Rating.Good", "GOOD"])
def test_a_rating_may_be_a_number_or_a_word(cell: str):
    assert read_rating(cell, 2) is Rating.GOOD


def test_no_rating_stands_for_what_is_no_answer():
    assert read_rating("0", 2) is None


def test_a_duration_that_cannot_be_is_not_known():
    assert [read_duration(cell) for cell in ("5000", "5000.7", "", "-3", "long")] == [5_000, 5_000, None, None, None]

"""What stands in the cells of a log: times in any usual form, ratings as numbers and words, durations."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, time, tzinfo
from decimal import Decimal
from enum import IntEnum

from quizapp.core.learning.logform.fault import Fault
from quizapp.core.learning.memory import Rating, to_millis
from quizapp.core.messages import say

LONGEST_DURATION = 7 * 24 * 60 * 60 * 1000
"""Milliseconds: a card that lay open for longer counts as open for a week."""

_EARLIEST_MS = 10**11  # March 1973; the same number of seconds is the year 5138
_LATEST_MS = 10**14
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{0,30})?")
_SHORTENED = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+")
_ZONE_APART = re.compile(r"(?<!\s)\s+(?=[+-][0-9]{2}:?[0-9]{2}$)")
_DAY_ALONE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_FIRST = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")
_LONGEST_SHOWN = 40
_NOON = time(12)
_WORDS = {rating.name.casefold(): rating for rating in Rating}
_RATINGS: dict[str, Rating] = {str(int(rating)): rating for rating in Rating}


class Unit(IntEnum):
    """How many of it make a second."""

    SECOND = 1
    MILLISECOND = 1_000
    MICROSECOND = 1_000_000
    NANOSECOND = 1_000_000_000


UNIT_WORDS = {
    Unit.SECOND: say("seconds"),
    Unit.MILLISECOND: say("milliseconds"),
    Unit.MICROSECOND: say("microseconds"),
    Unit.NANOSECOND: say("nanoseconds"),
}
"""The units for people."""


def _find_unit(cell: str) -> Unit | None:
    """The unit in which a number is a time between 1973 and 5138."""
    text = cell.strip()
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return next((unit for unit in Unit if _EARLIEST_MS <= number * 1000 / unit < _LATEST_MS), None)


def guess_unit(cells: Iterable[str]) -> Unit:
    """The unit of most of these times; milliseconds where there are as many in them, or where none is a number."""
    counts = Counter(unit for cell in cells if (unit := _find_unit(cell)) is not None)
    return max(Unit, key=lambda unit: (counts[unit], unit is Unit.MILLISECOND))


def _refuse_time(at: int, unit: Unit, column: int) -> Fault:
    if unit is not Unit.MILLISECOND:
        message = say("This time is not in %(unit)s, as the others in this log are.", unit=UNIT_WORDS[unit])
        return Fault("time-out-of-range", message, say("Write all times in the same unit."), column)
    if at >= _LATEST_MS:
        message = say("This time lies after the year 5138: it does not seem to be in milliseconds.")
        return Fault("time-not-milliseconds", message, say("Divide by 1000, or by 1000000."), column)
    if at <= 0:
        message = say("This time is not after 1970.")
        return Fault("time-out-of-range", message, say("Correct it, or take the line out."), column)
    message = say("This time lies before 1973: it seems to be in seconds.")
    return Fault("time-not-milliseconds", message, say("Multiply by 1000."), column)


class TimeReader:
    """Reads the times of one log, whose numbers are in one unit.

    Times without a zone are of ``zone``, and ``zoneless`` tells whether there were any; a day without a time of day is
    taken for its noon, and ``timeless`` tells.
    """

    def __init__(self, unit: Unit, zone: tzinfo, column: int) -> None:
        self.zoneless = self.timeless = False
        self._unit, self._zone, self._column = unit, zone, column

    def read(self, cell: str) -> int:
        """Milliseconds since 1970 UTC, rounded down. Raises Fault."""
        if self._unit is Unit.MILLISECOND and len(cell) == 13 and cell.isascii() and cell.isdigit():
            return int(cell) if cell[0] != "0" else self._read_number(cell)  # nearly all; for speed
        text = cell.strip()
        if _NUMBER.fullmatch(text):
            return self._read_number(text)
        return self._read_moment(text)

    def _read_number(self, text: str) -> int:
        number = Decimal(text) * 1000 / self._unit
        at = int(number // 1)
        if not _EARLIEST_MS <= at < _LATEST_MS:
            raise _refuse_time(at, self._unit, self._column)
        return at

    def _refuse(self, text: str) -> Fault:
        if not text:
            message = say("The time is missing.")
            return Fault("no-time", message, say("Fill it in, or take the line out."), self._column)
        if _SHORTENED.fullmatch(text):
            message = say("This time was shortened by a spreadsheet; its last digits are gone.")
            fix = say("Export the log again, or show the column as numbers without decimals before you save it.")
            return Fault("time-shortened", message, fix, self._column)
        message = say("review_time is neither a whole number nor a time as ISO 8601 writes it.")
        fix = say("Write milliseconds since 1970, or a time such as 2026-11-22T13:05:00+01:00.")
        return Fault("not-a-time", message, fix, self._column)

    def _read_moment(self, text: str) -> int:
        plain = _ZONE_APART.sub("", text.removesuffix(" UTC").removesuffix(" GMT"))
        plain = _YEAR_FIRST.sub(lambda day: f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}", plain)
        try:
            moment = datetime.fromisoformat(plain)
        except ValueError as error:
            raise self._refuse(text) from error
        if _DAY_ALONE.fullmatch(plain):
            self.timeless = True
            moment = datetime.combine(moment, _NOON)
        if moment.tzinfo is None:
            is_utc = text.endswith((" UTC", " GMT"))
            self.zoneless = self.zoneless or not is_utc
            moment = moment.replace(tzinfo=UTC if is_utc else self._zone)
        at = to_millis(moment)
        if not _EARLIEST_MS <= at < _LATEST_MS:
            message = say("This time lies before 1973 or after 5138.")
            raise Fault("time-out-of-range", message, say("Correct it, or take the line out."), self._column)
        return at


def read_rating(cell: str, column: int) -> Rating | None:
    """A rating from 1 to 4, as a number or a word; None for 0, which no answer is. Raises Fault."""
    if (rating := _RATINGS.get(cell)) is not None:
        return rating
    text = cell.strip()
    word = text.casefold().rpartition(".")[2]
    if word in _WORDS:
        return _WORDS[word]
    if not text:
        raise Fault("no-rating", say("The rating is missing."), say("Fill it in, or take the line out."), column)
    fix = say("Ratings are 1 (again), 2 (hard), 3 (good) and 4 (easy); leave out what is no review.")
    if not _NUMBER.fullmatch(text):
        message = say("“%(text)s” is not a rating.", text=text[:_LONGEST_SHOWN])
        raise Fault("not-a-number", message, fix, column)
    number = Decimal(text)
    if number == 0:
        return None
    if number not in tuple(Rating):
        raise Fault("no-such-rating", say("There is no rating %(rating)s.", rating=text[:_LONGEST_SHOWN]), fix, column)
    return Rating(int(number))


def read_duration(cell: str) -> int | None:
    """Milliseconds, a week at most; None where there is none, or none that can be."""
    text = cell.strip()
    if not _NUMBER.fullmatch(text) or text.startswith("-"):
        return None
    return min(int(Decimal(text)), LONGEST_DURATION)

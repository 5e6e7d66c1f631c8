"""Reading a log of reviews from a CSV file, as other programs and ``quizapp report`` write it.

``card_id,review_time,review_rating`` and, if wanted, ``review_duration``: times in milliseconds since 1970 UTC, ratings
from 1 to 4, durations in milliseconds. Further columns are passed over. This is the format of the public FSRS tools
(https://github.com/open-spaced-repetition/fsrs-optimizer).
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quizapp.core.learning.memory import Rating
from quizapp.core.messages import say
from quizapp.core.problem import Problem

COLUMNS = ("card_id", "review_time", "review_rating")
DURATION = "review_duration"
MOST_PROBLEMS = 100

_EARLIEST_MS = 10**11  # March 1973; the same number of seconds is the year 5138
_LATEST_MS = 10**14
_MOST_DIGITS = 30
_LONGEST_DURATION = 7 * 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class LoggedReview:
    """One review: its card, its time in milliseconds since 1970 UTC, its rating and, if known, how long it took."""

    card_id: str
    at: int
    rating: Rating
    duration: int | None = None


class _Fault(Exception):
    """What is wrong with a line, as code, column, message and fix."""

    def __init__(self, code: str, column: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code, self.column, self.message, self.fix = code, column, message, fix


def _number(row: Mapping[str, str], column: str) -> int:
    text = row[column].strip()
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        message = say("%(column)s is not a whole number.", column=column)
        raise _Fault("not-a-number", column, message, say("Write digits only."))
    return int(text)


def _read_time(row: Mapping[str, str]) -> int:
    at = _number(row, "review_time")
    if at >= _LATEST_MS:
        message = say("This time lies after the year 5138: it does not seem to be in milliseconds.")
        raise _Fault("time-not-milliseconds", "review_time", message, say("Divide by 1000, or by 1000000."))
    if at < _EARLIEST_MS:
        message = say("This time lies before 1973: it seems to be in seconds.")
        raise _Fault("time-not-milliseconds", "review_time", message, say("Multiply by 1000."))
    return at


def _read_rating(row: Mapping[str, str]) -> Rating:
    rating = _number(row, "review_rating")
    if rating not in tuple(Rating):
        message = say("There is no rating %(rating)s.", rating=rating)
        fix = say("Ratings are 1 (again), 2 (hard), 3 (good) and 4 (easy); leave out what is no review.")
        raise _Fault("no-such-rating", "review_rating", message, fix)
    return Rating(rating)


def _read_duration(row: Mapping[str, str]) -> int | None:
    if not row.get(DURATION, "").strip():
        return None
    duration = _number(row, DURATION)
    if duration < 0:
        raise _Fault(
            "negative-duration", DURATION, say("A review cannot take less than no time."), say("Leave it out.")
        )
    return min(duration, _LONGEST_DURATION)


def _read_row(row: Mapping[str, str]) -> LoggedReview:
    if not (card := row["card_id"].strip()):
        raise _Fault("no-card", "card_id", say("The card has no id."), say("Give each card an id of its own."))
    return LoggedReview(card, _read_time(row), _read_rating(row), _read_duration(row))


class _Reader:
    """Reads line by line, and collects the problems with their places."""

    def __init__(self, text: str, file: str) -> None:
        self._rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        self._file = file
        self._latest: dict[str, tuple[int, int]] = {}
        self.problems: list[Problem] = []

    def _report(self, line: int, fault: _Fault, place: int = 1) -> None:
        self.problems.append(Problem(self._file, line, place, fault.code, fault.message, fault.fix))

    def _list_rows(self) -> Iterator[tuple[int, list[str]]]:
        try:
            for row in self._rows:
                if any(cell.strip() for cell in row):
                    yield self._rows.line_num, row
        except csv.Error as error:
            message = say("This is not CSV: %(why)s.", why=error)
            fault = _Fault("not-csv", "", message, say("Save the table as CSV with commas, in UTF-8."))
            self._report(self._rows.line_num, fault)

    def _check_order(self, line: int, review: LoggedReview) -> None:
        before, at = self._latest.get(review.card_id, (0, review.at))
        if review.at < at:
            message = say("This review is earlier than the one of the same card in line %(line)s.", line=before)
            raise _Fault("out-of-order", "review_time", message, say("Sort the lines by review_time."))
        self._latest[review.card_id] = line, review.at

    def _read_header(self, rows: Iterator[tuple[int, list[str]]]) -> list[str]:
        """The names of the columns; none where they are not what is needed."""
        line, header = next(rows, (1, []))
        names = [name.strip() for name in header]
        missing = [name for name in COLUMNS if name not in names]
        if missing and not self.problems:
            message = say("The first line does not name the columns %(names)s.", names=", ".join(missing))
            fix = say("Start with the line card_id,review_time,review_rating.")
            self._report(line, _Fault("no-header" if header else "no-reviews", "", message, fix))
        return [] if missing else names

    def _read_line(self, line: int, names: list[str], cells: list[str]) -> LoggedReview:
        if len(cells) < len(names):
            message = say("This line has %(found)s of %(all)s columns.", found=len(cells), all=len(names))
            raise _Fault("too-few-columns", names[0], message, say("Fill in what is missing."))
        review = _read_row(dict(zip(names, cells, strict=False)))
        self._check_order(line, review)
        return review

    def read(self) -> list[LoggedReview]:
        rows = self._list_rows()
        names = self._read_header(rows)
        reviews = []
        for line, cells in rows if names else ():
            try:
                reviews.append(self._read_line(line, names, cells))
            except _Fault as fault:
                self._report(line, fault, names.index(fault.column) + 1)
            if len(self.problems) >= MOST_PROBLEMS:
                break
        if not reviews and not self.problems:
            empty = _Fault("no-reviews", "", say("There are no reviews."), say("Add a line for each review."))
            self._report(self._rows.line_num, empty)
        return reviews


def read_review_log(data: bytes, file: str) -> tuple[LoggedReview, ...] | tuple[Problem, ...]:
    """The reviews of a CSV file in its order; where anything is wrong, the problems instead, at most a hundred.

    A problem's ``line`` counts from 1, its ``column`` is the number of the column. Reviews of one card must be in the
    order of their times; cards may follow each other or be mixed.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return (Problem(file, line, 1, "not-utf-8", say("The file is not UTF-8."), say("Save it as UTF-8.")),)
    reader = _Reader(text, file)
    reviews = reader.read()
    return tuple(reader.problems) or tuple(reviews)

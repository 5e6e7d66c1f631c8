"""Reading a log of reviews from a file, as other programs and ``quizapp report`` write it.

The plain form is CSV with ``card_id,review_time,review_rating`` and, if wanted, ``review_duration``: times in
milliseconds since 1970 UTC, ratings from 1 to 4, durations in milliseconds; that of the public FSRS tools
(https://github.com/open-spaced-repetition/fsrs-optimizer). ``logform`` knows the other forms. Whatever the form, the
same reviews give the same log: in the order of time, each once.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from itertools import chain, islice

from quizapp.core.learning.logform.cells import (
    UNIT_WORDS,
    TimeReader,
    Unit,
    guess_unit,
    read_duration,
    read_rating,
)
from quizapp.core.learning.logform.columns import Columns, find_columns, guess_names
from quizapp.core.learning.logform.fault import BrokenLog, Fault
from quizapp.core.learning.logform.rows import Row, list_rows
from quizapp.core.learning.logform.text import read_text
from quizapp.core.learning.memory import Rating
from quizapp.core.messages import Message, say
from quizapp.core.problem import Problem

MOST_PROBLEMS = 100
MOST_REVIEWS = 3_000_000
"""A million of them take some 400 MB of memory."""
LINE_CODES = frozenset(
    (
        *("no-card", "no-time", "not-a-time", "time-not-milliseconds", "time-out-of-range", "time-shortened"),
        *("no-rating", "not-a-number", "no-such-rating", "too-few-columns"),
    )
)
"""The codes of problems that are a line's own: without it the others can be read."""

_LOOKED_AT = 1_000  # rows by which the unit of the times is found
_PRACTICE, _BY_HAND = "3", ("4", "5")  # kinds of Anki's: in a filtered deck; moved by hand, moved by its scheduler
_MOVED = say("no answers, but cards moved by hand or by the scheduler (rating 0)")
_PRACTISED = say("practice in filtered decks that moved no card")
_IN_TESTS = say("answers without a rating, as those in tests are")
_UNDONE = say("answers that were taken back")
_AGAIN_THERE = say("the same review once more, equal in all columns that are read")
_FAULTY = say("at fault")


@dataclass(frozen=True, slots=True)
class LoggedReview:
    """One review: its card, its time in milliseconds since 1970 UTC, its rating and, if known, how long it took."""

    card_id: str
    at: int
    rating: Rating
    duration: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """So many ``rows`` that are no reviews, the first of them in ``line`` (from 1), and why."""

    rows: int
    line: int
    why: Message


@dataclass(frozen=True, slots=True)
class ReviewLog:
    """The reviews in the order of time. ``notes`` say how the file was understood, where that could be doubted."""

    reviews: tuple[LoggedReview, ...]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()


class _Skip(Exception):
    """A line is no review; ``why`` says what it is."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


def _sort_out(columns: Columns) -> Callable[[Sequence[str]], None] | None:
    """What raises _Skip for lines that are no reviews, if the columns can tell; None for speed, if not."""
    kind, factor, undone = columns.kind, columns.factor, columns.undone
    if kind is None and undone is None:
        return None

    def check(cells: Sequence[str]) -> None:
        if kind is not None and (told := cells[kind].strip()) in (*_BY_HAND, _PRACTICE):
            if told in _BY_HAND:
                raise _Skip(_MOVED)
            if factor is not None and cells[factor].strip() == "0":
                raise _Skip(_PRACTISED)
        if undone is not None and cells[undone].strip():
            raise _Skip(_UNDONE)

    return check


class _LineReader:
    """Reads one line after the other."""

    def __init__(self, columns: Columns, width: int, times: TimeReader) -> None:
        self.learners: set[str] = set()
        self._columns, self._width, self._times = columns, width, times
        self._needed = max(columns.card, columns.time, columns.rating) + 1
        self._check = _sort_out(columns)
        self._ids: dict[str, str] = {}

    def _read_card(self, cells: Sequence[str]) -> str:
        """The card's id, the same object each time; of several learners each has cards of their own."""
        columns = self._columns
        card = cells[columns.card].strip()
        if not card:
            message, fix = say("The card has no id."), say("Give each card an id of its own.")
            raise Fault("no-card", message, fix, columns.card)
        if columns.learner is not None:
            learner = cells[columns.learner].strip()
            self.learners.add(learner)
            card = f"{learner}\x1f{card}"
        return self._ids.setdefault(card, card)

    def read(self, cells: Sequence[str]) -> LoggedReview:
        """The review of a line. Raises Fault, or _Skip for what is no review."""
        columns = self._columns
        if len(cells) < self._needed:
            message = say("This line has %(found)s of %(all)s columns.", found=len(cells), all=self._width)
            raise Fault("too-few-columns", message, say("Fill in what is missing."))
        if len(cells) < self._width:  # programs leave out empty cells at the end of a line
            cells = [*cells, *[""] * (self._width - len(cells))]
        if self._check is not None:
            self._check(cells)
        if columns.tells_tests and not cells[columns.rating].strip():
            raise _Skip(_IN_TESTS)
        card, at = self._read_card(cells), self._times.read(cells[columns.time])
        rating = read_rating(cells[columns.rating], columns.rating)
        if rating is None and columns.has_others:
            raise _Skip(_MOVED)
        if rating is None:
            message = say("There is no rating %(rating)s.", rating=0)
            fix = say("Ratings are 1 (again), 2 (hard), 3 (good) and 4 (easy); leave out what is no review.")
            raise Fault("no-such-rating", message, fix, columns.rating)
        return LoggedReview(
            card, at, rating, None if columns.duration is None else read_duration(cells[columns.duration])
        )


class _Reader:
    """Reads a whole log, and keeps count of what is not taken."""

    def __init__(self, file: str, zone: tzinfo, *, skips_faulty: bool) -> None:
        self.problems: list[Problem] = []
        self._file, self._zone = file, zone
        self._most = math.inf if skips_faulty else MOST_PROBLEMS
        self._skipped: dict[Message, tuple[int, int]] = {}
        self._notes: list[Message] = []

    def _skip(self, why: Message, line: int) -> None:
        rows, first = self._skipped.get(why, (0, line))
        self._skipped[why] = rows + 1, min(first, line)

    def _name_columns(self, rows: Iterator[Row]) -> tuple[Sequence[str], Iterator[Row]]:
        """The names of the columns, and the rows that follow."""
        line, cells = next(rows, (0, ()))
        if not line:
            raise BrokenLog(1, "no-reviews", say("The file is empty."), say("Add a line for each review."))
        names = guess_names(cells)
        if not names:
            return cells, rows
        self._notes.append(say("The columns have no names; they were taken for %(names)s.", names=", ".join(names)))
        return names, chain([(line, cells)], rows)

    def _read_lines(self, rows: Iterable[Row], reader: _LineReader) -> Iterator[tuple[LoggedReview, int]]:
        taken = 0
        for line, cells in rows:
            if taken >= MOST_REVIEWS:
                message = say("The log has more than %(most)s reviews.", most=f"{MOST_REVIEWS:,}")
                raise BrokenLog(line, "too-many", message, say("Cut it into parts, by cards or by learners."))
            try:
                yield reader.read(cells), line
                taken += 1
            except _Skip as skip:
                self._skip(skip.why, line)
            except Fault as fault:
                if math.isinf(self._most):
                    self._skip(_FAULTY, line)
                    continue
                self.problems.append(fault.at(self._file, line))
                if len(self.problems) >= self._most:
                    return

    def _drop_repeated(self, found: list[tuple[LoggedReview, int]]) -> list[LoggedReview]:
        """Each review once, of those that are sorted by time and card."""
        kept: list[LoggedReview] = []
        near: set[tuple[str, Rating, int | None]] = set()
        for review, line in found:
            if not kept or kept[-1].at != review.at:
                near.clear()
            known = review.card_id, review.rating, review.duration
            if known in near:
                self._skip(_AGAIN_THERE, line)
            else:
                near.add(known)
                kept.append(review)
        return kept

    def _sort(self, found: list[tuple[LoggedReview, int]]) -> None:
        latest: dict[str, int] = {}
        back = 0
        for review, _ in found:
            before = latest.get(review.card_id, review.at)
            back += review.at < before
            latest[review.card_id] = max(before, review.at)
        if back:
            message = say(
                "%(count)s reviews stand after later ones of the same card; all were sorted by time.", count=back
            )
            self._notes.append(message)
        found.sort(key=lambda one: (one[0].at, one[0].card_id))

    def _tell_times(self, unit: Unit, times: TimeReader) -> None:
        if unit is not Unit.MILLISECOND:
            self._notes.append(say("The times were taken for %(unit)s since 1970.", unit=UNIT_WORDS[unit]))
        if times.zoneless:
            self._notes.append(say("Times without a zone were taken for those of %(zone)s.", zone=str(self._zone)))
        if times.timeless:
            self._notes.append(say("Days without a time of day were taken for their noon."))

    def read(self, text: str) -> ReviewLog:
        """All reviews. Raises BrokenLog where there are none; ``problems`` are those of single lines."""
        rows = list_rows(text)
        names, rows = self._name_columns(rows)
        columns = find_columns(1, names)
        first = list(islice(rows, _LOOKED_AT))
        unit = guess_unit(cells[columns.time] for _, cells in first if columns.time < len(cells))
        times = TimeReader(unit, self._zone, columns.time)
        reader = _LineReader(columns, len(names), times)
        found = list(self._read_lines(chain(first, rows), reader))
        self._sort(found)
        kept = [one for one, _ in found] if times.timeless else self._drop_repeated(found)
        if len(reader.learners) > 1:
            count = f"{len(reader.learners):,}"
            self._notes.append(say("The reviews are of %(count)s learners, whose cards were kept apart.", count=count))
        self._tell_times(unit, times)
        left_out = tuple(LeftOut(rows, line, why) for why, (rows, line) in self._skipped.items())
        return ReviewLog(tuple(kept), left_out, tuple(self._notes))


def _refuse_empty(log: ReviewLog, file: str) -> Problem:
    if not log.left_out:
        return Problem(file, 1, 1, "no-reviews", say("There are no reviews."), say("Add a line for each review."))
    rows = sum(one.rows for one in log.left_out)
    message = say("None of the %(rows)s lines is a review: %(why)s.", rows=rows, why=log.left_out[0].why)
    return Problem(file, log.left_out[0].line, 1, "no-reviews", message, say("Bring a log with answers."))


def read_review_log(
    data: bytes, file: str, zone: tzinfo = UTC, *, skips_faulty: bool = False
) -> ReviewLog | tuple[Problem, ...]:
    """The reviews of a file; where anything is wrong, the problems instead, at most a hundred.

    Times without a zone are of ``zone``. With ``skips_faulty``, lines at fault are left out and counted. A problem's
    ``line`` counts from 1, its ``column`` is the number of the column. Lines may stand in any order.
    """
    reader = _Reader(file, zone, skips_faulty=skips_faulty)
    try:
        text, note = read_text(data, file)
        log = reader.read(text)
    except BrokenLog as broken:
        return (*reader.problems, broken.fault.at(file, broken.line))
    if reader.problems:
        return tuple(reader.problems)
    if not log.reviews:
        return (_refuse_empty(log, file),)
    return ReviewLog(log.reviews, log.left_out, (note, *log.notes) if note else log.notes)

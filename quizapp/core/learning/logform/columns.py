"""Which column of a log is what, by the names that programs give them.

Known by name are the columns of the contract (those of the FSRS optimizer), of Anki's review log (``revlog``), of
Quizapp's own answers as a report and as somebody's own data, and the names that logs usually have. Without names, a
table of Anki's nine columns is known, and one of the contract's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.core.learning.logform.fault import BrokenLog
from quizapp.core.messages import say

PLAIN = ("card_id", "review_time", "review_rating")
_OPTIMIZER = (*PLAIN, "review_state", "review_duration")
_REVLOG = ("id", "cid", "usn", "ease", "ivl", "lastIvl", "factor", "time", "type")
_BARE = {3: PLAIN, 4: (*PLAIN, "review_duration"), 5: _OPTIMIZER, 9: _REVLOG}

_CARD = ("cardid", "cid", "card", "cardref", "itemid", "item", "questionid", "wordid", "noteid")
_SURE_TIME = (
    *("reviewtime", "reviewedat", "answeredat", "answered", "reviewdatetime", "reviewtimestamp", "reviewdate"),
    *("timestamp", "datetime", "review"),
)
_TIME = (*_SURE_TIME, "time", "date", "createdat", "at")
_RATING = ("reviewrating", "rating", "ease", "buttonchosen", "buttonpressed", "button", "grade")
_DURATION = ("reviewduration", "durationms", "duration", "takenmillis", "timetaken", "timetakenms", "milliseconds")
_LEARNER = ("learnerid", "learner", "userid", "user", "studentid", "student")
_KIND = ("type", "reviewkind", "reviewtype", "kind")
_FACTOR = ("factor", "easefactor", "newfactor")
_ANKI = frozenset(("cid", "ivl", "lastivl", "newinterval", "previousinterval", "lastinterval", "ease"))
_STATE = ("reviewstate", "state")
_UNDONE = ("takenback", "undoneat")
_KNOWN = frozenset((*_CARD, *_TIME, *_RATING, *_DURATION, *_LEARNER, *_KIND, *_FACTOR, *_STATE, "id", "ivl", "lastivl"))
_NOT_LETTERS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\s*-?[0-9]+(?:\.[0-9]+)?\s*")


@dataclass(frozen=True, slots=True)
class Columns:
    """The places of the columns, from 0; None where there is none.

    ``kind`` and ``factor`` are Anki's. ``has_others``: the log may hold lines that are no reviews, rated 0.
    ``tells_tests``: it is a report of ours, where answers in tests have no rating. ``undone`` is filled where an answer
    was taken back.
    """

    card: int
    time: int
    rating: int
    duration: int | None = None
    learner: int | None = None
    kind: int | None = None
    factor: int | None = None
    undone: int | None = None
    has_others: bool = False
    tells_tests: bool = False


def _fold(name: str) -> str:
    return _NOT_LETTERS.sub("", name).casefold()


def count_known(names: Sequence[str]) -> int:
    """How many of these names are known as names of columns."""
    return sum(_fold(name) in _KNOWN for name in names)


def _refuse(line: int, missing: Sequence[str], has_elapsed: bool) -> BrokenLog:
    message = say("The first line does not name the columns %(names)s.", names=", ".join(missing))
    fix = say("Start with the line card_id,review_time,review_rating.")
    if has_elapsed:
        fix = say("Days since the last review are not enough: add the time of each review, as review_time.")
    return BrokenLog(line, "no-header", message, fix)


def find_columns(line: int, names: Sequence[str]) -> Columns:
    """What the columns of these names are. Raises BrokenLog where one that is needed is not there."""
    folded = [_fold(name) for name in names]

    def find(known: Sequence[str]) -> int | None:
        return next((folded.index(name) for name in known if name in folded), None)

    is_anki = not _ANKI.isdisjoint(folded)
    # In Anki's own table a review's id is its time, and its time is how long it took.
    is_revlog = is_anki and "id" in folded and find(_SURE_TIME) is None
    card, rating = find(_CARD), find(_RATING)
    time = find(("id",)) if is_revlog else find(_TIME)
    duration = find(("time", *_DURATION)) if is_revlog else find(_DURATION)
    missing = [name for name, place in zip(PLAIN, (card, time, rating), strict=True) if place is None]
    if card is None or time is None or rating is None:
        raise _refuse(line, missing, any(name.startswith(("elapsed", "dayoffset", "deltat")) for name in folded))
    return Columns(
        card,
        time,
        rating,
        duration,
        find(_LEARNER),
        find(_KIND) if is_anki else None,
        find(_FACTOR) if is_anki else None,
        find(_UNDONE),
        has_others=is_anki or find(_STATE) is not None,
        tells_tests="itemid" in folded and "answeredat" in folded,
    )


def guess_names(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns of a table that begins at once with numbers; none where it does not look like one."""
    names = _BARE.get(len(cells), ())
    return names if all(_DIGITS.fullmatch(cell) for cell in cells[1:] if cell) else ()

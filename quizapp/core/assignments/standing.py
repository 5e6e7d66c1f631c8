"""Where one student stands in one assignment, and what a class's assignments come to for each student.

An assignment to study is done once each of its cards is done. A card is done from the moment of the first right answer
since the assignment opened (almost right and mostly right count too), or from the opening on where it was known then:
learned, and not due for review yet. Nothing undoes that but taking the answer back, or grading it again. A test is done
once an attempt has ended.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quizapp.core.assignments.dates import Dates


class Standing(StrEnum):
    """Where a student stands.

    ``planned``: not open yet; ``overdue``: the due date has gone by, and it can still be done; ``late``: done after the
    due date; ``missed``: closed without being done; ``left``: the student is no longer in the class.
    """

    PLANNED = "planned"
    WAITING = "waiting"
    UNDERWAY = "underway"
    OVERDUE = "overdue"
    DONE = "done"
    LATE = "late"
    MISSED = "missed"
    EXCUSED = "excused"
    LEFT = "left"


TO_DO = (Standing.OVERDUE, Standing.UNDERWAY, Standing.WAITING)
COMPLETED = (Standing.DONE, Standing.LATE)
_NOT_ASKED = (Standing.PLANNED, Standing.EXCUSED, Standing.LEFT)


@dataclass(frozen=True, slots=True)
class Work:
    """What a student has done: ``done`` of so many ``cards`` (of a test both are 0), and since when it is complete.

    ``late`` is what a test says of its attempt; None where the due date decides.
    """

    cards: int = 0
    done: int = 0
    begun: bool = False
    completed_at: datetime | None = None
    late: bool | None = None


def find_standing(work: Work, dates: Dates, now: datetime, *, excused: bool = False, left: bool = False) -> Standing:
    """Where a student stands. ``dates`` are those that hold for the student."""
    if left or excused:
        return Standing.LEFT if left else Standing.EXCUSED
    if work.completed_at is not None and dates.has_opened(now):
        late = dates.is_past_due(work.completed_at) if work.late is None else work.late
        return Standing.LATE if late else Standing.DONE
    if not dates.has_opened(now):
        return Standing.PLANNED
    if dates.has_closed(now):
        return Standing.MISSED
    if dates.is_past_due(now):
        return Standing.OVERDUE
    return Standing.UNDERWAY if work.begun else Standing.WAITING


@dataclass(frozen=True, slots=True)
class AssignmentCells:
    """What a student's assignments come to.

    ``assigned``: those that have opened and the student is not excused from. ``completed``: of those, done; ``late``:
    done, after the due date. ``overdue``: not done, though the due date or the closing has gone by.
    """

    assigned: int = 0
    completed: int = 0
    late: int = 0
    overdue: int = 0


def count_cells(standings: Iterable[Standing]) -> AssignmentCells:
    """What the standings of one student come to."""
    asked = [one for one in standings if one not in _NOT_ASKED]
    return AssignmentCells(
        assigned=len(asked),
        completed=sum(one in COMPLETED for one in asked),
        late=asked.count(Standing.LATE),
        overdue=asked.count(Standing.OVERDUE) + asked.count(Standing.MISSED),
    )

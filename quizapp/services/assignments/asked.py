"""Who is asked what, and where everybody stands: the numbers behind every page, report and calendar."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assessments.plan import Plan
from quizapp.core.assessments.timing import Terms, Window
from quizapp.core.assignments.dates import Dates
from quizapp.core.assignments.standing import AssignmentCells, Standing, Work, count_cells, find_standing
from quizapp.services.classes import TaughtClass
from quizapp.store import assignments_asked as store
from quizapp.store.assignments_asked import AskedRecord, Asking, ProgressRecord

_NOTHING_LEFT = ProgressRecord(0, 0, False, None)
"""Of an assignment whose cards are all retired: there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One student and one assignment: the dates that hold for the student, the work done, and where that stands."""

    record: AskedRecord
    dates: Dates
    work: Work
    standing: Standing

    @property
    def has_own_dates(self) -> bool:
        """Whether the dates are not those of the class."""
        return self.dates != self.record.dates


def _find_test_dates(record: AskedRecord) -> Dates:
    """A test's dates for one student, moved by the extra minutes that the student has."""
    own = record.dates.override(record.own_dates)
    limit = Plan.model_validate_json(record.plan).limit_minutes if record.plan else None
    terms = Terms(Window(own.opens, own.due, own.closes), limit, record.time_percent)
    return Dates(own.opens, terms.due, terms.closes)


def _read_test(record: AskedRecord) -> tuple[Dates, Work]:
    work = Work(begun=record.attempts > 0, completed_at=record.ended_at, late=record.late)
    return _find_test_dates(record), work


def _read_study(record: AskedRecord, progress: ProgressRecord) -> tuple[Dates, Work]:
    dates = record.dates.override(record.own_dates)
    complete = progress.done == progress.cards
    completed_at = (progress.last_done or dates.opens) if complete else None
    return dates, Work(progress.cards, progress.done, progress.begun, completed_at)


def _read(record: AskedRecord, progress: ProgressRecord, now: datetime) -> Asked:
    dates, work = _read_test(record) if record.is_test else _read_study(record, progress)
    left = record.left_at is not None
    return Asked(record, dates, work, find_standing(work, dates, now, excused=record.excused, left=left))


def _is_shown(asked: Asked) -> bool:
    """A test counts once students can see it; who has left is remembered for what they were asked, or did."""
    record = asked.record
    if record.is_test and not record.published:
        return False
    return record.left_at is None or not record.by_group or asked.work.begun


def list_asked(session: Session, asking: Asking, now: datetime) -> list[Asked]:
    """Everybody who is asked, by assignment, the newest first: two queries, however many there are."""
    records = store.list_asked(session, asking)
    if not records:
        return []
    progress = store.count_progress(session, asking, now)
    read = (_read(one, progress.get((one.assignment_id, one.learner_id), _NOTHING_LEFT), now) for one in records)
    return [asked for asked in read if _is_shown(asked)]


def _by_learner(asked: Iterable[Asked]) -> dict[int, list[Standing]]:
    found: dict[int, list[Standing]] = defaultdict(list)
    for one in asked:
        found[one.record.learner_id].append(one.standing)
    return found


def assignment_cells(session: Session, taught_class: TaughtClass, now: datetime) -> dict[int, AssignmentCells]:
    """What the assignments of a class come to for each student who is in it now, by learner id.

    A student who was never asked anything is left out: for them the cells are ``AssignmentCells()``.
    """
    asked = list_asked(session, Asking(class_id=taught_class.id), now)
    return {learner: count_cells(standings) for learner, standings in _by_learner(asked).items()}

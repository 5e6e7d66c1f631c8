"""What is different for one student in one assignment: excused, or dates of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from quizapp.core.assignments.dates import Dates
from quizapp.core.assignments.draft import Faults, hold_dates, read_dates
from quizapp.core.messages import say
from quizapp.services.accounts import Viewer
from quizapp.services.assignments.access import TaughtAssignment, load_open, load_taught
from quizapp.services.assignments.changes import dates_facts, note_change
from quizapp.services.classes import Member, load_member
from quizapp.services.rules import StudyRules
from quizapp.store import assignments as store
from quizapp.store.assignments import OwnRecord

_EXCUSED = {True: "yes", False: ""}


@dataclass(frozen=True, slots=True)
class StudentPage:
    """A student of an assignment's class, and what is different for them."""

    found: TaughtAssignment
    member: Member
    own: OwnRecord


def view_student(session: Session, viewer: Viewer | None, handle: str, learner_handle: str) -> StudentPage:
    """A student of an assignment's class, for its teachers. Raises NotFound, Forbidden."""
    found = load_taught(session, viewer, handle)
    member = load_member(session, found.taught, learner_handle)
    return StudentPage(found, member, store.find_own(session, found.record.id, member.learner_id))


def _read_dates(page: StudentPage, typed: Mapping[str, str], zone: ZoneInfo) -> Dates:
    """The student's own dates, which must fit those of the class where they are blank. Of a test there are none."""
    if page.found.record.is_test:
        return Dates()
    faults = Faults()
    own = read_dates(typed, zone, faults)
    hold_dates(page.found.record.dates.override(own), faults)
    faults.raise_found(say("Nothing was saved."))
    return own


def set_own(
    session: Session,
    viewer: Viewer | None,
    handle: str,
    learner_handle: str,
    typed: Mapping[str, str],
    rules: StudyRules,
    now: datetime,
    *,
    excused: bool,
) -> None:
    """Write down what is different for a student; of ``opens``, ``due`` and ``closes`` blank ones are as for the class.

    The dates of a test are changed with the test. Raises NotFound, Forbidden, Conflict where the class is archived, and
    Invalid naming the fields.
    """
    load_open(session, viewer, handle)
    page = view_student(session, viewer, handle, learner_handle)
    own = _read_dates(page, typed, rules.calendar.zone)
    before = dates_facts(page.own.dates) | {"excused": _EXCUSED[page.own.excused]}
    after = dates_facts(own) | {"excused": _EXCUSED[excused]}
    record, learner_id = page.found.record, page.member.learner_id
    if note_change(session, viewer, record.id, before, after, now, learner_id):
        dates = {"opens_at": own.opens, "due_at": own.due, "closes_at": own.closes}
        store.save_own(session, record.id, learner_id, dates | {"excused": excused, "changed_at": now})
    session.commit()

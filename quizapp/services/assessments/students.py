"""What is different for single students: extra time, further attempts, dates of their own."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assessments.plan import MOST_ATTEMPTS
from quizapp.core.assessments.timing import MOST_PERCENT, NO_EXTRA, Window, check_window
from quizapp.core.errors import Invalid
from quizapp.core.messages import Message, say
from quizapp.services.accounts import Viewer
from quizapp.services.assessments.access import Assessment, load_taught
from quizapp.services.assessments.results import find_student
from quizapp.store import assessments as store
from quizapp.store.assessments import ExceptionRecord, StudentRecord

__all__ = ["ExceptionRecord", "StudentPage", "StudentRecord", "set_exception", "view_student"]


@dataclass(frozen=True, slots=True)
class StudentPage:
    """A student of a test, and what is different for them."""

    assessment: Assessment
    student: StudentRecord
    own: ExceptionRecord


def view_student(session: Session, viewer: Viewer | None, handle: str, learner_handle: str) -> StudentPage:
    """A student of a test, for its teachers. Raises NotFound, Forbidden."""
    assessment = load_taught(session, viewer, handle)
    student = find_student(session, assessment, learner_handle)
    return StudentPage(assessment, student, store.find_exception(session, assessment.record.id, student.learner_id))


def _check(page: StudentPage, given: ExceptionRecord) -> None:
    faults: dict[str, Message] = {}
    if not NO_EXTRA <= given.time_percent <= MOST_PERCENT:
        faults["time_percent"] = say("Between 100 and %(most)s percent.", most=MOST_PERCENT)
    elif given.time_percent != page.own.time_percent and not page.student.member:
        faults["time_percent"] = say("Only a teacher of one of the student's classes can change this.")
    if not 0 <= given.extra_attempts <= MOST_ATTEMPTS:
        faults["extra_attempts"] = say("Between 0 and %(most)s.", most=MOST_ATTEMPTS)
    own = Window(given.opens_at, given.due_at, given.closes_at)
    faults |= check_window(page.assessment.window.override(own))
    if faults:
        raise Invalid(say("Nothing was saved."), faults)


def set_exception(
    session: Session, viewer: Viewer, handle: str, learner_handle: str, given: ExceptionRecord, now: datetime
) -> None:
    """Write down what is different for a student; timers of running attempts follow at once.

    The extra time goes with the student into every test. Raises NotFound, Forbidden, Invalid naming the fields.
    """
    page = view_student(session, viewer, handle, learner_handle)
    _check(page, given)
    store.save_exception(
        session, page.assessment.record.id, page.student.learner_id, given, viewer.account_id or 0, now
    )
    session.commit()

"""Who may see a test: one function loads it for its teachers, one for those who sit it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assessments.plan import Plan
from quizapp.core.assessments.timing import Terms, Window
from quizapp.core.errors import Forbidden, NotFound
from quizapp.core.messages import say
from quizapp.services.accounts import Role, Viewer
from quizapp.store import assessments as store
from quizapp.store import assessments_attempts as attempts
from quizapp.store.assessments import AssessmentRecord, ExceptionRecord
from quizapp.store.assessments_attempts import AttemptRecord

LONGEST_HANDLE = 36


@dataclass(frozen=True, slots=True)
class Assessment:
    """A test with its plan read. ``names``: whoever loaded it may see its students by name.

    ``given`` is false for a student who sat it once and may not begin it again: out of its class, or of its group.
    """

    record: AssessmentRecord
    plan: Plan
    names: bool = False
    given: bool = True

    @property
    def handle(self) -> str:
        """Its name in addresses."""
        return self.record.handle

    @property
    def title(self) -> str:
        """What people call it."""
        return self.record.title

    @property
    def window(self) -> Window:
        """The dates of the class."""
        return Window(self.record.opens_at, self.record.due_at, self.record.closes_at)

    @property
    def published(self) -> bool:
        """Whether students see it."""
        return self.record.published_at is not None


def read_assessment(record: AssessmentRecord, *, names: bool = False, given: bool = True) -> Assessment:
    """A stored test with its plan."""
    return Assessment(record, Plan.model_validate_json(record.plan), names, given)


def is_staff(viewer: Viewer | None) -> bool:
    """Whether somebody may set tests."""
    return viewer is not None and viewer.role in (Role.TEACHER, Role.ADMIN)


def require_staff(viewer: Viewer | None) -> Viewer:
    """Whoever looks, if they may set tests. Raises Forbidden."""
    if viewer is None or not is_staff(viewer):
        raise Forbidden(say("Only teachers can do this."))
    return viewer


def _find(session: Session, handle: str) -> AssessmentRecord:
    record = store.find_assessment(session, handle) if len(handle) == LONGEST_HANDLE else None
    if record is None:
        raise NotFound(say("There is no such test."))
    return record


def find_taught(session: Session, viewer: Viewer | None, handle: str) -> Assessment | None:
    """The test, for its owner, the teachers of its class and administrators; None for all others.

    Raises NotFound where there is none.
    """
    record = _find(session, handle)
    if viewer is None or not is_staff(viewer):
        return None
    teaches = store.may_teach(session, record, viewer.account_id or 0)
    return read_assessment(record, names=teaches) if teaches or viewer.role is Role.ADMIN else None


def load_taught(session: Session, viewer: Viewer | None, handle: str) -> Assessment:
    """The test, for its teachers. Raises Forbidden for who is not signed in, NotFound for all others."""
    if viewer is None or not viewer.signed_in:
        raise Forbidden(say("Only the holder of an account can do this. Sign in first."))
    found = find_taught(session, viewer, handle)
    if found is None:
        raise NotFound(say("There is no such test."))
    return found


def is_given(session: Session, record: AssessmentRecord, viewer: Viewer) -> bool:
    """Whether somebody may begin a published test: it is given to them, or they are signed in and have its link."""
    return (record.by_link and viewer.signed_in) or store.is_given(session, record.id, viewer.learner_id)


def load_for_student(session: Session, viewer: Viewer | None, handle: str) -> Assessment:
    """The test, for who may sit it: a student it is given to, who has the link, or who sat it before. Raises NotFound.

    A test of a class is given to all its students, unless it is an assignment for groups or single students.
    """
    record = _find(session, handle)
    if viewer is not None and record.published_at is not None:
        given = is_given(session, record, viewer)
        if given or attempts.list_attempts(session, record.id, viewer.learner_id):
            return read_assessment(record, given=given)
    raise NotFound(say("There is no such test."))


def load_attempt(session: Session, assessment: Assessment, handle: str, learner_id: int | None = None) -> AttemptRecord:
    """An attempt at this test, of this learner where one is given. Raises NotFound."""
    attempt = attempts.find_attempt(session, handle) if len(handle) == LONGEST_HANDLE else None
    fits = attempt is not None and attempt.assessment_id == assessment.record.id
    if attempt is None or not fits or learner_id not in (None, attempt.learner_id):
        raise NotFound(say("There is no such attempt."))
    return attempt


def has_open(terms: Terms, sat: Iterable[AttemptRecord], now: datetime) -> bool:
    """Whether one of these attempts of a student at a test still takes answers."""
    return any(one.ended_at is None and not terms.is_over(one.started_at, now) for one in sat)


def terms_of(
    plan: Plan, dates: tuple[datetime | None, datetime | None, datetime | None], own: ExceptionRecord
) -> Terms:
    """What holds for one student."""
    window = Window(*dates).override(Window(own.opens_at, own.due_at, own.closes_at))
    return Terms(window, plan.limit_minutes, own.time_percent)


def find_terms(session: Session, assessment: Assessment, learner_id: int) -> tuple[Terms, int]:
    """What holds for one student, and how many attempts the student has in all."""
    own = store.find_exception(session, assessment.record.id, learner_id)
    window = assessment.window
    terms = terms_of(assessment.plan, (window.opens, window.due, window.closes), own)
    return terms, assessment.plan.attempts + own.extra_attempts

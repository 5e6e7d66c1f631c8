"""What came of attempts: for the student as far as the test's settings tell it, for the teacher all of it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assessments.answers import Fill, Typed
from quizapp.core.assessments.plan import Feedback
from quizapp.core.assessments.scoring import (
    CalibrationLine,
    Scored,
    calibrate,
    count_attempts,
    find_points,
    find_share,
)
from quizapp.core.assessments.timing import Phase, Terms
from quizapp.core.deck.schema import Card
from quizapp.core.errors import NotFound
from quizapp.core.learning.grading import CORRECT_FROM, Grade
from quizapp.core.messages import say
from quizapp.services.accounts import Viewer
from quizapp.services.assessments.access import (
    Assessment,
    find_terms,
    has_open,
    is_given,
    load_attempt,
    load_for_student,
    load_taught,
    read_assessment,
    terms_of,
)
from quizapp.services.assessments.judging import judge_answer
from quizapp.services.assessments.sitting import show_question
from quizapp.services.results import CitedPassage, RightAnswer, find_right_answer, read_card, show_passages
from quizapp.store import assessments as store
from quizapp.store import assessments_attempts as attempts
from quizapp.store.assessments import ExceptionRecord, StudentRecord
from quizapp.store.assessments_attempts import AttemptRecord, QuestionRecord


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question with all that may be said of it. ``grade`` is None where there is no whole answer."""

    position: int
    ref: str
    card: Card
    language: str
    typed: Typed | None
    fill: Fill
    grade: Grade | None
    confidence: int | None
    points: float
    passages: tuple[CitedPassage, ...]

    @property
    def right_answer(self) -> RightAnswer:
        """The right answer in the shape a response has."""
        return find_right_answer(self.card)


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """An attempt that has ended. Where the result is not to be seen, there are neither questions nor points.

    ``shown_from`` says when that changes, if it is known; ``open_attempt``: not before another attempt ends.
    """

    assessment: Assessment
    attempt: AttemptRecord
    student: str
    shown: bool
    shown_from: datetime | None
    share: float | None
    questions: tuple[JudgedQuestion, ...]
    calibration: tuple[CalibrationLine, ...]
    open_attempt: bool = False

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The cards whose answers do not count as right."""
        return tuple(one.ref for one in self.questions if one.grade is None or one.grade.score < CORRECT_FROM)


@dataclass(frozen=True, slots=True)
class OwnAttempt:
    """An attempt in a student's list; ``share`` is None while it is open or hidden."""

    handle: str
    number: int
    started_at: datetime
    ended_at: datetime | None
    late: bool
    share: float | None


@dataclass(frozen=True, slots=True)
class OwnTest:
    """A test as its student sees it before and between attempts."""

    assessment: Assessment
    terms: Terms
    phase: Phase
    attempts: tuple[OwnAttempt, ...]
    most: int
    share: float | None

    @property
    def left(self) -> int:
        """How many attempts are left."""
        return max(self.most - len(self.attempts), 0)

    @property
    def open_attempt(self) -> OwnAttempt | None:
        """The attempt that is under way."""
        return next((attempt for attempt in self.attempts if attempt.ended_at is None), None)

    @property
    def may_begin(self) -> bool:
        """Whether another attempt can be begun now."""
        is_open = self.phase in (Phase.OPEN, Phase.LATE)
        return self.assessment.given and self.left > 0 and self.open_attempt is None and is_open


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A student in a teacher's table. ``share`` is the score that counts, None where there is none."""

    student: StudentRecord
    own: ExceptionRecord
    terms: Terms
    attempts: tuple[AttemptRecord, ...]
    share: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """A test with all that came of it."""

    assessment: Assessment
    lines: tuple[ReportLine, ...]
    begun: bool


def _share(attempt: AttemptRecord) -> float | None:
    return find_share(attempt.points, attempt.most_points)


def _own_test(assessment: Assessment, terms: Terms, most: int, sat: list[AttemptRecord], now: datetime) -> OwnTest:
    feedback = assessment.plan.feedback
    is_open = has_open(terms, sat, now)
    shown = [one for one in sat if terms.shows_result(feedback, one.ended_at, now, open_attempt=is_open)]
    own = tuple(
        OwnAttempt(
            one.handle, one.number, one.started_at, one.ended_at, one.late, _share(one) if one in shown else None
        )
        for one in sat
    )
    shares = [share for share in (_share(attempt) for attempt in shown) if share is not None]
    share = count_attempts(assessment.plan.counting, shares)
    return OwnTest(assessment, terms, terms.phase(now), own, most, share)


def view_own_test(session: Session, viewer: Viewer | None, handle: str, now: datetime) -> OwnTest:
    """A test as one of its students sees it. Raises NotFound."""
    assessment = load_for_student(session, viewer, handle)
    learner_id = viewer.learner_id if viewer else 0
    terms, most = find_terms(session, assessment, learner_id)
    sat = attempts.list_attempts(session, assessment.record.id, learner_id)
    return _own_test(assessment, terms, most, sat, now)


def list_own_tests(session: Session, viewer: Viewer | None, now: datetime) -> list[OwnTest]:
    """The tests that are there for a student, the newest first; none for a visitor."""
    if viewer is None:
        return []
    sat: dict[int, list[AttemptRecord]] = defaultdict(list)
    for attempt in attempts.list_attempts_of(session, viewer.learner_id):
        sat[attempt.assessment_id].append(attempt)
    lines = []
    for record in store.list_published_for(session, viewer.learner_id):
        given = record.id not in sat or is_given(session, record, viewer)
        assessment = read_assessment(record, given=given)
        terms, most = find_terms(session, assessment, viewer.learner_id)
        lines.append(_own_test(assessment, terms, most, sat[record.id], now))
    return lines


def judge_question(session: Session, question: QuestionRecord, *, by_confidence: bool) -> JudgedQuestion:
    """A question with its answer, what it is worth, what is right, and why."""
    card = read_card(question.body)
    shown = show_question(question)
    scored = Scored(question.score, question.confidence)
    return JudgedQuestion(
        position=question.position,
        ref=question.ref,
        card=card,
        language=question.language,
        typed=shown.typed,
        fill=shown.fill,
        grade=judge_answer(question),
        confidence=question.confidence,
        points=find_points(scored, by_confidence=by_confidence),
        passages=show_passages(session, card.citations),
    )


def list_settled(
    session: Session, viewer: Viewer | None, handle: str, attempt_handle: str
) -> dict[int, JudgedQuestion]:
    """The questions that were checked before the end of an attempt, in a test that gives feedback at once."""
    assessment = load_for_student(session, viewer, handle)
    attempt = load_attempt(session, assessment, attempt_handle, viewer.learner_id if viewer else 0)
    if assessment.plan.feedback is not Feedback.AT_ONCE:
        return {}
    by_confidence = assessment.plan.confidence
    return {
        one.position: judge_question(session, one, by_confidence=by_confidence)
        for one in attempts.list_questions(session, attempt)
        if one.settled_at is not None
    }


def _make_result(
    session: Session, assessment: Assessment, attempt: AttemptRecord, student: str, shown_from: datetime | None
) -> AttemptResult:
    found = attempts.list_questions(session, attempt)
    by_confidence = assessment.plan.confidence
    return AttemptResult(
        assessment=assessment,
        attempt=attempt,
        student=student,
        shown=True,
        shown_from=shown_from,
        share=_share(attempt),
        questions=tuple(judge_question(session, question, by_confidence=by_confidence) for question in found),
        calibration=calibrate(Scored(one.score, one.confidence) for one in found) if by_confidence else (),
    )


def view_own_result(
    session: Session, viewer: Viewer | None, handle: str, attempt_handle: str, now: datetime
) -> AttemptResult:
    """What a student may see of an attempt that has ended. Raises NotFound."""
    assessment = load_for_student(session, viewer, handle)
    attempt = load_attempt(session, assessment, attempt_handle, viewer.learner_id if viewer else 0)
    terms, _ = find_terms(session, assessment, attempt.learner_id)
    feedback = assessment.plan.feedback
    sat = attempts.list_attempts(session, assessment.record.id, attempt.learner_id)
    is_open = has_open(terms, sat, now)
    if terms.shows_result(feedback, attempt.ended_at, now, open_attempt=is_open):
        return _make_result(session, assessment, attempt, "", None)
    later = terms.due if feedback is Feedback.AFTER_DUE else None
    return AttemptResult(assessment, attempt, "", False, later, None, (), (), open_attempt=is_open)


def view_taught_result(session: Session, viewer: Viewer | None, handle: str, attempt_handle: str) -> AttemptResult:
    """All of an attempt, for the test's teachers; what an open one holds so far, too. Raises NotFound, Forbidden."""
    assessment = load_taught(session, viewer, handle)
    attempt = load_attempt(session, assessment, attempt_handle)
    students = {one.learner_id: one for one in store.list_students(session, assessment.record, names=assessment.names)}
    return _make_result(session, assessment, attempt, students[attempt.learner_id].name, None)


def view_report(session: Session, viewer: Viewer | None, handle: str) -> Report:
    """Every student of a test with their attempts. Raises NotFound, Forbidden."""
    assessment = load_taught(session, viewer, handle)
    students = store.list_students(session, assessment.record, names=assessment.names)
    own = store.list_exceptions(session, assessment.record.id, [student.learner_id for student in students])
    sat: dict[int, list[AttemptRecord]] = defaultdict(list)
    for attempt in attempts.list_attempts(session, assessment.record.id):
        sat[attempt.learner_id].append(attempt)
    window = assessment.window
    lines = []
    for student in students:
        mine = sat[student.learner_id]
        shares = [share for share in (_share(attempt) for attempt in mine) if share is not None]
        terms = terms_of(assessment.plan, (window.opens, window.due, window.closes), own[student.learner_id])
        score = count_attempts(assessment.plan.counting, shares)
        lines.append(ReportLine(student, own[student.learner_id], terms, tuple(mine), score))
    return Report(assessment, tuple(lines), bool(sat))


def find_student(session: Session, assessment: Assessment, learner_handle: str) -> StudentRecord:
    """A student of a test by handle. Raises NotFound."""
    for student in store.list_students(session, assessment.record, names=assessment.names):
        if student.handle == learner_handle:
            return student
    raise NotFound(say("There is no such student in this test."))

"""The end of an attempt: grading it, and putting its answers into the log of reviews once its result is final.

No clockwork is needed: an attempt whose time is over is ended by whoever looks at it first, a report among them.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assessments.plan import Plan
from quizapp.core.assessments.scoring import Scored, add_up
from quizapp.core.assessments.timing import Terms
from quizapp.services.assessments.access import Assessment, find_terms, has_open, read_assessment
from quizapp.services.assessments.counting import record_test_reviews
from quizapp.services.assessments.judging import grade_by_later
from quizapp.services.rules import StudyRules
from quizapp.store import assessments as store
from quizapp.store import assessments_attempts as attempts
from quizapp.store import assessments_regrading as regrading
from quizapp.store.assessments_attempts import AttemptRecord
from quizapp.store.assessments_regrading import MovedRecord


def _grade_all(session: Session, attempt: AttemptRecord) -> list[Scored]:
    """Grade what is not graded yet; gives what all questions are worth.

    Where a teacher has the old answers to a card graded again, those of this attempt are old answers too.
    """
    scored, fresh = [], []
    later = regrading.list_later_revisions(session, attempt)
    for question in attempts.list_questions(session, attempt):
        score, place = question.score, (attempt.learner_id, attempt.handle, question.position)
        if question.settled_at is None:
            graded, revision_id = grade_by_later(question, later.get(question.position))
            score, verdict = (graded.score, graded.verdict.value) if graded else (None, "")
            fresh.append(MovedRecord(*place, revision_id, score, verdict))
        scored.append(Scored(score, question.confidence))
    regrading.move_questions(session, fresh)
    return scored


def finish_attempt(session: Session, attempt: AttemptRecord, plan: Plan, terms: Terms, now: datetime) -> None:
    """End an open attempt and grade it. The caller has locked it, and commits."""
    deadline = terms.deadline(attempt.started_at)
    ended, reason = now, "handed-in"
    if deadline is not None and now > deadline:
        ended, reason = deadline, "closed" if deadline == terms.closes else "time"
    points, most = add_up(_grade_all(session, attempt), by_confidence=plan.confidence)
    late = terms.due is not None and ended > terms.due
    values = {"ended_at": ended, "end_reason": reason, "late": late, "points": points, "most_points": most}
    attempts.change_attempt(session, attempt, values)


def _wants_ending(attempt: AttemptRecord, terms: Terms, now: datetime) -> bool:
    return attempt.ended_at is None and terms.is_over(attempt.started_at, now)


def _wants_counting(session: Session, attempt: AttemptRecord, plan: Plan, terms: Terms, now: datetime) -> bool:
    if attempt.counted_at is not None or not terms.is_final(plan.feedback, attempt.ended_at, now, open_attempt=False):
        return False
    sat = attempts.list_attempts(session, attempt.assessment_id, attempt.learner_id)
    return terms.is_final(plan.feedback, attempt.ended_at, now, open_attempt=has_open(terms, sat, now))


def _list_untidy(
    session: Session, found: Iterable[AttemptRecord], now: datetime
) -> list[tuple[Assessment, AttemptRecord]]:
    known: dict[int, Assessment] = {}
    untidy = []
    for attempt in found:
        if attempt.counted_at is not None:
            continue
        if attempt.assessment_id not in known:
            known[attempt.assessment_id] = read_assessment(store.get_assessment(session, attempt.assessment_id))
        assessment = known[attempt.assessment_id]
        terms, _ = find_terms(session, assessment, attempt.learner_id)
        if _wants_ending(attempt, terms, now) or _wants_counting(session, attempt, assessment.plan, terms, now):
            untidy.append((assessment, attempt))
    return untidy


def list_untidy_of_learner(session: Session, learner_id: int, now: datetime) -> list[tuple[Assessment, AttemptRecord]]:
    """The attempts of a learner that are to be ended, or whose answers are to be counted as reviews."""
    return _list_untidy(session, attempts.list_attempts_of(session, learner_id), now)


def list_untidy_of_test(session: Session, assessment_id: int, now: datetime) -> list[tuple[Assessment, AttemptRecord]]:
    """The same for all attempts at a test."""
    return _list_untidy(session, attempts.list_attempts(session, assessment_id), now)


def end_if_over(session: Session, assessment: Assessment, attempt: AttemptRecord, now: datetime) -> None:
    """End an attempt whose time is over. Doing it again, or twice at once, changes nothing."""
    locked = attempts.lock_attempt(session, attempt.learner_id, attempt.handle)
    terms, _ = find_terms(session, assessment, attempt.learner_id)
    if locked is not None and _wants_ending(locked, terms, now):
        finish_attempt(session, locked, assessment.plan, terms, now)
    session.commit()


def tidy_attempt(
    session: Session, assessment: Assessment, attempt: AttemptRecord, school: StudyRules, now: datetime
) -> None:
    """End an attempt whose time is over, and count its answers as reviews once the result is final.

    Doing it again, or twice at once, changes nothing. ``school``: the rules of the installation.
    """
    end_if_over(session, assessment, attempt, now)
    current = attempts.find_attempt(session, attempt.handle)
    terms, _ = find_terms(session, assessment, attempt.learner_id)
    if current is not None and _wants_counting(session, current, assessment.plan, terms, now):
        record_test_reviews(session, current, school, now)

"""An answer of a test that turns out to be worth something else: the attempt's score follows."""

from sqlmodel import Session

from quizapp.core.assessments.scoring import Scored, add_up
from quizapp.services.assessments.access import read_assessment
from quizapp.services.assessments.counting import make_key
from quizapp.store import assessments as store
from quizapp.store import assessments_attempts as attempts
from quizapp.store.assessments_attempts import AttemptRecord
from quizapp.store.study import ReviewRecord


def _find_question(session: Session, review: ReviewRecord, secret: bytes) -> tuple[AttemptRecord, int] | None:
    for attempt, position in attempts.list_counted(session, review.learner_id, review.card_id):
        if make_key(secret, attempt.handle, position) == review.key:
            return attempt, position
    return None


def correct_answer(session: Session, review: ReviewRecord, secret: bytes) -> bool:
    """Give the question that a review was made from the review's score and verdict, and add its attempt up anew.

    ``secret`` is the installation's. The caller holds the learner's lock and commits. Gives whether there is such a
    question: a review of plain studying has none.
    """
    found = _find_question(session, review, secret)
    if found is None:
        return False
    attempt, position = found
    attempts.write_scores(session, attempt, [(position, review.score, review.verdict)])
    plan = read_assessment(store.get_assessment(session, attempt.assessment_id)).plan
    scored = [Scored(one.score, one.confidence) for one in attempts.list_questions(session, attempt)]
    points, most = add_up(scored, by_confidence=plan.confidence)
    attempts.change_attempt(session, attempt, {"points": points, "most_points": most})
    return True

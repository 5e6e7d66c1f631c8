"""Test answers as reviews: each counts once in the memory schedule, and none brings a card back sooner for being right.

The key of such a review is made with the installation's secret, so that nobody can ask for it before it is told.
"""

import hmac
import json
import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from quizapp.core.learning.fuzz import fuzz_seed
from quizapp.core.learning.rating import rate
from quizapp.services.assessments.judging import grade_answer
from quizapp.services.recording import Review, record_review
from quizapp.services.rules import StudyRules, find_rules
from quizapp.services.submissions import Submission
from quizapp.store import assessments_attempts as attempts
from quizapp.store import states
from quizapp.store import study as store
from quizapp.store.assessments_attempts import AttemptRecord, QuestionRecord
from quizapp.store.locks import lock_decks_of_cards
from quizapp.store.study import ReviewRecord


def make_key(secret: bytes, attempt: str, position: int) -> str:
    """The key of the review that an answer becomes: always the same, and not to be guessed."""
    text = hmac.digest(secret, f"assessment|{attempt}|{position}".encode(), "sha256").hex()
    return str(uuid.uuid5(uuid.NAMESPACE_OID, text))


def list_test_keys(
    session: Session, learner_ids: Iterable[int], secret: bytes, card_id: int | None = None
) -> frozenset[str]:
    """The keys of all reviews that answers of these learners in tests are or can become; those to one card alone."""
    places = [place for learner_id in learner_ids for place in attempts.list_places(session, learner_id, card_id)]
    return frozenset(make_key(secret, attempt, position) for attempt, position in places)


def is_of_test(session: Session, review: ReviewRecord, secret: bytes) -> bool:
    """Whether a review is what a test made of an answer in it; ``secret`` is the installation's."""
    return review.key in list_test_keys(session, [review.learner_id], secret, review.card_id)


def _record(
    session: Session, attempt: AttemptRecord, handle: str, question: QuestionRecord, school: StudyRules
) -> None:
    """One answer into the log, in a transaction of its own: others who write need not wait for a whole test."""
    lock_decks_of_cards(session, [question.card_id])
    store.lock_learner(session, attempt.learner_id)
    key = make_key(school.secret, attempt.handle, question.position)
    graded = grade_answer(question)
    if graded is None or question.saved_at is None or store.find_review(session, attempt.learner_id, key) is not None:
        session.rollback()
        return
    revision = store.get_revision(session, question.revision_id)
    rules = find_rules(session, school, attempt.learner_id).in_deck(revision.parameters)
    before = states.find_state(session, attempt.learner_id, question.card_id)
    # Where the card was studied since, the answer counts as one of that moment: the log stays in the order of time.
    at = question.saved_at if before is None else max(question.saved_at, before.last_review)
    rating = rate(graded)
    seed = fuzz_seed(handle, revision.ref, before.reps if before else 0)
    prior = rules.prior_of(revision.ref)
    after = rules.scheduler.review(before, rating, at, seed=seed, prior=prior, never_sooner=True)
    response = json.loads(question.response)
    submission = Submission(
        revision.deck_slug, revision.card_slug, revision.number, response, confidence=question.confidence
    )
    review = Review(attempt.learner_id, key, submission, revision, graded, rating, at, before, after)
    record_review(session, review, rules)
    session.commit()


def record_test_reviews(session: Session, attempt: AttemptRecord, school: StudyRules, now: datetime) -> None:
    """Put the answers of an ended attempt into the learner's log of reviews, in the order in which they were given.

    Each counts once, however often this is called, and whoever calls it. ``school``: the rules of the installation.
    """
    handle = attempts.get_learner_handle(session, attempt.learner_id)
    answered = [question for question in attempts.list_questions(session, attempt) if question.saved_at is not None]
    session.rollback()
    for question in sorted(answered, key=lambda one: (one.saved_at or now, one.position)):
        _record(session, attempt, handle, question, school)
    attempts.change_attempt(session, attempt, {"counted_at": now})
    session.commit()

"""One review, written down: its row in the log, and the state that it leaves."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from sqlmodel import Session

from quizapp.core.learning.grading import Grade
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store import schedulings, states
from quizapp.store import study as store
from quizapp.store.states import CardPlace
from quizapp.store.study import ReviewRecord, RevisionRecord


@dataclass(frozen=True, slots=True)
class Review:
    """An answer that was graded and scheduled: ``at`` is when it was given, ``after`` what the model holds since."""

    learner_id: int
    key: str
    submission: Submission
    revision: RevisionRecord
    grade: Grade
    rating: Rating
    at: datetime
    before: MemoryState | None
    after: MemoryState


def place_of(learner_id: int, revision: RevisionRecord) -> CardPlace:
    """A learner's card, as changes of its state need it."""
    return CardPlace(learner_id, revision.deck_id, revision.card_id, revision.position, revision.retired)


class StatesOfReview(TypedDict):
    """What a review says of the states before and after it, as ``ReviewRecord`` has it."""

    phase_before: str
    interval_before: int
    state_before: str
    state_after: str


def write_states(before: MemoryState | None, after: MemoryState, rules: StudyRules) -> StatesOfReview:
    """The states before and after a review, for the log."""
    days = 0 if before is None else (rules.calendar.day_of(before.due) - rules.calendar.day_of(before.last_review)).days
    return {
        "phase_before": "" if before is None else before.phase.value,
        "interval_before": days,
        "state_before": "" if before is None else before.to_json(),
        "state_after": after.to_json(),
    }


def _make_record(review: Review, seq: int, rules: StudyRules) -> ReviewRecord:
    revision, submission = review.revision, review.submission
    return ReviewRecord(
        learner_id=review.learner_id,
        key=review.key,
        seq=seq,
        deck_id=revision.deck_id,
        card_id=revision.card_id,
        revision_id=revision.revision_id,
        answered_at=review.at,
        study_day=rules.calendar.day_of(review.at).toordinal(),
        response=json.dumps(submission.response, ensure_ascii=False),
        body_digest=submission.digest(),
        score=review.grade.score,
        verdict=review.grade.verdict.value,
        rating=int(review.rating),
        hint_used=submission.hint_used,
        confidence=submission.confidence,
        shown_ms=submission.shown_ms,
        model=rules.scheduler.model,
        **write_states(review.before, review.after, rules),
    )


def record_review(session: Session, review: Review, rules: StudyRules) -> ReviewRecord:
    """Write a review into the log, as the learner's last, and the state of its card. The caller locks and commits."""
    record = _make_record(review, store.next_seq(session, review.learner_id), rules)
    store.add_review(session, record)
    states.write_state(session, place_of(review.learner_id, review.revision), review.before, review.after)
    schedulings.keep(session, rules.scheduler)
    session.info["recorded"] = session.info.get("recorded", 0) + 1  # for the metrics, once it is committed
    return record

"""Answering a card, seeing the result again, and taking an answer back."""

import hashlib
import json
import re
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, TypedDict

from sqlmodel import Session

from quizapp.core.deck.schema import Card, Flashcard
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.learning.arrival import believe_time
from quizapp.core.learning.fuzz import fuzz_seed
from quizapp.core.learning.grading import Grade, grade, parse_response
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.core.learning.promises import read_promise
from quizapp.core.learning.rating import rate
from quizapp.core.messages import say
from quizapp.core.slugs import is_slug
from quizapp.services.accounts import Viewer
from quizapp.services.fitting import queue_if_due
from quizapp.services.loads import LearnerLoad
from quizapp.services.memory import count_states
from quizapp.services.results import AnswerResult, read_card, show_result
from quizapp.services.rules import StudyRules
from quizapp.store import schedulings, states
from quizapp.store import study as store
from quizapp.store.states import CardPlace
from quizapp.store.study import ReviewRecord, RevisionRecord

FIT_EVERY = 100
"""After so many answers it is looked whether the model should be fitted anew."""
LONGEST_SHOWN_MS = 7 * 24 * 60 * 60 * 1000
_UNSAID = frozenset({"promised", "given_at"})
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Submission:
    """An answer as it came in: ``response`` in the shape of Contracts 3.4, not yet checked against the card.

    ``promised`` is what ``asking.Question.promised`` said. ``given_at`` is for an answer that a device kept while it
    had no network: when it was given, in milliseconds since 1970 UTC by the device's clock. Neither is part of what is
    said, so that an answer sent again, now with its time, is a repeat.
    """

    deck: str
    card: str
    revision: int
    response: Any = None
    shown_ms: int | None = None
    hint_used: bool = False
    confidence: int | None = None
    rating: int | None = None
    promised: str = ""
    given_at: int | None = None

    def digest(self) -> str:
        """What two submissions share exactly when they say the same. Raises Invalid for one nested without end."""
        said = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in _UNSAID}
        try:
            return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
        except RecursionError as error:
            message = say("The answer is nested too deeply.")
            raise Invalid(message, {"response": message}) from error


def check_key(key: str) -> str:
    """The client's UUID for one answer, in its canonical form. Raises Invalid (field ``key``)."""
    canonical = key.strip().lower()
    if not _KEY.fullmatch(canonical):
        raise Invalid(
            say("The key is not a UUID."), {"key": say("Send a UUID such as 123e4567-e89b-42d3-a456-426614174000.")}
        )
    return canonical


def _check_numbers(submission: Submission) -> None:
    faults: dict[str, str] = {}
    if submission.shown_ms is not None and not 0 <= submission.shown_ms <= LONGEST_SHOWN_MS:
        faults["shown_ms"] = say("Milliseconds between 0 and %(most)s.", most=LONGEST_SHOWN_MS)
    if submission.confidence is not None and not 1 <= submission.confidence <= 3:
        faults["confidence"] = say("1, 2 or 3.")
    if faults:
        raise Invalid(say("The answer was not recorded."), faults)


def _decide(card: Card, submission: Submission, language: str) -> tuple[Grade, Rating]:
    """Grade and rate. Raises Invalid for a wrong shape."""
    if submission.rating is not None and not isinstance(card, Flashcard):
        raise Invalid(say("The answer was not recorded."), {"rating": say("Only a flashcard is rated by the learner.")})
    graded = grade(card, parse_response(card, submission.response, submission.rating), language)
    return graded, rate(graded, hint_used=submission.hint_used)


def _find_revision(session: Session, submission: Submission) -> RevisionRecord:
    if not (is_slug(submission.deck) and is_slug(submission.card)):
        raise NotFound(say("There is no such card."))
    revision = store.find_revision(session, submission.deck, submission.card, submission.revision)
    if revision is None:
        if store.has_card(session, submission.deck, submission.card):
            raise Invalid(say("The answer was not recorded."), {"revision": say("This card has no such revision.")})
        raise NotFound(say("There is no such card."))
    return revision


def check_submission(session: Session, submission: Submission) -> None:
    """Raise what ``answer_card`` would raise for this submission by itself, whoever sends it. Writes nothing."""
    _check_numbers(submission)
    revision = _find_revision(session, submission)
    _decide(read_card(revision.body), submission, revision.language)


def answer_card(
    session: Session, learner: Viewer, submission: Submission, key: str, rules: StudyRules, now: datetime
) -> AnswerResult:
    """Grade an answer, schedule the card, and write both down in one transaction.

    The same key with the same submission gives the first result again and writes nothing. An answer that was given
    earlier, on a device without network, is scheduled and written down by that time where it can be believed
    (``arrival.believe_time``); its place in the log is that of its arrival. Raises Invalid for a wrong shape, NotFound
    for an unknown card, Conflict for a key that was used for another answer.
    """
    key = check_key(key)
    _check_numbers(submission)
    store.lock_learner(session, learner.learner_id)
    if (earlier := store.find_review(session, learner.learner_id, key)) is not None:
        return _repeat(session, earlier, submission)
    revision = _find_revision(session, submission)
    graded, rating = _decide(read_card(revision.body), submission, revision.language)
    before = states.find_state(session, learner.learner_id, revision.card_id)
    rules = rules.in_deck(revision.parameters)
    given = believe_time(submission.given_at, before.last_review if before else None, now)
    after = _schedule(session, learner, revision, before, rating, submission.promised, rules, given)
    review = _make_review(learner, key, submission, revision, graded, rating, rules, given, before, after)
    review = replace(review, seq=store.next_seq(session, learner.learner_id))
    store.add_review(session, review)
    states.write_state(session, place_of(learner.learner_id, revision), before, after)
    schedulings.keep(session, rules.scheduler)
    if review.seq % FIT_EVERY == 0:
        queue_if_due(session, learner.learner_id, review.seq, now)
    result = show_result(session, revision, review)
    session.commit()
    return result


def place_of(learner_id: int, revision: RevisionRecord) -> CardPlace:
    """A learner's card, as changes of its state need it."""
    return CardPlace(learner_id, revision.deck_id, revision.card_id, revision.position, revision.retired)


def _schedule(
    session: Session,
    learner: Viewer,
    revision: RevisionRecord,
    before: MemoryState | None,
    rating: Rating,
    promised: str,
    rules: StudyRules,
    now: datetime,
) -> MemoryState:
    prior = rules.prior_of(revision.ref)
    return rules.scheduler.review(
        before,
        rating,
        now,
        seed=fuzz_seed(learner.handle, revision.ref, before.reps if before else 0),
        load=LearnerLoad(session, learner.learner_id, revision.card_id, before, rules, now),
        promised=read_promise(promised, rating),
        prior=prior,
    )


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


def _make_review(
    learner: Viewer,
    key: str,
    submission: Submission,
    revision: RevisionRecord,
    graded: Grade,
    rating: Rating,
    rules: StudyRules,
    now: datetime,
    before: MemoryState | None,
    after: MemoryState,
) -> ReviewRecord:
    return ReviewRecord(
        learner_id=learner.learner_id,
        key=key,
        seq=0,
        deck_id=revision.deck_id,
        card_id=revision.card_id,
        revision_id=revision.revision_id,
        answered_at=now,
        study_day=rules.calendar.day_of(now).toordinal(),
        response=json.dumps(submission.response, ensure_ascii=False),
        body_digest=submission.digest(),
        score=graded.score,
        verdict=graded.verdict.value,
        rating=int(rating),
        hint_used=submission.hint_used,
        confidence=submission.confidence,
        shown_ms=submission.shown_ms,
        model=rules.scheduler.model,
        **write_states(before, after, rules),
    )


def _repeat(session: Session, earlier: ReviewRecord, submission: Submission) -> AnswerResult:
    if earlier.body_digest != submission.digest():
        raise Conflict(
            say("This key was used for another answer. Nothing was recorded; make a new key for a new answer.")
        )
    return show_result(session, store.get_revision(session, earlier.revision_id), earlier, repeated=True)


def _load_review(session: Session, learner_id: int | None, key: str) -> ReviewRecord:
    canonical = key.strip().lower()
    review = None
    if learner_id is not None and _KEY.fullmatch(canonical):
        review = store.find_review(session, learner_id, canonical)
    if review is None:
        raise NotFound(say("There is no such answer."))
    return review


def view_result(session: Session, learner_id: int | None, key: str, deck: str | None = None) -> AnswerResult:
    """The result of an earlier answer. Raises NotFound where the learner (None: a visitor) gave no such answer.

    Where ``deck`` is given, the answer must be one to a card of that deck.
    """
    review = _load_review(session, learner_id, key)
    revision = store.get_revision(session, review.revision_id)
    if deck is not None and deck != revision.deck_slug:
        raise NotFound(say("There is no such answer."))
    return show_result(session, revision, review)


def _find_before(
    session: Session, review: ReviewRecord, stored: MemoryState | None, rules: StudyRules | None
) -> MemoryState | None:
    """The state before an answer that was just marked as taken back."""
    after = MemoryState.from_json(review.state_after)
    if rules is not None and stored is not None and stored.stability != after.stability:
        return count_states(session, review.learner_id, rules, [review.card_id])[review.card_id]
    return MemoryState.from_json(review.state_before) if review.state_before else None


def undo_answer(
    session: Session,
    learner_id: int,
    key: str,
    now: datetime,
    deck: str | None = None,
    *,
    rules: StudyRules | None = None,
) -> AnswerResult:
    """Take an answer back: the card's state is as it was before, and the answer counts nowhere.

    Where other parameters came into use since, the state before is counted again with them, which takes ``rules``.

    Doing it again changes nothing. Raises NotFound where the learner gave no such answer, Conflict where a later answer
    to the same card counts. Where ``deck`` is given, the answer must be one to a card of that deck.
    """
    store.lock_learner(session, learner_id)
    review = _load_review(session, learner_id, key)
    view_result(session, learner_id, key, deck)
    if review.undone_at is None:
        if store.has_later_review(session, learner_id, review.card_id, review.seq):
            raise Conflict(say("This card was answered again since. Take the later answer back first."))
        store.mark_undone(session, learner_id, review.key, now)
        stored = states.find_state(session, learner_id, review.card_id)
        before = _find_before(session, review, stored, rules)
        place = place_of(learner_id, store.get_revision(session, review.revision_id))
        states.write_state(session, place, stored, before)
    result = view_result(session, learner_id, review.key)
    session.commit()
    return result

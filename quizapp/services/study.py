"""Answering a card, seeing the result again, and taking an answer back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from quizapp.core.deck.schema import Card, Flashcard
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.learning.arrival import believe_time
from quizapp.core.learning.fuzz import fuzz_seed
from quizapp.core.learning.grading import Grade, Response, Verdict, grade, parse_response
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.core.learning.presentation import AskedCard, ask
from quizapp.core.learning.promises import read_promise
from quizapp.core.learning.rating import rate
from quizapp.core.messages import say
from quizapp.core.slugs import is_slug
from quizapp.services.accounts import Viewer
from quizapp.services.fitting import queue_if_due
from quizapp.services.loads import LearnerLoad
from quizapp.services.memory import count_states
from quizapp.services.recording import Review, place_of, record_review
from quizapp.services.results import AnswerResult, read_card, show_graded, show_result
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission, check_key, check_numbers, find_key
from quizapp.store import states
from quizapp.store import study as store
from quizapp.store.authoring_effects import list_regraded_of
from quizapp.store.study import ReviewRecord, RevisionRecord

ReadAnswer = Callable[[AskedCard], Any]
"""Finds what was answered to a card, in the shape of Contracts 3.4."""

FIT_EVERY = 100
"""After so many answers it is looked whether the model should be fitted anew."""


def _decide(card: Card, submission: Submission, language: str) -> tuple[Response, Grade, Rating]:
    """Grade and rate. Raises Invalid for a wrong shape."""
    if submission.rating is not None and not isinstance(card, Flashcard):
        raise Invalid(say("The answer was not recorded."), {"rating": say("Only a flashcard is rated by the learner.")})
    response = parse_response(card, submission.response, submission.rating)
    graded = grade(card, response, language)
    return response, graded, rate(graded, hint_used=submission.hint_used)


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
    check_numbers(submission)
    revision = _find_revision(session, submission)
    _decide(read_card(revision.body), submission, revision.language)


def answer_card(
    session: Session,
    learner: Viewer,
    submission: Submission,
    key: str,
    rules: StudyRules,
    now: datetime,
    read: ReadAnswer | None = None,
) -> AnswerResult:
    """Grade an answer, schedule the card, and write both down in one transaction.

    ``read`` finds the response, where that takes the card: a form has as many fields as the card has parts. It is given
    the card as asked, in any order, and may raise Invalid.

    The same key with the same submission gives the first result again and writes nothing. An answer that was given
    earlier, on a device without network, is scheduled and written down by that time where it can be believed
    (``arrival.believe_time``); its place in the log is that of its arrival. Raises Invalid for a wrong shape, NotFound
    for an unknown card, Conflict for a key that was used for another answer.
    """
    key = check_key(key)
    store.lock_learner(session, learner.learner_id)
    earlier = store.find_review(session, learner.learner_id, key)
    if earlier is not None and read is None:  # first: what says something else is another answer, right or wrong
        return _repeat(session, earlier, submission)
    check_numbers(submission)
    revision = _find_revision(session, submission)
    card = read_card(revision.body)
    if read is not None:
        submission = replace(submission, response=read(ask(card, b"")))
    if earlier is not None:
        return _repeat(session, earlier, submission)
    response, graded, rating = _decide(card, submission, revision.language)
    before = states.find_state(session, learner.learner_id, revision.card_id)
    rules = rules.in_deck(revision.parameters)
    given = believe_time(submission.given_at, before.last_review if before else None, now)
    after = _schedule(session, learner, revision, before, rating, submission.promised, rules, given)
    answered = Review(learner.learner_id, key, submission, revision, graded, rating, given, before, after)
    review = record_review(session, answered, rules)
    if review.seq % FIT_EVERY == 0:
        queue_if_due(session, learner.learner_id, review.seq, now)
    result = show_graded(session, revision, review, response, graded, before, after)
    session.commit()
    return result


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


def _repeat(session: Session, earlier: ReviewRecord, submission: Submission) -> AnswerResult:
    if earlier.body_digest != submission.digest():
        raise Conflict(
            say("This key was used for another answer. Nothing was recorded; make a new key for a new answer.")
        )
    return show_result(session, store.get_revision(session, earlier.revision_id), earlier, repeated=True)


def _load_review(session: Session, learner_id: int | None, key: str) -> ReviewRecord:
    canonical = find_key(key)
    review = None
    if learner_id is not None and canonical is not None:
        review = store.find_review(session, learner_id, canonical)
    if review is None or review.made_elsewhere:
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


def find_first_verdict(session: Session, learner_id: int | None, key: str) -> Verdict | None:
    """What an answer counted as before its card's answer was changed and it was graded again; None where it never was.

    For a visitor (``learner_id`` None) too.
    """
    regrades = list_regraded_of(session, learner_id, key) if learner_id is not None else []
    return Verdict(regrades[0].verdict_before) if regrades else None


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

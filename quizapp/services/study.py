"""Answering a card, seeing the result again, and taking an answer back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.learning.arrival import believe_time
from quizapp.core.learning.fuzz import fuzz_seed
from quizapp.core.learning.grading import Verdict
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.core.learning.presentation import AskedCard, ask
from quizapp.core.learning.promises import read_promise
from quizapp.core.messages import say
from quizapp.core.slugs import is_slug
from quizapp.services.accounts import Viewer
from quizapp.services.assessments.counting import is_of_test
from quizapp.services.assessments.holding import refuse_held
from quizapp.services.deciding import Decision, decide, decide_by
from quizapp.services.fitting import queue_if_due
from quizapp.services.loads import LearnerLoad
from quizapp.services.recording import Review, place_of, record_review
from quizapp.services.replaying import put_states
from quizapp.services.results import AnswerResult, read_card, show_graded, show_result
from quizapp.services.rules import StudyRules, follow_fit
from quizapp.services.submissions import Submission, check_key, check_numbers, find_key
from quizapp.store import states
from quizapp.store import study as store
from quizapp.store.authoring_effects import list_regraded_of
from quizapp.store.locks import lock_decks_of_cards
from quizapp.store.study import ReviewRecord, RevisionRecord

ReadAnswer = Callable[[AskedCard], Any]
"""Finds what was answered to a card, in the shape of Contracts 3.4."""

FIT_EVERY = 100
"""After so many answers it is looked whether the model should be fitted anew."""
_USED_KEY = say("This key was used for another answer. Nothing was recorded; make a new key for a new answer.")


def _find_revision(
    session: Session, submission: Submission, find: Callable[..., RevisionRecord | None] = store.find_revision
) -> RevisionRecord:
    if not (is_slug(submission.deck) and is_slug(submission.card)):
        raise NotFound(say("There is no such card."))
    revision = find(session, submission.deck, submission.card, submission.revision)
    if revision is None:
        if store.has_card(session, submission.deck, submission.card):
            raise Invalid(say("The answer was not recorded."), {"revision": say("This card has no such revision.")})
        raise NotFound(say("There is no such card."))
    return revision


def check_submission(session: Session, submission: Submission) -> None:
    """Raise what ``answer_card`` would raise for this submission by itself, whoever sends it. Writes nothing."""
    check_numbers(submission)
    revision = _find_revision(session, submission)
    decide_by(revision, submission)


def _find_asked(session: Session, learner: Viewer, submission: Submission, key: str) -> RevisionRecord:
    """The words that were answered; their deck is locked, which comes before the learner (``store.locks``).

    What names no such words under a key that was used is another answer, whatever is wrong with it: Conflict.
    """
    try:
        check_numbers(submission)
        return _find_revision(session, submission, store.lock_revision)
    except (Invalid, NotFound):
        if store.find_review(session, learner.learner_id, key) is not None:
            raise Conflict(_USED_KEY) from None
        raise


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
    for an unknown card, Conflict for a key that was used for another answer, and HeldBack, even for a repetition, where
    the card waits for a test of the learner's to be over.
    """
    key = check_key(key)
    revision = _find_asked(session, learner, submission, key)
    fit_id = store.lock_learner(session, learner.learner_id)
    earlier = store.find_review(session, learner.learner_id, key)
    refuse_held(session, learner.learner_id, revision.card_id, now)
    if read is not None:
        submission = replace(submission, response=read(ask(read_card(revision.body), b"")))
    if earlier is not None:
        return _repeat(session, earlier, submission)
    decision = decide(session, revision, submission)
    rules = follow_fit(session, rules, learner.learner_id, fit_id).in_deck(revision.parameters)
    return _write_down(session, learner, submission, key, decision, rules, now)


def _write_down(
    session: Session,
    learner: Viewer,
    submission: Submission,
    key: str,
    decision: Decision,
    rules: StudyRules,
    now: datetime,
) -> AnswerResult:
    """Schedule the card of a graded answer, and keep both. Commits."""
    before = states.find_state(session, learner.learner_id, decision.revision.card_id)
    given = believe_time(submission.given_at, before.last_review if before else None, now)
    after = _schedule(session, learner, decision.revision, before, decision.rating, submission.promised, rules, given)
    answered = Review(
        learner.learner_id, key, submission, decision.revision, decision.grade, decision.rating, given, before, after
    )
    review = record_review(session, answered, rules)
    if review.seq % FIT_EVERY == 0:
        queue_if_due(session, learner.learner_id, review.seq, now)
    result = show_graded(session, decision.revision, review, decision.response, decision.grade, before, after)
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
        raise Conflict(_USED_KEY)
    return show_result(session, store.get_revision(session, earlier.revision_id), earlier, repeated=True)


def load_review(session: Session, learner_id: int | None, key: str) -> ReviewRecord:
    """A learner's answer (None: a visitor's) by its key, whether it counts or not. Raises NotFound."""
    canonical = find_key(key)
    review = None
    if learner_id is not None and canonical is not None:
        review = store.find_review(session, learner_id, canonical)
    if review is None or review.made_elsewhere:
        raise NotFound(say("There is no such answer."))
    return review


def view_result(
    session: Session, learner_id: int | None, key: str, now: datetime, deck: str | None = None
) -> AnswerResult:
    """The result of an earlier answer. Raises NotFound where the learner (None: a visitor) gave no such answer.

    Where ``deck`` is given, the answer must be one to a card of that deck. Raises HeldBack where the card waits for a
    test of the learner's to be over: the result would give its answer away.
    """
    review = load_review(session, learner_id, key)
    refuse_held(session, learner_id, review.card_id, now)
    return load_result(session, review, deck)


def load_result(session: Session, review: ReviewRecord, deck: str | None = None) -> AnswerResult:
    """The result of a stored answer, for whoever may see it now. Raises NotFound where it is of another deck."""
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


def may_undo(session: Session, learner_id: int | None, key: str, rules: StudyRules) -> bool:
    """Whether an answer of a learner's (None: a visitor's) was given while studying. Raises NotFound for no answer."""
    return not is_of_test(session, load_review(session, learner_id, key), rules.secret)


def undo_answer(
    session: Session,
    learner_id: int,
    key: str,
    now: datetime,
    deck: str | None = None,
    *,
    rules: StudyRules,
) -> AnswerResult:
    """Take an answer back: the card's state is what the log says without it, and the answer counts nowhere.

    That is the state as it was before, unless other parameters came into use since, or its card was moved to another
    day or back. What was answered in a test stays answered.

    Doing it again changes nothing. Raises NotFound where the learner gave no such answer, Conflict where a later answer
    to the same card counts or the answer was given in a test, HeldBack where the card waits for a test of the learner's
    to be over. Where ``deck`` is given, the answer must be one to a card of that deck.
    """
    lock_decks_of_cards(session, [load_review(session, learner_id, key).card_id])
    store.lock_learner(session, learner_id)
    review = load_review(session, learner_id, key)
    refuse_held(session, learner_id, review.card_id, now)
    load_result(session, review, deck)
    if review.undone_at is None:
        if is_of_test(session, review, rules.secret):
            raise Conflict(say("You gave this answer in a test, so it stays."))
        if store.has_later_review(session, learner_id, review.card_id, review.seq):
            raise Conflict(say("This card was answered again since. Take the later answer back first."))
        store.mark_undone(session, learner_id, review.key, now)
        place = place_of(learner_id, store.get_revision(session, review.revision_id))
        put_states(session, learner_id, [place], rules)
    result = load_result(session, load_review(session, learner_id, review.key))
    session.commit()
    return result

"""A teacher settles what students claim. An accepted claim changes what the answer was worth, and what followed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.learning.grading import Grade, Verdict
from quizapp.core.learning.rating import rate
from quizapp.core.messages import say
from quizapp.services.accounts import Viewer
from quizapp.services.assessments.correcting import correct_answer
from quizapp.services.claims import NOTE, clean_text, desk_of, find_alike
from quizapp.services.recording import place_of
from quizapp.services.replaying import put_states, replay
from quizapp.services.rules import StudyRules, find_rules
from quizapp.store import claims as store
from quizapp.store import study as study_store
from quizapp.store.claims import ClaimRecord, DeskScope
from quizapp.store.locks import lock_decks_of_cards
from quizapp.store.study import ReviewRecord

ACCEPTED, DECLINED = "accepted", "declined"
_WORTH_ALL = Grade(1.0, Verdict.RIGHT, ())


def _load(session: Session, handle: str, desk: DeskScope) -> ClaimRecord:
    claim = store.find_claim(session, handle) if len(handle) <= 36 else None
    if claim is None or not store.is_in_scope(session, handle, desk):
        raise NotFound(say("There is no such claim."))
    return claim


def _make_right(session: Session, review: ReviewRecord, school: StudyRules) -> None:
    """Count an answer as wholly right, and every later answer to its card from there."""
    revision = study_store.get_revision(session, review.revision_id)
    rules = find_rules(session, school, review.learner_id).in_deck(revision.parameters)
    rating = rate(_WORTH_ALL, hint_used=review.hint_used)
    reviews = store.list_counted(session, review.learner_id, review.card_id)
    replayed = list(replay(session, reviews, {review.key: rating}, revision.ref, rules))
    replayed[0] = replace(replayed[0], score=1.0, verdict=Verdict.RIGHT.value)
    store.rewrite_reviews(session, replayed)
    correct_answer(session, replayed[0], school.secret)
    put_states(session, review.learner_id, [place_of(review.learner_id, revision)], school)


def _settle(session: Session, claim: ClaimRecord, settled: ClaimRecord, rules: StudyRules) -> ClaimRecord:
    """Settle one claim whose learner is locked."""
    review = study_store.find_review(session, claim.learner_id, claim.review_key)
    if review is None or review.undone_at is not None:
        raise Conflict(say("The student took this answer back. It does not count any more."))
    if settled.outcome == ACCEPTED and claim.kind != NOTE:
        settled = replace(
            settled, verdict_before=review.verdict, score_before=review.score, rating_before=review.rating
        )
        _make_right(session, review, rules)
    store.save_claim(session, settled)
    return settled


def _lock(session: Session, claims: Sequence[ClaimRecord], desk: DeskScope) -> list[ClaimRecord]:
    """Lock the learners of these claims, in one order for all, and read the claims as they stand then.

    Raises NotFound where the first of them was withdrawn in the meantime.
    """
    lock_decks_of_cards(session, {claim.card_id for claim in claims})
    for learner_id in sorted({claim.learner_id for claim in claims}):
        study_store.lock_learner(session, learner_id)
    others = [store.find_claim(session, claim.handle) for claim in claims[1:]]
    return [_load(session, claims[0].handle, desk), *(claim for claim in others if claim is not None)]


def _check_reply(reply: str, *, needed: bool) -> str:
    tidy = clean_text(reply, "reply")
    if needed and not tidy:
        raise Invalid(say("The claim was not settled."), {"reply": say("Tell the student why, in a sentence.")})
    return tidy


def settle_claim(
    session: Session,
    teacher: Viewer | None,
    handle: str,
    *,
    accept: bool,
    reply: str = "",
    alike: bool = False,
    rules: StudyRules,
    now: datetime,
) -> ClaimRecord:
    """Accept or decline a claim, with a reply that its student reads; with ``alike``, all open ones of that answer too.

    Accepting "I was right" makes the answer right in the log, where the claim keeps what it was worth before, and
    counts the card's memory again from there. The deck is not changed. Settling again in the same way changes nothing.
    ``rules`` are the school's; those of the student are found. Raises Forbidden for anybody but teachers and
    administrators, NotFound where the claim is not theirs to settle, Conflict where it was settled otherwise or its
    answer taken back, Invalid (field ``reply``) for declining a claim without a word, or more than 500 characters.
    """
    desk = desk_of(teacher)
    asked = _load(session, handle, desk)
    reply = _check_reply(reply, needed=not accept and asked.kind != NOTE)
    outcome = ACCEPTED if accept else DECLINED
    others = find_alike(session, asked, desk) if alike and asked.kind != NOTE else []
    claims = _lock(session, [asked, *others], desk)
    if claims[0].outcome:
        return _repeat(claims[0], outcome)
    done = [
        _settle(
            session,
            claim,
            replace(claim, outcome=outcome, reply=reply, settled_at=now, settled_by=desk.account_id),
            rules,
        )
        for claim in claims
        if not claim.outcome
    ]
    session.commit()
    return done[0]


def _repeat(claim: ClaimRecord, outcome: str) -> ClaimRecord:
    if claim.outcome != outcome:
        raise Conflict(say("This claim was settled in the meantime. Reload the page to see how."))
    return claim

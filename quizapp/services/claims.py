"""What students tell their teachers: "I was right", and notes that a card is hard or faulty."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from quizapp.core.deck.schema import Flashcard
from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.core.learning.grading import Verdict
from quizapp.core.learning.grading.accepting import suggest_line
from quizapp.core.learning.grading.formulas import simplify_answer
from quizapp.core.messages import say
from quizapp.services.accounts import Role, Viewer
from quizapp.services.assessments.holding import list_held_cards
from quizapp.services.results import AnswerResult, read_card
from quizapp.services.study import load_result, load_review
from quizapp.services.submissions import check_key
from quizapp.store import claims as store
from quizapp.store import study as study_store
from quizapp.store.claims import ClaimRecord, DeskScope
from quizapp.store.study import ReviewRecord

RIGHT, NOTE = "right", "note"
KINDS = (RIGHT, NOTE)
LONGEST_TEXT = 500
MOST_OPEN = 30
"""How many claims and notes of one learner may wait at once: a desk is read by people."""
PAGE = 20
OWN = 50
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Claims:
    """What a learner told of one answer."""

    right: ClaimRecord | None = None
    note: ClaimRecord | None = None


@dataclass(frozen=True, slots=True)
class OwnClaim:
    """A claim as its student finds it again."""

    claim: ClaimRecord
    result: AnswerResult


@dataclass(frozen=True, slots=True)
class DeskClaim:
    """A claim as a teacher finds it.

    ``student`` is the name, or the pseudonym where a class keeps the name; None for a guest. ``others`` counts the
    other learners who gave the same answer, ``alike`` the other open claims for it. ``suggestion`` is the line of the
    deck file that would accept the answer, blank where there is none.
    """

    claim: ClaimRecord
    student: str | None
    result: AnswerResult
    others: int
    alike: int
    suggestion: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of the desk: how many claims are open and settled, and those of this page, counted from 1."""

    open: int
    settled: int
    page: int
    pages: int
    claims: tuple[DeskClaim, ...]


def clean_text(text: str, field: str) -> str:
    """A text of at most 500 characters for another person to read. Raises Invalid, naming the field."""
    tidy = text.replace("\r\n", "\n").strip()
    if len(tidy) > LONGEST_TEXT:
        message = say("Write at most %(most)s characters; these are %(count)s.", most=LONGEST_TEXT, count=len(tidy))
        raise Invalid(message, {field: message})
    if _NO_TEXT.search(tidy):
        message = say("The text holds characters that are no text.")
        raise Invalid(message, {field: message})
    return tidy


def _load_review(session: Session, learner_id: int, key: str) -> ReviewRecord:
    review = study_store.find_review(session, learner_id, check_key(key))
    if review is None:
        raise NotFound(say("There is no such answer."))
    return review


def _check_claimable(session: Session, review: ReviewRecord, kind: str) -> None:
    if review.undone_at is not None:
        raise Conflict(say("You took this answer back. It does not count any more."))
    if kind == RIGHT and isinstance(read_card(study_store.get_revision(session, review.revision_id).body), Flashcard):
        raise Conflict(say("You rated this answer yourself. Take it back to rate it again."))
    if kind == RIGHT and review.verdict == Verdict.RIGHT:
        raise Conflict(say("This answer counts as right already."))
    if store.count_open(session, review.learner_id) >= MOST_OPEN:
        raise Conflict(
            say(
                "%(most)s of your notes wait for an answer. Withdraw one, or wait until your teacher has seen to some.",
                most=MOST_OPEN,
            )
        )


def _find(session: Session, learner_id: int, key: str, kind: str) -> ClaimRecord | None:
    found = (claim for claim in store.list_claims_about(session, learner_id, key) if claim.kind == kind)
    return next(found, None)


def _repeat(session: Session, earlier: ClaimRecord, text: str) -> ClaimRecord:
    """The same claim again. Other words take the place of the first ones until a teacher has settled it."""
    changed = replace(earlier, text=text)
    if changed != earlier:
        if earlier.outcome:
            raise Conflict(say("Your teacher has answered this already."))
        store.save_claim(session, changed)
    return changed


def make_claim(session: Session, learner: Viewer, key: str, kind: str, text: str, now: datetime) -> ClaimRecord:
    """Tell the teachers of an answer that it was ``right``, or write them a ``note`` on its card.

    Saying it again changes the text and nothing else. Raises NotFound where the learner gave no such answer, Invalid
    for a note without words (field ``text``), Conflict for what cannot be claimed: an answer that counts as right or
    was taken back, a rating of one's own, or more than 30 open claims.
    """
    text = clean_text(text, "text")
    if kind not in KINDS:
        raise NotFound(say("There is no such answer."))
    if kind == NOTE and not text:
        raise Invalid(say("The note is empty."), {"text": say("Say what is hard or wrong about the card.")})
    study_store.lock_learner(session, learner.learner_id)
    review = _load_review(session, learner.learner_id, key)
    earlier = _find(session, learner.learner_id, review.key, kind)
    if earlier is not None:
        claim = _repeat(session, earlier, text)
    else:
        _check_claimable(session, review, kind)
        claim = ClaimRecord(
            learner_id=learner.learner_id,
            review_key=review.key,
            kind=kind,
            handle=str(uuid.uuid4()),
            card_id=review.card_id,
            revision_id=review.revision_id,
            text=text,
            made_at=now,
        )
        store.add_claim(session, claim)
    session.commit()
    return claim


def withdraw_claim(session: Session, learner: Viewer, key: str, kind: str) -> None:
    """Take a claim or a note back; without one, nothing happens. Raises Conflict where a teacher has settled it."""
    study_store.lock_learner(session, learner.learner_id)
    review = _load_review(session, learner.learner_id, key)
    claim = _find(session, learner.learner_id, review.key, kind)
    if claim is not None:
        if claim.outcome:
            raise Conflict(say("Your teacher has answered this already."))
        store.remove_claim(session, claim.handle)
    session.commit()


def find_claims(session: Session, learner_id: int | None, key: str) -> Claims:
    """What a learner (None: a visitor) told of one answer."""
    if learner_id is None:
        return Claims()
    said = {claim.kind: claim for claim in store.list_claims_about(session, learner_id, key)}
    return Claims(said.get(RIGHT), said.get(NOTE))


def list_own(session: Session, learner_id: int, now: datetime) -> tuple[OwnClaim, ...]:
    """The last 50 claims of a learner, the latest first, each with its answer.

    Those about cards that wait for a test of the learner's to be over wait as well.
    """
    held = list_held_cards(session, learner_id, now)
    claims = [claim for claim in store.list_claims_of(session, learner_id, OWN) if claim.card_id not in held]
    reviews = [load_review(session, learner_id, claim.review_key) for claim in claims]
    return tuple(OwnClaim(claim, load_result(session, one)) for claim, one in zip(claims, reviews, strict=True))


def desk_of(teacher: Viewer | None) -> DeskScope:
    """The desk of a teacher; an administrator's is the whole school's. Raises Forbidden for anybody else."""
    if teacher is None or teacher.account_id is None or teacher.role not in (Role.TEACHER, Role.ADMIN):
        raise Forbidden(say("Only teachers can do this."))
    return DeskScope(teacher.account_id, whole=teacher.role is Role.ADMIN)


def fold_answer(response: object, language: str) -> str:
    """An answer in the shape of Contracts 3.4, such that answers that say the same are equal."""
    if isinstance(response, str):
        return " ".join(simplify_answer(response, language)) or response.strip()
    if isinstance(response, Mapping):
        return json.dumps({str(left): fold_answer(right, language) for left, right in sorted(response.items())})
    if isinstance(response, list):
        return json.dumps([fold_answer(each, language) for each in response])
    return json.dumps(response)


def _describe(session: Session, claim: ClaimRecord, student: str | None, desk: DeskScope) -> DeskClaim:
    mine = load_review(session, claim.learner_id, claim.review_key)
    result = load_result(session, mine)
    language = result.deck.language
    responses = [(who, json.loads(said)) for who, said in store.list_responses(session, claim.card_id)]
    wanted = fold_answer(json.loads(mine.response), language)
    others = {who for who, said in responses if fold_answer(said, language) == wanted} - {claim.learner_id}
    return DeskClaim(
        claim=claim,
        student=student,
        result=result,
        others=0 if isinstance(result.card, Flashcard) else len(others),
        alike=0 if claim.outcome or claim.kind == NOTE else len(find_alike(session, claim, desk)),
        suggestion=suggest_line(result.card, result.response, language) if claim.kind == RIGHT else "",
    )


def find_alike(session: Session, claim: ClaimRecord, desk: DeskScope) -> list[ClaimRecord]:
    """The other open claims on this desk to have been right with the same answer to the same revision."""
    revision = study_store.get_revision(session, claim.revision_id)

    def answer_of(one: ClaimRecord) -> str:
        review = study_store.find_review(session, one.learner_id, one.review_key)
        return fold_answer(json.loads(review.response) if review else None, revision.language)

    wanted = answer_of(claim)
    waiting = store.list_open_about_card(session, claim.card_id, desk)
    return [
        other
        for other in waiting
        if other.handle != claim.handle and other.revision_id == claim.revision_id and answer_of(other) == wanted
    ]


def read_desk(session: Session, teacher: Viewer | None, *, settled: bool = False, page: int = 1) -> Desk:
    """A page of what students told this teacher: open claims, the longest waiting first, or settled ones, latest first.

    Raises Forbidden for anybody but teachers and administrators.
    """
    desk = desk_of(teacher)
    counts = {each: store.count_on_desk(session, desk, settled=each) for each in (False, True)}
    pages = max(1, -(-counts[settled] // PAGE))
    page = min(max(page, 1), pages)
    rows = store.list_on_desk(session, desk, settled=settled, offset=(page - 1) * PAGE, limit=PAGE)
    claims = tuple(_describe(session, claim, student, desk) for claim, student in rows)
    return Desk(counts[False], counts[True], page, pages, claims)

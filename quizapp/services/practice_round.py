"""A round of practice: asking its cards, taking answers, and what came of them. No card state, no review is written."""

import hashlib
import hmac
import json
import uuid
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from quizapp.core.deck.schema import Card, Flashcard
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.learning.grading import CORRECT_FROM, Grade, Response, Verdict, parse_response
from quizapp.core.learning.memory import Rating
from quizapp.core.learning.practice import PracticeChoice
from quizapp.core.learning.presentation import AskedCard, ask
from quizapp.core.learning.rating import rate
from quizapp.core.messages import say
from quizapp.services.accounts import Viewer
from quizapp.services.asking import CardBack
from quizapp.services.assessments.holding import list_held_cards
from quizapp.services.grading import grade_any
from quizapp.services.practice import RoundPlan, begin_round, check_handle, plan_practice
from quizapp.services.results import (
    CitedPassage,
    DeckHead,
    RightAnswer,
    find_right_answer,
    read_card,
    show_passages,
)
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import LONGEST_SHOWN_MS, check_key
from quizapp.store import practice as store
from quizapp.store import study as study_store
from quizapp.store.practice import PracticeAnswerRecord, RoundCard


@dataclass(frozen=True, slots=True)
class PracticeSubmission:
    """An answer as it came in, not yet checked: ``card`` is ``DECK/CARD``, ``response`` as in Contracts 3.4."""

    card: str
    response: Any = None
    shown_ms: int | None = None
    hint_used: bool = False
    confidence: int | None = None
    rating: int | None = None

    def digest(self, handle: str) -> str:
        """What two submissions to a round share exactly when they say the same."""
        said = asdict(self) | {"round": handle}
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RoundHead:
    """What every page of a round says of it: how many cards it has, are answered, and were right."""

    handle: str
    choice: PracticeChoice
    total: int
    answered: int
    right: int

    @property
    def ended(self) -> bool:
        """Whether no card is left to ask."""
        return self.answered >= self.total


@dataclass(frozen=True, slots=True)
class PracticeQuestion:
    """A card of a round as asked; ``number`` counts from 1. ``back`` is there once a flashcard was turned over."""

    head: RoundHead
    number: int
    deck: DeckHead
    ref: str
    asked: AskedCard
    key: str
    hint: str = ""
    back: CardBack | None = None


@dataclass(frozen=True, slots=True)
class PracticeResult:
    """An answer of a round and what came of it. ``repeated``: the same key had been sent before."""

    key: str
    number: int
    deck: DeckHead
    ref: str
    card: Card
    response: Response
    grade: Grade
    rating: Rating
    hint_used: bool
    confidence: int | None
    passages: tuple[CitedPassage, ...]
    repeated: bool = False

    @property
    def right_answer(self) -> RightAnswer:
        """The right answer in the shape a response has."""
        return find_right_answer(self.card)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Of the answers given with one step of confidence (1 to 3), how many were right."""

    confidence: int
    answers: int
    right: int


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What came of a round so far. ``score`` is the mean of the answers' scores, None where there is none."""

    head: RoundHead
    score: float | None
    results: tuple[PracticeResult, ...]
    calibration: tuple[Calibration, ...]


@dataclass(frozen=True, slots=True)
class PracticeRound:
    """A round in hand: its cards in the order of asking, None for those not to be shown; and its answers by place."""

    plan: RoundPlan
    cards: tuple[RoundCard | None, ...]
    answers: dict[int, PracticeAnswerRecord]

    @property
    def head(self) -> RoundHead:
        """What pages say of it."""
        right = sum(one.score >= CORRECT_FROM for one in self.answers.values())
        there = sum(card is not None for card in self.cards)
        return RoundHead(self.plan.handle, self.plan.choice, there, len(self.answers), right)

    def get_card(self, place: int) -> RoundCard:
        """The card at a place. Raises NotFound where there is none to be shown."""
        card = self.cards[place] if place < len(self.cards) else None
        if card is None:
            raise NotFound(say("This card is not part of this practice. Nothing was recorded."))
        return card

    def find_place(self, ref: str) -> int:
        """The place of a card. Raises NotFound where the round does not hold it."""
        place = next(
            (at for at, card in enumerate(self.cards) if card is not None and card.ref == ref), len(self.cards)
        )
        self.get_card(place)
        return place


def _not_yours() -> NotFound:
    return NotFound(say("There is no such practice, or it is not yours."))


def _head_of(card: RoundCard) -> DeckHead:
    return DeckHead(card.deck_slug, card.deck_title, card.language)


def _open_plan(
    session: Session, plan: RoundPlan, learner_id: int | None, answers: list[PracticeAnswerRecord], now: datetime
) -> PracticeRound:
    """The round without the cards whose deck is gone, or that a test keeps for itself for now."""
    held = list_held_cards(session, learner_id, now)
    found = store.list_cards(session, plan.revisions)
    cards = [found.get(number) for number in plan.revisions]
    there = tuple(None if card is None or card.card_id in held else card for card in cards)
    return PracticeRound(plan, there, {answer.place: answer for answer in answers if there[answer.place] is not None})


def load_round(session: Session, learner_id: int | None, handle: str, now: datetime) -> PracticeRound:
    """A learner's round. Raises NotFound for one that is not there, or not this learner's (None: a visitor)."""
    handle = check_handle(handle)
    record = None if learner_id is None else store.find_practice(session, learner_id, handle)
    if record is None:
        raise _not_yours()
    plan = RoundPlan(handle, PracticeChoice.model_validate_json(record.choice), record.revisions)
    return _open_plan(session, plan, learner_id, store.list_answers(session, record.learner_id, handle), now)


def preview_round(
    session: Session, learner_id: int | None, choice: PracticeChoice, handle: str, rules: StudyRules, now: datetime
) -> PracticeRound:
    """The round that the first answer will write down: for a visitor, who leaves no trace before it.

    It is the round itself where the learner has it already. Raises NotFound and Invalid as ``plan_practice`` does.
    """
    handle = check_handle(handle)
    if learner_id is not None and store.find_practice(session, learner_id, handle) is not None:
        return load_round(session, learner_id, handle, now)
    plan = plan_practice(session, learner_id, choice, handle, rules, now)
    return _open_plan(session, plan, learner_id, [], now)


def _show(
    round_: PracticeRound, place: int, rules: StudyRules, *, hint: bool = False, back: bool = False
) -> PracticeQuestion:
    revision = round_.get_card(place)
    card = read_card(revision.body)
    seed = hmac.digest(rules.secret, f"practice|{round_.plan.handle}|{revision.ref}".encode(), "sha256")
    turned = back and isinstance(card, Flashcard)
    return PracticeQuestion(
        head=round_.head,
        number=_number(round_, place),
        deck=_head_of(revision),
        ref=revision.ref,
        asked=ask(card, seed),
        key=str(uuid.uuid4()),
        hint=card.hint if hint else "",
        back=CardBack(card.answer, card.explanation) if turned and isinstance(card, Flashcard) else None,
    )


def _number(round_: PracticeRound, place: int) -> int:
    return sum(card is not None for card in round_.cards[: place + 1])


def next_question(round_: PracticeRound, rules: StudyRules) -> PracticeQuestion | None:
    """The first card without an answer; None at the end of the round."""
    for place, card in enumerate(round_.cards):
        if card is not None and place not in round_.answers:
            return _show(round_, place, rules)
    return None


def same_question(
    round_: PracticeRound, ref: str, rules: StudyRules, *, hint: bool = False, back: bool = False
) -> PracticeQuestion:
    """A card of the round as it was asked, with its hint or (for a flashcard) its back.

    Raises NotFound for a card that is not in the round.
    """
    return _show(round_, round_.find_place(ref), rules, hint=hint, back=back)


def _check_numbers(submission: PracticeSubmission) -> None:
    if submission.shown_ms is not None and not 0 <= submission.shown_ms <= LONGEST_SHOWN_MS:
        raise Invalid(say("The answer was not recorded."), {"shown_ms": say("The time on the card is not a time.")})
    if submission.confidence is not None and not 1 <= submission.confidence <= 3:
        raise Invalid(say("The answer was not recorded."), {"confidence": say("Choose one of the three steps.")})


def _decide(revision: RoundCard, submission: PracticeSubmission) -> tuple[Grade, Rating]:
    card = read_card(revision.body)
    if submission.rating is not None and not isinstance(card, Flashcard):
        raise Invalid(say("The answer was not recorded."), {"rating": say("Only a flashcard is rated by the learner.")})
    graded = grade_any(card, parse_response(card, submission.response, submission.rating), revision.language)
    return graded, rate(graded, hint_used=submission.hint_used)


def check_submission(round_: PracticeRound, submission: PracticeSubmission) -> tuple[int, RoundCard, Grade, Rating]:
    """Grade an answer and write nothing: its place, card, grade and rating.

    Raises Invalid for a wrong shape, NotFound for a card that is not in the round.
    """
    _check_numbers(submission)
    place = round_.find_place(submission.card)
    revision = round_.get_card(place)
    return place, revision, *_decide(revision, submission)


def _open_for_answer(
    session: Session,
    learner_id: int,
    handle: str,
    choice: PracticeChoice | None,
    rules: StudyRules,
    now: datetime,
) -> PracticeRound:
    if choice is not None and store.find_practice(session, learner_id, handle) is None:
        begin_round(session, learner_id, plan_practice(session, learner_id, choice, handle, rules, now), now)
    return load_round(session, learner_id, handle, now)


def answer_card(
    session: Session,
    learner: Viewer,
    handle: str,
    submission: PracticeSubmission,
    key: str,
    rules: StudyRules,
    now: datetime,
    choice: PracticeChoice | None = None,
) -> PracticeResult:
    """Grade an answer of a round and write it down. ``choice`` begins the round where there is none yet.

    The same key with the same submission gives the first result again and writes nothing. Raises Invalid for a wrong
    shape, NotFound for a round that is not the learner's or does not hold the card, Conflict for a key that was used
    for another answer and for a card that was answered before.
    """
    key, handle = check_key(key), check_handle(handle)
    study_store.lock_learner(session, learner.learner_id)
    digest = submission.digest(handle)
    known = store.find_answer(session, learner.learner_id, key)
    if known is not None:
        if known.body_digest != digest:
            raise Conflict(say("This key was used for another answer. Nothing was recorded; the first answer counts."))
        return replace(view_result(session, learner.learner_id, handle, key, now), repeated=True)
    round_ = _open_for_answer(session, learner.learner_id, handle, choice, rules, now)
    place, revision, graded, rating = check_submission(round_, submission)
    if place in round_.answers:
        raise Conflict(say("This card was answered in this practice already. That answer counts; nothing was added."))
    answer = _make_answer(learner, round_.plan.handle, place, revision, submission, key, graded, rating, now)
    store.add_answer(session, answer)
    if round_.head.answered + 1 >= round_.head.total:
        store.end_practice(session, learner.learner_id, handle, now)
    result = _show_result(session, replace(round_, answers=round_.answers | {place: answer}), answer)
    session.commit()
    return result


def _make_answer(
    learner: Viewer,
    handle: str,
    place: int,
    revision: RoundCard,
    submission: PracticeSubmission,
    key: str,
    graded: Grade,
    rating: Rating,
    now: datetime,
) -> PracticeAnswerRecord:
    return PracticeAnswerRecord(
        learner_id=learner.learner_id,
        key=key,
        handle=handle,
        place=place,
        card_id=revision.card_id,
        revision_id=revision.revision_id,
        answered_at=now,
        response=json.dumps(submission.response, ensure_ascii=False),
        body_digest=submission.digest(handle),
        score=graded.score,
        verdict=graded.verdict.value,
        rating=int(rating),
        hint_used=submission.hint_used,
        confidence=submission.confidence,
        shown_ms=submission.shown_ms,
    )


def _show_result(session: Session, round_: PracticeRound, answer: PracticeAnswerRecord) -> PracticeResult:
    """A stored answer with what came of it: the decision stands, the details are worked out again."""
    revision = round_.get_card(answer.place)
    card = read_card(revision.body)
    response = parse_response(card, json.loads(answer.response), answer.rating)
    details = grade_any(card, response, revision.language)
    return PracticeResult(
        key=answer.key,
        number=_number(round_, answer.place),
        deck=_head_of(revision),
        ref=revision.ref,
        card=card,
        response=response,
        grade=replace(details, score=answer.score, verdict=Verdict(answer.verdict)),
        rating=Rating(answer.rating),
        hint_used=answer.hint_used,
        confidence=answer.confidence,
        passages=show_passages(session, card.citations),
    )


def view_result(session: Session, learner_id: int | None, handle: str, key: str, now: datetime) -> PracticeResult:
    """An answer of a round. Raises NotFound where the learner (None: a visitor) gave none with this key in it."""
    round_ = load_round(session, learner_id, handle, now)
    for answer in round_.answers.values():
        if answer.key == key.strip().lower():
            return _show_result(session, round_, answer)
    raise NotFound(say("There is no such answer."))


def view_answer_to(session: Session, learner_id: int | None, handle: str, ref: str, now: datetime) -> PracticeResult:
    """The answer that counts for a card of a round. Raises NotFound where there is none."""
    round_ = load_round(session, learner_id, handle, now)
    answer = round_.answers.get(round_.find_place(ref))
    if answer is None:
        raise NotFound(say("There is no such answer."))
    return _show_result(session, round_, answer)


def view_round(session: Session, round_: PracticeRound) -> RoundResult:
    """What came of a round, answer by answer. Nothing of a card without an answer is in it."""
    results = tuple(_show_result(session, round_, round_.answers[place]) for place in sorted(round_.answers))
    steps = ((step, [one.grade.correct for one in results if one.confidence == step]) for step in (1, 2, 3))
    return RoundResult(
        head=round_.head,
        score=sum(one.grade.score for one in results) / len(results) if results else None,
        results=results,
        calibration=tuple(Calibration(step, len(right), sum(right)) for step, right in steps if right),
    )

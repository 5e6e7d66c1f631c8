"""Attempts at tests and the answers in them: queries that never commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.assessments import EXCEPTION_COLUMNS, ExceptionRecord
from quizapp.store.prepared import Prepared
from quizapp.store.tables import (
    AccommodationRow,
    AssessmentExceptionRow,
    AssessmentRow,
    AttemptQuestionRow,
    AttemptRow,
    CardRevisionRow,
    CardRow,
    DeckRow,
    LearnerRow,
    table_of,
)

_test, _attempt, _question = table_of(AssessmentRow), table_of(AttemptRow), table_of(AttemptQuestionRow)
_more_time, _exception = table_of(AccommodationRow), table_of(AssessmentExceptionRow)
_learner = table_of(LearnerRow)
_deck, _card, _revision = table_of(DeckRow), table_of(CardRow), table_of(CardRevisionRow)


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """An attempt as stored."""

    learner_id: int
    handle: str
    assessment_id: int
    number: int
    seed: str
    started_at: datetime
    ended_at: datetime | None = None
    end_reason: str = ""
    late: bool = False
    points: float | None = None
    most_points: float | None = None
    counted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question as drawn; ``asked`` is the card as shown, as JSON."""

    card_id: int
    revision_id: int
    asked: str


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A question of an attempt with its saved answer, and the card it asks. ``body`` is the card as JSON."""

    position: int
    card_id: int
    revision_id: int
    asked: str
    typed: str
    response: str
    confidence: int | None
    version: int
    clients: str
    saved_at: datetime | None
    settled_at: datetime | None
    score: float | None
    verdict: str
    language: str
    deck_id: int
    deck_slug: str
    card_slug: str
    body: str

    @property
    def ref(self) -> str:
        """The card's name for people and programs: ``DECK/CARD``."""
        return f"{self.deck_slug}/{self.card_slug}"


_ATTEMPT = [_attempt.c[name] for name in AttemptRecord.__dataclass_fields__]
_QUESTION: list[sa.ColumnElement[Any]] = [
    *(_question.c[name] for name in list(QuestionRecord.__dataclass_fields__)[:13]),
    _deck.c.language,
    _deck.c.id,
    _deck.c.slug,
    _card.c.slug,
    _revision.c.body,
]
_WIDTH = len(_ATTEMPT)


def _join_cards(statement: sa.Select[Any]) -> sa.Select[Any]:
    return (
        statement.join(_revision, _revision.c.id == _question.c.revision_id)
        .join(_card, _card.c.id == _question.c.card_id)
        .join(_deck, _deck.c.id == _card.c.deck_id)
    )


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """All that a save needs to know: the attempt, its test and the student's terms in it, and the question."""

    attempt: AttemptRecord
    plan: str
    dates: tuple[datetime | None, datetime | None, datetime | None]
    exception: ExceptionRecord
    question: QuestionRecord


_OPEN_QUESTION = _join_cards(
    sa.select(
        *_ATTEMPT, _test.c.plan, _test.c.opens_at, _test.c.due_at, _test.c.closes_at, *EXCEPTION_COLUMNS, *_QUESTION
    )
    .join_from(_attempt, _test, _test.c.id == _attempt.c.assessment_id)
    .join(_question, (_question.c.learner_id == _attempt.c.learner_id) & (_question.c.attempt == _attempt.c.handle))
    .outerjoin(_more_time, _more_time.c.learner_id == _attempt.c.learner_id)
    .outerjoin(
        _exception,
        (_exception.c.learner_id == _attempt.c.learner_id) & (_exception.c.assessment_id == _attempt.c.assessment_id),
    )
).where(
    _attempt.c.learner_id == sa.bindparam("learner"),
    _attempt.c.handle == sa.bindparam("handle"),
    _question.c.position == sa.bindparam("at"),
)


_LOCK_QUESTION = Prepared(_OPEN_QUESTION.with_for_update(of=_attempt))


def lock_question(session: Session, learner_id: int, handle: str, position: int) -> OpenQuestion | None:
    """A question of a learner's own attempt; nobody else writes in this attempt until the transaction ends."""
    row = _LOCK_QUESTION.first(session, {"learner": learner_id, "handle": handle, "at": position})
    if row is None:
        return None
    attempt, rest = AttemptRecord(*row[:_WIDTH]), tuple(row[_WIDTH:])
    return OpenQuestion(attempt, rest[0], rest[1:4], ExceptionRecord(*rest[4:9]), QuestionRecord(*rest[9:]))


_SAVED_COLUMNS = ("typed", "response", "confidence", "version", "clients", "saved_at")
_this_question = (
    (_question.c.learner_id == sa.bindparam("learner"))
    & (_question.c.attempt == sa.bindparam("handle"))
    & (_question.c.position == sa.bindparam("at"))
)
_WRITE_ANSWER = sa.update(_question).where(_this_question)
_WRITE_SAVE = Prepared(
    _WRITE_ANSWER.values(
        {_question.c[name]: sa.bindparam(f"new_{name}", type_=_question.c[name].type) for name in _SAVED_COLUMNS}
    )
)


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What a save writes into its question."""

    typed: str
    response: str
    confidence: int | None
    version: int
    clients: str
    saved_at: datetime


def write_save(session: Session, attempt: AttemptRecord, position: int, saved: SavedAnswer) -> None:
    """Write what was answered into one question."""
    values = {f"new_{name}": getattr(saved, name) for name in _SAVED_COLUMNS}
    _WRITE_SAVE.run(session, values | {"learner": attempt.learner_id, "handle": attempt.handle, "at": position})


def write_answer(session: Session, attempt: AttemptRecord, position: int, values: Mapping[str, Any]) -> None:
    """Write what is known of an answer into one question."""
    this = {"learner": attempt.learner_id, "handle": attempt.handle, "at": position}
    session.execute(_WRITE_ANSWER.values(**values), this)


_WRITE_SCORE = (
    sa.update(_question)
    .where(_this_question)
    .values(score=sa.bindparam("worth", type_=sa.Float), verdict=sa.bindparam("said", type_=sa.String))
)


def write_scores(session: Session, attempt: AttemptRecord, scores: Sequence[tuple[int, float, str]]) -> None:
    """Write down what answers are worth, as position, score and verdict."""
    rows = [
        {"learner": attempt.learner_id, "handle": attempt.handle, "at": position, "worth": score, "said": verdict}
        for position, score, verdict in scores
    ]
    if rows:
        session.connection().execute(_WRITE_SCORE, rows)


def lock_attempt(session: Session, learner_id: int, handle: str) -> AttemptRecord | None:
    """An attempt that nobody else changes until the transaction ends."""
    this = (_attempt.c.learner_id == learner_id) & (_attempt.c.handle == handle)
    row = session.execute(sa.select(*_ATTEMPT).where(this).with_for_update()).first()
    return None if row is None else AttemptRecord(*row)


def find_attempt(session: Session, handle: str) -> AttemptRecord | None:
    """The attempt with this handle, whoever's it is."""
    row = session.execute(sa.select(*_ATTEMPT).where(_attempt.c.handle == handle)).first()
    return None if row is None else AttemptRecord(*row)


def list_attempts(session: Session, assessment_id: int, learner_id: int | None = None) -> list[AttemptRecord]:
    """The attempts at a test, of one learner or of all, in their order."""
    found = sa.select(*_ATTEMPT).where(_attempt.c.assessment_id == assessment_id)
    if learner_id is not None:
        found = found.where(_attempt.c.learner_id == learner_id)
    return [AttemptRecord(*row) for row in session.execute(found.order_by(_attempt.c.learner_id, _attempt.c.number))]


def list_attempts_of(session: Session, learner_id: int) -> list[AttemptRecord]:
    """All attempts of a learner at any test, in their order."""
    found = sa.select(*_ATTEMPT).where(_attempt.c.learner_id == learner_id)
    return [AttemptRecord(*row) for row in session.execute(found.order_by(_attempt.c.assessment_id, _attempt.c.number))]


def list_questions(session: Session, attempt: AttemptRecord) -> list[QuestionRecord]:
    """The questions of an attempt in their order."""
    this = (_question.c.learner_id == attempt.learner_id) & (_question.c.attempt == attempt.handle)
    found = _join_cards(sa.select(*_QUESTION).select_from(_question)).where(this).order_by(_question.c.position)
    return [QuestionRecord(*row) for row in session.execute(found)]


def list_counted(session: Session, learner_id: int, card_id: int) -> list[tuple[AttemptRecord, int]]:
    """Where a learner was asked a card in attempts whose answers count as reviews: the attempts, with the positions."""
    joined = sa.and_(_attempt.c.learner_id == _question.c.learner_id, _attempt.c.handle == _question.c.attempt)
    found = (
        sa.select(*_ATTEMPT, _question.c.position)
        .join(_question, joined)
        .where(_question.c.learner_id == learner_id, _question.c.card_id == card_id, _attempt.c.counted_at.is_not(None))
    )
    return [(AttemptRecord(*row[:_WIDTH]), row[_WIDTH]) for row in session.execute(found)]


def list_places(session: Session, learner_id: int, card_id: int | None = None) -> list[tuple[str, int]]:
    """Where tests asked a learner anything, or this card: the handles of the attempts, with the positions."""
    found = sa.select(_question.c.attempt, _question.c.position).where(_question.c.learner_id == learner_id)
    if card_id is not None:
        found = found.where(_question.c.card_id == card_id)
    return [(row[0], row[1]) for row in session.execute(found)]


def list_versions(session: Session, attempt: AttemptRecord) -> dict[int, int]:
    """How often each question of an attempt was written, by position."""
    this = (_question.c.learner_id == attempt.learner_id) & (_question.c.attempt == attempt.handle)
    rows = session.execute(sa.select(_question.c.position, _question.c.version).where(this))
    return {row[0]: row[1] for row in rows}


def add_attempt(session: Session, attempt: AttemptRecord, questions: Sequence[NewQuestion]) -> None:
    """Write a new attempt with its questions. Raises IntegrityError where the attempt of that number is there."""
    session.execute(
        sa.insert(_attempt).values(**{name: getattr(attempt, name) for name in AttemptRecord.__dataclass_fields__})
    )
    rows = [
        {
            "learner_id": attempt.learner_id,
            "attempt": attempt.handle,
            "position": position,
            "card_id": question.card_id,
            "revision_id": question.revision_id,
            "asked": question.asked,
        }
        for position, question in enumerate(questions, start=1)
    ]
    session.execute(sa.insert(_question), rows)


def change_attempt(session: Session, attempt: AttemptRecord, values: Mapping[str, Any]) -> None:
    """Write values into an attempt."""
    this = (_attempt.c.learner_id == attempt.learner_id) & (_attempt.c.handle == attempt.handle)
    session.execute(sa.update(_attempt).where(this).values(**values))


def count_attempts(session: Session, assessment_id: int) -> int:
    """How many attempts at a test there are."""
    found = sa.select(sa.func.count()).select_from(_attempt).where(_attempt.c.assessment_id == assessment_id)
    return int(session.execute(found).scalar_one())


def get_learner_handle(session: Session, learner_id: int) -> str:
    """The handle of whoever sat an attempt."""
    return str(session.execute(sa.select(_learner.c.handle).where(_learner.c.id == learner_id)).scalar_one())


def move_attempts(session: Session, from_learner: int, to_learner: int) -> None:
    """Make one learner's attempts another's, numbered after the other's own; to be called before the first is removed.

    Lock both learners first.
    """
    fields = list(AttemptRecord.__dataclass_fields__)
    for record in list_attempts_of(session, from_learner):
        this = (_question.c.learner_id == from_learner) & (_question.c.attempt == record.handle)
        questions = [dict(row._mapping) for row in session.execute(sa.select(_question).where(this))]
        earlier = list_attempts(session, record.assessment_id, to_learner)
        session.execute(sa.delete(_question).where(this))
        session.execute(
            sa.delete(_attempt).where(_attempt.c.learner_id == from_learner, _attempt.c.handle == record.handle)
        )
        moved = {name: getattr(record, name) for name in fields}
        number = max((one.number for one in earlier), default=0) + 1
        session.execute(sa.insert(_attempt).values(**moved | {"learner_id": to_learner, "number": number}))
        session.execute(sa.insert(_question), [row | {"learner_id": to_learner} for row in questions])

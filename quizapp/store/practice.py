"""Practice rounds, their answers, and what could be practised: queries that never commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from quizapp.core.learning.grading import CORRECT_FROM
from quizapp.core.learning.practice import SURE
from quizapp.store.engine import Instant
from quizapp.store.tables import (
    CardRevisionRow,
    CardRow,
    CardStateRow,
    CitationRow,
    DeckRow,
    PracticeAnswerRow,
    PracticeRow,
    ReviewRow,
    table_of,
)


@dataclass(frozen=True, slots=True)
class PoolCard:
    """A card in use at its current revision; ``difficulty`` is the memory model's for the learner, where it has one."""

    card_id: int
    revision_id: int
    deck_slug: str
    theme: str
    deck_tags: tuple[str, ...]
    card_slug: str
    body: str
    difficulty: float | None


@dataclass(frozen=True, slots=True)
class AnswerSummary:
    """When a learner last answered a card: at all, wrong, being sure, and being sure and wrong."""

    last_at: datetime
    wrong_at: datetime | None
    sure_at: datetime | None
    sure_wrong_at: datetime | None


@dataclass(frozen=True, slots=True)
class PracticeRecord:
    """A round as stored; ``choice`` is JSON, ``revisions`` are in the order of asking."""

    learner_id: int
    handle: str
    choice: str
    revisions: tuple[int, ...]
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PracticeAnswerRecord:
    """An answer of a round as stored; ``place`` counts the round's cards from 0."""

    learner_id: int
    key: str
    handle: str
    place: int
    card_id: int
    revision_id: int
    answered_at: datetime
    response: str
    body_digest: str
    score: float
    verdict: str
    rating: int
    hint_used: bool
    confidence: int | None
    shown_ms: int | None


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A card of a round, at the revision that was drawn, with what the page says of its deck; ``body`` is JSON."""

    deck_slug: str
    deck_title: str
    language: str
    card_id: int
    card_slug: str
    revision_id: int
    body: str

    @property
    def ref(self) -> str:
        """The card's name for people and programs: ``DECK/CARD``."""
        return f"{self.deck_slug}/{self.card_slug}"


_ANSWER_FIELDS = tuple(PracticeAnswerRecord.__dataclass_fields__)
_IS_CURRENT = (col(CardRevisionRow.card_id) == col(CardRow.id)) & (col(CardRevisionRow.number) == col(CardRow.revision))


def list_pool(session: Session, learner_id: int | None) -> list[PoolCard]:
    """All cards in use, in the order of the list of decks and then of each deck."""
    rows = session.execute(
        sa.select(
            col(CardRow.id),
            col(CardRevisionRow.id),
            col(DeckRow.slug),
            col(DeckRow.theme),
            col(DeckRow.tags),
            col(CardRow.slug),
            col(CardRevisionRow.body),
            col(CardStateRow.difficulty),
        )
        .join(DeckRow, col(DeckRow.id) == col(CardRow.deck_id))
        .join(CardRevisionRow, _IS_CURRENT)
        .outerjoin(
            CardStateRow,
            (col(CardStateRow.card_id) == col(CardRow.id))
            & (col(CardStateRow.learner_id) == (-1 if learner_id is None else learner_id)),
        )
        .where(col(CardRow.retired_at).is_(None))
        .order_by(col(DeckRow.theme), col(DeckRow.title), col(DeckRow.id), col(CardRow.position), col(CardRow.id))
    )
    return [
        PoolCard(card, revision, deck, theme, tuple(tags), slug, body, difficulty)
        for card, revision, deck, theme, tags, slug, body, difficulty in rows
    ]


def list_places(session: Session) -> dict[int, frozenset[tuple[str, int]]]:
    """The paragraphs that cards in use cite, by the id of the card's current revision."""
    rows = session.execute(
        sa.select(col(CitationRow.revision_id), col(CitationRow.source_id), col(CitationRow.paragraph))
        .join(CardRevisionRow, col(CardRevisionRow.id) == col(CitationRow.revision_id))
        .join(CardRow, _IS_CURRENT)
        .where(col(CardRow.retired_at).is_(None))
    )
    found: dict[int, set[tuple[str, int]]] = {}
    for revision, source, paragraph in rows:
        found.setdefault(revision, set()).add((source, paragraph))
    return {revision: frozenset(places) for revision, places in found.items()}


def _answers_of(table: sa.Table, learner_id: int) -> sa.Select[Any]:
    return sa.select(table.c.card_id, table.c.answered_at, table.c.score, table.c.confidence).where(
        table.c.learner_id == learner_id
    )


def summarise_answers(session: Session, learner_id: int) -> Mapping[int, AnswerSummary]:
    """Each card that the learner has answered, in study or in practice; what was taken back does not count."""
    reviews = table_of(ReviewRow)
    studied = _answers_of(reviews, learner_id).where(reviews.c.undone_at.is_(None))
    both = studied.union_all(_answers_of(table_of(PracticeAnswerRow), learner_id)).subquery()
    wrong, sure = both.c.score < CORRECT_FROM, both.c.confidence == SURE

    def last(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[datetime]:
        moment = sa.func.max(both.c.answered_at)
        return sa.type_coerce(moment.filter(*conditions) if conditions else moment, Instant)

    rows = session.execute(
        sa.select(both.c.card_id, last(), last(wrong), last(sure), last(sure, wrong)).group_by(both.c.card_id)
    )
    return {card_id: AnswerSummary(*moments) for card_id, *moments in rows}


_ROUND_CARD = (
    sa.select(
        col(DeckRow.slug),
        col(DeckRow.title),
        col(DeckRow.language),
        col(CardRow.id),
        col(CardRow.slug),
        col(CardRevisionRow.id),
        col(CardRevisionRow.body),
    )
    .join(CardRow, col(CardRow.deck_id) == col(DeckRow.id))
    .join(CardRevisionRow, col(CardRevisionRow.card_id) == col(CardRow.id))
)


def list_cards(session: Session, revision_ids: Sequence[int]) -> dict[int, RoundCard]:
    """The cards of these revisions, by the revision's id; one whose deck is gone is left out."""
    rows = session.execute(_ROUND_CARD.where(col(CardRevisionRow.id).in_(revision_ids)))
    cards = [RoundCard(*row) for row in rows]
    return {card.revision_id: card for card in cards}


def _record(row: PracticeRow) -> PracticeRecord:
    return PracticeRecord(row.learner_id, row.handle, row.choice, tuple(row.revisions), row.started_at, row.ended_at)


def add_practice(session: Session, practice: PracticeRecord) -> None:
    """Write a new round down."""
    session.add(
        PracticeRow(
            learner_id=practice.learner_id,
            handle=practice.handle,
            choice=practice.choice,
            revisions=list(practice.revisions),
            started_at=practice.started_at,
            ended_at=practice.ended_at,
        )
    )
    session.flush()


def find_practice(session: Session, learner_id: int, handle: str) -> PracticeRecord | None:
    """A round of this learner."""
    row = session.get(PracticeRow, (learner_id, handle))
    return None if row is None else _record(row)


def end_practice(session: Session, learner_id: int, handle: str, now: datetime) -> None:
    """Note that a round's last card was answered."""
    table = table_of(PracticeRow)
    session.execute(
        sa.update(table).where(table.c.learner_id == learner_id, table.c.handle == handle).values(ended_at=now)
    )


def list_open(session: Session, learner_id: int, since: datetime, limit: int) -> list[tuple[PracticeRecord, int]]:
    """The rounds begun since then and not ended, the newest first, each with the number of its answers."""
    answered = (
        sa.select(sa.func.count())
        .where(
            col(PracticeAnswerRow.learner_id) == col(PracticeRow.learner_id),
            col(PracticeAnswerRow.handle) == col(PracticeRow.handle),
        )
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(PracticeRow, answered)
        .where(
            col(PracticeRow.learner_id) == learner_id,
            col(PracticeRow.started_at) >= since,
            col(PracticeRow.ended_at).is_(None),
        )
        .order_by(col(PracticeRow.started_at).desc(), col(PracticeRow.handle))
        .limit(limit)
    )
    return [(_record(row), count) for row, count in rows]


def add_answer(session: Session, answer: PracticeAnswerRecord) -> None:
    """Write an answer down."""
    values = {name: getattr(answer, name) for name in _ANSWER_FIELDS}
    session.execute(sa.insert(table_of(PracticeAnswerRow)).values(**values))


def find_answer(session: Session, learner_id: int, key: str) -> PracticeAnswerRecord | None:
    """A learner's answer by its key, in whichever round."""
    row = session.exec(
        select(PracticeAnswerRow).where(PracticeAnswerRow.learner_id == learner_id, PracticeAnswerRow.key == key)
    ).first()
    return None if row is None else _answer(row)


def _answer(row: PracticeAnswerRow) -> PracticeAnswerRecord:
    return PracticeAnswerRecord(**{name: getattr(row, name) for name in _ANSWER_FIELDS})


def list_answers(session: Session, learner_id: int, handle: str) -> list[PracticeAnswerRecord]:
    """The answers of a round, in the order of its cards."""
    rows = session.exec(
        select(PracticeAnswerRow)
        .where(PracticeAnswerRow.learner_id == learner_id, PracticeAnswerRow.handle == handle)
        .order_by(col(PracticeAnswerRow.place))
    )
    return [_answer(row) for row in rows]


def count_given(session: Session, learner_id: int) -> int:
    """How many answers a learner has given in practice."""
    given = sa.select(sa.func.count()).where(col(PracticeAnswerRow.learner_id) == learner_id)
    return int(session.execute(given).scalar_one())


def move_practice(session: Session, from_id: int, to_id: int) -> None:
    """Make a guest's rounds and answers those of an account, save the few whose names it has already.

    The caller removes the guest afterwards.
    """
    rounds, answers = table_of(PracticeRow), table_of(PracticeAnswerRow)
    own_rounds = sa.select(rounds.c.handle).where(rounds.c.learner_id == to_id)
    own_keys = sa.select(answers.c.key).where(answers.c.learner_id == to_id)
    taken = (
        session.execute(sa.select(rounds).where(rounds.c.learner_id == from_id, rounds.c.handle.not_in(own_rounds)))
        .mappings()
        .all()
    )
    if not taken:
        return
    handles = [row["handle"] for row in taken]
    given = (
        session.execute(
            sa.select(answers).where(
                answers.c.learner_id == from_id, answers.c.handle.in_(handles), answers.c.key.not_in(own_keys)
            )
        )
        .mappings()
        .all()
    )
    session.execute(sa.insert(rounds), [dict(row) | {"learner_id": to_id} for row in taken])
    if given:
        session.execute(sa.insert(answers), [dict(row) | {"learner_id": to_id} for row in given])

"""Whole review logs: read, replaced, and beside the states they led to. Queries that never commit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlmodel import Session, col

from quizapp.core.learning.memory import MemoryState
from quizapp.store.study import REVIEW_FIELDS, ReviewRecord, read_state
from quizapp.store.tables import CardRow, CardStateRow, DeckRow, LearnerRow, ReviewRow, table_of


@dataclass(frozen=True, slots=True)
class LoggedCard:
    """One card of one learner: the answers that count, as (rating, time) in their order, and the state as stored."""

    learner_id: int
    handle: str
    deck_id: int
    card_id: int
    ref: str
    reviews: tuple[tuple[int, datetime], ...]
    stored: MemoryState | None


def list_reviews(session: Session, learner_id: int) -> list[ReviewRecord]:
    """All answers of a learner in their order, those taken back too."""
    table = table_of(ReviewRow)
    rows = session.execute(
        sa.select(*(table.c[name] for name in REVIEW_FIELDS))
        .where(table.c.learner_id == learner_id)
        .order_by(table.c.seq)
    )
    return [ReviewRecord(*row) for row in rows]


def replace_reviews(session: Session, learner_id: int, reviews: Sequence[ReviewRecord]) -> None:
    """Put this log in the place of the learner's."""
    table = table_of(ReviewRow)
    session.execute(sa.delete(table).where(table.c.learner_id == learner_id))
    if reviews:
        session.execute(sa.insert(table), [{name: getattr(row, name) for name in REVIEW_FIELDS} for row in reviews])


def list_refs(session: Session, card_ids: Sequence[int]) -> dict[int, str]:
    """The names ``DECK/CARD`` of cards, by id."""
    rows = session.execute(
        sa.select(col(CardRow.id), col(DeckRow.slug), col(CardRow.slug))
        .join(DeckRow, col(DeckRow.id) == col(CardRow.deck_id))
        .where(col(CardRow.id).in_(card_ids))
    )
    return {card_id: f"{deck}/{card}" for card_id, deck, card in rows}


def iterate_logged_cards(session: Session) -> Iterator[LoggedCard]:
    """Every card that a learner has a log or a state of."""
    table, states = table_of(ReviewRow), table_of(CardStateRow)
    logged = sa.select(table.c.learner_id, table.c.card_id, table.c.deck_id).distinct()
    kept = sa.select(states.c.learner_id, states.c.card_id, states.c.deck_id)
    pairs = logged.union(kept).subquery()
    rows = session.execute(
        sa.select(
            pairs.c.learner_id,
            col(LearnerRow.handle),
            pairs.c.deck_id,
            pairs.c.card_id,
            col(DeckRow.slug),
            col(CardRow.slug),
        )
        .join(LearnerRow, col(LearnerRow.id) == pairs.c.learner_id)
        .join(CardRow, col(CardRow.id) == pairs.c.card_id)
        .join(DeckRow, col(DeckRow.id) == pairs.c.deck_id)
        .order_by(pairs.c.learner_id, pairs.c.card_id)
    ).all()
    for learner_id, cards in groupby(rows, key=lambda row: int(row[0])):
        reviews = _counting_reviews(session, learner_id)
        for _, handle, deck_id, card_id, deck, card in cards:
            stored = read_state(session, learner_id, card_id)
            log = tuple(reviews.get(card_id, ()))
            yield LoggedCard(learner_id, handle, deck_id, card_id, f"{deck}/{card}", log, stored)


def _counting_reviews(session: Session, learner_id: int) -> dict[int, list[tuple[int, datetime]]]:
    table = table_of(ReviewRow)
    rows = session.execute(
        sa.select(table.c.card_id, table.c.rating, table.c.answered_at)
        .where(table.c.learner_id == learner_id, table.c.undone_at.is_(None))
        .order_by(table.c.seq)
    )
    found: dict[int, list[tuple[int, datetime]]] = {}
    for card_id, rating, at in rows:
        found.setdefault(card_id, []).append((rating, at))
    return found

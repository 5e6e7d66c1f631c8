"""Whole review logs: read, replaced, and beside the states they led to. Queries that never commit."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from quizapp.store.states import CardPlace
from quizapp.store.study import REVIEW_FIELDS, ReviewRecord
from quizapp.store.tables import CardRow, DeckRow, FitRow, ReviewRow, table_of


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


@dataclass(frozen=True, slots=True)
class LearnersCard:
    """A card by its name (``DECK/CARD``), its place for a learner, and the parameters of its deck (JSON, or blank)."""

    ref: str
    place: CardPlace
    parameters: str


def list_cards(session: Session, learner_id: int, card_ids: Sequence[int]) -> dict[int, LearnersCard]:
    """These cards for a learner, by id."""
    rows = session.execute(
        sa.select(
            col(DeckRow.slug),
            col(CardRow.slug),
            col(CardRow.deck_id),
            col(CardRow.id),
            col(CardRow.position),
            col(CardRow.retired_at).is_not(None),
            sa.func.coalesce(col(FitRow.parameters), ""),
        )
        .join(DeckRow, col(DeckRow.id) == col(CardRow.deck_id))
        .outerjoin(FitRow, col(FitRow.id) == col(DeckRow.fit_id))
        .where(col(CardRow.id).in_(card_ids))
    )
    return {
        card_id: LearnersCard(
            f"{deck}/{card}", CardPlace(learner_id, deck_id, card_id, position, bool(retired)), parameters
        )
        for deck, card, deck_id, card_id, position, retired, parameters in rows
    }

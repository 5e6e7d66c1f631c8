"""Whole review logs: read, replaced, and beside the states they led to. Queries that never commit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlmodel import Session, col

from quizapp.core.learning.memory import MemoryState
from quizapp.store.states import CardPlace, find_state
from quizapp.store.study import REVIEW_FIELDS, ReviewRecord
from quizapp.store.tables import CardRow, CardStateRow, DeckRow, LearnerRow, ReviewRow, table_of


@dataclass(frozen=True, slots=True)
class LoggedCard:
    """One card of one learner: the answers that count, as (rating, time) in their order, and the state as stored.

    ``due`` is when the last of them put the card; None where no answer counts.
    """

    place: CardPlace
    handle: str
    ref: str
    reviews: tuple[tuple[int, datetime], ...]
    due: datetime | None
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


def list_places(session: Session, learner_id: int, card_ids: Sequence[int]) -> dict[int, tuple[str, CardPlace]]:
    """The names ``DECK/CARD`` of cards, and their places for a learner, by id."""
    rows = session.execute(
        sa.select(
            col(DeckRow.slug),
            col(CardRow.slug),
            col(CardRow.deck_id),
            col(CardRow.id),
            col(CardRow.position),
            col(CardRow.retired_at).is_not(None),
        )
        .join(DeckRow, col(DeckRow.id) == col(CardRow.deck_id))
        .where(col(CardRow.id).in_(card_ids))
    )
    return {
        card_id: (f"{deck}/{card}", CardPlace(learner_id, deck_id, card_id, position, bool(retired)))
        for deck, card, deck_id, card_id, position, retired in rows
    }


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
            col(CardRow.position),
            col(CardRow.retired_at).is_not(None),
        )
        .join(LearnerRow, col(LearnerRow.id) == pairs.c.learner_id)
        .join(CardRow, col(CardRow.id) == pairs.c.card_id)
        .join(DeckRow, col(DeckRow.id) == pairs.c.deck_id)
        .order_by(pairs.c.learner_id, pairs.c.card_id)
    ).all()
    for learner_id, cards in groupby(rows, key=lambda row: int(row[0])):
        reviews = _counting_reviews(session, learner_id)
        for _, handle, deck_id, card_id, deck, card, position, retired in cards:
            stored = find_state(session, learner_id, card_id)
            log, due = reviews.get(card_id, ((), None))
            place = CardPlace(learner_id, deck_id, card_id, position, bool(retired))
            yield LoggedCard(place, handle, f"{deck}/{card}", tuple(log), due, stored)


def _counting_reviews(session: Session, learner_id: int) -> dict[int, tuple[list[tuple[int, datetime]], datetime]]:
    """A learner's answers that count, by card, with when the last of them put the card."""
    table = table_of(ReviewRow)
    rows = session.execute(
        sa.select(table.c.card_id, table.c.rating, table.c.answered_at, table.c.state_after)
        .where(table.c.learner_id == learner_id, table.c.undone_at.is_(None))
        .order_by(table.c.seq)
    )
    logs: dict[int, list[tuple[int, datetime]]] = {}
    last: dict[int, str] = {}
    for card_id, rating, at, after in rows:
        logs.setdefault(card_id, []).append((rating, at))
        last[card_id] = after
    return {card_id: (log, MemoryState.from_json(last[card_id]).due) for card_id, log in logs.items()}

"""Adding many new cards to a deck at once. Never commits.

On SQLite, where the one writer there is holds the lock, the ids are numbered here and rows go to the driver as they
are: for a hundred thousand cards that takes a third of the time of looking up what the database has numbered.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store import decks, prepared
from quizapp.store.decks import NewRevision
from quizapp.store.engine import Instant
from quizapp.store.tables import CardRevisionRow, CardRow, table_of

_card, _revision = table_of(CardRow), table_of(CardRevisionRow)
_CARDS = "INSERT INTO card (id, deck_id, slug, position, revision) VALUES (?, ?, ?, ?, 1)"
_REVISIONS = (
    "INSERT INTO card_revision (id, card_id, number, format, type, digest, body, created_at)"
    " VALUES (?, ?, 1, 1, ?, ?, ?, ?)"
)
_CITATIONS = "INSERT INTO citation (revision_id, position, source_id, paragraph, quote) VALUES (?, ?, ?, ?, ?)"


class NewCard(NamedTuple):
    """A card as it is stored when its deck does not have it yet; ``citations`` are (source, paragraph, quote)."""

    slug: str
    position: int
    type: str
    digest: str
    body: str
    citations: tuple[tuple[str, int, str], ...] = ()


def _next_id(session: Session, column: sa.ColumnElement[int]) -> int:
    return int(session.execute(sa.select(sa.func.coalesce(sa.func.max(column), 0))).scalar_one()) + 1


def _add_on_sqlite(session: Session, deck_id: int, cards: Collection[NewCard], now: datetime) -> None:
    first, first_revision = _next_id(session, _card.c.id), _next_id(session, _revision.c.id)
    made = Instant().process_bind_param(now, session.get_bind().dialect)
    away = first - first_revision
    prepared.run_many(
        session, _CARDS, ((number, deck_id, card[0], card[1]) for number, card in enumerate(cards, first))
    )
    prepared.run_many(
        session,
        _REVISIONS,
        (
            (number, number + away, kind, digest, body, made)
            for number, (_, _, kind, digest, body, _) in enumerate(cards, first_revision)
        ),
    )
    prepared.run_many(
        session,
        _CITATIONS,
        (
            (number, position, *citation)
            for number, card in enumerate(cards, first_revision)
            for position, citation in enumerate(card.citations)
        ),
    )


def add_new_cards(session: Session, deck_id: int, cards: Collection[NewCard], now: datetime) -> None:
    """Add cards with their first revisions and citations. The deck must have none of their slugs."""
    if not cards:
        return
    if session.get_bind().dialect.name == "sqlite":
        _add_on_sqlite(session, deck_id, cards, now)
        return
    ids = decks.add_cards(session, deck_id, [(card.slug, card.position) for card in cards])
    revisions = [NewRevision(ids[card.slug], 1, card.type, card.digest, card.body, card.citations) for card in cards]
    decks.add_revisions(session, revisions, now)

"""Adding many new cards to a deck at once. Never commits.

On SQLite, where the one writer there is holds the lock, the ids are numbered here and rows go to the driver as they
are: for a hundred thousand cards that takes a third of the time of looking up what the database has numbered.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store import decks
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
    """A card that its deck does not have yet; ``citations`` are (source, paragraph, quote)."""

    slug: str
    position: int
    type: str
    digest: str
    body: str
    citations: tuple[tuple[str, int, str], ...] = ()


def _next_id(session: Session, column: sa.ColumnElement[int]) -> int:
    return int(session.execute(sa.select(sa.func.coalesce(sa.func.max(column), 0))).scalar_one()) + 1


def _add_on_sqlite(session: Session, deck_id: int, cards: Sequence[NewCard], now: datetime) -> None:
    connection = session.connection()
    first, first_revision = _next_id(session, _card.c.id), _next_id(session, _revision.c.id)
    made = Instant().process_bind_param(now, connection.dialect)
    rows = [(number, deck_id, card.slug, card.position) for number, card in enumerate(cards, first)]
    connection.exec_driver_sql(_CARDS, rows)
    away = first - first_revision
    revisions = [
        (number, number + away, card.type, card.digest, card.body, made)
        for number, card in enumerate(cards, first_revision)
    ]
    connection.exec_driver_sql(_REVISIONS, revisions)
    citations = [
        (number, position, *citation)
        for number, card in enumerate(cards, first_revision)
        for position, citation in enumerate(card.citations)
    ]
    if citations:
        connection.exec_driver_sql(_CITATIONS, citations)


def add_new_cards(session: Session, deck_id: int, cards: Sequence[NewCard], now: datetime) -> None:
    """Add cards with their first revisions and citations. The deck must have none of their slugs."""
    if not cards:
        return
    if session.get_bind().dialect.name == "sqlite":
        _add_on_sqlite(session, deck_id, cards, now)
        return
    ids = decks.add_cards(session, deck_id, [(card.slug, card.position) for card in cards])
    revisions = [NewRevision(ids[card.slug], 1, card.type, card.digest, card.body, card.citations) for card in cards]
    decks.add_revisions(session, revisions, now)

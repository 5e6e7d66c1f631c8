"""The cards that a test can be made of: queries that never commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.tables import AssessmentCardRow, CardRevisionRow, CardRow, DeckRow, table_of

_deck, _card, _revision = table_of(DeckRow), table_of(CardRow), table_of(CardRevisionRow)
_pool = table_of(AssessmentCardRow)


@dataclass(frozen=True, slots=True)
class PoolRecord:
    """A card in use at its current revision, with what its deck says of it. ``body`` is the card as JSON."""

    card_id: int
    revision_id: int
    deck_slug: str
    deck_title: str
    language: str
    theme: str
    deck_tags: list[str]
    slug: str
    type: str
    body: str


_POOL = (
    sa.select(
        _card.c.id,
        _revision.c.id,
        _deck.c.slug,
        _deck.c.title,
        _deck.c.language,
        _deck.c.theme,
        _deck.c.tags,
        _card.c.slug,
        _revision.c.type,
        _revision.c.body,
    )
    .join_from(_card, _deck, _deck.c.id == _card.c.deck_id)
    .join(_revision, (_revision.c.card_id == _card.c.id) & (_revision.c.number == _card.c.revision))
    .where(_card.c.retired_at.is_(None))
    .order_by(_deck.c.slug, _card.c.position, _card.c.id)
)


def _records(session: Session, statement: sa.Select[Any]) -> list[PoolRecord]:
    return [PoolRecord(*row) for row in session.execute(statement)]


def list_all(session: Session, decks: Sequence[str] | None = None, themes: Sequence[str] = ()) -> list[PoolRecord]:
    """The cards in use of these decks and themes, in the order of the decks; None: of all decks."""
    if decks is None:
        return _records(session, _POOL)
    return _records(session, _POOL.where(_deck.c.slug.in_(decks) | _deck.c.theme.in_(themes)))


def list_pool(session: Session, assessment_id: int) -> list[PoolRecord]:
    """The cards in use that a test may ask, as written down when it was saved."""
    return _records(
        session, _POOL.join(_pool, (_pool.c.card_id == _card.c.id) & (_pool.c.assessment_id == assessment_id))
    )


def list_decks(session: Session) -> list[tuple[str, str, str]]:
    """All decks as slug, title and theme, by theme and title."""
    rows = session.execute(sa.select(_deck.c.slug, _deck.c.title, _deck.c.theme).order_by(_deck.c.theme, _deck.c.title))
    return [(row[0], row[1], row[2]) for row in rows]

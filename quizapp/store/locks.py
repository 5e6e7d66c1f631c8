"""Decks locked against what changes their cards: nobody answers a card while it is retired. Queries that never commit.

Everybody locks in one order, so that nobody waits in a circle: the drafts, then the decks, then the learners. On
SQLite, which has one writer, nothing is asked.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.tables import CardRow, DeckProgressRow, DeckRow, table_of

_deck, _card, _progress = table_of(DeckRow), table_of(CardRow), table_of(DeckProgressRow)


def _lock(session: Session, decks: sa.ColumnElement[bool], *, to_change: bool) -> None:
    if session.get_bind().dialect.name != "sqlite":
        found = sa.select(_deck.c.id).where(decks).order_by(_deck.c.id)
        session.execute(found.with_for_update(read=not to_change, key_share=not to_change)).all()


def lock_decks_to_change(session: Session, deck_ids: Collection[int]) -> None:
    """Let nobody answer a card of these decks, or change them, until the transaction ends."""
    _lock(session, _deck.c.id.in_(sorted(deck_ids)), to_change=True)


def lock_decks(session: Session, deck_ids: Collection[int]) -> None:
    """Let nobody change these decks until the transaction ends; others may answer in them."""
    _lock(session, _deck.c.id.in_(sorted(deck_ids)), to_change=False)


def lock_decks_of_cards(session: Session, card_ids: Collection[int]) -> None:
    """The same for the decks of these cards."""
    decks = sa.select(_card.c.deck_id).where(_card.c.id.in_(sorted(card_ids)))
    _lock(session, _deck.c.id.in_(decks), to_change=False)


def lock_decks_of_learners(session: Session, learner_ids: Collection[int]) -> None:
    """The same for all decks that these learners have begun."""
    decks = sa.select(_progress.c.deck_id).where(_progress.c.learner_id.in_(sorted(learner_ids)))
    _lock(session, _deck.c.id.in_(decks), to_change=False)

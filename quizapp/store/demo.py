"""What a demo needs to know of all that is loaded: a query that never commits."""

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.study import RevisionRecord, get_current_revision
from quizapp.store.tables import CardRow, DeckRow, table_of


def list_current_revisions(session: Session) -> list[RevisionRecord]:
    """The cards in use of all decks, at their current revision, deck after deck."""
    card, deck = table_of(CardRow), table_of(DeckRow)
    ids = session.execute(
        sa.select(card.c.id)
        .join(deck, deck.c.id == card.c.deck_id)
        .where(card.c.retired_at.is_(None))
        .order_by(deck.c.slug, card.c.position)
    )
    return [get_current_revision(session, card_id) for (card_id,) in ids]

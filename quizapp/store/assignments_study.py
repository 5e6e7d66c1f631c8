"""The cards of an assignment as one student has them before them: a query that never commits."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.learning.memory import MemoryState
from quizapp.store.states import STATE_COLUMNS, state_of
from quizapp.store.tables import AssignmentCardRow, CardRow, CardStateRow, DeckRow, table_of

_asked, _card = table_of(AssignmentCardRow), table_of(CardRow)
_deck, _state = table_of(DeckRow), table_of(CardStateRow)


@dataclass(frozen=True, slots=True)
class MaterialCard:
    """A card in use, and what is known of it; None: not begun."""

    id: int
    state: MemoryState | None


def list_material(session: Session, assignment_id: int, learner_id: int) -> list[MaterialCard]:
    """The cards to study, in the order of the list of decks and then of each deck."""
    rows = session.execute(
        sa.select(_card.c.id, *STATE_COLUMNS)
        .select_from(_asked)
        .join(_card, _card.c.id == _asked.c.card_id)
        .join(_deck, _deck.c.id == _card.c.deck_id)
        .outerjoin(_state, (_state.c.card_id == _card.c.id) & (_state.c.learner_id == learner_id))
        .where(_asked.c.assignment_id == assignment_id, _card.c.retired_at.is_(None))
        .order_by(_deck.c.theme, _deck.c.title, _deck.c.id, _card.c.position, _card.c.id)
    )
    return [MaterialCard(row[0], None if row[1] is None else state_of(tuple(row[1:]))) for row in rows]


def list_decks(session: Session, assignment_id: int) -> list[tuple[str, str, str]]:
    """The decks that the cards are in: slug, title and language."""
    rows = session.execute(
        sa.select(_deck.c.slug, _deck.c.title, _deck.c.language)
        .join(_card, _card.c.deck_id == _deck.c.id)
        .join(_asked, _asked.c.card_id == _card.c.id)
        .where(_asked.c.assignment_id == assignment_id, _card.c.retired_at.is_(None))
        .distinct()
        .order_by(_deck.c.title)
    )
    return [(row[0], row[1], row[2]) for row in rows]

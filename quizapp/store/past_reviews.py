"""The cards that reviews made elsewhere are about: queries that never commit."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store import logs
from quizapp.store.logs import LearnersCard
from quizapp.store.tables import CardRevisionRow, CardRow, DeckRow, table_of

_deck, _card, _revision = table_of(DeckRow), table_of(CardRow), table_of(CardRevisionRow)
_SLICE = 500


@dataclass(frozen=True, slots=True)
class ReviewedCard:
    """A card of a deck, in use or retired, at its current revision."""

    deck_id: int
    card_id: int
    revision_id: int


def find_deck_cards(session: Session, deck: str) -> dict[str, ReviewedCard] | None:
    """The cards that students study, or have studied, of a deck, by their ids; None where there is no such deck."""
    deck_id = session.execute(sa.select(_deck.c.id).where(_deck.c.slug == deck)).scalar_one_or_none()
    if deck_id is None:
        return None
    rows = session.execute(
        sa.select(_card.c.slug, _card.c.deck_id, _card.c.id, _revision.c.id)
        .join(_revision, (_revision.c.card_id == _card.c.id) & (_revision.c.number == _card.c.revision))
        .where(_card.c.deck_id == deck_id)
    )
    return {slug: ReviewedCard(*row) for slug, *row in rows}


def list_places(session: Session, learner_id: int, card_ids: Collection[int]) -> dict[int, LearnersCard]:
    """These cards for a learner, by id; there may be any number of them."""
    listed, found = sorted(card_ids), dict[int, LearnersCard]()
    for start in range(0, len(listed), _SLICE):
        found |= logs.list_cards(session, learner_id, listed[start : start + _SLICE])
    return found

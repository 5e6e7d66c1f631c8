"""Cards that cite overlapping words, or the same paragraph: asked when cards are chosen. Queries never commit."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.prepared import Prepared
from quizapp.store.states import REVIEWS
from quizapp.store.tables import (
    CardRevisionRow,
    CardRow,
    CardStateRow,
    CitationRow,
    ReviewRow,
    SiblingRow,
    SourceRow,
    table_of,
)

_sibling, _state, _card = table_of(SiblingRow), table_of(CardStateRow), table_of(CardRow)
_source = table_of(SourceRow)
_revision, _citation, _review = table_of(CardRevisionRow), table_of(CitationRow), table_of(ReviewRow)

_LISTED = (
    sa.select(_card.c.id, _citation.c.paragraph, _citation.c.quote)
    .join(_revision, (_revision.c.card_id == _card.c.id) & (_revision.c.number == _card.c.revision))
    .join(_citation, _citation.c.revision_id == _revision.c.id)
    .where(_citation.c.source_id == sa.bindparam("source"), _card.c.retired_at.is_(None))
    .order_by(_card.c.deck_id, _card.c.position, _citation.c.position)
)
MOST_ASKED = 20
_cards = [sa.bindparam(f"card_{number}", type_=sa.Integer) for number in range(MOST_ASKED)]


def _find(session: Session, statement: Prepared, card_ids: Collection[int], values: dict[str, Any]) -> frozenset[int]:
    """Those of the cards that a statement finds, asked in lists that are always equally long: so it stays the same."""
    found: set[int] = set()
    listed = list(card_ids)
    for start in range(0, len(listed), MOST_ASKED):
        some = listed[start : start + MOST_ASKED]
        filled = enumerate(some + [-1] * (MOST_ASKED - len(some)))
        rows = statement.all(session, values | {f"card_{number}": card for number, card in filled})
        found.update(card for (card,) in rows)
    return frozenset(found)


_theirs = (_state.c.learner_id == sa.bindparam("learner")) & (_state.c.card_id == _sibling.c.sibling_id)
_MET = Prepared(
    sa.select(_sibling.c.card_id)
    .distinct()
    .join(_state, _theirs)
    .where(_sibling.c.card_id.in_(_cards), _state.c.last_review >= sa.bindparam("since"))
)
_DUES = Prepared(
    sa.select(_state.c.due)
    .distinct()
    .select_from(_sibling)
    .join(_state, _theirs)
    .where(_sibling.c.card_id == sa.bindparam("card"), _state.c.queue == REVIEWS)
)

_last_revision = (
    sa.select(_review.c.revision_id)
    .where(
        _review.c.learner_id == sa.bindparam("learner"),
        _review.c.deck_id == sa.bindparam("deck"),
        _review.c.undone_at.is_(None),
    )
    .order_by(_review.c.seq.desc())
    .limit(1)
    .scalar_subquery()
)
_last_cited = _citation.alias("last_cited")
_SAME_TOPIC = Prepared(
    sa.select(_card.c.id)
    .distinct()
    .join(_revision, (_revision.c.card_id == _card.c.id) & (_revision.c.number == _card.c.revision))
    .join(_citation, _citation.c.revision_id == _revision.c.id)
    .join(
        _last_cited,
        (_last_cited.c.source_id == _citation.c.source_id) & (_last_cited.c.paragraph == _citation.c.paragraph),
    )
    .where(
        _card.c.id.in_(_cards),
        _last_cited.c.revision_id == _last_revision,
    )
)


def list_citing_cards(session: Session, source_id: str) -> list[tuple[int, int, str]]:
    """What the cards in use cite of a source: (card id, paragraph, quote), in the order of their decks."""
    return [(card, paragraph, quote) for card, paragraph, quote in session.execute(_LISTED, {"source": source_id})]


def lock_siblings(session: Session, source_id: str) -> None:
    """Let nobody else find the siblings of a source until the transaction ends; its citations may be written."""
    session.execute(sa.select(_source.c.id).where(_source.c.id == source_id).with_for_update(key_share=True)).all()


def replace_siblings(session: Session, source_id: str, pairs: Iterable[tuple[int, int]]) -> None:
    """Put these pairs (card id, sibling's id) in the place of what was kept of a source."""
    session.execute(sa.delete(_sibling).where(_sibling.c.source_id == source_id))
    rows = [{"source_id": source_id, "card_id": card, "sibling_id": other} for card, other in pairs]
    if rows:
        session.execute(sa.insert(_sibling), rows)


def find_met(session: Session, learner_id: int, card_ids: Collection[int], since: datetime) -> frozenset[int]:
    """Those of the cards that have a sibling which the learner answered since then."""
    return _find(session, _MET, card_ids, {"learner": learner_id, "since": since})


def list_pairs(session: Session, card_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The siblings that these cards have among them, by card; cards without any are left out."""
    found: dict[int, set[int]] = {}
    rows = session.execute(
        sa.select(_sibling.c.card_id, _sibling.c.sibling_id).where(
            _sibling.c.card_id.in_(card_ids), _sibling.c.sibling_id.in_(card_ids)
        )
    )
    for card, other in rows:
        found.setdefault(card, set()).add(other)
    return {card: frozenset(others) for card, others in found.items()}


def find_same_topic(session: Session, learner_id: int, deck_id: int, card_ids: Collection[int]) -> frozenset[int]:
    """Those of the cards that cite a paragraph which the deck's last answered one cites."""
    return _find(session, _SAME_TOPIC, card_ids, {"learner": learner_id, "deck": deck_id})


def list_dues(session: Session, learner_id: int, card_id: int) -> list[datetime]:
    """When a card's siblings come back for review."""
    return [due for (due,) in _DUES.all(session, {"learner": learner_id, "card": card_id})]

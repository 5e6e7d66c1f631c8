"""Decks, cards, revisions and citations: queries that never commit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from quizapp.store.prepared import Prepared
from quizapp.store.states import STEPS
from quizapp.store.tables import (
    CardRevisionRow,
    CardRow,
    CardStateRow,
    CitationRow,
    DeckProgressRow,
    DeckRow,
    DueCountRow,
    FitRow,
    known_id,
    table_of,
)

_deck, _fit, _state = table_of(DeckRow), table_of(FitRow), table_of(CardStateRow)
_progress, _due = table_of(DeckProgressRow), table_of(DueCountRow)


@dataclass(frozen=True, slots=True)
class DeckRecord:
    """A deck's head as stored. ``parameters`` are those fitted to it, as JSON; blank where there are none."""

    id: int
    slug: str
    title: str
    description: str
    language: str
    theme: str
    digest: str
    sources: tuple[str, ...]
    parameters: str = ""


@dataclass(frozen=True, slots=True)
class StoredCard:
    """A card's identity, and the digest of its current revision."""

    id: int
    slug: str
    position: int
    revision: int
    digest: str
    retired: bool


@dataclass(frozen=True, slots=True)
class NewRevision:
    """A revision to be stored; ``citations`` are (source, paragraph, quote)."""

    card_id: int
    number: int
    type: str
    digest: str
    body: str
    citations: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class DeckCounts:
    """A deck as one learner sees it in the list: cards in use, seen, and due by phase."""

    deck: DeckRecord
    cards: int
    seen: int
    learning_due: int
    review_due: int


_HEAD = (
    sa.select(
        _deck.c.id,
        _deck.c.slug,
        _deck.c.title,
        _deck.c.description,
        _deck.c.language,
        _deck.c.theme,
        _deck.c.digest,
        _deck.c.sources,
        sa.func.coalesce(_fit.c.parameters, ""),
    )
    .select_from(_deck)
    .outerjoin(_fit, _fit.c.id == _deck.c.fit_id)
)
_BY_SLUG = Prepared(_HEAD.where(_deck.c.slug == sa.bindparam("deck")))


def _deck_record(columns: Sequence[Any]) -> DeckRecord:
    row, slug, title, description, language, theme, digest, sources, parameters = columns
    return DeckRecord(row, slug, title, description, language, theme, digest, tuple(sources), parameters)


def find_deck(session: Session, slug: str) -> DeckRecord | None:
    """The deck with this slug."""
    row = _BY_SLUG.first(session, {"deck": slug})
    return None if row is None else _deck_record(row)


def find_head(session: Session, deck_id: int) -> dict[str, Any]:
    """What is stored of a deck's head, by the names of the deck format."""
    names = ("title", "description", "language", "theme", "author", "license", "tags", "sources")
    row = session.execute(
        sa.select(_deck.c.slug, *(_deck.c[name] for name in names)).where(_deck.c.id == deck_id)
    ).one()
    return dict(zip(("id", *names), row, strict=True))


def save_deck(session: Session, values: dict[str, Any], now: datetime) -> int:
    """Insert the deck or write its head anew, by slug; gives its id."""
    row = session.exec(select(DeckRow).where(DeckRow.slug == values["slug"]).with_for_update()).first()
    if row is None:
        row = DeckRow(**values, loaded_at=now)
        session.add(row)
    else:
        for name, value in values.items():
            setattr(row, name, value)
        row.loaded_at = now
    session.flush()
    return known_id(row.id)


def list_stored_cards(session: Session, deck_id: int) -> list[StoredCard]:
    """All cards of a deck, retired ones too."""
    rows = session.execute(
        sa.select(
            col(CardRow.id),
            col(CardRow.slug),
            col(CardRow.position),
            col(CardRow.revision),
            col(CardRevisionRow.digest),
            col(CardRow.retired_at),
        )
        .join(
            CardRevisionRow,
            (col(CardRevisionRow.card_id) == col(CardRow.id)) & (col(CardRevisionRow.number) == col(CardRow.revision)),
        )
        .where(col(CardRow.deck_id) == deck_id)
    )
    return [
        StoredCard(known_id(i), slug, at, number, digest, gone is not None)
        for i, slug, at, number, digest, gone in rows
    ]


def add_cards(session: Session, deck_id: int, cards: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Add cards, given as (slug, position), at revision 1; gives their ids by slug."""
    if not cards:
        return {}
    session.execute(
        sa.insert(table_of(CardRow)),
        [{"deck_id": deck_id, "slug": slug, "position": position, "revision": 1} for slug, position in cards],
    )
    wanted = {slug for slug, _ in cards}
    rows = session.exec(select(CardRow.slug, CardRow.id).where(CardRow.deck_id == deck_id))
    return {slug: known_id(card_id) for slug, card_id in rows if slug in wanted}


def add_revisions(session: Session, revisions: Sequence[NewRevision], now: datetime) -> None:
    """Add revisions with their citations."""
    if not revisions:
        return
    session.execute(
        sa.insert(table_of(CardRevisionRow)),
        [
            {
                "card_id": revision.card_id,
                "number": revision.number,
                "format": 1,
                "type": revision.type,
                "digest": revision.digest,
                "body": revision.body,
                "created_at": now,
            }
            for revision in revisions
        ],
    )
    ids = _find_revision_ids(session, {(revision.card_id, revision.number) for revision in revisions})
    citations = [
        {
            "revision_id": ids[revision.card_id, revision.number],
            "position": position,
            "source_id": source,
            "paragraph": paragraph,
            "quote": quote,
        }
        for revision in revisions
        for position, (source, paragraph, quote) in enumerate(revision.citations)
    ]
    if citations:
        session.execute(sa.insert(table_of(CitationRow)), citations)


def _find_revision_ids(session: Session, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    lowest, highest = min(card for card, _ in wanted), max(card for card, _ in wanted)
    rows = session.exec(
        select(CardRevisionRow.card_id, CardRevisionRow.number, CardRevisionRow.id).where(
            col(CardRevisionRow.card_id).between(lowest, highest)
        )
    )
    return {(card, number): known_id(row_id) for card, number, row_id in rows if (card, number) in wanted}


def update_cards(session: Session, changes: Iterable[tuple[int, int, int]]) -> None:
    """Point cards at a position and a current revision, given as (card id, position, revision); none stays retired."""
    rows = [{"b_id": card_id, "b_position": at, "b_revision": number} for card_id, at, number in changes]
    if rows:
        table = table_of(CardRow)
        session.connection().execute(
            sa.update(table)
            .where(table.c.id == sa.bindparam("b_id"))
            .values(position=sa.bindparam("b_position"), revision=sa.bindparam("b_revision"), retired_at=None),
            rows,
        )


def retire_cards(session: Session, card_ids: Sequence[int], now: datetime) -> None:
    """Take cards out of the queue; their history stays."""
    for start in range(0, len(card_ids), 500):
        session.exec(
            sa.update(CardRow).where(col(CardRow.id).in_(card_ids[start : start + 500])).values(retired_at=now)
        )


_whose = sa.bindparam("learner", type_=sa.Integer)
_waits = (_state.c.learner_id == _whose) & (_state.c.deck_id == _deck.c.id) & (_state.c.queue == STEPS)
_COUNTED = _HEAD.add_columns(
    _deck.c.cards,
    sa.func.coalesce(_progress.c.seen, 0),
    sa.select(sa.func.count()).where(_waits, _state.c.due <= sa.bindparam("now")).scalar_subquery(),
    sa.func.coalesce(
        sa.select(sa.func.sum(_due.c.cards))
        .where(_due.c.learner_id == _whose, _due.c.due <= sa.bindparam("now"), _due.c.deck_id == _deck.c.id)
        .scalar_subquery(),
        0,
    ),
).outerjoin(_progress, (_progress.c.learner_id == _whose) & (_progress.c.deck_id == _deck.c.id))
_LISTED = Prepared(_COUNTED.order_by(_deck.c.theme, _deck.c.title))


def list_cited_sources(session: Session, deck_id: int) -> set[str]:
    """The sources that the cards of a deck cite, those of retired cards and earlier revisions too."""
    rows = session.exec(
        select(CitationRow.source_id)
        .join(CardRevisionRow, col(CardRevisionRow.id) == col(CitationRow.revision_id))
        .join(CardRow, col(CardRow.id) == col(CardRevisionRow.card_id))
        .where(CardRow.deck_id == deck_id)
        .distinct()
    )
    return set(rows)


def count_decks(session: Session, learner_id: int | None, now: datetime) -> list[DeckCounts]:
    """Every deck with what is new and due for a learner (None: a visitor, for whom all is new), by theme and title."""
    rows = _LISTED.all(session, {"learner": -1 if learner_id is None else learner_id, "now": now})
    return [
        DeckCounts(_deck_record(head), cards, seen, learning, int(due)) for *head, cards, seen, learning, due in rows
    ]

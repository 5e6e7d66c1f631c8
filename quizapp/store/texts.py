"""Whose texts are, which cards cite them, and which cards rest: queries that never commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from quizapp.store.tables import (
    AccountRow,
    CardRevisionRow,
    CardRow,
    CitationRow,
    DeckRow,
    RestedCardRow,
    SourceBlockRow,
    SourceRow,
    TextRow,
    table_of,
)

_card, _revision, _deck = table_of(CardRow), table_of(CardRevisionRow), table_of(DeckRow)
_citation, _rested, _source = table_of(CitationRow), table_of(RestedCardRow), table_of(SourceRow)
_text, _account, _block = table_of(TextRow), table_of(AccountRow), table_of(SourceBlockRow)


@dataclass(frozen=True, slots=True)
class TextRecord:
    """A source with whose it is: ``owner_id`` and ``owner`` are None where it came from a folder, or nobody's now."""

    id: str
    title: str
    language: str
    kind: str
    is_uploaded: bool
    owner_id: int | None
    owner: str | None
    file: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CitingCard:
    """A card, in use or resting, whose current revision cites a source. ``body`` is the card as JSON."""

    card_id: int
    deck_id: int
    deck: str
    slug: str
    position: int
    revision: int
    type: str
    body: str
    rests: bool


@dataclass(frozen=True, slots=True)
class RestingCard:
    """A card that waits for a teacher, since when, and the source that lost its quote."""

    deck: str
    slug: str
    source_id: str
    since: datetime


_TEXTS = (
    sa.select(
        _source.c.id,
        _source.c.title,
        _source.c.language,
        _source.c.kind,
        _text.c.source_id.is_not(None),
        _text.c.owner_id,
        _account.c.name,
        sa.func.coalesce(_text.c.file, ""),
        _text.c.changed_at,
    )
    .select_from(_source)
    .outerjoin(_text, _text.c.source_id == _source.c.id)
    .outerjoin(_account, _account.c.id == _text.c.owner_id)
)
# A card rests from the moment of the note on, until it is taken into use again or retired anew.
_resting = (_rested.c.card_id == _card.c.id) & (_rested.c.since == _card.c.retired_at)


def find_text(session: Session, source_id: str) -> TextRecord | None:
    """The source with this id, and whose it is."""
    row = session.execute(_TEXTS.where(_source.c.id == source_id)).first()
    return None if row is None else TextRecord(*row)


def list_texts(session: Session) -> list[TextRecord]:
    """All sources by title."""
    return [TextRecord(*row) for row in session.execute(_TEXTS.order_by(_source.c.title, _source.c.id))]


def save_text(session: Session, source_id: str, owner_id: int | None, file: str, now: datetime) -> None:
    """Note whose a source is; where that is noted already, that it has changed."""
    row = session.get(TextRow, source_id)
    if row is None:
        session.add(TextRow(source_id=source_id, owner_id=owner_id, file=file, added_at=now, changed_at=now))
    else:
        row.changed_at = now
        row.file = file or row.file
    session.flush()


def delete_source(session: Session, source_id: str) -> None:
    """Delete a source with its blocks. The caller has made sure that nothing cites it."""
    session.execute(sa.delete(_source).where(_source.c.id == source_id))


def is_cited(session: Session, source_id: str, *, in_use: bool) -> bool:
    """Whether any card cites a source, in a revision that is ``in_use``, or in any there ever was."""
    found = sa.select(_citation.c.source_id).where(_citation.c.source_id == source_id)
    if in_use:
        found = (
            found.join(_revision, _revision.c.id == _citation.c.revision_id)
            .join(_card, (_card.c.id == _revision.c.card_id) & (_card.c.revision == _revision.c.number))
            .where(_card.c.retired_at.is_(None))
        )
    return session.execute(found.limit(1)).first() is not None


def list_hidden(session: Session) -> set[str]:
    """The uploaded texts that no card in use cites: not for students yet."""
    cited = (
        sa.select(_citation.c.source_id)
        .join(_revision, _revision.c.id == _citation.c.revision_id)
        .join(_card, (_card.c.id == _revision.c.card_id) & (_card.c.revision == _revision.c.number))
        .where(_card.c.retired_at.is_(None))
    )
    return set(session.scalars(sa.select(_text.c.source_id).where(_text.c.source_id.not_in(cited))))


def list_citing_cards(session: Session, source_id: str) -> list[CitingCard]:
    """The cards in use, and those that rest, whose current revision cites a source; by deck and position."""
    cites = sa.exists().where(_citation.c.revision_id == _revision.c.id, _citation.c.source_id == source_id)
    rows = session.execute(
        sa.select(
            *(_card.c.id, _deck.c.id, _deck.c.slug, _card.c.slug, _card.c.position, _card.c.revision),
            *(_revision.c.type, _revision.c.body, _rested.c.card_id.is_not(None)),
        )
        .select_from(_card)
        .join(_deck, _deck.c.id == _card.c.deck_id)
        .join(_revision, (_revision.c.card_id == _card.c.id) & (_revision.c.number == _card.c.revision))
        .outerjoin(_rested, _resting)
        .where(cites, sa.or_(_card.c.retired_at.is_(None), _rested.c.card_id.is_not(None)))
        .order_by(_deck.c.slug, _card.c.position)
    )
    return [CitingCard(*row) for row in rows]


def rest_cards(session: Session, card_ids: Sequence[int], source_id: str, now: datetime) -> None:
    """Retire cards, and note that they wait for a teacher."""
    if not card_ids:
        return
    session.execute(sa.delete(_rested).where(_rested.c.card_id.in_(card_ids)))
    session.execute(sa.insert(_rested), [{"card_id": each, "source_id": source_id, "since": now} for each in card_ids])
    session.execute(sa.update(_card).where(_card.c.id.in_(card_ids)).values(retired_at=now))


def list_resting(session: Session, source_id: str | None = None) -> list[RestingCard]:
    """The cards that wait for a teacher, by deck and position; those of one source, or all."""
    found = (
        sa.select(_deck.c.slug, _card.c.slug, _rested.c.source_id, _rested.c.since)
        .select_from(_rested)
        .join(_card, _resting)
        .join(_deck, _deck.c.id == _card.c.deck_id)
        .order_by(_deck.c.slug, _card.c.position)
    )
    if source_id is not None:
        found = found.where(_rested.c.source_id == source_id)
    return [RestingCard(*row) for row in session.execute(found)]


def forget_deck_digest(session: Session, deck_ids: Sequence[int]) -> None:
    """Say that decks are no longer what the file said that they were loaded from."""
    if deck_ids:
        session.execute(sa.update(_deck).where(_deck.c.id.in_(deck_ids)).values(digest=""))


def list_same_size(session: Session, paragraphs: int) -> list[str]:
    """The sources that have exactly this many paragraphs."""
    counted = (
        select(SourceBlockRow.source_id)
        .where(col(SourceBlockRow.number).is_not(None))
        .group_by(col(SourceBlockRow.source_id))
        .having(sa.func.count() == paragraphs)
    )
    return list(session.exec(counted))

"""Pictures and sounds of decks: queries that never commit."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from quizapp.store.former_media import MediumRecord, keep_former
from quizapp.store.tables import DeckMediumRow, DeckRow, MediumRow, table_of

_medium, _named = table_of(MediumRow), table_of(DeckMediumRow)
_COLUMNS = (
    *(_named.c.name, _named.c.digest, _named.c.origin),
    *(_medium.c.media_type, _medium.c.width, _medium.c.height, _medium.c.size),
)
_LISTED = sa.select(*_COLUMNS).join_from(_named, _medium).order_by(_named.c.name)


def list_media(session: Session, deck_slug: str) -> list[MediumRecord]:
    """All pictures and sounds of a deck, by name."""
    return [MediumRecord(*row) for row in session.execute(_LISTED.where(_named.c.deck_slug == deck_slug))]


def find_media(session: Session, deck_slug: str, names: Collection[str]) -> list[MediumRecord]:
    """Those of a deck's pictures and sounds that have one of these names."""
    wanted = _LISTED.where(_named.c.deck_slug == deck_slug, _named.c.name.in_(sorted(names)))
    return [MediumRecord(*row) for row in session.execute(wanted)]


def load_data(session: Session, digest: str) -> bytes:
    """What a picture or sound that is stored holds."""
    return session.exec(select(MediumRow.data).where(MediumRow.digest == digest)).one()


def find_content(session: Session, digest: str) -> MediumRecord | None:
    """The picture or sound with this digest, whatever deck holds it, without a name."""
    row = session.execute(
        sa.select(_medium.c.media_type, _medium.c.width, _medium.c.height, _medium.c.size).where(
            _medium.c.digest == digest
        )
    ).first()
    return None if row is None else MediumRecord("", digest, digest, *row)


def add_content(session: Session, record: MediumRecord, data: bytes) -> None:
    """Store what a picture or sound holds, unless it is there already."""
    if find_content(session, record.digest) is not None:
        return
    row = MediumRow(
        digest=record.digest,
        media_type=record.media_type,
        width=record.width,
        height=record.height,
        size=record.size,
        data=data,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # somebody else stored the same at the same time
        return
    session.expunge(row)  # megabytes that nothing asks for again


def name_medium(session: Session, deck_slug: str, record: MediumRecord, now: datetime) -> None:
    """Let a deck call a stored picture or sound by a name; what had the name before is kept as a former one."""
    row = session.get(DeckMediumRow, (deck_slug, record.name), with_for_update=True)
    if row is None:
        row = DeckMediumRow(
            deck_slug=deck_slug, name=record.name, digest=record.digest, origin=record.origin, added_at=now
        )
        session.add(row)
        session.flush()
        return
    row.origin = record.origin
    if row.digest != record.digest:
        keep_former(session, row, now)
        row.digest, row.added_at = record.digest, now
    session.flush()


def remove_name(session: Session, deck_slug: str, name: str, now: datetime) -> bool:
    """Take a name away from a deck; what it named is kept as a former one. Whether there was such a name."""
    row = session.get(DeckMediumRow, (deck_slug, name), with_for_update=True)
    if row is None:
        return False
    keep_former(session, row, now)
    session.delete(row)
    session.flush()
    return True


def is_published(session: Session, deck_slug: str) -> bool:
    """Whether there is a deck of this name that students study."""
    return session.exec(select(DeckRow.id).where(DeckRow.slug == deck_slug)).first() is not None

"""Pictures and sounds that decks showed before: queries that never commit.

A name's content is the one that stands in ``deck_medium``; what had the name before has a row here for the time that it
had it, from ``added_at`` until ``replaced_at``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.tables import DeckMediumRow, FormerMediumRow, MediumRow, table_of

MOST_FORMER: Final = 5_000
MOST_FORMER_BYTES: Final = 500 * 1024 * 1024
"""What is kept of one deck; beyond that, what was replaced first goes."""


@dataclass(frozen=True, slots=True)
class MediumRecord:
    """A picture or sound under its name in a deck; ``size`` counts bytes. See the tables for the rest."""

    name: str
    digest: str
    origin: str
    media_type: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True)
class FormerRecord:
    """A picture or sound that had its name until ``replaced_at``."""

    medium: MediumRecord
    added_at: datetime
    replaced_at: datetime


_medium, _named, _former = table_of(MediumRow), table_of(DeckMediumRow), table_of(FormerMediumRow)
_COLUMNS = (
    *(_former.c.name, _former.c.digest, _former.c.origin),
    *(_medium.c.media_type, _medium.c.width, _medium.c.height, _medium.c.size),
    *(_former.c.added_at, _former.c.replaced_at),
)
_LISTED = sa.select(*_COLUMNS).join_from(_former, _medium)
_LAST_FIRST = (_former.c.replaced_at.desc(), _former.c.id.desc())


def _load(session: Session, query: sa.Select[tuple[object, ...]]) -> list[FormerRecord]:
    return [FormerRecord(MediumRecord(*row[:7]), *row[7:]) for row in session.execute(query)]


def list_former(session: Session, deck_slug: str) -> list[FormerRecord]:
    """All that a deck showed before, what was replaced last first."""
    return _load(session, _LISTED.where(_former.c.deck_slug == deck_slug).order_by(*_LAST_FIRST))


def find_former(session: Session, deck_slug: str, names: Collection[str]) -> list[FormerRecord]:
    """What had one of these names before, what was replaced last first."""
    here = (_former.c.deck_slug == deck_slug) & _former.c.name.in_(sorted(names))
    return _load(session, _LISTED.where(here).order_by(*_LAST_FIRST))


def find_replaced_after(session: Session, deck_slug: str, at: datetime) -> list[FormerRecord]:
    """What was replaced after a moment, what was replaced last first: so the last of a name is the one of then."""
    later = (_former.c.deck_slug == deck_slug) & (_former.c.replaced_at > at)
    return _load(session, _LISTED.where(later).order_by(*_LAST_FIRST))


def keep_former(session: Session, row: DeckMediumRow, now: datetime) -> None:
    """Keep what a name means for the time from when it came until now; the caller replaces it."""
    session.add(
        FormerMediumRow(
            deck_slug=row.deck_slug,
            name=row.name,
            digest=row.digest,
            origin=row.origin,
            added_at=row.added_at,
            replaced_at=now,
        )
    )
    session.flush()
    _drop_oldest(session, row.deck_slug)


def _drop_oldest(session: Session, deck_slug: str) -> None:
    """Forget what was replaced first, where a deck has more former pictures than are kept."""
    sizes = sa.select(_former.c.id, _former.c.digest, _medium.c.size).join_from(_former, _medium)
    count, total = 0, 0
    dropped: list[tuple[int, str]] = []
    for row in session.execute(sizes.where(_former.c.deck_slug == deck_slug).order_by(*_LAST_FIRST)):
        count, total = count + 1, total + row.size
        if count > MOST_FORMER or total > MOST_FORMER_BYTES:
            dropped.append((row.id, row.digest))
    if not dropped:
        return
    session.execute(sa.delete(_former).where(_former.c.id.in_([number for number, _ in dropped])))
    for digest in {digest for _, digest in dropped}:
        forget_unused(session, digest)


def drop_former(session: Session, deck_slug: str, name: str, digest: str) -> None:
    """Forget that a name ever had this content, and the content, unless it is named elsewhere."""
    here = (_former.c.deck_slug == deck_slug) & (_former.c.name == name) & (_former.c.digest == digest)
    session.execute(sa.delete(_former).where(here))
    forget_unused(session, digest)


def forget_unused(session: Session, digest: str) -> None:
    """Drop what a picture or sound holds, once no deck names it and none did."""
    now, before = sa.exists().where(_named.c.digest == digest), sa.exists().where(_former.c.digest == digest)
    session.execute(sa.delete(_medium).where(_medium.c.digest == digest, ~now, ~before))

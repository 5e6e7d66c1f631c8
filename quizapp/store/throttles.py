"""Leaking buckets in the database, so that all workers count together: queries that never commit."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col

from quizapp.store.tables import ThrottleRow, table_of


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``burst`` attempts at once; one more becomes possible each ``per`` divided by ``burst``."""

    name: str
    burst: int
    per: timedelta

    @property
    def refill(self) -> timedelta:
        """How long it takes until one attempt has leaked out."""
        return self.per / self.burst


_PLACES = Limit("known-place", burst=1, per=timedelta(days=1))


def _make_key(limit: Limit, who: str) -> str:
    # Hashed: the table must not become a list of names and addresses.
    return hashlib.sha256(f"{limit.name}\0{who}".encode()).hexdigest()


def _get_or_make(session: Session, key: str, now: datetime) -> ThrottleRow:
    """The bucket, locked. Two who make the same one at once both get it: the slower takes the faster's."""
    make = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    new = make(table_of(ThrottleRow)).values(key=key, level=0.0, updated_at=now)
    session.execute(new.on_conflict_do_nothing())
    return session.get_one(ThrottleRow, key, with_for_update=True, populate_existing=True)


def take_attempt(session: Session, limit: Limit, who: str, now: datetime) -> timedelta | None:
    """Count one attempt of ``who``. Gives None where it is allowed, else how long to wait; a refusal counts nothing."""
    row = _get_or_make(session, _make_key(limit, who), now)
    leaked = max((now - row.updated_at) / limit.refill, 0.0)
    level = max(row.level - leaked, 0.0)
    if level + 1 > limit.burst + 1e-9:
        return (level + 1 - limit.burst) * limit.refill
    row.level, row.updated_at = level + 1, now
    session.flush()
    return None


def give_back_attempt(session: Session, limit: Limit, who: str) -> None:
    """Take an attempt out again, because it turned out to be rightful."""
    row = session.get(ThrottleRow, _make_key(limit, who), with_for_update=True)
    if row is not None:
        row.level = max(row.level - 1, 0.0)
        session.flush()


def remember_place(session: Session, who: str, now: datetime) -> None:
    """Note that somebody was rightfully here, as ``was_here`` asks."""
    _get_or_make(session, _make_key(_PLACES, who), now).updated_at = now
    session.flush()


def was_here(session: Session, who: str) -> bool:
    """Whether somebody was rightfully here before, and it is not forgotten yet."""
    return session.get(ThrottleRow, _make_key(_PLACES, who)) is not None


def remove_empty(session: Session, before: datetime) -> None:
    """Forget buckets that were last used before this time."""
    session.exec(sa.delete(ThrottleRow).where(col(ThrottleRow.updated_at) < before))

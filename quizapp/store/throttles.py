"""Leaking buckets in the database, so that all workers count together: queries that never commit."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from quizapp.store.tables import ThrottleRow


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


def _make_key(limit: Limit, who: str) -> str:
    # Hashed: the table must not become a list of names and addresses.
    return hashlib.sha256(f"{limit.name}\0{who}".encode()).hexdigest()


def take_attempt(session: Session, limit: Limit, who: str, now: datetime) -> timedelta | None:
    """Count one attempt of ``who``. Gives None where it is allowed, else how long to wait; a refusal counts nothing."""
    key = _make_key(limit, who)
    row = session.get(ThrottleRow, key, with_for_update=True)
    if row is None:
        session.add(ThrottleRow(key=key, level=1.0, updated_at=now))
        session.flush()
        return None
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


def remove_empty(session: Session, before: datetime) -> None:
    """Forget buckets that were last used before this time."""
    session.exec(sa.delete(ThrottleRow).where(col(ThrottleRow.updated_at) < before))

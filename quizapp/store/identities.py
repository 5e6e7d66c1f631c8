"""Identities at the school's sign-in server: queries that never commit."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from quizapp.store.tables import AccountRow
from quizapp.store.tables.identities import IdentityRow


@dataclass(frozen=True, slots=True)
class IdentityRecord:
    """An identity as stored."""

    issuer: str
    subject: str
    account_id: int
    made_account: bool
    created: datetime
    used: datetime | None


def _read(row: IdentityRow | None) -> IdentityRecord | None:
    if row is None:
        return None
    return IdentityRecord(row.issuer, row.subject, row.account_id, row.made_account, row.created_at, row.used_at)


def find_identity(session: Session, issuer: str, subject: str) -> IdentityRecord | None:
    """The identity that a server calls ``subject``."""
    return _read(session.get(IdentityRow, (issuer, subject), populate_existing=True))


def find_identity_of(session: Session, account_id: int) -> IdentityRecord | None:
    """The identity that belongs to an account."""
    return _read(session.exec(select(IdentityRow).where(IdentityRow.account_id == account_id)).first())


def add_identity(
    session: Session, issuer: str, subject: str, account_id: int, *, made_account: bool, now: datetime
) -> None:
    """Let an identity open an account. Raises IntegrityError where either has another already."""
    session.add(
        IdentityRow(issuer=issuer, subject=subject, account_id=account_id, made_account=made_account, created_at=now)
    )
    session.flush()


def touch_identity(session: Session, issuer: str, subject: str, now: datetime) -> None:
    """Note that somebody signed in with an identity."""
    session.exec(
        sa.update(IdentityRow)
        .where(col(IdentityRow.issuer) == issuer, col(IdentityRow.subject) == subject)
        .values(used_at=now)
    )


def remove_identity(session: Session, account_id: int) -> bool:
    """Take the identity off an account; says whether there was one."""
    return bool(session.exec(sa.delete(IdentityRow).where(col(IdentityRow.account_id) == account_id)).rowcount)


def replace_role(session: Session, account_id: int, role: str) -> None:
    """Give an account another role."""
    session.exec(sa.update(AccountRow).where(col(AccountRow.id) == account_id).values(role=role))

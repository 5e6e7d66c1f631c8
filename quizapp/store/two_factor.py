"""Second factors, recovery codes and sign-ins that wait for a code: queries that never commit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from quizapp.store.tables.two_factor import PendingSignInRow, RecoveryCodeRow, SecondFactorRow


@dataclass(frozen=True, slots=True)
class FactorRecord:
    """A second factor as stored; ``confirmed_at`` None: it is still being set up."""

    secret: str
    last_step: int
    begun_at: datetime
    confirmed_at: datetime | None


def find_factor(session: Session, account_id: int) -> FactorRecord | None:
    """The second factor of an account."""
    row = session.get(SecondFactorRow, account_id, populate_existing=True)
    return None if row is None else FactorRecord(row.secret, row.last_step, row.begun_at, row.confirmed_at)


def is_on(session: Session, account_id: int) -> bool:
    """Whether an account is asked for codes."""
    found = find_factor(session, account_id)
    return found is not None and found.confirmed_at is not None


def add_factor(session: Session, account_id: int, secret: str, now: datetime) -> None:
    """Keep a new key, still to be confirmed."""
    session.add(SecondFactorRow(account_id=account_id, secret=secret, begun_at=now))
    session.flush()


def confirm_factor(session: Session, account_id: int, now: datetime, code_hashes: Iterable[str]) -> None:
    """Ask for codes from now on, with these recovery codes."""
    session.exec(
        sa.update(SecondFactorRow).where(col(SecondFactorRow.account_id) == account_id).values(confirmed_at=now)
    )
    session.exec(sa.delete(RecoveryCodeRow).where(col(RecoveryCodeRow.account_id) == account_id))
    session.add_all(RecoveryCodeRow(account_id=account_id, code_hash=code_hash) for code_hash in code_hashes)
    session.flush()


def remove_factor(session: Session, account_id: int) -> bool:
    """Forget key, recovery codes and waiting sign-ins; says whether there was a key."""
    session.exec(sa.delete(RecoveryCodeRow).where(col(RecoveryCodeRow.account_id) == account_id))
    session.exec(sa.delete(PendingSignInRow).where(col(PendingSignInRow.account_id) == account_id))
    result = session.exec(sa.delete(SecondFactorRow).where(col(SecondFactorRow.account_id) == account_id))
    return bool(result.rowcount)


def take_step(session: Session, account_id: int, step: int) -> bool:
    """Use the code of a period up; says whether neither it nor a later one was used before."""
    result = session.exec(
        sa.update(SecondFactorRow)
        .where(col(SecondFactorRow.account_id) == account_id, col(SecondFactorRow.last_step) < step)
        .values(last_step=step)
    )
    return bool(result.rowcount)


def take_recovery_code(session: Session, account_id: int, code_hash: str) -> bool:
    """Use a recovery code up; says whether it was good."""
    result = session.exec(
        sa.delete(RecoveryCodeRow).where(
            col(RecoveryCodeRow.account_id) == account_id, col(RecoveryCodeRow.code_hash) == code_hash
        )
    )
    return bool(result.rowcount)


def count_recovery_codes(session: Session, account_id: int) -> int:
    """How many recovery codes are left."""
    counted = select(sa.func.count()).where(col(RecoveryCodeRow.account_id) == account_id)
    return session.exec(counted).one()


def add_pending(session: Session, token_hash: str, account_id: int, now: datetime, expires_at: datetime) -> None:
    """Note that a password fitted; forgets what has run out."""
    session.exec(sa.delete(PendingSignInRow).where(col(PendingSignInRow.expires_at) <= now))
    session.add(PendingSignInRow(token_hash=token_hash, account_id=account_id, expires_at=expires_at))
    session.flush()


def find_pending(session: Session, token_hash: str, now: datetime) -> int | None:
    """The account whose password fitted, if that was not too long ago."""
    found = select(PendingSignInRow.account_id).where(
        PendingSignInRow.token_hash == token_hash, col(PendingSignInRow.expires_at) > now
    )
    return session.exec(found).first()


def take_pending(session: Session, token_hash: str) -> bool:
    """End the waiting; says whether it was still on."""
    result = session.exec(sa.delete(PendingSignInRow).where(col(PendingSignInRow.token_hash) == token_hash))
    return bool(result.rowcount)

"""Learners, accounts, sign-ins, access tokens and the link for the first teacher: queries that never commit."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from quizapp.store.engine import Instant
from quizapp.store.prepared import Prepared
from quizapp.store.tables import (
    AccessTokenRow,
    AccountRow,
    LearnerRow,
    ReviewRow,
    SetupLinkRow,
    SignInRow,
    StartPasswordRow,
    known_id,
)


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """An account as stored."""

    id: int
    learner_id: int
    handle: str
    name: str
    role: str
    password_hash: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SignInRecord:
    """A live sign-in: of an account, or of a guest (then ``account_id``, ``name`` and ``role`` are None)."""

    learner_id: int
    handle: str
    account_id: int | None
    name: str | None
    role: str | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SignInOwner:
    """Who is signed in, in which kind of browser (``core.devices``)."""

    learner_id: int
    account_id: int | None
    device: str = ""


@dataclass(frozen=True, slots=True)
class OpenSignIn:
    """A live sign-in of an account, as its holder may see it."""

    token_hash: str
    device: str | None
    created: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """An access token, without the secret."""

    id: int
    label: str
    created: datetime
    used: datetime | None


def add_learner(session: Session, handle: str, now: datetime) -> int:
    """Add a learner; gives its id."""
    row = LearnerRow(handle=handle, created_at=now)
    session.add(row)
    session.flush()
    return known_id(row.id)


def add_account(
    session: Session, *, learner_id: int, name: str, name_key: str, role: str, password_hash: str, now: datetime
) -> int:
    """Add an account for a learner who has none; gives its id."""
    row = AccountRow(
        learner_id=learner_id,
        name=name,
        name_key=name_key,
        role=role,
        password_hash=password_hash,
        created_at=now,
        password_changed_at=now,
    )
    session.add(row)
    session.flush()
    return known_id(row.id)


_ACCOUNT = (
    col(AccountRow.id),
    col(AccountRow.learner_id),
    col(LearnerRow.handle),
    col(AccountRow.name),
    col(AccountRow.role),
    col(AccountRow.password_hash),
    col(AccountRow.created_at),
)
"""The columns of an account, in the order of its record's fields."""


def _find_account(session: Session, condition: sa.ColumnElement[bool]) -> AccountRecord | None:
    found = sa.select(*_ACCOUNT).join(LearnerRow, col(LearnerRow.id) == col(AccountRow.learner_id)).where(condition)
    row = session.execute(found).first()
    return None if row is None else AccountRecord(*row)


def find_account(session: Session, account_id: int) -> AccountRecord | None:
    """The account with this id."""
    return _find_account(session, col(AccountRow.id) == account_id)


def find_account_by_name(session: Session, name_key: str) -> AccountRecord | None:
    """The account with this name, in the form of ``quizapp.core.names.name_key``."""
    return _find_account(session, col(AccountRow.name_key) == name_key)


def has_staff(session: Session) -> bool:
    """Whether any teacher or administrator exists."""
    staff = select(AccountRow.id).where(col(AccountRow.role).in_(("teacher", "admin"))).limit(1)
    return session.exec(staff).first() is not None


def replace_password(session: Session, account_id: int, password_hash: str, now: datetime) -> None:
    """Store a new password; a start password is good no more."""
    session.exec(sa.delete(StartPasswordRow).where(col(StartPasswordRow.account_id) == account_id))
    session.exec(
        sa.update(AccountRow)
        .where(col(AccountRow.id) == account_id)
        .values(password_hash=password_hash, password_changed_at=now)
    )


def find_start_password(session: Session, account_id: int, code_hash: str) -> datetime | None:
    """Until when this start password of an account is good; None where it is not its start password."""
    row = session.get(StartPasswordRow, account_id, populate_existing=True)
    return row.expires_at if row is not None and row.code_hash == code_hash else None


def take_start_password(session: Session, account_id: int, code_hash: str) -> bool:
    """Use a start password up; says whether it was there."""
    taken = session.exec(
        sa.delete(StartPasswordRow).where(
            col(StartPasswordRow.account_id) == account_id, col(StartPasswordRow.code_hash) == code_hash
        )
    )
    return bool(taken.rowcount)


def add_sign_in(session: Session, *, token_hash: str, owner: SignInOwner, now: datetime, expires_at: datetime) -> None:
    """Sign a browser in."""
    session.add(
        SignInRow(
            token_hash=token_hash,
            learner_id=owner.learner_id,
            account_id=owner.account_id,
            created_at=now,
            seen_at=now,
            expires_at=expires_at,
            device=owner.device,
        )
    )
    session.flush()


_FIND_SIGN_IN = Prepared(
    sa.select(
        col(SignInRow.learner_id),
        col(LearnerRow.handle),
        col(SignInRow.account_id),
        col(AccountRow.name),
        col(AccountRow.role),
        col(SignInRow.seen_at),
    )
    .join(LearnerRow, col(LearnerRow.id) == col(SignInRow.learner_id))
    .outerjoin(AccountRow, col(AccountRow.id) == col(SignInRow.account_id))
    .where(
        col(SignInRow.token_hash) == sa.bindparam("token_hash", type_=sa.String),
        col(SignInRow.expires_at) > sa.bindparam("now", type_=Instant),
    )
)


def find_sign_in(session: Session, token_hash: str, now: datetime) -> SignInRecord | None:
    """The live sign-in behind a cookie."""
    row = _FIND_SIGN_IN.first(session, {"token_hash": token_hash, "now": now})
    return None if row is None else SignInRecord(*row)


def find_sign_in_start(session: Session, token_hash: str, now: datetime) -> datetime:
    """When a browser signed in; ``now`` where it has been signed out meanwhile."""
    found = select(SignInRow.created_at).where(SignInRow.token_hash == token_hash)
    return session.exec(found).first() or now


def touch_sign_in(session: Session, token_hash: str, now: datetime, expires_at: datetime, device: str) -> None:
    """Note that a sign-in was used, in which kind of browser where that is known, and let it live on."""
    values = {"seen_at": now, "expires_at": expires_at} | ({"device": device} if device else {})
    session.exec(sa.update(SignInRow).where(col(SignInRow.token_hash) == token_hash).values(**values))


def list_sign_ins(session: Session, account_id: int, now: datetime) -> list[OpenSignIn]:
    """The live sign-ins of an account, the one used last first."""
    rows = session.execute(
        sa.select(col(SignInRow.token_hash), col(SignInRow.device), col(SignInRow.created_at), col(SignInRow.seen_at))
        .where(col(SignInRow.account_id) == account_id, col(SignInRow.expires_at) > now)
        .order_by(col(SignInRow.seen_at).desc(), col(SignInRow.created_at).desc(), col(SignInRow.token_hash))
    )
    return [OpenSignIn(*row) for row in rows]


def remove_other_sign_ins(session: Session, account_id: int, kept_hash: str) -> int:
    """End every sign-in of an account save one; gives how many there were."""
    ended = session.exec(
        sa.delete(SignInRow).where(col(SignInRow.account_id) == account_id, col(SignInRow.token_hash) != kept_hash)
    )
    return ended.rowcount


def remove_sign_in(session: Session, token_hash: str) -> None:
    """End one sign-in."""
    session.exec(sa.delete(SignInRow).where(col(SignInRow.token_hash) == token_hash))


def remove_sign_ins(session: Session, account_id: int) -> None:
    """End every sign-in of an account."""
    session.exec(sa.delete(SignInRow).where(col(SignInRow.account_id) == account_id))


def remove_guest_sign_ins(session: Session, learner_id: int) -> None:
    """End a guest's sign-ins, because the learner has an account from now on."""
    session.exec(
        sa.delete(SignInRow).where(col(SignInRow.learner_id) == learner_id, col(SignInRow.account_id).is_(None))
    )


def remove_expired_sign_ins(session: Session, now: datetime) -> None:
    """Forget sign-ins that have run out, and the guests behind them who never answered anything."""
    gone = sa.select(col(SignInRow.learner_id)).where(
        col(SignInRow.expires_at) <= now, col(SignInRow.account_id).is_(None)
    )
    answered = sa.select(col(ReviewRow.learner_id))
    owned = sa.select(col(AccountRow.learner_id))
    session.exec(
        sa.delete(LearnerRow).where(
            col(LearnerRow.id).in_(gone), col(LearnerRow.id).not_in(answered), col(LearnerRow.id).not_in(owned)
        )
    )
    session.exec(sa.delete(SignInRow).where(col(SignInRow.expires_at) <= now))


def add_token(session: Session, *, token_hash: str, account_id: int, label: str, now: datetime) -> int:
    """Add an access token; gives its id."""
    row = AccessTokenRow(token_hash=token_hash, account_id=account_id, label=label, created_at=now)
    session.add(row)
    session.flush()
    return known_id(row.id)


_FIND_BY_TOKEN = Prepared(
    sa.select(*_ACCOUNT, col(AccessTokenRow.used_at))
    .join(LearnerRow, col(LearnerRow.id) == col(AccountRow.learner_id))
    .join(AccessTokenRow, col(AccessTokenRow.account_id) == col(AccountRow.id))
    .where(col(AccessTokenRow.token_hash) == sa.bindparam("token_hash", type_=sa.String))
)


def find_account_by_token(session: Session, token_hash: str) -> tuple[AccountRecord, datetime | None] | None:
    """The account behind an access token, and when the token was used last."""
    row = _FIND_BY_TOKEN.first(session, {"token_hash": token_hash})
    return None if row is None else (AccountRecord(*row[:-1]), row[-1])


def touch_token(session: Session, token_hash: str, now: datetime) -> None:
    """Note that an access token was used."""
    session.exec(sa.update(AccessTokenRow).where(col(AccessTokenRow.token_hash) == token_hash).values(used_at=now))


def remove_tokens(session: Session, account_id: int) -> None:
    """Revoke every token of an account."""
    session.exec(sa.delete(AccessTokenRow).where(col(AccessTokenRow.account_id) == account_id))


def list_tokens(session: Session, account_id: int) -> list[TokenRecord]:
    """The tokens of an account, newest first."""
    rows = session.exec(
        select(AccessTokenRow).where(AccessTokenRow.account_id == account_id).order_by(col(AccessTokenRow.id).desc())
    )
    return [TokenRecord(known_id(row.id), row.label, row.created_at, row.used_at) for row in rows]


def remove_token(session: Session, account_id: int, token_id: int) -> bool:
    """Revoke a token of this account; says whether it was there."""
    result = session.exec(
        sa.delete(AccessTokenRow).where(
            col(AccessTokenRow.id) == token_id, col(AccessTokenRow.account_id) == account_id
        )
    )
    return bool(result.rowcount)


def replace_setup_link(session: Session, token_hash: str, now: datetime, expires_at: datetime) -> None:
    """Put a new link for the first teacher in the place of any older one."""
    session.exec(sa.delete(SetupLinkRow))
    session.add(SetupLinkRow(token_hash=token_hash, created_at=now, expires_at=expires_at))
    session.flush()


def has_setup_link(session: Session, token_hash: str, now: datetime) -> bool:
    """Whether this link for the first teacher is good."""
    found = select(SetupLinkRow.token_hash).where(
        SetupLinkRow.token_hash == token_hash, col(SetupLinkRow.expires_at) > now
    )
    return session.exec(found).first() is not None


def take_setup_link(session: Session, token_hash: str, now: datetime) -> bool:
    """Use the link up; says whether it was good."""
    result = session.exec(
        sa.delete(SetupLinkRow).where(col(SetupLinkRow.token_hash) == token_hash, col(SetupLinkRow.expires_at) > now)
    )
    return bool(result.rowcount)


def count_answers(session: Session, learner_id: int) -> int:
    """How many answers a learner has given and not taken back."""
    counted = select(sa.func.count()).where(col(ReviewRow.learner_id) == learner_id, col(ReviewRow.undone_at).is_(None))
    return session.exec(counted).one()


def find_guest(session: Session, handle: str) -> int | None:
    """The learner with this handle, where it has no account."""
    found = (
        select(LearnerRow.id)
        .outerjoin(AccountRow, col(AccountRow.learner_id) == col(LearnerRow.id))
        .where(LearnerRow.handle == handle, col(AccountRow.id).is_(None))
    )
    return session.exec(found).first()


def remove_learner(session: Session, learner_id: int) -> None:
    """Remove a learner with everything that is only theirs."""
    session.exec(sa.delete(LearnerRow).where(col(LearnerRow.id) == learner_id))

"""Invites, and those who wait to be let in: queries that never commit."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from quizapp.store.tables import AccountRow, ClassInviteRow, ClassRequestRow, LearnerRow


@dataclass(frozen=True, slots=True)
class InviteRecord:
    """An invite as stored: a ``link`` lets in at once, a ``code`` asks the teacher."""

    class_id: int
    kind: str
    nonce: str
    code_hash: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """Somebody who waits to be let in. ``account_name`` is None for a guest, ``name`` what they call themselves."""

    learner_id: int
    handle: str
    account_name: str | None
    name: str
    asked_at: datetime


def _to_invite(row: ClassInviteRow) -> InviteRecord:
    return InviteRecord(row.class_id, row.kind, row.nonce, row.code_hash, row.expires_at)


def replace_invite(
    session: Session, class_id: int, kind: str, *, nonce: str, code_hash: str, now: datetime, expires_at: datetime
) -> None:
    """Open a way into the class; an older one of the kind is closed."""
    remove_invite(session, class_id, kind)
    session.add(
        ClassInviteRow(
            class_id=class_id, kind=kind, nonce=nonce, code_hash=code_hash, created_at=now, expires_at=expires_at
        )
    )
    session.flush()


def remove_invite(session: Session, class_id: int, kind: str | None = None) -> None:
    """Close a way into the class; all of them where no kind is said."""
    removal = sa.delete(ClassInviteRow).where(col(ClassInviteRow.class_id) == class_id)
    session.execute(removal if kind is None else removal.where(col(ClassInviteRow.kind) == kind))
    session.expire_all()


def list_invites(session: Session, class_id: int, now: datetime) -> list[InviteRecord]:
    """The ways into a class that are open."""
    rows = session.exec(
        select(ClassInviteRow).where(ClassInviteRow.class_id == class_id, col(ClassInviteRow.expires_at) > now)
    )
    return [_to_invite(row) for row in rows]


def find_invite(session: Session, code_hash: str, now: datetime) -> InviteRecord | None:
    """The open invite with this code."""
    row = session.exec(
        select(ClassInviteRow).where(ClassInviteRow.code_hash == code_hash, col(ClassInviteRow.expires_at) > now)
    ).first()
    return None if row is None else _to_invite(row)


def add_request(session: Session, class_id: int, learner_id: int, name: str, now: datetime) -> None:
    """Let a learner wait; who waits already goes on waiting."""
    if not has_request(session, class_id, learner_id):
        session.add(ClassRequestRow(class_id=class_id, learner_id=learner_id, name=name, asked_at=now))
        session.flush()


def has_request(session: Session, class_id: int, learner_id: int) -> bool:
    """Whether a learner waits to be let in."""
    return session.get(ClassRequestRow, (class_id, learner_id)) is not None


def remove_request(session: Session, class_id: int, learner_id: int) -> None:
    """The learner waits no more."""
    session.exec(
        sa.delete(ClassRequestRow).where(
            col(ClassRequestRow.class_id) == class_id, col(ClassRequestRow.learner_id) == learner_id
        )
    )


def list_requests(session: Session, class_id: int) -> list[RequestRecord]:
    """Who waits, the longest first."""
    rows = session.execute(
        sa.select(
            col(LearnerRow.id),
            col(LearnerRow.handle),
            col(AccountRow.name),
            col(ClassRequestRow.name),
            col(ClassRequestRow.asked_at),
        )
        .join(ClassRequestRow, col(ClassRequestRow.learner_id) == col(LearnerRow.id))
        .outerjoin(AccountRow, col(AccountRow.learner_id) == col(LearnerRow.id))
        .where(col(ClassRequestRow.class_id) == class_id)
        .order_by(col(ClassRequestRow.asked_at), col(LearnerRow.id))
    )
    return [RequestRecord(*row) for row in rows]

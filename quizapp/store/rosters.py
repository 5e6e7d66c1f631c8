"""Importing many students at once, their start passwords, and the groups: queries that never commit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from quizapp.core.names import name_key
from quizapp.store.tables import (
    AccountRow,
    ClassGroupMemberRow,
    ClassGroupRow,
    ClassMemberRow,
    ClassTeacherRow,
    LearnerRow,
    PasswordResetRow,
    StartPasswordRow,
    known_id,
    table_of,
)

_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class NewPupil:
    """A student to be added, with an account that has only a start password."""

    handle: str
    sign_in_name: str
    password_hash: str
    start_nonce: str
    start_hash: str


@dataclass(frozen=True, slots=True)
class StartRecord:
    """A start password that was not used up yet."""

    account_id: int
    nonce: str
    code_hash: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ResetRecord:
    """Who gave a student a new start password, and when."""

    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GroupRecord:
    """A group of a class."""

    id: int
    handle: str
    name: str
    members: frozenset[int]


def _in_portions(values: Iterable[str]) -> Iterator[list[str]]:
    listed = list(values)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]


def list_taken_names(session: Session, keys: Iterable[str]) -> set[str]:
    """Which of these names (as keys) have an account."""
    taken: set[str] = set()
    for portion in _in_portions(keys):
        taken.update(session.exec(select(AccountRow.name_key).where(col(AccountRow.name_key).in_(portion))))
    return taken


def list_other_classes(session: Session, account_id: int, class_id: int) -> list[int]:
    """The other classes that an account teaches."""
    found = select(ClassTeacherRow.class_id).where(
        ClassTeacherRow.account_id == account_id, ClassTeacherRow.class_id != class_id
    )
    return list(session.exec(found))


def add_pupils(session: Session, pupils: Sequence[NewPupil], now: datetime, expires_at: datetime) -> dict[str, int]:
    """Add students with accounts and start passwords; gives the learners' ids by handle."""
    if not pupils:
        return {}
    learners = [{"handle": pupil.handle, "created_at": now, "choices": ""} for pupil in pupils]
    session.execute(sa.insert(table_of(LearnerRow)), learners)
    ids: dict[str, int] = {}
    for portion in _in_portions(pupil.handle for pupil in pupils):
        rows = session.exec(select(LearnerRow.handle, LearnerRow.id).where(col(LearnerRow.handle).in_(portion)))
        ids.update((handle, known_id(learner_id)) for handle, learner_id in rows)
    accounts = [
        {
            "learner_id": ids[pupil.handle],
            "name": pupil.sign_in_name,
            "name_key": name_key(pupil.sign_in_name),
            "role": "student",
            "password_hash": pupil.password_hash,
            "created_at": now,
            "password_changed_at": now,
        }
        for pupil in pupils
    ]
    session.execute(sa.insert(table_of(AccountRow)), accounts)
    _add_start_passwords(session, pupils, now, expires_at)
    return ids


def _add_start_passwords(session: Session, pupils: Sequence[NewPupil], now: datetime, expires_at: datetime) -> None:
    accounts: dict[str, int] = {}
    for portion in _in_portions(name_key(pupil.sign_in_name) for pupil in pupils):
        rows = session.exec(select(AccountRow.name_key, AccountRow.id).where(col(AccountRow.name_key).in_(portion)))
        accounts.update((key, known_id(account_id)) for key, account_id in rows)
    session.execute(
        sa.insert(table_of(StartPasswordRow)),
        [
            {
                "account_id": accounts[name_key(pupil.sign_in_name)],
                "nonce": pupil.start_nonce,
                "code_hash": pupil.start_hash,
                "created_at": now,
                "expires_at": expires_at,
            }
            for pupil in pupils
        ],
    )


def change_member(
    session: Session, class_id: int, learner_id: int, *, external_id: str, first_name: str, last_name: str, email: str
) -> None:
    """Write down what the school's list says of a member."""
    row = session.get_one(ClassMemberRow, (class_id, learner_id))
    row.external_id, row.first_name, row.last_name, row.email = external_id, first_name, last_name, email
    session.flush()


def replace_start_password(
    session: Session, account_id: int, *, nonce: str, code_hash: str, now: datetime, expires_at: datetime
) -> None:
    """Give an account a start password; an older one is good no more."""
    session.exec(sa.delete(StartPasswordRow).where(col(StartPasswordRow.account_id) == account_id))
    session.add(
        StartPasswordRow(account_id=account_id, nonce=nonce, code_hash=code_hash, created_at=now, expires_at=expires_at)
    )
    session.flush()


def list_start_passwords(session: Session, class_id: int) -> dict[int, StartRecord]:
    """The start passwords of the students of a class that are not used up, by account; old ones too."""
    rows = session.exec(
        select(StartPasswordRow)
        .join(AccountRow, col(AccountRow.id) == col(StartPasswordRow.account_id))
        .join(ClassMemberRow, col(ClassMemberRow.learner_id) == col(AccountRow.learner_id))
        .where(ClassMemberRow.class_id == class_id, col(ClassMemberRow.left_at).is_(None))
    )
    return {row.account_id: StartRecord(row.account_id, row.nonce, row.code_hash, row.expires_at) for row in rows}


def add_reset(
    session: Session, *, account_id: int, class_id: int, by_account_id: int | None, by_name: str, now: datetime
) -> None:
    """Write down who gave a student a new start password."""
    session.add(
        PasswordResetRow(account_id=account_id, class_id=class_id, by_account_id=by_account_id, by_name=by_name, at=now)
    )
    session.flush()


def list_resets(session: Session, account_id: int) -> list[ResetRecord]:
    """Who gave a student new start passwords, the newest first."""
    rows = session.exec(
        select(PasswordResetRow)
        .where(PasswordResetRow.account_id == account_id)
        .order_by(col(PasswordResetRow.id).desc())
    )
    return [ResetRecord(row.by_name, row.at) for row in rows]


def list_groups(session: Session, class_id: int) -> list[GroupRecord]:
    """The groups of a class with the ids of their members, by name."""
    rows = session.exec(
        select(ClassGroupRow).where(ClassGroupRow.class_id == class_id).order_by(col(ClassGroupRow.name_key))
    ).all()
    members: dict[int, set[int]] = {known_id(row.id): set() for row in rows}
    pairs = select(ClassGroupMemberRow.group_id, ClassGroupMemberRow.learner_id).where(
        col(ClassGroupMemberRow.group_id).in_(list(members))
    )
    for group_id, learner_id in session.exec(pairs):
        members[group_id].add(learner_id)
    return [GroupRecord(known_id(row.id), row.handle, row.name, frozenset(members[known_id(row.id)])) for row in rows]


def add_group(session: Session, class_id: int, handle: str, name: str) -> int:
    """Add a group without members; gives its id."""
    row = ClassGroupRow(class_id=class_id, handle=handle, name=name, name_key=name_key(name))
    session.add(row)
    session.flush()
    return known_id(row.id)


def remove_group(session: Session, group_id: int) -> None:
    """Remove a group; its members stay in the class."""
    session.exec(sa.delete(ClassGroupRow).where(col(ClassGroupRow.id) == group_id))


def set_group_members(session: Session, group_id: int, learner_ids: Iterable[int]) -> None:
    """Let a group have these members and no others."""
    session.exec(sa.delete(ClassGroupMemberRow).where(col(ClassGroupMemberRow.group_id) == group_id))
    rows = [{"group_id": group_id, "learner_id": learner_id} for learner_id in learner_ids]
    if rows:
        session.execute(sa.insert(table_of(ClassGroupMemberRow)), rows)


def add_members(session: Session, class_id: int, rows: Sequence[Mapping[str, object]]) -> None:
    """Add many new members, each with all columns but the class."""
    if rows:
        session.execute(sa.insert(table_of(ClassMemberRow)), [{"class_id": class_id, **row} for row in rows])

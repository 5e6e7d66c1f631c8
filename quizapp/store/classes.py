"""Classes, their teachers and their members: queries that never commit."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from quizapp.core.rosters.pseudonyms import choose_pseudonym
from quizapp.store.tables import (
    AccountRow,
    AnonymousLearnerRow,
    ClassGroupMemberRow,
    ClassGroupRow,
    ClassMemberRow,
    ClassRow,
    ClassTeacherRow,
    LearnerRow,
    known_id,
)


@dataclass(frozen=True, slots=True)
class ClassRecord:
    """A class as stored."""

    id: int
    handle: str
    name: str
    pseudonymous: bool
    created_at: datetime
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A student of a class with all that is known; for a guest the fields of the account are None."""

    learner_id: int
    handle: str
    account_id: int | None
    account_name: str | None
    account_role: str | None
    pseudonym: str
    external_id: str
    first_name: str
    last_name: str
    email: str
    joined_at: datetime
    left_at: datetime | None
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MembershipRecord:
    """A class and one student's place in it."""

    taken: ClassRecord
    joined_at: datetime
    pseudonym: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeacherRecord:
    """A teacher of a class."""

    account_id: int
    handle: str
    name: str


def _to_class(row: ClassRow) -> ClassRecord:
    return ClassRecord(known_id(row.id), row.handle, row.name, row.pseudonymous, row.created_at, row.archived_at)


def add_class(session: Session, *, handle: str, name: str, now: datetime) -> ClassRecord:
    """Add a class without teachers and members."""
    row = ClassRow(handle=handle, name=name, created_at=now)
    session.add(row)
    session.flush()
    return _to_class(row)


def find_class(session: Session, handle: str) -> ClassRecord | None:
    """The class with this handle."""
    row = session.exec(select(ClassRow).where(ClassRow.handle == handle)).first()
    return None if row is None else _to_class(row)


def get_class(session: Session, class_id: int) -> ClassRecord:
    """The class with this id, which is there."""
    return _to_class(session.get_one(ClassRow, class_id))


def change_class(session: Session, class_id: int, *, name: str, pseudonymous: bool) -> None:
    """Give a class another name, and say whether its students go by pseudonyms."""
    session.exec(sa.update(ClassRow).where(col(ClassRow.id) == class_id).values(name=name, pseudonymous=pseudonymous))


def set_archived(session: Session, class_id: int, archived_at: datetime | None) -> None:
    """Archive a class, or (None) bring it back."""
    session.exec(sa.update(ClassRow).where(col(ClassRow.id) == class_id).values(archived_at=archived_at))


def add_teacher(session: Session, class_id: int, account_id: int, now: datetime) -> None:
    """Let a teacher teach the class; who teaches it already goes on."""
    if session.get(ClassTeacherRow, (class_id, account_id)) is None:
        session.add(ClassTeacherRow(class_id=class_id, account_id=account_id, added_at=now))
        session.flush()


def remove_teacher(session: Session, class_id: int, account_id: int) -> None:
    """Take the class from a teacher."""
    session.exec(
        sa.delete(ClassTeacherRow).where(
            col(ClassTeacherRow.class_id) == class_id, col(ClassTeacherRow.account_id) == account_id
        )
    )


def is_teacher(session: Session, class_id: int, account_id: int) -> bool:
    """Whether this account teaches the class."""
    return session.get(ClassTeacherRow, (class_id, account_id)) is not None


def list_teachers(session: Session, class_id: int) -> list[TeacherRecord]:
    """The teachers of a class, in the order in which they came."""
    return list_teachers_of(session, [class_id]).get(class_id, [])


def list_teachers_of(session: Session, class_ids: Sequence[int]) -> dict[int, list[TeacherRecord]]:
    """The teachers of several classes, by class."""
    rows = session.exec(
        select(ClassTeacherRow.class_id, AccountRow.id, LearnerRow.handle, AccountRow.name)
        .join(AccountRow, col(AccountRow.id) == col(ClassTeacherRow.account_id))
        .join(LearnerRow, col(LearnerRow.id) == col(AccountRow.learner_id))
        .where(col(ClassTeacherRow.class_id).in_(class_ids))
        .order_by(col(ClassTeacherRow.added_at), col(AccountRow.id))
    )
    found: dict[int, list[TeacherRecord]] = defaultdict(list)
    for class_id, account_id, handle, name in rows:
        found[class_id].append(TeacherRecord(known_id(account_id), handle, name))
    return found


def list_classes_by_teacher(session: Session, account_id: int | None) -> list[ClassRecord]:
    """The classes that an account teaches, by name; all there are where ``account_id`` is None."""
    query = select(ClassRow).order_by(col(ClassRow.name), col(ClassRow.id))
    if account_id is not None:
        query = query.join(ClassTeacherRow, col(ClassTeacherRow.class_id) == col(ClassRow.id)).where(
            ClassTeacherRow.account_id == account_id
        )
    return [_to_class(row) for row in session.exec(query)]


def list_memberships(session: Session, learner_id: int) -> list[MembershipRecord]:
    """The classes in which a learner is now, by name; archived ones are left out."""
    rows = session.exec(
        select(ClassRow, ClassMemberRow.joined_at, ClassMemberRow.pseudonym)
        .join(ClassMemberRow, col(ClassMemberRow.class_id) == col(ClassRow.id))
        .where(
            ClassMemberRow.learner_id == learner_id,
            col(ClassMemberRow.left_at).is_(None),
            col(ClassRow.archived_at).is_(None),
        )
        .order_by(col(ClassRow.name), col(ClassRow.id))
    ).all()
    groups = session.exec(
        select(ClassGroupRow.class_id, ClassGroupRow.name)
        .join(ClassGroupMemberRow, col(ClassGroupMemberRow.group_id) == col(ClassGroupRow.id))
        .where(ClassGroupMemberRow.learner_id == learner_id)
        .order_by(col(ClassGroupRow.name_key))
    ).all()
    return [
        MembershipRecord(_to_class(row), joined, pseudonym, tuple(name for owner, name in groups if owner == row.id))
        for row, joined, pseudonym in rows
    ]


def count_members(session: Session, class_ids: Iterable[int]) -> dict[int, int]:
    """How many students are in each class now; classes without any are left out."""
    rows = session.exec(
        select(ClassMemberRow.class_id, sa.func.count())
        .where(col(ClassMemberRow.class_id).in_(list(class_ids)), col(ClassMemberRow.left_at).is_(None))
        .group_by(col(ClassMemberRow.class_id))
    )
    return dict(rows.all())


def add_member(session: Session, class_id: int, learner_id: int, seed: str, now: datetime, *, name: str = "") -> bool:
    """Put a learner into a class; says whether that changed anything. Who had left comes back as the same member.

    The pseudonym of a new member is chosen by ``seed``. ``name`` is what the learner calls themselves.
    """
    row = session.get(ClassMemberRow, (class_id, learner_id))
    if row is not None:
        came_back = row.left_at is not None
        row.left_at = None
        row.first_name = row.first_name or ("" if row.last_name else name)
        session.flush()
        return came_back
    session.add(
        ClassMemberRow(
            class_id=class_id,
            learner_id=learner_id,
            pseudonym=choose_pseudonym(seed, list_pseudonyms(session, class_id)),
            first_name=name,
            joined_at=now,
        )
    )
    session.flush()
    return True


def list_pseudonyms(session: Session, class_id: int) -> set[str]:
    """The pseudonyms that are taken in a class, also by those who left."""
    return set(session.exec(select(ClassMemberRow.pseudonym).where(ClassMemberRow.class_id == class_id)))


def end_membership(session: Session, class_id: int, learner_id: int, now: datetime) -> bool:
    """Let a learner leave a class, and its groups; says whether the learner was in it."""
    ended = session.exec(
        sa.update(ClassMemberRow)
        .where(
            col(ClassMemberRow.class_id) == class_id,
            col(ClassMemberRow.learner_id) == learner_id,
            col(ClassMemberRow.left_at).is_(None),
        )
        .values(left_at=now)
    )
    groups = sa.select(col(ClassGroupRow.id)).where(col(ClassGroupRow.class_id) == class_id)
    session.exec(
        sa.delete(ClassGroupMemberRow).where(
            col(ClassGroupMemberRow.learner_id) == learner_id, col(ClassGroupMemberRow.group_id).in_(groups)
        )
    )
    return bool(ended.rowcount)


def is_member(session: Session, class_id: int, learner_id: int) -> bool:
    """Whether a learner is in a class now."""
    row = session.get(ClassMemberRow, (class_id, learner_id))
    return row is not None and row.left_at is None


def _list_groups_of(session: Session, class_id: int) -> dict[int, tuple[str, ...]]:
    rows = session.exec(
        select(ClassGroupMemberRow.learner_id, ClassGroupRow.name)
        .join(ClassGroupRow, col(ClassGroupRow.id) == col(ClassGroupMemberRow.group_id))
        .where(ClassGroupRow.class_id == class_id)
        .order_by(col(ClassGroupRow.name_key))
    )
    found: dict[int, tuple[str, ...]] = {}
    for learner_id, name in rows:
        found[learner_id] = (*found.get(learner_id, ()), name)
    return found


_MEMBER: tuple[Any, ...] = (
    col(ClassMemberRow.learner_id),
    col(LearnerRow.handle),
    col(AccountRow.id),
    col(AccountRow.name),
    col(AccountRow.role),
    col(ClassMemberRow.pseudonym),
    col(ClassMemberRow.external_id),
    col(ClassMemberRow.first_name),
    col(ClassMemberRow.last_name),
    col(ClassMemberRow.email),
    col(ClassMemberRow.joined_at),
    col(ClassMemberRow.left_at),
)
"""The columns of a member, in the order of its record's fields."""


def list_members(
    session: Session, class_id: int, *, with_left: bool = False, learner_handle: str | None = None
) -> list[MemberRecord]:
    """The members of a class, in no order; ``learner_handle`` asks for one alone."""
    query: sa.Select[Any] = (
        sa.select(*_MEMBER)
        .select_from(ClassMemberRow)
        .join(LearnerRow, col(LearnerRow.id) == col(ClassMemberRow.learner_id))
        .outerjoin(AccountRow, col(AccountRow.learner_id) == col(LearnerRow.id))
        .where(col(ClassMemberRow.class_id) == class_id)
    )
    if with_left:  # those who hold the answers of people deleted are nobody, and have left
        query = query.where(col(ClassMemberRow.learner_id).not_in(sa.select(col(AnonymousLearnerRow.learner_id))))
    else:
        query = query.where(col(ClassMemberRow.left_at).is_(None))
    if learner_handle is not None:
        query = query.where(col(LearnerRow.handle) == learner_handle)
    groups = _list_groups_of(session, class_id)
    return [MemberRecord(*(*row, groups.get(row[0], ()))) for row in session.execute(query).all()]

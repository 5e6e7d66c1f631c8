"""Assignments, whom they are for, what is different for single students, and who changed what: nothing commits."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.assignments.dates import Dates
from quizapp.store.tables import (
    AccountRow,
    AssessmentRow,
    AssignmentCardRow,
    AssignmentChangeRow,
    AssignmentGroupRow,
    AssignmentRow,
    AssignmentStudentRow,
    CardRow,
    ClassGroupRow,
    ClassMemberRow,
    ClassRow,
    LearnerRow,
    table_of,
)

_assignment, _card, _group = table_of(AssignmentRow), table_of(AssignmentCardRow), table_of(AssignmentGroupRow)
_own, _change = table_of(AssignmentStudentRow), table_of(AssignmentChangeRow)
_class, _test, _deck_card = table_of(ClassRow), table_of(AssessmentRow), table_of(CardRow)
_class_group, _member = table_of(ClassGroupRow), table_of(ClassMemberRow)
_learner, _account = table_of(LearnerRow), table_of(AccountRow)


@dataclass(frozen=True, slots=True)
class AssignmentRecord:
    """An assignment as stored, with the name of its class; of a test, the dates are the test's.

    ``test_here`` is false where the test was given to another class, or was not published.
    """

    id: int
    handle: str
    class_id: int
    class_handle: str
    class_name: str
    archived: bool
    assessment_id: int | None
    title: str
    instructions: str
    scope: str
    for_class: bool
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    version: int
    test_handle: str
    test_title: str
    test_here: bool

    @property
    def dates(self) -> Dates:
        """The dates of the class."""
        return Dates(self.opens_at, self.due_at, self.closes_at)

    @property
    def is_test(self) -> bool:
        """Whether a test is to be sat; else there are cards to study."""
        return self.assessment_id is not None


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """What is different for one student in one assignment."""

    named: bool = False
    excused: bool = False
    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None

    @property
    def dates(self) -> Dates:
        """The student's own dates."""
        return Dates(self.opens_at, self.due_at, self.closes_at)


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """A change: when, by whom (blank: an account that is gone), of which student (0: for all), and what, as JSON."""

    at: datetime
    by: str
    learner_id: int
    changes: str


@dataclass(frozen=True, slots=True)
class GroupRecord:
    """A group that is asked; ``handle`` is blank once the group is deleted."""

    name: str
    handle: str


@dataclass(frozen=True, slots=True)
class TestChoice:
    """A test of the class that can be assigned."""

    __test__ = False  # what a person calls a test, not what pytest does

    id: int
    handle: str
    title: str


_FIND = (
    sa.select(
        _assignment.c.id,
        _assignment.c.handle,
        _assignment.c.class_id,
        _class.c.handle,
        _class.c.name,
        _class.c.archived_at.is_not(None),
        _assignment.c.assessment_id,
        _assignment.c.title,
        _assignment.c.instructions,
        _assignment.c.scope,
        _assignment.c.for_class,
        *(sa.func.coalesce(_assignment.c[name], _test.c[name]) for name in ("opens_at", "due_at", "closes_at")),
        _assignment.c.version,
        sa.func.coalesce(_test.c.handle, ""),
        sa.func.coalesce(_test.c.title, ""),
        sa.func.coalesce((_test.c.class_id == _assignment.c.class_id) & _test.c.published_at.is_not(None), sa.false()),
    )
    .join(_class, _class.c.id == _assignment.c.class_id)
    .outerjoin(_test, _test.c.id == _assignment.c.assessment_id)
)


def find_assignment(session: Session, handle: str) -> AssignmentRecord | None:
    """The assignment with this handle."""
    row = session.execute(_FIND.where(_assignment.c.handle == handle)).first()
    return None if row is None else AssignmentRecord(*row)


def list_of_class(session: Session, class_id: int) -> list[AssignmentRecord]:
    """The assignments of a class, the newest first."""
    rows = session.execute(_FIND.where(_assignment.c.class_id == class_id).order_by(_assignment.c.id.desc()))
    return [AssignmentRecord(*row) for row in rows]


def count_of_class(session: Session, class_id: int) -> int:
    """How many assignments a class has."""
    return int(session.execute(sa.select(sa.func.count()).where(_assignment.c.class_id == class_id)).scalar_one())


def add_assignment(session: Session, values: Mapping[str, Any]) -> int:
    """Write a new assignment; gives its id."""
    return int(session.execute(sa.insert(_assignment).values(**values).returning(_assignment.c.id)).scalar_one())


def change_assignment(session: Session, assignment_id: int, version: int, values: Mapping[str, Any]) -> bool:
    """Write an assignment anew, unless it is no longer at this version; whether it was written."""
    this = (_assignment.c.id == assignment_id) & (_assignment.c.version == version)
    done = session.execute(sa.update(_assignment).where(this).values(version=version + 1, **values))
    return bool(getattr(done, "rowcount", 0))


def remove_assignment(session: Session, assignment_id: int) -> None:
    """Forget an assignment with all that was said of it; the answers stay in the log."""
    session.execute(sa.delete(_assignment).where(_assignment.c.id == assignment_id))


def list_cards(session: Session, assignment_id: int) -> set[int]:
    """The cards in use that are to be studied."""
    rows = session.execute(
        sa.select(_card.c.card_id)
        .join(_deck_card, _deck_card.c.id == _card.c.card_id)
        .where(_card.c.assignment_id == assignment_id, _deck_card.c.retired_at.is_(None))
    )
    return {row[0] for row in rows}


def count_cards(session: Session, class_id: int) -> dict[int, int]:
    """How many cards in use each assignment of a class has, by assignment."""
    rows = session.execute(
        sa.select(_card.c.assignment_id, sa.func.count())
        .join(_deck_card, _deck_card.c.id == _card.c.card_id)
        .join(_assignment, _assignment.c.id == _card.c.assignment_id)
        .where(_assignment.c.class_id == class_id, _deck_card.c.retired_at.is_(None))
        .group_by(_card.c.assignment_id)
    )
    return {row[0]: row[1] for row in rows}


def replace_cards(session: Session, assignment_id: int, card_ids: Iterable[int]) -> None:
    """Write down which cards are to be studied."""
    session.execute(sa.delete(_card).where(_card.c.assignment_id == assignment_id))
    rows = [{"assignment_id": assignment_id, "card_id": card_id} for card_id in card_ids]
    if rows:
        session.execute(sa.insert(_card), rows)


def list_groups(session: Session, assignment_id: int) -> list[GroupRecord]:
    """The groups that are asked, by name; a group that is there goes by the name it has now."""
    name = sa.func.coalesce(_class_group.c.name, _group.c.name)
    rows = session.execute(
        sa.select(name, sa.func.coalesce(_class_group.c.handle, ""))
        .select_from(_group)
        .outerjoin(_class_group, _class_group.c.id == _group.c.group_id)
        .where(_group.c.assignment_id == assignment_id)
        .order_by(name)
    )
    return [GroupRecord(*row) for row in rows]


def find_groups(session: Session, class_id: int, handles: Collection[str]) -> list[tuple[int, str]]:
    """The groups of a class with these handles, as id and name."""
    rows = session.execute(
        sa.select(_class_group.c.id, _class_group.c.name).where(
            _class_group.c.class_id == class_id, _class_group.c.handle.in_(handles)
        )
    )
    return [(row[0], row[1]) for row in rows]


def replace_groups(session: Session, assignment_id: int, groups: Iterable[tuple[int, str]]) -> None:
    """Write down which groups are asked, as id and name; those that were deleted are forgotten."""
    session.execute(sa.delete(_group).where(_group.c.assignment_id == assignment_id))
    rows = [{"assignment_id": assignment_id, "group_id": group_id, "name": name} for group_id, name in groups]
    if rows:
        session.execute(sa.insert(_group), rows)


def find_members(session: Session, class_id: int, handles: Collection[str]) -> list[int]:
    """The students of a class with these handles, by id."""
    rows = session.execute(
        sa.select(_member.c.learner_id)
        .join(_learner, _learner.c.id == _member.c.learner_id)
        .where(_member.c.class_id == class_id, _member.c.left_at.is_(None), _learner.c.handle.in_(handles))
    )
    return [row[0] for row in rows]


def save_own(session: Session, assignment_id: int, learner_id: int, values: Mapping[str, Any]) -> None:
    """Write down what is different for a student."""
    this = (_own.c.learner_id == learner_id) & (_own.c.assignment_id == assignment_id)
    if not getattr(session.execute(sa.update(_own).where(this).values(**values)), "rowcount", 0):
        session.execute(sa.insert(_own).values(learner_id=learner_id, assignment_id=assignment_id, **values))


def replace_named(session: Session, assignment_id: int, learner_ids: Collection[int], now: datetime) -> None:
    """Let these students be asked by name, and no others; what else is different for somebody stays."""
    session.execute(sa.update(_own).where(_own.c.assignment_id == assignment_id, _own.c.named).values(named=False))
    for learner_id in learner_ids:
        save_own(session, assignment_id, learner_id, {"named": True, "changed_at": now})


def list_named(session: Session, assignment_id: int) -> list[str]:
    """The handles of the students who are asked by name."""
    rows = session.execute(
        sa.select(_learner.c.handle)
        .join(_own, _own.c.learner_id == _learner.c.id)
        .where(_own.c.assignment_id == assignment_id, _own.c.named)
    )
    return [row[0] for row in rows]


def find_own(session: Session, assignment_id: int, learner_id: int) -> OwnRecord:
    """What is different for a student."""
    row = session.execute(
        sa.select(*(_own.c[name] for name in OwnRecord.__dataclass_fields__)).where(
            _own.c.learner_id == learner_id, _own.c.assignment_id == assignment_id
        )
    ).first()
    return OwnRecord() if row is None else OwnRecord(*row)


def move_students(session: Session, from_id: int, to_id: int) -> None:
    """Make what is different for a guest that of an account; where the account has it already, that stays."""
    taken = sa.select(_own.c.assignment_id).where(_own.c.learner_id == to_id)
    moved = (_own.c.learner_id == from_id) & _own.c.assignment_id.not_in(taken)
    session.execute(sa.update(_own).where(moved).values(learner_id=to_id))
    session.execute(sa.update(_change).where(_change.c.learner_id == from_id).values(learner_id=to_id))


def add_change(
    session: Session, assignment_id: int, learner_id: int | None, by: int | None, changes: str, now: datetime
) -> None:
    """Write down who changed what."""
    values = {"assignment_id": assignment_id, "learner_id": learner_id, "by_account_id": by, "changes": changes}
    session.execute(sa.insert(_change).values(at=now, **values))


def list_changes(session: Session, assignment_id: int, most: int) -> list[ChangeRecord]:
    """The latest changes, the newest first."""
    rows = session.execute(
        sa.select(
            _change.c.at,
            sa.func.coalesce(_account.c.name, ""),
            sa.func.coalesce(_change.c.learner_id, 0),
            _change.c.changes,
        )
        .outerjoin(_account, _account.c.id == _change.c.by_account_id)
        .where(_change.c.assignment_id == assignment_id)
        .order_by(_change.c.id.desc())
        .limit(most)
    )
    return [ChangeRecord(*row) for row in rows]


def list_test_choices(session: Session, class_id: int) -> list[TestChoice]:
    """The tests of a class that are no assignment yet, the newest first."""
    rows = session.execute(
        sa.select(_test.c.id, _test.c.handle, _test.c.title)
        .outerjoin(_assignment, _assignment.c.assessment_id == _test.c.id)
        .where(_test.c.class_id == class_id, _assignment.c.id.is_(None))
        .order_by(_test.c.id.desc())
    )
    return [TestChoice(*row) for row in rows]

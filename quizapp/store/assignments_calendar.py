"""Calendar feeds, and what is due in the classes of a teacher and in tests: queries that never commit."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.tables import (
    AccommodationRow,
    AccountRow,
    AssessmentExceptionRow,
    AssessmentRow,
    AssignmentRow,
    CalendarFeedRow,
    ClassMemberRow,
    ClassRow,
    ClassTeacherRow,
    table_of,
)

_feed, _account = table_of(CalendarFeedRow), table_of(AccountRow)
_assignment, _test = table_of(AssignmentRow), table_of(AssessmentRow)
_class, _teacher, _member = table_of(ClassRow), table_of(ClassTeacherRow), table_of(ClassMemberRow)
_exception, _more_time = table_of(AssessmentExceptionRow), table_of(AccommodationRow)


@dataclass(frozen=True, slots=True)
class DueRecord:
    """An assignment or a test of a class, with its date."""

    handle: str
    title: str
    due_at: datetime | None
    closes_at: datetime | None
    created_at: datetime
    changed_at: datetime


def find_feed(session: Session, learner_id: int) -> str | None:
    """What a learner's feed is made from; None where there is none."""
    found = session.execute(sa.select(_feed.c.nonce).where(_feed.c.learner_id == learner_id)).scalar()
    return None if found is None else str(found)


def find_owner(session: Session, token_hash: str) -> tuple[int, int | None] | None:
    """Whose feed this is: the learner, and the account where it is one."""
    row = session.execute(
        sa.select(_feed.c.learner_id, _account.c.id)
        .outerjoin(_account, _account.c.learner_id == _feed.c.learner_id)
        .where(_feed.c.token_hash == token_hash)
    ).first()
    return None if row is None else (row[0], row[1])


def remove_feed(session: Session, learner_id: int) -> None:
    """End a learner's feed."""
    session.execute(sa.delete(_feed).where(_feed.c.learner_id == learner_id))


def replace_feed(session: Session, learner_id: int, nonce: str, token_hash: str, now: datetime) -> None:
    """Give a learner a new feed in place of the old one."""
    remove_feed(session, learner_id)
    values = {"learner_id": learner_id, "nonce": nonce, "token_hash": token_hash, "created_at": now}
    session.execute(sa.insert(_feed).values(**values))


def _latest(*moments: sa.ColumnElement[datetime]) -> sa.ColumnElement[datetime]:
    latest = moments[0]
    for moment in moments[1:]:
        latest = sa.case((moment > latest, moment), else_=latest)
    return latest


def _of_teacher(account_id: int) -> sa.ColumnElement[bool]:
    return _class.c.archived_at.is_(None) & _class.c.id.in_(
        sa.select(_teacher.c.class_id).where(_teacher.c.account_id == account_id)
    )


_ASSIGNED = (
    sa.select(
        _assignment.c.handle,
        _assignment.c.title,
        sa.func.coalesce(_assignment.c.due_at, _test.c.due_at),
        sa.func.coalesce(_assignment.c.closes_at, _test.c.closes_at),
        _assignment.c.created_at,
        _latest(_assignment.c.changed_at, _test.c.published_at, _test.c.changed_at),
    )
    .join(_class, _class.c.id == _assignment.c.class_id)
    .outerjoin(_test, _test.c.id == _assignment.c.assessment_id)
    .order_by(_assignment.c.id)
)


def find_due(session: Session, assignment_id: int) -> DueRecord:
    """An assignment that is there, with the date of its class."""
    return DueRecord(*session.execute(_ASSIGNED.where(_assignment.c.id == assignment_id)).one())


def list_taught(session: Session, account_id: int) -> list[DueRecord]:
    """The assignments of the classes that an account teaches; of tests only those that students see."""
    here = (_test.c.class_id == _assignment.c.class_id) & _test.c.published_at.is_not(None)
    rows = session.execute(
        _ASSIGNED.where(_of_teacher(account_id), sa.or_(_assignment.c.assessment_id.is_(None), here))
    )
    return [DueRecord(*row) for row in rows]


_LOOSE_TESTS = (
    sa.select(
        _test.c.handle,
        _test.c.title,
        _test.c.due_at,
        _test.c.closes_at,
        _test.c.created_at,
        _latest(_test.c.created_at, _test.c.published_at, _test.c.changed_at),
    )
    .join(_class, _class.c.id == _test.c.class_id)
    .outerjoin(_assignment, (_assignment.c.assessment_id == _test.c.id) & (_assignment.c.class_id == _test.c.class_id))
    .where(_test.c.published_at.is_not(None), _assignment.c.id.is_(None))
    .order_by(_test.c.id)
)


def list_taught_tests(session: Session, account_id: int) -> list[DueRecord]:
    """The published tests of the classes that an account teaches which are no assignment of that class."""
    return [DueRecord(*row) for row in session.execute(_LOOSE_TESTS.where(_of_teacher(account_id)))]


@dataclass(frozen=True, slots=True)
class LooseTest:
    """A test of a student's class that is no assignment: its dates, the student's own, and the time in percent."""

    due: DueRecord
    own_due_at: datetime | None
    own_closes_at: datetime | None
    plan: str
    time_percent: int


def list_loose_tests(session: Session, learner_id: int) -> list[LooseTest]:
    """The published tests of the classes in which a learner studies now which are no assignment."""
    member = (_member.c.class_id == _test.c.class_id) & (_member.c.learner_id == learner_id)
    own = (_exception.c.assessment_id == _test.c.id) & (_exception.c.learner_id == learner_id)
    rows = session.execute(
        _LOOSE_TESTS.with_only_columns(
            _test.c.handle,
            _test.c.title,
            _test.c.due_at,
            _test.c.closes_at,
            _test.c.created_at,
            _latest(
                _test.c.created_at, _test.c.published_at, _test.c.changed_at, _exception.c.set_at, _more_time.c.set_at
            ),
            _exception.c.due_at,
            _exception.c.closes_at,
            _test.c.plan,
            sa.func.coalesce(_more_time.c.time_percent, 100),
        )
        .join(_member, member)
        .outerjoin(_exception, own)
        .outerjoin(_more_time, _more_time.c.learner_id == learner_id)
        .where(_member.c.left_at.is_(None), _class.c.archived_at.is_(None))
    )
    return [LooseTest(DueRecord(*row[:6]), *row[6:]) for row in rows]

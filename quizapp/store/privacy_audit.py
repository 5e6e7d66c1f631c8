"""The list of acts: written, and read by whom it concerns. Queries that never commit."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.tables import (
    AccountRow,
    AssessmentRow,
    AssignmentRow,
    AttemptRow,
    AuditRow,
    ClassMemberRow,
    ClassRow,
    LearnerRow,
    table_of,
)

_audit, _member, _class = table_of(AuditRow), table_of(ClassMemberRow), table_of(ClassRow)
_account, _learner = table_of(AccountRow), table_of(LearnerRow)
_test, _attempt, _assignment = table_of(AssessmentRow), table_of(AttemptRow), table_of(AssignmentRow)
PAGE = 50


@dataclass(frozen=True, slots=True)
class NewAct:
    """An act to be written down."""

    act: str
    way: str
    detail: str = ""
    format: str = ""
    class_id: int | None = None
    learner_id: int | None = None
    by_account_id: int | None = None
    by_role: str = ""


@dataclass(frozen=True, slots=True)
class ActRecord:
    """An act as written down. ``by_name`` and ``pupil`` are names of accounts; None where there is none any more."""

    id: int
    at: datetime
    act: str
    way: str
    detail: str
    format: str
    class_name: str | None
    class_handle: str | None
    pseudonymous: bool | None
    learner_id: int | None
    pupil: str | None
    pupil_code: str
    by_account_id: int | None
    by_name: str | None
    by_role: str
    by_code: str


@dataclass(frozen=True, slots=True)
class Search:
    """Which acts: of a kind (blank: all), older than the one with the id ``before``."""

    act: str = ""
    before: int | None = None


def add_act(session: Session, act: NewAct, now: datetime) -> None:
    """Write an act down."""
    fields = {name: getattr(act, name) for name in NewAct.__dataclass_fields__}
    session.execute(sa.insert(_audit).values(at=now, pupil_code="", by_code="", **fields))


def find_class_id(session: Session, *, taken: str = "", test: str = "", assignment: str = "") -> int | None:
    """The id of the class with this handle, or of that of the test or the assignment with it."""
    query = sa.select(_class.c.id).where(_class.c.handle == taken)
    if test:
        query = sa.select(_test.c.class_id).where(_test.c.handle == test)
    if assignment:
        query = sa.select(_assignment.c.class_id).where(_assignment.c.handle == assignment)
    found: int | None = session.execute(query).scalar()
    return found


def find_learner_id(session: Session, handle: str) -> int | None:
    """The id of the learner with this handle."""
    found: int | None = session.execute(sa.select(_learner.c.id).where(_learner.c.handle == handle)).scalar()
    return found


def find_attempt_learner(session: Session, handle: str) -> int | None:
    """The id of the learner whose attempt has this handle."""
    found: int | None = session.execute(sa.select(_attempt.c.learner_id).where(_attempt.c.handle == handle)).scalar()
    return found


def is_about(learner_id: int) -> sa.ColumnElement[bool]:
    """An act about a learner: about them alone, or about a whole class while they were in it."""
    in_class = (
        sa.exists()
        .where(
            _member.c.learner_id == learner_id,
            _member.c.class_id == _audit.c.class_id,
            _member.c.joined_at <= _audit.c.at,
            _member.c.left_at.is_(None) | (_member.c.left_at >= _audit.c.at),
        )
        .correlate(_audit)
    )
    return (_audit.c.learner_id == learner_id) | (
        _audit.c.learner_id.is_(None) & (_audit.c.pupil_code == "") & in_class
    )


def _list(session: Session, which: sa.ColumnElement[bool], search: Search) -> list[ActRecord]:
    pupil = _account.alias("pupil")
    query = (
        sa.select(
            *(_audit.c[name] for name in ("id", "at", "act", "way", "detail", "format")),
            _class.c.name,
            _class.c.handle,
            _class.c.pseudonymous,
            _audit.c.learner_id,
            pupil.c.name,
            _audit.c.pupil_code,
            _audit.c.by_account_id,
            _account.c.name,
            _audit.c.by_role,
            _audit.c.by_code,
        )
        .outerjoin_from(_audit, _class, _class.c.id == _audit.c.class_id)
        .outerjoin(pupil, pupil.c.learner_id == _audit.c.learner_id)
        .outerjoin(_account, _account.c.id == _audit.c.by_account_id)
        .where(which)
        .order_by(_audit.c.id.desc())
        .limit(PAGE + 1)
    )
    if search.act:
        query = query.where(_audit.c.act == search.act)
    if search.before is not None:
        query = query.where(_audit.c.id < search.before)
    return [ActRecord(*row) for row in session.execute(query)]


def list_about(session: Session, learner_id: int, search: Search) -> list[ActRecord]:
    """Acts about a learner, the newest first, one more than a page holds."""
    return _list(session, is_about(learner_id), search)


def list_of_class(session: Session, class_id: int, search: Search) -> list[ActRecord]:
    """Acts on a class, and on its students alone where the act was done in it."""
    return _list(session, _audit.c.class_id == class_id, search)


def list_all(session: Session, search: Search) -> list[ActRecord]:
    """All acts."""
    return _list(session, sa.true(), search)

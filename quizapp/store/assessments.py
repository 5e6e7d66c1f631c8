"""Tests that teachers set, who sits them, and what is different for single students: queries that never commit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.prepared import Prepared
from quizapp.store.tables import (
    AccommodationRow,
    AccountRow,
    AnonymousLearnerRow,
    AssessmentCardRow,
    AssessmentExceptionRow,
    AssessmentRow,
    AssignmentGroupRow,
    AssignmentRow,
    AssignmentStudentRow,
    AttemptRow,
    CardRow,
    ClassGroupMemberRow,
    ClassMemberRow,
    ClassRow,
    ClassTeacherRow,
    DeckRow,
    LearnerRow,
    table_of,
)

_test, _class, _attempt = table_of(AssessmentRow), table_of(ClassRow), table_of(AttemptRow)
_member, _teacher = table_of(ClassMemberRow), table_of(ClassTeacherRow)
_nobody = table_of(AnonymousLearnerRow).c.learner_id
_card, _more_time, _exception = (
    table_of(AssessmentCardRow),
    table_of(AccommodationRow),
    table_of(AssessmentExceptionRow),
)
_learner, _account = table_of(LearnerRow), table_of(AccountRow)
_assignment, _own = table_of(AssignmentRow), table_of(AssignmentStudentRow)
_group, _group_member = table_of(AssignmentGroupRow), table_of(ClassGroupMemberRow)


@dataclass(frozen=True, slots=True)
class AssessmentRecord:
    """A test as stored; ``plan`` is JSON, ``class_name`` blank where it is for no class."""

    id: int
    handle: str
    owner_id: int | None
    class_id: int | None
    class_name: str
    by_link: bool
    holds: bool
    title: str
    plan: str
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    version: int
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExceptionRecord:
    """What is different for one student: extra time in percent, more attempts, and dates of their own."""

    time_percent: int = 100
    extra_attempts: int = 0
    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StudentRecord:
    """Somebody who sits a test, or may. ``member``: in the test's class now."""

    learner_id: int
    handle: str
    name: str
    member: bool


_TEST = sa.select(
    *(
        sa.func.coalesce(_class.c.name, "") if name == "class_name" else _test.c[name]
        for name in AssessmentRecord.__dataclass_fields__
    )
).outerjoin_from(_test, _class, _class.c.id == _test.c.class_id)

EXCEPTION_COLUMNS = (
    sa.func.coalesce(_more_time.c.time_percent, 100),
    sa.func.coalesce(_exception.c.extra_attempts, 0),
    _exception.c.opens_at,
    _exception.c.due_at,
    _exception.c.closes_at,
)
"""The columns of an exception, in the order of its record's fields."""


def is_for_others(learner: sa.ColumnElement[Any], *correlated: sa.Table) -> sa.ColumnElement[bool]:
    """Whether a test is given, as an assignment of its class, to groups or single students and this learner is none."""
    named = sa.exists().where(_own.c.assignment_id == _assignment.c.id, _own.c.learner_id == learner, _own.c.named)
    in_group = (
        sa.exists(sa.select(_group.c.name).join(_group_member, _group_member.c.group_id == _group.c.group_id))
        .where(_group.c.assignment_id == _assignment.c.id, _group_member.c.learner_id == learner)
        .correlate(_assignment, *correlated)
    )
    return sa.exists(
        sa.select(_assignment.c.id)
        .where(_assignment.c.assessment_id == _test.c.id, _assignment.c.class_id == _test.c.class_id)
        .where(sa.not_(_assignment.c.for_class), sa.not_(named.correlate(_assignment, *correlated)), sa.not_(in_group))
        .correlate(_test, *correlated)
    )


_learner_is = sa.bindparam("learner", type_=sa.Integer)
_GIVEN = _test.c.class_id.in_(
    sa.select(_member.c.class_id).where(_member.c.learner_id == _learner_is, _member.c.left_at.is_(None))
) & sa.not_(is_for_others(_learner_is))
"""Whether a learner is in a test's class, and the test is not given to others of it alone."""
_MINE = _GIVEN | _test.c.id.in_(sa.select(_attempt.c.assessment_id).where(_attempt.c.learner_id == _learner_is))
"""Whether a test is given to a learner, or the learner has sat it."""
_IS_GIVEN = Prepared(sa.select(_test.c.id).where(_test.c.id == sa.bindparam("test", type_=sa.Integer), _GIVEN))
_PUBLISHED = Prepared(
    _TEST.where(_test.c.published_at.is_not(None), _MINE).order_by(_test.c.published_at.desc(), _test.c.id.desc())
)
_HOLDING = Prepared(_TEST.where(_test.c.holds, _test.c.published_at.is_not(None), _MINE))


def _taught(account_id: int) -> sa.ColumnElement[bool]:
    classes = sa.select(_teacher.c.class_id).where(_teacher.c.account_id == account_id)
    return (_test.c.owner_id == account_id) | _test.c.class_id.in_(classes)


def find_assessment(session: Session, handle: str) -> AssessmentRecord | None:
    """The test with this handle."""
    row = session.execute(_TEST.where(_test.c.handle == handle)).first()
    return None if row is None else AssessmentRecord(*row)


def lock_assessment(session: Session, handle: str, *, to_change: bool = False) -> None:
    """Let nobody change a test until the transaction ends; with ``to_change``, nobody begin it either."""
    found = sa.select(_test.c.id).where(_test.c.handle == handle)
    session.execute(found.with_for_update(read=not to_change, key_share=not to_change)).all()


def get_assessment(session: Session, assessment_id: int) -> AssessmentRecord:
    """The test that an attempt names."""
    return AssessmentRecord(*session.execute(_TEST.where(_test.c.id == assessment_id)).one())


def list_taught(session: Session, account_id: int | None) -> list[AssessmentRecord]:
    """The tests of a teacher and of their classes, the newest first; None: all there are."""
    every = _TEST.order_by(_test.c.created_at.desc(), _test.c.id.desc())
    rows = session.execute(every if account_id is None else every.where(_taught(account_id)))
    return [AssessmentRecord(*row) for row in rows]


def list_published_for(session: Session, learner_id: int) -> list[AssessmentRecord]:
    """The published tests that are given to a learner, and those the learner has sat, the newest first."""
    return [AssessmentRecord(*row) for row in _PUBLISHED.all(session, {"learner": learner_id})]


def list_holding(session: Session, learner_id: int) -> list[AssessmentRecord]:
    """The published tests that keep their cards out of the study of this learner, whatever their dates say."""
    return [AssessmentRecord(*row) for row in _HOLDING.all(session, {"learner": learner_id})]


def may_teach(session: Session, assessment: AssessmentRecord, account_id: int) -> bool:
    """Whether an account may change a test: its owner, or a teacher of its class."""
    return (
        session.execute(sa.select(_test.c.id).where(_test.c.id == assessment.id, _taught(account_id))).first()
        is not None
    )


def is_given(session: Session, assessment_id: int, learner_id: int) -> bool:
    """Whether a learner is in a test's class now, and the test is not given to others of it alone."""
    return _IS_GIVEN.first(session, {"test": assessment_id, "learner": learner_id}) is not None


def list_classes(session: Session, account_id: int) -> list[tuple[int, str, str]]:
    """The classes that an account teaches, as id, handle and name, by name."""
    rows = session.execute(
        sa.select(_class.c.id, _class.c.handle, _class.c.name)
        .join_from(_class, _teacher, _teacher.c.class_id == _class.c.id)
        .where(_teacher.c.account_id == account_id, _class.c.archived_at.is_(None))
        .order_by(_class.c.name, _class.c.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def add_assessment(session: Session, values: Mapping[str, Any]) -> int:
    """Write a new test; gives its id."""
    return int(session.execute(sa.insert(_test).values(**values).returning(_test.c.id)).scalar_one())


def change_assessment(session: Session, assessment: AssessmentRecord, version: int, values: Mapping[str, Any]) -> bool:
    """Write a test anew, unless it is no longer at this version; whether it was written."""
    this = (_test.c.id == assessment.id) & (_test.c.version == version)
    done = session.execute(sa.update(_test).where(this).values(version=version + 1, **values))
    return bool(getattr(done, "rowcount", 0))


def remove_assessment(session: Session, assessment_id: int) -> None:
    """Forget a test and all attempts at it."""
    session.execute(sa.delete(_test).where(_test.c.id == assessment_id))


def replace_pool(session: Session, assessment_id: int, card_ids: Iterable[int]) -> None:
    """Write down which cards a test may ask."""
    session.execute(sa.delete(_card).where(_card.c.assessment_id == assessment_id))
    rows = [{"assessment_id": assessment_id, "card_id": card_id} for card_id in card_ids]
    if rows:
        session.execute(sa.insert(_card), rows)


def list_pool_cards(session: Session, assessment_ids: Sequence[int]) -> frozenset[int]:
    """The cards that these tests may ask."""
    rows = session.execute(sa.select(_card.c.card_id).where(_card.c.assessment_id.in_(assessment_ids)))
    return frozenset(row[0] for row in rows)


def find_exception(session: Session, assessment_id: int, learner_id: int) -> ExceptionRecord:
    """What is different for one student in one test."""
    row = session.execute(
        sa.select(*EXCEPTION_COLUMNS)
        .select_from(_learner)
        .outerjoin(_more_time, _more_time.c.learner_id == _learner.c.id)
        .outerjoin(
            _exception, (_exception.c.learner_id == _learner.c.id) & (_exception.c.assessment_id == assessment_id)
        )
        .where(_learner.c.id == learner_id)
    ).one()
    return ExceptionRecord(*row)


def list_exceptions(session: Session, assessment_id: int, learner_ids: Sequence[int]) -> dict[int, ExceptionRecord]:
    """What is different for these students, by learner."""
    rows = session.execute(
        sa.select(_learner.c.id, *EXCEPTION_COLUMNS)
        .select_from(_learner)
        .outerjoin(_more_time, _more_time.c.learner_id == _learner.c.id)
        .outerjoin(
            _exception, (_exception.c.learner_id == _learner.c.id) & (_exception.c.assessment_id == assessment_id)
        )
        .where(_learner.c.id.in_(learner_ids))
    )
    return {row[0]: ExceptionRecord(*row[1:]) for row in rows}


def _write(session: Session, table: sa.Table, keys: dict[str, int], values: dict[str, Any]) -> None:
    this = sa.and_(*(table.c[name] == value for name, value in keys.items()))
    if not getattr(session.execute(sa.update(table).where(this).values(**values)), "rowcount", 0):
        session.execute(sa.insert(table).values(**keys, **values))


def save_exception(
    session: Session, assessment_id: int, learner_id: int, given: ExceptionRecord, by: int, now: datetime
) -> None:
    """Write down what is different for one student: the extra time everywhere, all else in this test."""
    stamp = {"set_by": by, "set_at": now}
    _write(session, _more_time, {"learner_id": learner_id}, {"time_percent": given.time_percent, **stamp})
    own = {
        "extra_attempts": given.extra_attempts,
        "opens_at": given.opens_at,
        "due_at": given.due_at,
        "closes_at": given.closes_at,
    }
    _write(session, _exception, {"learner_id": learner_id, "assessment_id": assessment_id}, own | stamp)


def list_students(session: Session, assessment: AssessmentRecord, *, names: bool) -> list[StudentRecord]:
    """The students a test is given to, and whoever else has sat it, by name; or by pseudonym where names are hidden."""
    in_class = sa.and_(
        _member.c.learner_id == _learner.c.id,
        _member.c.class_id == (assessment.class_id or -1),
        _member.c.left_at.is_(None),
    )
    sat = sa.select(_attempt.c.learner_id).where(_attempt.c.assessment_id == assessment.id)
    given = _member.c.learner_id.is_not(None) & sa.not_(is_for_others(_learner.c.id, _learner))
    rows = session.execute(
        sa.select(
            _learner.c.id,
            _learner.c.handle,
            _member.c.learner_id.is_not(None),
            _member.c.first_name,
            _member.c.last_name,
            _account.c.name,
            _member.c.pseudonym,
        )
        .select_from(_learner)
        .join(_test, _test.c.id == assessment.id)
        .outerjoin(_account, _account.c.learner_id == _learner.c.id)
        .outerjoin(_member, in_class)
        .where(given | _learner.c.id.in_(sat), _learner.c.id.not_in(sa.select(_nobody)))
    )
    found = [
        StudentRecord(i, handle, _name_of(first, last, account, pseudonym, names=names), member)
        for i, handle, member, first, last, account, pseudonym in rows
    ]
    return sorted(found, key=lambda student: (student.name.casefold(), student.learner_id))


def _name_of(first: str | None, last: str | None, account: str | None, pseudonym: str | None, *, names: bool) -> str:
    listed = " ".join(part for part in (first, last) if part)
    return ((listed or account) if names else None) or pseudonym or "?"


def find_class_handle(session: Session, class_id: int | None) -> str:
    """The handle of a class; blank for none."""
    found = sa.select(_class.c.handle).where(_class.c.id == (class_id or -1))
    return str(session.execute(found).scalar() or "")


def list_refs(session: Session, card_ids: Iterable[int]) -> frozenset[str]:
    """The names ``DECK/CARD`` of cards."""
    card, deck = table_of(CardRow), table_of(DeckRow)
    found = sa.select(deck.c.slug, card.c.slug).join_from(card, deck, deck.c.id == card.c.deck_id)
    return frozenset(f"{row[0]}/{row[1]}" for row in session.execute(found.where(card.c.id.in_(list(card_ids)))))

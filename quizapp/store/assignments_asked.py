"""Who is asked to do which assignment, and how far everybody has come: one query each, however many there are.

Progress is worked out from the log and the memory states whenever it is asked for, each card by an index. So an answer
taken back, graded again or merged from another log is right at once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session

from quizapp.core.assignments.dates import Dates
from quizapp.store.engine import Instant
from quizapp.store.prepared import Prepared
from quizapp.store.tables import (
    AccommodationRow,
    AssessmentExceptionRow,
    AssessmentRow,
    AssignmentCardRow,
    AssignmentGroupRow,
    AssignmentRow,
    AssignmentStudentRow,
    AttemptRow,
    CardRow,
    CardStateRow,
    ClassGroupMemberRow,
    ClassMemberRow,
    ClassRow,
    ReviewRow,
    table_of,
)

_assignment, _own, _asked_card = table_of(AssignmentRow), table_of(AssignmentStudentRow), table_of(AssignmentCardRow)
_group, _group_member = table_of(AssignmentGroupRow), table_of(ClassGroupMemberRow)
_class, _member = table_of(ClassRow), table_of(ClassMemberRow)
_test, _exception, _more_time = table_of(AssessmentRow), table_of(AssessmentExceptionRow), table_of(AccommodationRow)
_attempt, _card, _state, _review = table_of(AttemptRow), table_of(CardRow), table_of(CardStateRow), table_of(ReviewRow)


@dataclass(frozen=True, slots=True)
class AskedRecord:
    """One student who is asked to do one assignment, with the dates as stored: the class's, and the student's own.

    Of a test the dates are those of the test (``published``: students see it; ``limit_minutes`` stands in ``plan``, its
    JSON), with the student's time in percent; ``attempts`` counts the student's, ``ended_at`` and ``late`` are those of
    the first that ended. ``changed_at`` is the latest change of anything here.
    """

    assignment_id: int
    assessment_id: int | None
    handle: str
    title: str
    class_id: int
    class_handle: str
    class_name: str
    created_at: datetime
    changed_at: datetime
    learner_id: int
    left_at: datetime | None
    by_group: bool
    excused: bool
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    own_opens_at: datetime | None
    own_due_at: datetime | None
    own_closes_at: datetime | None
    test_handle: str
    plan: str
    published: bool
    time_percent: int
    attempts: int
    ended_at: datetime | None
    late: bool

    @property
    def dates(self) -> Dates:
        """The dates of the class."""
        return Dates(self.opens_at, self.due_at, self.closes_at)

    @property
    def own_dates(self) -> Dates:
        """What is different for the student."""
        return Dates(self.own_opens_at, self.own_due_at, self.own_closes_at)

    @property
    def is_test(self) -> bool:
        """Whether a test is to be sat. Of one that belongs to the class no more, all but this is blank."""
        return self.assessment_id is not None


@dataclass(frozen=True, slots=True)
class ProgressRecord:
    """How far a student has come: ``done`` of so many ``cards``, the last of them since ``last_done``.

    ``begun``: some were answered since the opening.
    """

    cards: int
    done: int
    begun: bool
    last_done: datetime | None


class _DueThen(FunctionElement[int]):
    """The moment, in milliseconds, at which a memory state kept as JSON has its card due."""

    inherit_cache = True
    type = sa.BigInteger()
    name = "due_then"


@compiles(_DueThen)
def _write_due_then(element: _DueThen, compiler: SQLCompiler, **more: Any) -> str:
    state = compiler.process(element.clauses, **more)
    # Three times as quick as json_extract; the number ends where no digit follows.
    return f"CAST(substr({state}, instr({state}, '\"due\":') + 6) AS INTEGER)"


@compiles(_DueThen, "postgresql")
def _write_due_then_postgresql(element: _DueThen, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST(CAST({compiler.process(element.clauses, **more)} AS json) ->> 'due' AS bigint)"


def _latest(*moments: Any) -> Any:
    """The latest of moments, of which all but the first may be missing."""
    latest = moments[0]
    for moment in moments[1:]:
        latest = sa.case((moment > latest, moment), else_=latest)
    return latest


_IS_TEST = _assignment.c.assessment_id.is_not(None)
_IN_GROUP = sa.exists(
    sa.select(_group.c.name)
    .join(_group_member, _group_member.c.group_id == _group.c.group_id)
    .where(_group.c.assignment_id == _assignment.c.id, _group_member.c.learner_id == _member.c.learner_id)
)
_HAD_GROUPS = sa.exists(
    sa.select(_group.c.name).where(_group.c.assignment_id == _assignment.c.id, _member.c.left_at.is_not(None))
)
_NAMED = sa.func.coalesce(_own.c.named, sa.false())
_opens = sa.func.coalesce(_own.c.opens_at, _assignment.c.opens_at, _exception.c.opens_at, _test.c.opens_at)
_closes = sa.func.coalesce(_own.c.closes_at, _assignment.c.closes_at, _exception.c.closes_at, _test.c.closes_at)
_due = sa.func.coalesce(_own.c.due_at, _assignment.c.due_at, _exception.c.due_at, _test.c.due_at)
_WHO = (
    sa.or_(_assignment.c.for_class, _NAMED, _IN_GROUP, _HAD_GROUPS),
    # Nobody owes what closed before they came, or opened after they had left.
    sa.or_(_closes.is_(None), _member.c.joined_at < _closes),
    sa.or_(_member.c.left_at.is_(None), _member.c.left_at > sa.func.coalesce(_opens, _assignment.c.created_at)),
)
_THIS_STUDENT = _member.c.learner_id
_FROM = (
    sa.join(_assignment, _member, _member.c.class_id == _assignment.c.class_id)
    .join(_class, _class.c.id == _assignment.c.class_id)
    .outerjoin(_own, (_own.c.learner_id == _THIS_STUDENT) & (_own.c.assignment_id == _assignment.c.id))
    .outerjoin(_test, (_test.c.id == _assignment.c.assessment_id) & (_test.c.class_id == _assignment.c.class_id))
    .outerjoin(
        _exception,
        (_exception.c.learner_id == _THIS_STUDENT) & (_exception.c.assessment_id == _assignment.c.assessment_id),
    )
    .outerjoin(_more_time, _IS_TEST & (_more_time.c.learner_id == _THIS_STUDENT))
)
_sat = (_attempt.c.learner_id == _THIS_STUDENT) & (_attempt.c.assessment_id == _assignment.c.assessment_id)
_first_ended = _attempt.c.ended_at.is_not(None) & _sat
_COLUMNS = (
    _assignment.c.id,
    _assignment.c.assessment_id,
    _assignment.c.handle,
    _assignment.c.title,
    _class.c.id,
    _class.c.handle,
    _class.c.name,
    _assignment.c.created_at,
    _latest(
        _assignment.c.changed_at,
        _own.c.changed_at,
        _test.c.published_at,
        _test.c.changed_at,
        _exception.c.set_at,
        _more_time.c.set_at,
    ),
    _member.c.learner_id,
    _member.c.left_at,
    sa.not_(sa.or_(_assignment.c.for_class, _NAMED)),
    sa.func.coalesce(_own.c.excused, sa.false()),
    *(sa.func.coalesce(_assignment.c[name], _test.c[name]) for name in ("opens_at", "due_at", "closes_at")),
    *(sa.func.coalesce(_own.c[name], _exception.c[name]) for name in ("opens_at", "due_at", "closes_at")),
    sa.func.coalesce(_test.c.handle, ""),
    sa.func.coalesce(_test.c.plan, ""),
    _test.c.published_at.is_not(None),
    sa.func.coalesce(_more_time.c.time_percent, 100),
    sa.case((_IS_TEST, sa.select(sa.func.count()).where(_sat).scalar_subquery()), else_=0),
    sa.select(_attempt.c.ended_at).where(_first_ended).order_by(_attempt.c.number).limit(1).scalar_subquery(),
    sa.func.coalesce(
        sa.select(_attempt.c.late).where(_first_ended).order_by(_attempt.c.number).limit(1).scalar_subquery(),
        sa.false(),
    ),
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Which assignments, of whom: those of one ``learner_id``, of one class, or a single one; left out: all.

    ``with_left``: students who have left the class too. ``closed_since``: nothing that closed before. ``due_between``:
    only what fell due (or closed, where it is never due) between these, without more time for the student. Archived
    classes are left out where ``learner_id`` is asked for.
    """

    learner_id: int | None = None
    class_id: int | None = None
    assignment_id: int | None = None
    with_left: bool = False
    closed_since: datetime | None = None
    due_between: tuple[datetime, datetime] | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The same for a query."""
        found: list[sa.ColumnElement[bool]] = list(_WHO)
        if self.learner_id is not None:
            found += [_member.c.learner_id == self.learner_id, _class.c.archived_at.is_(None)]
        if self.class_id is not None:
            found.append(_assignment.c.class_id == self.class_id)
        if self.assignment_id is not None:
            found.append(_assignment.c.id == self.assignment_id)
        if not self.with_left:
            found.append(_member.c.left_at.is_(None))
        if self.closed_since is not None:
            found.append(sa.or_(_closes.is_(None), _closes > self.closed_since))
        if self.due_between is not None:
            found.append(sa.func.coalesce(_due, _closes, type_=Instant()).between(*self.due_between))
        return found


_EVERYBODY = sa.select(*_COLUMNS).select_from(_FROM).order_by(_assignment.c.id.desc(), _member.c.learner_id)
_OF_LEARNER = Prepared(  # as ``Asking`` says it, for every first page of a student
    _EVERYBODY.where(
        *_WHO,
        _member.c.learner_id == sa.bindparam("learner"),
        _class.c.archived_at.is_(None),
        _member.c.left_at.is_(None),
        sa.or_(_closes.is_(None), _closes > sa.bindparam("since", type_=Instant())),
    )
)


def list_asked(session: Session, asking: Asking) -> list[AskedRecord]:
    """Everybody who is asked, by assignment, the newest first. Who was in a group and has left may be there too."""
    learner, since = asking.learner_id, asking.closed_since
    if learner is not None and since is not None and asking == Asking(learner, closed_since=since):
        return [AskedRecord(*row) for row in _OF_LEARNER.all(session, {"learner": learner, "since": since})]
    return [AskedRecord(*row) for row in session.execute(_EVERYBODY.where(*asking.conditions()))]


def _asked_windows(asking: Asking, now: datetime) -> sa.Subquery:
    """The open windows of assignments to study. Work counts until the closing, or until the student left."""
    closes = sa.case(
        ((_member.c.left_at < _closes) | _closes.is_(None), _member.c.left_at),
        else_=_closes,
    )
    return (
        sa.select(
            _assignment.c.id.label("assignment_id"),
            _member.c.learner_id.label("learner_id"),
            _opens.label("opens"),
            closes.label("closes"),
        )
        .select_from(_FROM)
        .where(*asking.conditions(), sa.not_(_IS_TEST), _opens <= now)
        .subquery("asked")
    )


def _first(column: Any, *conditions: sa.ColumnElement[bool]) -> Any:
    return sa.select(column).where(*conditions).order_by(_review.c.seq).limit(1).scalar_subquery()


def _card_places(asked: sa.Subquery) -> sa.CTE:
    """A row for each student's card: when it was due by the state before the first answer since the opening, and now.

    The former is missing where there is no such answer; both are 0 for a card in its steps.
    """
    since = (
        (_review.c.learner_id == asked.c.learner_id)
        & (_review.c.card_id == _asked_card.c.card_id)
        & _review.c.undone_at.is_(None)
        & (_review.c.answered_at >= asked.c.opens)
    )
    due_before = sa.case((_review.c.phase_before == "review", _DueThen(_review.c.state_before)), else_=0)
    due_now = sa.case((_state.c.phase == "review", sa.type_coerce(_state.c.due, sa.BigInteger)), else_=0)
    places = (
        sa.select(
            *asked.c, _asked_card.c.card_id, _first(due_before, since).label("due_then"), due_now.label("due_now")
        )
        .select_from(asked)
        .join(_asked_card, _asked_card.c.assignment_id == asked.c.assignment_id)
        .join(_card, (_card.c.id == _asked_card.c.card_id) & _card.c.retired_at.is_(None))
        .outerjoin(_state, (_state.c.learner_id == asked.c.learner_id) & (_state.c.card_id == _asked_card.c.card_id))
    )
    # Kept apart, so that no database looks for the same answer twice.
    return places.cte("place").prefix_with("MATERIALIZED")


def _card_lines(asked: sa.Subquery) -> sa.Select[tuple[Any, ...]]:
    """A row for each student's card: since when it is done, and when it was due (missing: not answered)."""
    place = _card_places(asked)
    right = (
        (_review.c.learner_id == place.c.learner_id)
        & (_review.c.card_id == place.c.card_id)
        & (_review.c.rating > 1)
        & _review.c.undone_at.is_(None)
        # Reviews made elsewhere and imported, which have no response, are no work of this assignment.
        & (_review.c.response != "")
        & (_review.c.answered_at >= place.c.opens)
        & sa.or_(place.c.closes.is_(None), _review.c.answered_at < place.c.closes)
    )
    known = sa.func.coalesce(place.c.due_then, place.c.due_now) > sa.type_coerce(place.c.opens, sa.BigInteger)
    answered = sa.case((place.c.due_then.is_not(None), _first(_review.c.answered_at, right)))
    done_at = sa.case((known, place.c.opens), else_=answered)
    return sa.select(
        place.c.assignment_id, place.c.learner_id, place.c.card_id, done_at.label("done_at"), place.c.due_then
    )


def count_progress(session: Session, asking: Asking, now: datetime) -> dict[tuple[int, int], ProgressRecord]:
    """How far everybody has come in what is to be studied and has opened, by assignment and learner.

    One whose cards are all retired is left out.
    """
    lines = _card_lines(_asked_windows(asking, now)).subquery("line")
    rows = session.execute(
        sa.select(
            lines.c.assignment_id,
            lines.c.learner_id,
            sa.func.count(),
            sa.func.count(lines.c.done_at),
            sa.func.count(lines.c.due_then),
            sa.func.max(lines.c.done_at, type_=Instant()),
        ).group_by(lines.c.assignment_id, lines.c.learner_id)
    )
    return {(row[0], row[1]): ProgressRecord(row[2], row[3], row[4] > 0, row[5]) for row in rows}


def list_done_cards(session: Session, asking: Asking, now: datetime) -> Collection[int]:
    """The cards of one student's assignment that are done."""
    rows = session.execute(_card_lines(_asked_windows(asking, now)))
    return {row.card_id for row in rows if row.done_at is not None}

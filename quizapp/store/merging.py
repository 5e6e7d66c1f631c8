"""Two accounts of one person, put together: what each owns, and moving it from one to the other. Never commits.

Every column that leads to a learner or an account has its fate here; a test asks for it.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.tables import (
    AccommodationRow,
    AccountRow,
    AssessmentExceptionRow,
    AssessmentRow,
    AttemptRow,
    AuditRow,
    CalendarFeedRow,
    ClaimRow,
    ClassGroupMemberRow,
    ClassMemberRow,
    ClassRequestRow,
    ClassTeacherRow,
    DismissedSignRow,
    DraftEditorRow,
    ErasureRequestRow,
    ExamPlanRow,
    FitRow,
    IdentityRow,
    JobRow,
    LastSeenRow,
    LearnerRow,
    PasswordResetRow,
    PracticeRow,
    RegradedAnswerRow,
    ReviewRow,
    SQLModel,
    TextRow,
    table_of,
)

WHERE_FREE = tuple(
    table_of(row)
    for row in (
        AccommodationRow,
        AssessmentExceptionRow,
        CalendarFeedRow,
        ClassGroupMemberRow,
        ClassRequestRow,
        DismissedSignRow,
    )
)
"""A learner's rows that move, save where the other learner has one of the same kind already: that one wins."""
_audit, _seen = table_of(AuditRow), table_of(LastSeenRow)
_member, _request = table_of(ClassMemberRow), table_of(ClassRequestRow)
_review, _attempt, _test = table_of(ReviewRow), table_of(AttemptRow), table_of(AssessmentRow)
_exception, _account, _learner = table_of(AssessmentExceptionRow), table_of(AccountRow), table_of(LearnerRow)
OWNED = tuple(
    table_of(row).c[name]
    for row, name in (
        (ClassTeacherRow, "account_id"),
        (DraftEditorRow, "account_id"),
        (TextRow, "owner_id"),
        (AssessmentRow, "owner_id"),
    )
)
"""What only who teaches has."""
OF_ACCOUNT = tuple(table_of(row).c.account_id for row in (IdentityRow, PasswordResetRow))
"""An account's rows that move to the other account."""
_DETAILS = ("external_id", "first_name", "last_name", "email")


def _list_mentions() -> list[sa.Column[Any]]:
    """Columns that say who did something: they outlive the account, and name the other one from then on."""
    return [
        column
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column is _account.c.id and key.ondelete == "SET NULL"
    ]


@dataclass(frozen=True, slots=True)
class SatTest:
    """A test that both have sat, how often, and how many attempts the one who stays has on top. ``plan`` is JSON."""

    title: str
    plan: str
    attempts: int
    extra: int


@dataclass(frozen=True, slots=True)
class Belongings:
    """How much a learner has, in rows."""

    answers: int
    practice: int
    attempts: int
    claims: int
    plans: int
    classes: int


def count_belongings(session: Session, learner_id: int) -> Belongings:
    """How much a learner has; classes are those they are in now."""

    def count(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).where(table.c.learner_id == learner_id, *conditions)
        return int(session.execute(query).scalar_one())

    return Belongings(
        count(_review, _review.c.undone_at.is_(None)),
        count(table_of(PracticeRow)),
        count(_attempt),
        count(table_of(ClaimRow)),
        count(table_of(ExamPlanRow)),
        count(_member, _member.c.left_at.is_(None)),
    )


def count_repeated(session: Session, learner_id: int, other_id: int) -> int:
    """How many answers that count stand in both logs: sent by one device under two names, under one key."""
    there = sa.select(_review.c.key).where(_review.c.learner_id == other_id)
    query = sa.select(sa.func.count()).where(
        _review.c.learner_id == learner_id, _review.c.undone_at.is_(None), _review.c.key.in_(there)
    )
    return int(session.execute(query).scalar_one())


def owns_anything(session: Session, account_id: int) -> bool:
    """Whether somebody teaches a class, or owns a text, a test or a deck that is written here."""
    return any(session.execute(sa.select(column).where(column == account_id).limit(1)).first() for column in OWNED)


def asked_for_erasure(session: Session, learner_id: int) -> bool:
    """Whether a learner asked to be deleted."""
    table = table_of(ErasureRequestRow)
    return session.execute(sa.select(table.c.learner_id).where(table.c.learner_id == learner_id)).first() is not None


def has_identity(session: Session, account_id: int) -> bool:
    """Whether an account is opened by the school's sign-in server."""
    table = table_of(IdentityRow)
    return session.execute(sa.select(table.c.account_id).where(table.c.account_id == account_id)).first() is not None


def find_open_test(session: Session, learner_id: int) -> str | None:
    """The title of a test that a learner is sitting."""
    query = sa.select(_test.c.title).join_from(_attempt, _test, _test.c.id == _attempt.c.assessment_id)
    open_now = query.where(_attempt.c.learner_id == learner_id, _attempt.c.ended_at.is_(None)).limit(1)
    return session.execute(open_now).scalar()


def list_tests_of_both(session: Session, keep_id: int, gone_id: int) -> list[SatTest]:
    """The tests that both have sat. What is different for the one who stays wins, as it does when they are moved."""

    def has_sat(learner_id: int) -> sa.ColumnElement[bool]:
        return _test.c.id.in_(sa.select(_attempt.c.assessment_id).where(_attempt.c.learner_id == learner_id))

    def find_extra(learner_id: int) -> sa.ScalarSelect[int]:
        found = (_exception.c.assessment_id == _test.c.id) & (_exception.c.learner_id == learner_id)
        return sa.select(_exception.c.extra_attempts).where(found).scalar_subquery()

    both = (_attempt.c.assessment_id == _test.c.id) & _attempt.c.learner_id.in_((keep_id, gone_id))
    attempts = sa.select(sa.func.count()).select_from(_attempt).where(both).scalar_subquery()
    extra = sa.func.coalesce(find_extra(keep_id), find_extra(gone_id), 0)
    query = sa.select(_test.c.title, _test.c.plan, attempts, extra).where(has_sat(keep_id), has_sat(gone_id))
    return [SatTest(*row) for row in session.execute(query.order_by(_test.c.id))]


def remove_repeated(session: Session, from_id: int, to_id: int) -> None:
    """Forget what hangs on answers that stand in both logs, before the logs are put together: the other's stays."""
    there = sa.select(_review.c.key).where(_review.c.learner_id == to_id)
    for table in (table_of(ClaimRow), table_of(RegradedAnswerRow)):
        session.execute(sa.delete(table).where(table.c.learner_id == from_id, table.c.review_key.in_(there)))


def move_where_free(session: Session, from_id: int, to_id: int) -> None:
    """Move a learner's rows to another who has none of the same kind."""
    for table in WHERE_FREE:
        others = [column.name for column in table.primary_key if column.name != "learner_id"]
        own = table.alias()
        same = sa.and_(own.c.learner_id == to_id, *(own.c[name] == table.c[name] for name in others))
        free = sa.not_(sa.exists(sa.select(own.c.learner_id).where(same).correlate(table)))
        session.execute(sa.update(table).where(table.c.learner_id == from_id, free).values(learner_id=to_id))


def _join_membership(session: Session, gone: sa.RowMapping, own: sa.RowMapping) -> None:
    """One membership out of two: the longer time, and what either tells of the student."""

    def this(row: sa.RowMapping) -> sa.ColumnElement[bool]:
        return sa.and_(_member.c.class_id == row["class_id"], _member.c.learner_id == row["learner_id"])

    left = None if None in (gone["left_at"], own["left_at"]) else max(gone["left_at"], own["left_at"])
    details = {name: own[name] or gone[name] for name in _DETAILS}
    times = {"joined_at": min(gone["joined_at"], own["joined_at"]), "left_at": left}
    session.execute(sa.delete(_member).where(this(gone)))  # first: a class has each number of a student's once
    session.execute(sa.update(_member).where(this(own)).values(**details, **times))


def move_memberships(session: Session, from_id: int, to_id: int) -> None:
    """Move a learner's classes, those left too; where both are in one, the other's pseudonym and details win."""
    rows = session.execute(sa.select(_member).where(_member.c.learner_id.in_((from_id, to_id)))).mappings().all()
    own = {row["class_id"]: row for row in rows if row["learner_id"] == to_id}
    for row in rows:
        if row["learner_id"] == from_id and row["class_id"] in own:
            _join_membership(session, row, own[row["class_id"]])
    session.execute(sa.update(_member).where(_member.c.learner_id == from_id).values(learner_id=to_id))


def tidy_requests(session: Session, learner_id: int) -> None:
    """Wait for no class any more in which the learner is."""
    within = sa.select(_member.c.class_id).where(_member.c.learner_id == learner_id, _member.c.left_at.is_(None))
    session.execute(sa.delete(_request).where(_request.c.learner_id == learner_id, _request.c.class_id.in_(within)))


def move_last_seen(session: Session, from_id: int, to_id: int) -> None:
    """Let the one who stays have been here when either of the two last was."""
    both = _seen.c.learner_id.in_((from_id, to_id))
    last = session.execute(sa.select(sa.func.max(_seen.c.at)).where(both)).scalar()
    if last is not None:
        session.execute(sa.delete(_seen).where(both))
        session.execute(sa.insert(_seen).values(learner_id=to_id, at=last))


def move_account(session: Session, from_account: int, to_account: int) -> None:
    """Give what stands under one account's number to another: the school's sign-in, resets, and who did what."""
    for column in (*OF_ACCOUNT, *_list_mentions()):
        session.execute(sa.update(column.table).where(column == from_account).values({column.name: to_account}))


def move_acts(session: Session, from_id: int, to_id: int) -> None:
    """Let the list of acts about one learner be about another."""
    session.execute(sa.update(_audit).where(_audit.c.learner_id == from_id).values(learner_id=to_id))


def remove_account(session: Session, account_id: int, learner_id: int) -> None:
    """End an account and its learner, with all that was not moved; sign-ins and tokens end with it."""
    fit, job = table_of(FitRow), table_of(JobRow)
    session.execute(sa.delete(fit).where(fit.c.scope == "learner", fit.c.subject_id == learner_id))
    theirs = job.c.subject.in_((str(learner_id), f"learner:{learner_id}")) & job.c.kind.in_(("fit", "adopt"))
    session.execute(sa.delete(job).where(theirs))
    session.execute(sa.delete(_account).where(_account.c.id == account_id))
    session.execute(sa.delete(_learner).where(_learner.c.id == learner_id))

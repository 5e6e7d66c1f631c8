"""What teachers ask of their classes until a date, what is different for single students, and calendar feeds."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant


class AssignmentRow(SQLModel, table=True):
    """Cards to study until a date, or a test to sit. ``handle`` is the name that leaves the database.

    Of study, ``scope`` is JSON (``ExamScope``) and the dates stand here. Of a test (``assessment_id``), ``scope`` is
    blank and so are the dates: those of the test hold. ``for_class``: every student is asked; else those of its groups
    and those who are named. ``version`` counts the changes.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        sa.CheckConstraint("(assessment_id IS NULL) = (scope <> '')", name="study_or_test"),
        sa.CheckConstraint("(assessment_id IS NULL) = (opens_at IS NOT NULL)", name="study_opens"),
    )

    id: int | None = Field(default=None, primary_key=True)
    handle: str = Field(unique=True, max_length=36)
    class_id: int = Field(foreign_key="class.id", ondelete="CASCADE", index=True)
    assessment_id: int | None = Field(default=None, foreign_key="assessment.id", ondelete="CASCADE", unique=True)
    title: str = Field(max_length=200)
    instructions: str = ""
    scope: str = ""
    for_class: bool = True
    opens_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    closes_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1
    created_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)


class AssignmentCardRow(SQLModel, table=True):
    """A card to study: those that the scope held when it was chosen, so that a deck that grows changes nothing."""

    __tablename__ = "assignment_card"

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id", ondelete="CASCADE")
    card_id: int = Field(primary_key=True, foreign_key="card.id", ondelete="CASCADE", index=True)


class AssignmentGroupRow(SQLModel, table=True):
    """A group whose students are asked. ``group_id`` is gone once the group is deleted; the name stays, to say so."""

    __tablename__ = "assignment_group"

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id", ondelete="CASCADE")
    name: str = Field(primary_key=True, max_length=80)
    group_id: int | None = Field(default=None, foreign_key="class_group.id", ondelete="SET NULL", index=True)


class AssignmentStudentRow(SQLModel, table=True):
    """One student in one assignment: ``named`` singly, ``excused``, or with dates of their own (none: the class's).

    The dates of a test stand with the test (``assessment_exception``).
    """

    __tablename__ = "assignment_student"

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id", ondelete="CASCADE", index=True)
    named: bool = False
    excused: bool = False
    opens_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    closes_at: datetime | None = Field(default=None, sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)


class AssignmentChangeRow(SQLModel, table=True):
    """Who changed what of an assignment, of one student's (``learner_id``) or for all.

    ``changes`` is JSON: a list of field, before and after, moments in ISO 8601.
    """

    __tablename__ = "assignment_change"

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", ondelete="CASCADE", index=True)
    learner_id: int | None = Field(default=None, foreign_key="learner.id", ondelete="CASCADE", index=True)
    by_account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    at: datetime = Field(sa_type=Instant)
    changes: str


class CalendarFeedRow(SQLModel, table=True):
    """The address of a learner's calendar, made from ``nonce`` and the installation's secret; only its hash is kept."""

    __tablename__ = "calendar_feed"

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    nonce: str = Field(max_length=36)
    token_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=Instant)

"""Who looked at or took what of whom, who asked to be deleted, and how long things are kept."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.core.privacy.acts import ACTS, WAYS
from quizapp.store.engine import Instant
from quizapp.store.tables.base import one_of


class AuditRow(SQLModel, table=True):
    """One look at, or change of, what is kept of a student or a class: when, by whom, of whom, and from where.

    ``way`` is where from in coarse form, never an address. ``detail`` is the kind of report or the new role, ``format``
    that of a file. Without ``learner_id`` the act was about the class as a whole. The ``…_code`` columns stand in for
    people who were deleted since: the same code for the same person, and nothing leads from it to a name.
    """

    __tablename__ = "audit"
    __table_args__ = (
        one_of("act", ACTS),
        one_of("way", WAYS),
        sa.Index("ix_audit_class_id_id", "class_id", "id"),
        sa.Index("ix_audit_learner_id_id", "learner_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant, index=True)
    act: str = Field(max_length=20)
    way: str = Field(max_length=12)
    detail: str = Field(default="", max_length=80)
    format: str = Field(default="", max_length=12)
    class_id: int | None = Field(default=None, foreign_key="class.id", ondelete="SET NULL")
    learner_id: int | None = Field(default=None, foreign_key="learner.id", ondelete="SET NULL")
    pupil_code: str = Field(default="", max_length=20)
    by_account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    by_role: str = Field(default="", max_length=12)
    by_code: str = Field(default="", max_length=20)


class ErasureRequestRow(SQLModel, table=True):
    """A learner asked to be deleted, and can take it back until ``due_at``."""

    __tablename__ = "erasure_request"

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    asked_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant, index=True)


class AnonymousLearnerRow(SQLModel, table=True):
    """A learner that is nobody: it holds the anonymous answers that somebody deleted leaves to one class's figures."""

    __tablename__ = "anonymous_learner"

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    class_id: int = Field(foreign_key="class.id", ondelete="CASCADE", index=True)


class LastSeenRow(SQLModel, table=True):
    """When a learner was last here, written down once a day: sign-ins are forgotten sooner than learners."""

    __tablename__ = "last_seen"

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=Instant, index=True)


class PrivacyChoiceRow(SQLModel, table=True):
    """What the school chose: days that something is kept, and the like; what has no row is as it is by default."""

    __tablename__ = "privacy_choice"

    name: str = Field(primary_key=True, max_length=30)
    value: int

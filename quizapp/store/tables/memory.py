"""The memory model's settings as they were and are: what each review was scheduled with, fits, and moved cards."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant
from quizapp.store.tables.base import one_of

FIT_SCOPES = ("learner", "class", "deck")
FIT_OUTCOMES = ("kept", "refused")


class SchedulingRow(SQLModel, table=True):
    """What a review's ``model`` stands for: settings and calendar as JSON. Rows are never changed."""

    __tablename__ = "scheduling"

    model: str = Field(primary_key=True, max_length=80)
    settings: str


class FitRow(SQLModel, table=True):
    """Parameters fitted to the reviews of a learner, a class or a deck, and how well they predicted later reviews.

    ``parameters`` is JSON. Log losses are those of held-out reviews. Only a fit that was ``kept`` may be in use.
    """

    __tablename__ = "fit"
    __table_args__ = (
        one_of("scope", FIT_SCOPES),
        one_of("outcome", FIT_OUTCOMES),
        sa.Index("ix_fit_scope_subject_id", "scope", "subject_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    scope: str = Field(max_length=12)
    subject_id: int
    outcome: str = Field(max_length=12)
    parameters: str
    prior: str = ""
    reviews: int
    held_out: int
    log_loss: float
    log_loss_before: float
    log_loss_average: float
    created_at: datetime = Field(sa_type=Instant)


class RescheduleRow(SQLModel, table=True):
    """A learner's cards were moved to other days, not by an answer: after new parameters or settings. Can be undone."""

    __tablename__ = "reschedule"

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reason: str = Field(max_length=40)
    created_at: datetime = Field(sa_type=Instant)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)


class RescheduledCardRow(SQLModel, table=True):
    """One card of a reschedule: when it was due before and after.

    ``reps`` were the reviews before it, ``last_review`` the last of them: together they name the state that was moved.
    """

    __tablename__ = "rescheduled_card"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["learner_id", "number"], ["reschedule.learner_id", "reschedule.number"], ondelete="CASCADE"
        ),
    )

    learner_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    card_id: int = Field(primary_key=True, foreign_key="card.id", ondelete="CASCADE")
    reps: int
    last_review: datetime | None = Field(default=None, sa_type=Instant)
    due_before: datetime = Field(sa_type=Instant)
    due_after: datetime = Field(sa_type=Instant)

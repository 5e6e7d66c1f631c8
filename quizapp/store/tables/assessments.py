"""Tests that teachers set, and what students answered in them.

In code a test is an *assessment*, so that nothing is mistaken for the program's own tests.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant
from quizapp.store.tables.base import one_of

ENDS = ("handed-in", "time", "closed")


class AssessmentRow(SQLModel, table=True):
    """A test. ``plan`` is JSON: the cards or pools it asks, and its settings. Students see it once it is published.

    ``holds``: its cards stay out of study while it can be sat. ``version`` counts the teacher's changes, so that two
    editors do not overwrite each other unawares; ``changed_at`` is that of the last change of its form, for calendars.
    """

    __tablename__ = "assessment"

    id: int | None = Field(default=None, primary_key=True)
    handle: str = Field(unique=True, max_length=36)
    owner_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    class_id: int | None = Field(default=None, foreign_key="class.id", ondelete="SET NULL", index=True)
    by_link: bool = False
    holds: bool = False
    title: str = Field(max_length=200)
    plan: str
    opens_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    closes_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1
    created_at: datetime = Field(sa_type=Instant)
    changed_at: datetime | None = Field(default=None, sa_type=Instant)
    published_at: datetime | None = Field(default=None, sa_type=Instant)


class AssessmentCardRow(SQLModel, table=True):
    """A card that a test may ask: of its list, or of one of its pools as they were when the test was last saved."""

    __tablename__ = "assessment_card"

    assessment_id: int = Field(primary_key=True, foreign_key="assessment.id", ondelete="CASCADE")
    card_id: int = Field(primary_key=True, foreign_key="card.id", ondelete="CASCADE", index=True)


class AccommodationRow(SQLModel, table=True):
    """How much time a student gets, in percent of what a timer gives others; set by a teacher of theirs."""

    __tablename__ = "accommodation"
    __table_args__ = (sa.CheckConstraint("time_percent BETWEEN 100 AND 1000", name="time_is_no_less"),)

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    time_percent: int
    set_by: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    set_at: datetime = Field(sa_type=Instant)


class AssessmentExceptionRow(SQLModel, table=True):
    """What one test is like for one student: more attempts, and dates of their own (none: those of the class)."""

    __tablename__ = "assessment_exception"

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    assessment_id: int = Field(primary_key=True, foreign_key="assessment.id", ondelete="CASCADE", index=True)
    extra_attempts: int = 0
    opens_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    closes_at: datetime | None = Field(default=None, sa_type=Instant)
    set_by: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    set_at: datetime = Field(sa_type=Instant)


class AttemptRow(SQLModel, table=True):
    """One sitting of a test. It is open until ``ended_at`` is there; then ``points`` of ``most_points`` are its score.

    ``seed`` is what the draw was made with. ``counted_at``: when the answers went into the log of reviews.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        sa.UniqueConstraint("learner_id", "assessment_id", "number"),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason = '')", name="ended_for_a_reason"),
        one_of("end_reason", ("", *ENDS)),
    )

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    handle: str = Field(primary_key=True, unique=True, max_length=36)
    assessment_id: int = Field(foreign_key="assessment.id", ondelete="CASCADE", index=True)
    number: int
    seed: str = Field(max_length=64)
    started_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    end_reason: str = Field(default="", max_length=12)
    late: bool = False
    points: float | None = None
    most_points: float | None = None
    counted_at: datetime | None = Field(default=None, sa_type=Instant)


class AttemptQuestionRow(SQLModel, table=True):
    """A question of an attempt as it was drawn, and the answer that was saved last.

    ``asked`` is the card as shown, as JSON: options in their order. ``typed`` is what stands in the form's fields,
    ``response`` what grading reads, both JSON and blank where there is none. ``version`` counts what was written;
    ``clients`` is JSON: the highest counter seen of each browser tab. A question that is ``settled`` was graded before
    the end, for feedback at once, and takes no other answer.
    """

    __tablename__ = "attempt_question"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["learner_id", "attempt"], ["attempt.learner_id", "attempt.handle"], ondelete="CASCADE"
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name="score_is_a_share"),
        sa.CheckConstraint("confidence BETWEEN 1 AND 3", name="confidence_known"),
    )

    learner_id: int = Field(primary_key=True)
    attempt: str = Field(primary_key=True, max_length=36)
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    card_id: int = Field(foreign_key="card.id", ondelete="CASCADE")
    revision_id: int = Field(foreign_key="card_revision.id", ondelete="CASCADE")
    asked: str
    typed: str = ""
    response: str = ""
    confidence: int | None = None
    version: int = 0
    clients: str = "{}"
    saved_at: datetime | None = Field(default=None, sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    score: float | None = None
    verdict: str = Field(default="", max_length=12)

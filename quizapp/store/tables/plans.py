"""Plans towards an exam."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant


class ExamPlanRow(SQLModel, table=True):
    """A date and a scope to be known by then, of one learner's own or made by a teacher for a class.

    ``scope`` is JSON: decks, tags, or paragraphs of a text. ``day`` is the ordinal of the exam's study day.
    """

    __tablename__ = "exam_plan"
    __table_args__ = (sa.CheckConstraint("(learner_id IS NULL) != (class_id IS NULL)", name="one_owner"),)

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int | None = Field(default=None, foreign_key="learner.id", ondelete="CASCADE", index=True)
    class_id: int | None = Field(default=None, foreign_key="class.id", ondelete="CASCADE", index=True)
    title: str = Field(max_length=200)
    day: int
    scope: str
    recall: float
    minutes_per_day: float
    new_per_day: int
    created_at: datetime = Field(sa_type=Instant)

"""Plans towards an exam, and what was last worked out of them for each learner."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant


class ExamPlanRow(SQLModel, table=True):
    """A date and a scope to be known by then, of one learner's own or made by a teacher for a class.

    ``handle`` is the name that leaves the database. ``scope`` is JSON: decks, tags, paragraphs of texts. ``day`` is the
    ordinal of the exam's study day. ``version`` counts the changes of scope and goal, the last of them made on the
    study day ``planned_from``.
    """

    __tablename__ = "exam_plan"
    __table_args__ = (sa.CheckConstraint("(learner_id IS NULL) != (class_id IS NULL)", name="one_owner"),)

    id: int | None = Field(default=None, primary_key=True)
    handle: str = Field(unique=True, max_length=36)
    learner_id: int | None = Field(default=None, foreign_key="learner.id", ondelete="CASCADE", index=True)
    class_id: int | None = Field(default=None, foreign_key="class.id", ondelete="CASCADE", index=True)
    title: str = Field(max_length=200)
    day: int
    scope: str
    recall: float
    minutes_per_day: float
    new_per_day: int
    version: int = 1
    planned_from: int
    created_at: datetime = Field(sa_type=Instant)


class ExamForecastRow(SQLModel, table=True):
    """What a plan comes to for one learner: a cache for the study day ``day``, and the plan as it was at first.

    ``digest`` names all that ``outline`` and ``advice`` (JSON; the latter blank until it is asked for) were made from.
    ``first`` holds, as JSON, what was planned for each day from ``first_day`` on when the plan, at ``version``, was
    made. ``start_by`` is the last day on which starting was early enough, as known when it last was; ``lost_since`` the
    day since when the goal cannot be reached any more. Days are ordinals of study days.
    """

    __tablename__ = "exam_forecast"

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    plan_id: int = Field(primary_key=True, foreign_key="exam_plan.id", ondelete="CASCADE", index=True)
    version: int
    first_day: int
    first: str
    day: int
    digest: str = Field(max_length=64)
    outline: str
    advice: str = ""
    start_by: int | None = None
    lost_since: int | None = None

"""Practice: rounds of cards off the schedule, and what was answered in them."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant
from quizapp.store.tables.base import one_of
from quizapp.store.tables.study import VERDICTS


class PracticeRow(SQLModel, table=True):
    """A round of practice. ``handle`` is its name in addresses.

    ``choice`` is JSON: what the learner asked for. ``revisions`` are the cards drawn, in the order of asking, at the
    revisions they had then. ``ended_at`` is when the last of them was answered.
    """

    __tablename__ = "practice"
    __table_args__ = (sa.Index("ix_practice_learner_id_started_at", "learner_id", "started_at"),)

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    handle: str = Field(primary_key=True, max_length=36)
    choice: str
    revisions: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    started_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class PracticeAnswerRow(SQLModel, table=True):
    """One answer of a round, of which each place is answered once. No schedule knows of it.

    ``key`` is the client's own UUID for the answer, ``place`` the card's place in the round, from 0.
    """

    __tablename__ = "practice_answer"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["learner_id", "handle"], ["practice.learner_id", "practice.handle"], ondelete="CASCADE"
        ),
        sa.UniqueConstraint("learner_id", "handle", "place"),
        sa.Index("ix_practice_answer_learner_id_card_id", "learner_id", "card_id"),
        one_of("verdict", VERDICTS),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name="rating_known"),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name="score_is_a_share"),
    )

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    key: str = Field(primary_key=True, max_length=36)
    handle: str = Field(max_length=36)
    place: int
    card_id: int = Field(foreign_key="card.id", ondelete="CASCADE")
    revision_id: int = Field(foreign_key="card_revision.id", ondelete="CASCADE")
    answered_at: datetime = Field(sa_type=Instant)
    response: str
    body_digest: str = Field(max_length=64)
    score: float
    verdict: str = Field(max_length=12)
    rating: int
    hint_used: bool = False
    confidence: int | None = None
    shown_ms: int | None = None

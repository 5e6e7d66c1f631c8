"""What students tell their teachers of an answer or a card, and what became of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant
from quizapp.store.tables.base import one_of

CLAIM_KINDS = ("right", "note")
CLAIM_OUTCOMES = ("", "accepted", "declined")


class ClaimRow(SQLModel, table=True):
    """A claim, "I was right" (``right``), or a note that a card is hard or faulty (``note``), about one answer.

    ``handle`` is its name in addresses. ``outcome`` is blank until a teacher settles it. The ``…_before`` columns keep
    what the answer was worth before an accepted claim changed it. There is no foreign key to the review, since merging
    a guest into an account writes the log anew.
    """

    __tablename__ = "claim"
    __table_args__ = (
        one_of("kind", CLAIM_KINDS),
        one_of("outcome", CLAIM_OUTCOMES),
        sa.Index("ix_claim_outcome_made_at", "outcome", "made_at"),
    )

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    review_key: str = Field(primary_key=True, max_length=36)
    kind: str = Field(primary_key=True, max_length=12)
    handle: str = Field(unique=True, max_length=36)
    card_id: int = Field(foreign_key="card.id", ondelete="CASCADE", index=True)
    revision_id: int = Field(foreign_key="card_revision.id", ondelete="CASCADE")
    text: str = Field(default="", max_length=500)
    made_at: datetime = Field(sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    settled_by: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    outcome: str = Field(default="", max_length=12)
    reply: str = Field(default="", max_length=500)
    verdict_before: str = Field(default="", max_length=12)
    score_before: float | None = None
    rating_before: int | None = None

"""What teachers said of the signs on their class page."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant
from quizapp.store.tables.base import one_of

SIGNS = ("away", "forgets", "stuck", "behind", "overdue")


class DismissedSignRow(SQLModel, table=True):
    """A sign that a student is at risk, which a teacher has seen to: it is not shown again for a while."""

    __tablename__ = "dismissed_sign"
    __table_args__ = (one_of("sign", SIGNS),)

    class_id: int = Field(primary_key=True, foreign_key="class.id", ondelete="CASCADE")
    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE", index=True)
    sign: str = Field(primary_key=True, max_length=12)
    dismissed_at: datetime = Field(sa_type=Instant)
    by_account_id: int | None = Field(
        default=None, sa_column=sa.Column(sa.ForeignKey("account.id", ondelete="SET NULL"), nullable=True)
    )

"""Work that is done in a process of its own, never in a request."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant
from quizapp.store.tables.base import one_of

JOB_STATES = ("waiting", "running", "done", "failed")


class JobRow(SQLModel, table=True):
    """A piece of work. A restart loses none: one that is running without a sign of life is taken up again.

    ``payload`` and ``result`` are JSON. Two waiting jobs never share a ``kind`` and a ``subject``.
    """

    __tablename__ = "job"
    __table_args__ = (
        one_of("state", JOB_STATES),
        sa.Index("ix_job_state_created_at", "state", "created_at"),
        sa.Index(
            "uq_job_waiting",
            "kind",
            "subject",
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    subject: str = Field(max_length=80)
    payload: str = "{}"
    state: str = Field(default="waiting", max_length=12)
    attempts: int = 0
    created_at: datetime = Field(sa_type=Instant)
    alive_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    result: str = ""

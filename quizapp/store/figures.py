"""Counts of the whole installation, for whoever watches it: queries that never commit."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.tables import JobRow, table_of


@dataclass(frozen=True, slots=True)
class JobCount:
    """How many jobs of a kind are in a state."""

    kind: str
    state: str
    jobs: int


def count_jobs(session: Session) -> list[JobCount]:
    """The jobs by kind and state."""
    job = table_of(JobRow)
    rows = session.execute(sa.select(job.c.kind, job.c.state, sa.func.count()).group_by(job.c.kind, job.c.state))
    return [JobCount(kind, state, jobs) for kind, state, jobs in rows]


def count_blocked(session: Session) -> int | None:
    """How many connections to PostgreSQL wait for a lock; None on SQLite, where writers stand in our own line."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    return int(session.execute(sa.text(waiting)).scalar_one())


def find_archive_age(session: Session) -> float | None:
    """Seconds since PostgreSQL last archived its log (WAL); None where it archives none, and on SQLite."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    age = session.execute(sa.text("SELECT extract(epoch FROM now() - last_archived_time) FROM pg_stat_archiver"))
    seconds = age.scalar_one_or_none()
    return None if seconds is None else float(seconds)

"""Jobs that wait, run and end: queries that never commit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col

from quizapp.store.tables import JobRow, table_of

MOST_ATTEMPTS = 3
DEAD_AFTER = timedelta(seconds=60)
"""Whoever runs a job gives a sign of life much more often than this."""
RETRY_AFTER = timedelta(seconds=30)

KEPT_FOR = timedelta(days=30)
"""How long the end of a job can be looked up; the last one of a subject would stay for ever otherwise."""

_DIED = "The process that ran it ended, again and again."


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job that was claimed. ``attempts`` counts this one too, and tells the one who runs it from later ones."""

    id: int
    kind: str
    subject: str
    attempts: int


def enqueue(session: Session, kind: str, subject: str, now: datetime) -> bool:
    """Let a job wait; whether it is new. Where one of the same kind and subject waits already, that one is enough."""
    make = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    new = make(table_of(JobRow)).values(
        kind=kind, subject=subject, payload="{}", state="waiting", attempts=0, created_at=now, result=""
    )
    waits = sa.text("state = 'waiting'")
    once = new.on_conflict_do_nothing(index_elements=["kind", "subject"], index_where=waits)
    return session.execute(once.returning(col(JobRow.id))).first() is not None


def _is_ready(kinds: Collection[str], now: datetime) -> sa.ColumnElement[bool]:
    """A job that waits and may be tried again, or one whose process gives no sign of life any more."""
    job, other = table_of(JobRow), table_of(JobRow).alias("other")
    waiting = (job.c.state == "waiting") & (job.c.alive_at.is_(None) | ~job.c.alive_at.between(now - RETRY_AFTER, now))
    # A sign of life from far in the future was given before the clock was put back.
    dead = (job.c.state == "running") & ~job.c.alive_at.between(now - DEAD_AFTER, now + DEAD_AFTER)
    twin_runs = sa.exists().where(
        other.c.state == "running",
        other.c.kind == job.c.kind,
        other.c.subject == job.c.subject,
        other.c.id != job.c.id,
        other.c.alive_at.between(now - DEAD_AFTER, now + DEAD_AFTER),
    )
    return job.c.kind.in_(kinds) & (waiting | dead) & ~twin_runs


def _is_old(now: datetime) -> sa.ColumnElement[bool]:
    job = table_of(JobRow)
    return job.c.state.in_(("done", "failed")) & (job.c.ended_at < now - KEPT_FOR)


def has_ready(session: Session, kinds: Collection[str], now: datetime) -> bool:
    """Whether there is anything to claim; asking costs no turn to write."""
    return session.execute(sa.select(col(JobRow.id)).where(_is_ready(kinds, now)).limit(1)).first() is not None


def claim(session: Session, kinds: Collection[str], now: datetime) -> JobRecord | None:
    """Take the oldest job that is ready; None where there is none. Of several who ask at once, one gets it.

    A job whose process died at its last attempt is given up.
    """
    job = table_of(JobRow)
    while True:
        row = session.execute(
            sa.select(job.c.id, job.c.kind, job.c.subject, job.c.attempts)
            .where(_is_ready(kinds, now))
            .order_by(job.c.created_at, job.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        claimed = JobRecord(row.id, row.kind, row.subject, row.attempts + 1)
        if row.attempts < MOST_ATTEMPTS:
            values = {"state": "running", "attempts": claimed.attempts, "alive_at": now}
            session.execute(sa.update(job).where(job.c.id == row.id).values(**values))
            return claimed
        values = {"state": "failed", "ended_at": now, "result": _DIED}
        session.execute(sa.update(job).where(job.c.id == row.id).values(**values))


def _change(session: Session, job: JobRecord, **values: object) -> bool:
    """Change a job that is still this process's own; whether it was."""
    table = table_of(JobRow)
    mine = (table.c.id == job.id, table.c.state == "running", table.c.attempts == job.attempts)
    return getattr(session.execute(sa.update(table).where(*mine).values(**values)), "rowcount", 0) == 1


def keep_alive(session: Session, job: JobRecord, now: datetime) -> bool:
    """Give a sign of life; False where somebody else has taken the job up."""
    return _change(session, job, alive_at=now)


def _forget_earlier(session: Session, job: JobRecord) -> None:
    table = table_of(JobRow)
    session.execute(
        sa.delete(table).where(
            table.c.kind == job.kind,
            table.c.subject == job.subject,
            table.c.state.in_(("done", "failed")),
            table.c.id < job.id,
        )
    )


def has_old(session: Session, now: datetime) -> bool:
    """Whether there are jobs that ended long ago."""
    return session.execute(sa.select(col(JobRow.id)).where(_is_old(now)).limit(1)).first() is not None


def forget_old(session: Session, now: datetime) -> None:
    """Remove the jobs that ended long ago."""
    session.execute(sa.delete(table_of(JobRow)).where(_is_old(now)))


def _twin_waits(session: Session, job: JobRecord) -> bool:
    table = table_of(JobRow)
    twin = (table.c.kind == job.kind, table.c.subject == job.subject, table.c.state == "waiting")
    return session.execute(sa.select(table.c.id).where(*twin)).first() is not None


def finish(session: Session, job: JobRecord, result: str, now: datetime) -> bool:
    """The job is done; False where somebody else has taken it up, whose work counts then."""
    _forget_earlier(session, job)
    return _change(session, job, state="done", alive_at=now, ended_at=now, result=result)


def fail(session: Session, job: JobRecord, why: str, now: datetime, *, again: bool) -> bool:
    """The attempt failed. The job waits once more where that may help (``again``) and attempts are left."""
    if again and job.attempts < MOST_ATTEMPTS and not _twin_waits(session, job):
        return _change(session, job, state="waiting", alive_at=now, result=why)
    _forget_earlier(session, job)
    return _change(session, job, state="failed", alive_at=now, ended_at=now, result=why)


def release(session: Session, job: JobRecord, now: datetime) -> bool:
    """Give a job back that was only begun: it waits as if it had not been claimed, or leaves the work to its twin."""
    if _twin_waits(session, job):
        return _change(session, job, state="failed", ended_at=now, result="Another one waits.")
    return _change(session, job, state="waiting", attempts=job.attempts - 1, alive_at=None)

"""Making deleted bytes unreadable in an SQLite file.

What was deleted or changed stays readable in free parts of the file and in its log until something else is written
there. So the file is written anew (VACUUM), and the log is emptied into it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.engine import find_file
from quizapp.store.tables import ErasedRow, JobRow, table_of
from quizapp.store.writers import WriteQueue

LARGEST_BY_DAY = 100_000_000
"""Bytes of a file that is written anew at any hour: while it is, nobody can write, and answers wait ten seconds."""
OWED_FOR = timedelta(days=28)
"""How long a deletion may wait for it; jobs are remembered a little longer."""

_erased, _job = table_of(ErasedRow), table_of(JobRow)


def is_small(session: Session) -> bool:
    """Whether the file may be written anew at any hour; a database that is no file may."""
    file = find_file(session.get_bind().engine.url)
    return file is None or not file.exists() or file.stat().st_size <= LARGEST_BY_DAY


def is_owed(session: Session, job_kind: str, now: datetime) -> bool:
    """Whether somebody was deleted since the file was last written anew, and no job waits or runs that does it."""
    mine = _job.c.kind == job_kind
    last = sa.select(sa.func.max(_job.c.ended_at)).where(mine, _job.c.state == "done").scalar_subquery()
    since = (_erased.c.erased_at > now - OWED_FOR) & (last.is_(None) | (_erased.c.erased_at > last))
    waits = sa.exists().where(mine, _job.c.state.in_(("waiting", "running")))
    return session.execute(sa.select(_erased.c.digest).where(since, ~waits).limit(1)).first() is not None


class StillRead(Exception):
    """Somebody reads the database at this moment, so that its log cannot be emptied."""


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[None]:
    """The turn to write, so that others who want to write wait in line instead of failing."""
    file = find_file(engine.url)
    if file is None:
        yield
        return
    queue = WriteQueue(file)
    place = queue.enter()
    try:
        yield
    finally:
        queue.leave(place)


def scrub(engine: sa.Engine) -> bool:
    """Write an SQLite file anew; False for other databases, which do it by themselves.

    Raises StillRead where the log could not be emptied: try again later. Call it outside of any transaction.
    """
    if engine.dialect.name != "sqlite":
        return False
    with _alone(engine):
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            cursor.close()
        finally:
            connection.close()
    if busy:
        raise StillRead("the log is still being read")
    return True

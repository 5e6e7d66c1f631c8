"""Making deleted bytes unreadable in an SQLite file.

What was deleted or changed stays readable in free parts of the file and in its log until something else is written
there. So the file is written anew (VACUUM), and the log is emptied into it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from quizapp.store.engine import find_file
from quizapp.store.writers import WriteQueue


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

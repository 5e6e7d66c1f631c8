"""Looking through an SQLite file for damage, for as long as one may."""

import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from pysqlite3 import dbapi2 as bundled_sqlite

from quizapp.store.damage import is_damage

CHECK_SECONDS = 600
"""Seconds after which looking through one file ends: a strange file could make SQLite count for ever."""
_STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 1_000
_INTERRUPTED = 9


def open_to_read(path: Path, seconds: float | None = None) -> bundled_sqlite.Connection:
    """A connection to a file that nobody vouches for: nothing is written, no schema is trusted, all ends in time."""
    connection = bundled_sqlite.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
    deadline = time.monotonic() + (CHECK_SECONDS if seconds is None else seconds)
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS_AT_THE_CLOCK)
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


def find_file_faults(path: Path, *, seconds: float | None) -> list[str]:
    """What is broken inside a file, in SQLite's words; an empty list where nothing was found.

    ``seconds`` bound a quick look at the structure of every table, which ends without a fault where the time is up.
    With None everything is compared, each entry of an index with its row too.
    """
    look = "integrity_check(3)" if seconds is None else "quick_check(3)"
    try:
        with closing(open_to_read(path, seconds)) as connection:
            lines = [str(row[0]) for row in connection.execute(f"PRAGMA {look}")]
    except bundled_sqlite.Error as error:
        if is_damage(error):
            return [str(error)]
        if getattr(error, "sqlite_errorcode", 0) == _INTERRUPTED:
            return [] if seconds is not None else [f"it could not be looked through within {CHECK_SECONDS} seconds"]
        raise
    return [line for line in lines if line != "ok"]

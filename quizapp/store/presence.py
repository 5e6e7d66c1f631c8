"""Who has an SQLite database open: every server and command holds a place, and a restore wants to be alone.

The place is a shared lock of the kernel on a file beside the database. It is inherited by the workers that a server
forks and ends with the last of them, however they end.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quizapp.core.errors import Invalid
from quizapp.store.engine import find_file, normalise_url
from quizapp.store.writers import make_private_file

PATIENCE = 2.0
"""Seconds that a restore waits for processes that are just ending."""
_NAP = 0.05


def _open_lock(file: Path) -> int:
    path = file.with_name(f"{file.name}.in-use")
    make_private_file(path, like=file)
    return os.open(path, os.O_RDWR | os.O_CLOEXEC)


def _take(descriptor: int, kind: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(_NAP)
        else:
            return True


@contextmanager
def being_open(url: str) -> Iterator[None]:
    """Hold a place among those who have the database open; nothing for PostgreSQL, which knows its users itself.

    Raises Invalid while a backup is being restored.
    """
    file = find_file(normalise_url(url))
    if file is None or not file.parent.is_dir():
        yield
        return
    descriptor = _open_lock(file)
    try:
        if not _take(descriptor, fcntl.LOCK_SH, PATIENCE):
            raise Invalid("A backup is just being restored here. Wait until that is done, then try again.")
        yield
    finally:
        os.close(descriptor)


@contextmanager
def being_alone(file: Path, *, force: bool = False) -> Iterator[None]:
    """Have the database to oneself. Raises Invalid where others have it open, unless ``force`` is set."""
    descriptor = _open_lock(file)
    try:
        if not _take(descriptor, fcntl.LOCK_EX, PATIENCE) and not force:
            raise Invalid(
                "A server or a command has this database open. Stop it first; answers that it takes meanwhile would"
                " be missing from what is restored. To go on all the same: --force."
            )
        yield
    finally:
        os.close(descriptor)

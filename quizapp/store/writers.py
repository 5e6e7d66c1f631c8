"""The line of those who want to write to one SQLite file: fair between threads and processes, and never endless.

SQLite's own waiting is a race of sleepers in which one may lose for seconds. Here the threads of a process stand in one
line, and the first of each process competes for the place of who comes *next*, while another still writes. Only who
comes next tries for the turn itself, so a process that has just written stands behind all that waited meanwhile. All
waiting together ends after ``WRITE_PATIENCE`` seconds.
"""

import contextlib
import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import sqlalchemy as sa

WRITE_PATIENCE = 10.0
"""Seconds a writer waits for its turn."""
_NAP = 0.001
"""Seconds between two tries of the one thread of a process that tries; the kernel's own wait knows no end."""


class _Line:
    """A lock whose waiters are served in the order in which they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def enter(self, seconds: float) -> bool:
        """Wait for the turn; whether it came in time."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=seconds):
            return True
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True  # the turn came between the end of the waiting and here

    def leave(self) -> None:
        """Give the turn to the next."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


def make_private_file(path: Path, like: Path | None = None) -> None:
    """Make an empty file for its owner alone, unless there is one.

    ``like``: the file whose owner and mode it takes, as SQLite does for its log: what an administrator runs as root
    must not lock the service out.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    if like is not None and like.exists():
        take_owner(path, like)


def take_owner(path: Path, like: Path) -> None:
    """Give a file the owner and the mode of another, as far as this user may."""
    wanted, found = like.stat(), path.stat()
    if (wanted.st_uid, wanted.st_gid) != (found.st_uid, found.st_gid) and os.geteuid() == 0:
        os.chown(path, wanted.st_uid, wanted.st_gid)
    if wanted.st_mode != found.st_mode and os.geteuid() in (0, found.st_uid):
        path.chmod(wanted.st_mode & 0o777)


class _Places:
    """The files of a queue. Owner and mode are looked after when the database's have changed: each answer comes by."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._tended: dict[Path, tuple[int, int, int]] = {}

    def open(self, path: Path) -> int:
        """The open file, made where it is missing."""
        like = None
        with contextlib.suppress(FileNotFoundError):
            found = os.stat(self._database)  # noqa: PTH116 - pathlib is slower
            like = found.st_uid, found.st_gid, found.st_mode
            if self._tended.get(path) == like:
                return os.open(path, os.O_RDWR | os.O_CLOEXEC)
        make_private_file(path, self._database)
        if like is not None:
            self._tended[path] = like
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)


def _lock(descriptor: int, deadline: float) -> int:
    """The file, locked now; closed where that fails. The kernel frees the lock when the process dies."""
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"the database is busy: no turn to write in {WRITE_PATIENCE:.0f} s") from None
            time.sleep(_NAP)
    except BaseException:
        os.close(descriptor)
        raise


class WriteQueue:
    """The line of writers of one SQLite file."""

    around_waiting: Callable[[], AbstractContextManager[None]] = staticmethod(contextlib.nullcontext)
    """What every wait of this process stands in; the metrics count here."""

    def __init__(self, database: Path) -> None:
        self._turn = database.with_name(f"{database.name}.queue")
        self._next = database.with_name(f"{database.name}.queue-next")
        self._places = _Places(database)
        self._line = _Line()
        self._here = threading.local()

    def enter(self) -> int:
        """Wait for the turn to write; give the place, for ``leave``.

        Raises sqlalchemy's OperationalError where no turn came in time or a file of the queue cannot be used, and
        RuntimeError where this thread is writing already: it would wait for itself.
        """
        if getattr(self._here, "writing", False):
            raise RuntimeError("this thread already holds a write transaction")
        try:
            with self.around_waiting():
                place = self._wait(time.monotonic() + WRITE_PATIENCE)
        except OSError as error:
            raise sa.exc.OperationalError("BEGIN IMMEDIATE", None, error) from error
        self._here.writing = True
        return place

    def _wait(self, deadline: float) -> int:
        if not self._line.enter(max(0.0, deadline - time.monotonic())):
            raise TimeoutError(f"the database is busy: no turn to write in {WRITE_PATIENCE:.0f} s")
        try:
            coming = _lock(self._places.open(self._next), deadline)
            try:
                return _lock(self._places.open(self._turn), deadline)
            finally:
                os.close(coming)
        except BaseException:
            self._line.leave()
            raise

    def leave(self, place: int) -> None:
        """Give the turn to the next."""
        self._here.writing = False
        os.close(place)
        self._line.leave()

"""Upgrades a database in child processes that kill themselves; a program of its own, run by the tests.

The first line of standard input holds the address of a database and the revision to upgrade to. Each further line holds
a number N: a child begins the upgrade and ends with SIGKILL before its N-th statement, a commit among them, and
``killed`` is printed; or ``done M``, where the upgrade took only M statements and is complete.
"""

import os
import signal
import sys

import sqlalchemy as sa
from sqlalchemy import event

from quizapp.store import migrate


class _Countdown:
    def __init__(self, number: int) -> None:
        self.left = number
        self.seen = 0

    def count(self, *_: object) -> None:
        self.seen += 1
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _upgrade(url: str, number: int, revision: str) -> int:
    """Upgrade, to die before the ``number``-th statement; gives how many statements there were."""
    countdown = _Countdown(number)
    for name in ("before_cursor_execute", "commit"):
        event.listen(sa.Engine, name, countdown.count)
    migrate.upgrade(url, revision)
    return countdown.seen


def _fork(url: str, number: int, revision: str) -> int | None:
    """What the child counted; None where it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(_upgrade(url, number, revision)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    if status != 0:
        raise SystemExit(f"the upgrade failed before statement {number}")
    return int(said)


def main() -> None:
    """Read what to do, and do it."""
    url, revision = sys.stdin.readline().split()
    for line in sys.stdin:
        counted = _fork(url, int(line), revision)
        sys.stdout.write("killed\n" if counted is None else f"done {counted}\n")
        sys.stdout.flush()


main()

"""Two transactions at the same time, of which one has to wait for the other: for PostgreSQL."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.engine import Database

LONGEST = 20
"""Seconds until a test gives up waiting."""


def _wait_for_one_who_waits(database: Database) -> None:
    """Until some transaction waits for another."""
    with database.reading() as session:
        for _ in range(LONGEST * 50):
            waiting = session.execute(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one()
            if waiting:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")


@contextmanager
def meanwhile(database: Database, work: Callable[[Session], object]) -> Iterator[list[object]]:
    """Let somebody else begin a work, and go on once that waits; its result, or its error, is there at the end."""
    done: list[object] = []

    def run() -> None:
        try:
            with database.writing() as session:
                done.append(work(session))
        except Exception as error:  # noqa: BLE001 - told by the test
            done.append(error)

    other = threading.Thread(target=run)
    other.start()
    _wait_for_one_who_waits(database)
    yield done
    other.join(LONGEST)
    assert not other.is_alive()

"""The database: one engine, sessions for reading and for writing, and the rules that keep SQLite durable and fair."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from pysqlite3 import dbapi2 as bundled_sqlite
from sqlalchemy import event
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from quizapp.store.damage import DamagedDatabase, is_damage, mark_damaged, read_mark
from quizapp.store.writers import WriteQueue, make_private_file

OLDEST_SQLITE = (3, 51, 3)
"""Older releases have the WAL-reset race, which can corrupt a database: sqlite.org/changes.html, 3.51.3."""
WITHDRAWN_SQLITE = (3, 52, 0)
BUSY_TIMEOUT_MS = 5_000
CACHE_KIB = 16_384
"""What a connection may keep of the file in memory; it takes as much only where that much was read."""
_POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": 16}
"""More connections than a process has threads (see quizapp.server): one that reads may need a second one to write."""
_THRESHOLD = "prepare_threshold"
"""``?prepare_threshold=none`` in an address says that a PgBouncer is there, which keeps no prepared statements."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class UnsafeSQLite(RuntimeError):
    """The SQLite in use can corrupt a database under load."""


class Instant(sa.types.TypeDecorator[datetime]):
    """A moment, stored as whole milliseconds since 1970 UTC: exact, sortable and the same on every database.

    Takes aware datetimes only; gives them back in UTC, cut to the millisecond.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its time zone: {value!r}")
        return (value - _EPOCH) // _MILLISECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MILLISECOND


def check_sqlite(version: tuple[int, ...]) -> None:
    """Raise UnsafeSQLite unless this release of SQLite is known to be sound."""
    if version < OLDEST_SQLITE or version == WITHDRAWN_SQLITE:
        raise UnsafeSQLite(
            f"SQLite {'.'.join(map(str, version))} can corrupt a database; Quizapp needs"
            f" {'.'.join(map(str, OLDEST_SQLITE))} or newer. Run `make run` again to install it."
        )


def _open_carefully(engine: sa.Engine, file: Path | None) -> None:
    """Each connection with the house's rules; a file that turns out to be broken is marked."""

    @event.listens_for(engine, "do_connect")
    def make_file(*_: Any) -> None:
        if file is not None:
            with suppress(OSError):  # SQLite says better what is wrong with the place
                make_private_file(file)

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver starts no transaction of its own: `begin` below does
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")

    @event.listens_for(engine, "handle_error")
    def note_damage(context: sa.engine.ExceptionContext) -> None:
        if file is not None and is_damage(context.original_exception):
            mark_damaged(file, str(context.original_exception))


def _write_in_turn(engine: sa.Engine, file: Path | None) -> None:
    """Who writes waits in a queue before the transaction begins, and leaves it when the connection goes back."""
    queue = WriteQueue(file) if file is not None else None

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        if not connection.get_execution_options().get("quizapp_writes"):
            # Straight to the driver: this waits for nothing and fails at nothing, and every page does it.
            connection.connection.cursor().execute("BEGIN")
            return
        if file is not None and (reason := read_mark(file)) is not None:
            raise DamagedDatabase(reason)
        if queue is not None:
            connection.info["write_queue"] = queue.enter()
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def leave_queue(entry: ConnectionPoolEntry | None) -> None:
        if queue is not None and entry is not None and (place := entry.info.pop("write_queue", None)) is not None:
            queue.leave(place)

    @event.listens_for(engine, "checkin")
    def on_checkin(_: Any, entry: ConnectionPoolEntry) -> None:
        leave_queue(entry)

    @event.listens_for(engine, "invalidate")
    def on_invalidate(_: Any, entry: ConnectionPoolEntry, __: BaseException | None) -> None:
        leave_queue(entry)


def normalise_url(url: str) -> URL:
    """The SQLAlchemy address for a database setting; PostgreSQL is reached through psycopg 3."""
    parsed = make_url(url).difference_update_query([_THRESHOLD])
    if parsed.drivername in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def find_file(address: URL) -> Path | None:
    """The file of an SQLite database; None where it is in memory, or the database is another."""
    in_a_file = address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:")
    return Path(str(address.database)) if in_a_file else None


def make_engine(url: str) -> sa.Engine:
    """An engine for ``url`` with the house's rules. Raises UnsafeSQLite where the bundled SQLite is too old."""
    address = normalise_url(url)
    if address.get_backend_name() != "sqlite":
        options: dict[str, Any] = {"connect_timeout": 5}
        if make_url(url).query.get(_THRESHOLD) == "none":
            options[_THRESHOLD] = None
        return sa.create_engine(address, pool_pre_ping=True, connect_args=options, **_POOL)
    check_sqlite(bundled_sqlite.sqlite_version_info)
    driver: ModuleType = bundled_sqlite
    file = find_file(address)
    engine = sa.create_engine(address, module=driver, **(_POOL if file is not None else {}))
    _open_carefully(engine, file)
    _write_in_turn(engine, file)
    return engine


class Database:
    """The open database. ``reading()`` and ``writing()`` give sessions; nothing else opens connections."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = make_engine(url)
        writing_engine = self.engine.execution_options(quizapp_writes=True)
        self._readers = sessionmaker(self.engine, class_=Session, expire_on_commit=False)
        self._writers = sessionmaker(writing_engine, class_=Session, expire_on_commit=False)

    def new_reader(self) -> Session:
        """A session that only reads. Close it."""
        return self._readers()

    def new_writer(self) -> Session:
        """A session whose transaction is alone in writing from its first statement on. Close it."""
        return self._writers()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads, closed at the end."""
        with self.new_reader() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session for one writing use case, closed at the end; what was not committed is rolled back."""
        with self.new_writer() as session:
            yield session

    def dispose(self) -> None:
        """Close all connections, for instance before the process forks."""
        self.engine.dispose()

"""The database: one engine, sessions for reading and for writing, and the rules that keep SQLite durable and fair."""

import os
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
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlmodel import Session

from quizapp.store.damage import DamagedDatabase, find_mark, is_damage, mark_damaged, read_mark
from quizapp.store.sessions import BEGUN, Lease, StoreSession
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


class _Rules:
    """How connections of one engine are opened, begin, and what is done where one says that the file is broken."""

    def __init__(self, file: Path | None, *, is_sqlite: bool) -> None:
        self._file = file
        self._is_sqlite = is_sqlite
        self._queue = WriteQueue(file) if file is not None else None
        self._mark = str(find_mark(file)) if file is not None else ""

    def begin(self, connection: PoolProxiedConnection, writes: bool) -> None:
        """Begin a transaction; who writes waits in a queue before, and leaves it when the connection goes back."""
        if not self._is_sqlite:
            return  # the driver begins by itself
        if not writes:
            connection.cursor().execute("BEGIN")
            return
        if self._file is not None and os.path.exists(self._mark):  # noqa: PTH110 - each answer asks, and pathlib is slower
            raise DamagedDatabase(read_mark(self._file) or "")
        if self._queue is not None:
            connection.info["write_queue"] = self._queue.enter()
        connection.cursor().execute("BEGIN IMMEDIATE")

    def end(self, connection: PoolProxiedConnection) -> None:
        """Undo what was not committed, and leave the queue."""
        connection.rollback()
        self._leave_queue(connection)

    def note(self, error: BaseException) -> None:
        """Mark a file that turns out to be broken."""
        if self._file is not None and is_damage(error):
            mark_damaged(self._file, str(error))

    def apply(self, engine: sa.Engine) -> None:
        """Make an SQLite engine keep to these rules, by whichever way it is used."""
        event.listen(engine, "do_connect", self._make_file)
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "handle_error", lambda context: self.note(context.original_exception))
        event.listen(engine, "begin", self._on_begin)
        event.listen(engine, "checkin", lambda _, entry: self._leave_queue(entry))
        event.listen(engine, "invalidate", lambda _, entry, __: self._leave_queue(entry))

    def _make_file(self, *_: Any) -> None:
        if self._file is not None:
            with suppress(OSError):  # SQLite says better what is wrong with the place
                make_private_file(self._file)

    def _on_begin(self, connection: sa.Connection) -> None:
        if BEGUN not in connection.info:
            self.begin(connection.connection, bool(connection.get_execution_options().get("quizapp_writes")))

    def _leave_queue(self, entry: ConnectionPoolEntry | PoolProxiedConnection | None) -> None:
        if self._queue is not None and entry is not None and (place := entry.info.pop("write_queue", None)) is not None:
            self._queue.leave(place)


def _set_pragmas(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver starts no transaction of its own: the rules do
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")


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


def _open(url: str) -> tuple[sa.Engine, _Rules]:
    address = normalise_url(url)
    if address.get_backend_name() != "sqlite":
        options: dict[str, Any] = {"connect_timeout": 5}
        if make_url(url).query.get(_THRESHOLD) == "none":
            options[_THRESHOLD] = None
        engine = sa.create_engine(address, pool_pre_ping=True, connect_args=options, **_POOL)
        return engine, _Rules(None, is_sqlite=False)
    check_sqlite(bundled_sqlite.sqlite_version_info)
    driver: ModuleType = bundled_sqlite
    file = find_file(address)
    engine = sa.create_engine(address, module=driver, **(_POOL if file is not None else {}))
    rules = _Rules(file, is_sqlite=True)
    rules.apply(engine)
    return engine, rules


def make_engine(url: str) -> sa.Engine:
    """An engine for ``url`` with the house's rules. Raises UnsafeSQLite where the bundled SQLite is too old."""
    return _open(url)[0]


class SharedSessions:
    """The sessions of one request, which hand one connection on to each other (``Lease``)."""

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._lease = Lease()

    def new_reader(self) -> Session:
        """A session that only reads. Close it."""
        return self._database.new_reader(self._lease)

    def new_writer(self) -> Session:
        """A session that writes, as ``Database.new_writer`` gives it. Close it."""
        return self._database.new_writer(self._lease)

    def end(self) -> None:
        """Give the connection back, once all sessions are closed."""
        self._lease.end()


class Database:
    """The open database. ``reading()`` and ``writing()`` give sessions; nothing else opens connections."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine, self._rules = _open(url)
        self._writing_engine = self.engine.execution_options(quizapp_writes=True)

    def new_reader(self, lease: Lease | None = None) -> Session:
        """A session that only reads. Close it, and end the ``lease`` after the last session that shares it."""
        return StoreSession(self.engine, writes=False, rules=self._rules, lease=lease)

    def new_writer(self, lease: Lease | None = None) -> Session:
        """A session whose transaction is alone in writing from its first statement on. Close it."""
        return StoreSession(self._writing_engine, writes=True, rules=self._rules, lease=lease)

    def share(self) -> "SharedSessions":
        """Sessions that hand one connection on to each other."""
        return SharedSessions(self)

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

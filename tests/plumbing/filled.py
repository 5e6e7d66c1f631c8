"""What many tests begin with, done once: databases are filled as the first one was, by copying what it held then.

To load the deck takes 20 to 50 ms of a processor, and many hundred tests begin with that; to copy its rows 6 to 12 ms.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from pysqlite3 import dbapi2 as sqlite  # the same library as the app: two of them in a process undo each other's locks
from sqlalchemy.engine import URL
from sqlmodel import SQLModel

from quizapp.store.engine import Database

_USED = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
  AND pg_relation_size(oid) > 0
"""
_SEQUENCES = "SELECT schemaname, sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"


@dataclass
class _Rows:
    """What a PostgreSQL database held: the rows of each table as PostgreSQL copies them, and where counting stood."""

    tables: dict[str, bytes] = field(default_factory=dict)
    sequences: list[tuple[str, int]] = field(default_factory=list)


def _open_postgresql(url: URL) -> psycopg.Connection[Any]:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address)


def _keep_postgresql(url: URL) -> _Rows:
    kept = _Rows()
    with _open_postgresql(url) as connection:
        for (table,) in connection.execute(_USED).fetchall():
            statement = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(table))
            with connection.cursor().copy(statement) as rows:
                kept.tables[table] = b"".join(bytes(block) for block in rows)
        kept.sequences = [(f"{schema}.{name}", last) for schema, name, last in connection.execute(_SEQUENCES)]
    return kept


def _fill_postgresql(url: URL, kept: _Rows) -> None:
    with _open_postgresql(url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")  # no order between the tables
        for table, rows in kept.tables.items():
            statement = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(table))
            with connection.cursor().copy(statement) as target:
                target.write(rows)
        for name, last in kept.sequences:
            connection.execute("SELECT setval(%s::regclass, %s)", (name, last))


def _copy_sqlite(source: Any, target: Any) -> None:
    target.execute("PRAGMA synchronous = OFF")
    source.backup(target)


def _keep_sqlite(url: URL) -> Any:
    kept = sqlite.connect(":memory:", check_same_thread=False)
    with closing(sqlite.connect(url.database)) as source:
        _copy_sqlite(source, kept)
    return kept


def _fill_sqlite(url: URL, kept: Any) -> None:
    with closing(sqlite.connect(url.database)) as target:
        _copy_sqlite(kept, target)


@cache
def _look_for_rows() -> sa.Select[tuple[bool]]:
    tables = SQLModel.metadata.sorted_tables
    return sa.select(sa.or_(*(sa.exists(sa.select(sa.literal(1)).select_from(table)) for table in tables)))


def _is_empty(database: Database) -> bool:
    with database.engine.connect() as connection:
        return not connection.execute(_look_for_rows()).scalar()


class Filling:
    """One way to fill an empty database, done once for each kind of database and then repeated."""

    def __init__(self, fill: Callable[[Database], None]) -> None:
        self._fill = fill
        self._kept: dict[str, Any] = {}

    def into(self, database: Database) -> None:
        """Fill a database that has the tables of all others. Where something is in it already, that stays."""
        url = database.engine.url
        if not _is_empty(database):
            self._fill(database)
            return
        kind = url.get_backend_name()
        keep, fill = (_keep_sqlite, _fill_sqlite) if kind == "sqlite" else (_keep_postgresql, _fill_postgresql)
        if kind in self._kept:
            fill(url, self._kept[kind])
        else:
            self._fill(database)
            self._kept[kind] = keep(url)

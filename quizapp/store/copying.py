"""Copying all data into another database, from SQLite to PostgreSQL and back: resumable, and compared at the end.

Tables come in the order of their foreign keys, rows in the order of their primary key and in batches of one transaction
each. So what a killed copy leaves in a table is always the beginning of it, and the next one goes on behind the highest
key. A table of one row marks a target that is not whole yet.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError

from quizapp.core.errors import Invalid
from quizapp.store import revisions
from quizapp.store.engine import Database, Instant, find_file, normalise_url
from quizapp.store.setup import open_database, prepare_database
from quizapp.store.tables import SQLModel

BATCH_ROWS = 1_000
_MARK = sa.Table("copy_under_way", sa.MetaData(), sa.Column("source", sa.String, primary_key=True))

Advance = Callable[[int], None]
"""Told how many more rows were copied or compared."""
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TableCheck:
    """What the comparison found of one table: its rows, the SHA-256 of them on either side, and the first difference.

    ``fault`` is a sentence; blank where both sides are the same.
    """

    table: str
    rows: int
    source_digest: str
    target_digest: str
    fault: str = ""


def _make_plain(column: sa.Column[Any]) -> sa.Column[Any]:
    """A column that gives and takes what is stored, not what the app makes of it: moments stay whole milliseconds."""
    kind: Any = column.type
    if isinstance(kind, Instant):
        kind = sa.BigInteger()
    elif isinstance(kind, sa.JSON):
        kind = sa.JSON(none_as_null=bool(column.nullable))
    return sa.Column(column.name, kind, primary_key=column.primary_key)


def list_tables() -> list[sa.Table]:
    """All tables of the app, those that others point to first, with plain columns."""
    plain = sa.MetaData()
    return [sa.Table(table.name, plain, *map(_make_plain, table.columns)) for table in SQLModel.metadata.sorted_tables]


def _order_key(table: sa.Table, dialect: str) -> list[sa.ColumnElement[Any]]:
    """The primary key as it sorts on every database alike: texts by their bytes."""
    return [
        sa.collate(column, "C") if dialect == "postgresql" and isinstance(column.type, sa.String) else column
        for column in table.primary_key
    ]


@contextmanager
def _snapshot(database: Database) -> Iterator[sa.Connection]:
    """A connection that sees the database as it is now, whatever is written meanwhile."""
    options = {"isolation_level": "REPEATABLE READ"} if database.engine.dialect.name == "postgresql" else {}
    with database.engine.connect().execution_options(**options) as connection:
        yield connection


def _read_rows(connection: sa.Connection, table: sa.Table, after: Row | None = None) -> Iterator[Row]:
    """The rows in the order of their key, behind the key ``after``; never all of them in memory."""
    key = _order_key(table, connection.dialect.name)
    wanted = sa.select(table).order_by(*key)
    if after is not None:
        columns = list(table.primary_key)
        bounds = [sa.literal(value, column.type) for value, column in zip(after, columns, strict=True)]
        wanted = wanted.where(sa.tuple_(*key) > sa.tuple_(*bounds))
    for row in connection.execute(wanted.execution_options(yield_per=BATCH_ROWS)):
        yield tuple(row)


def _read_batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH_ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def _find_last(table: sa.Table, target: Database) -> Row | None:
    """The highest key that the target holds."""
    key = _order_key(table, target.engine.dialect.name)
    with target.reading() as session:
        row = session.execute(sa.select(*table.primary_key).order_by(*[part.desc() for part in key]).limit(1)).first()
    return None if row is None else tuple(row)


def _name_key(table: sa.Table, row: Row) -> str:
    places = [index for index, column in enumerate(table.columns) if column.primary_key]
    return ", ".join(f"{table.columns[place].name} {row[place]!r}" for place in places)


def _insert(table: sa.Table, target: Database, rows: Sequence[Row]) -> None:
    names = table.columns.keys()
    with target.writing() as session:
        session.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in rows])
        session.commit()


def _write_batch(table: sa.Table, target: Database, rows: Sequence[Row]) -> None:
    """Write a batch, all or nothing. Raises Invalid, with the first row's key, where the target refuses one."""
    try:
        _insert(table, target, rows)
    except (DataError, IntegrityError) as error:
        if len(rows) > 1:
            for row in rows:  # one by one, up to the one that is refused
                _write_batch(table, target, [row])
        reason = str(error.orig).strip().splitlines()[0]
        raise Invalid(
            f"A row of {table.name} cannot be copied ({_name_key(table, rows[0])}): {reason}."
            " Mend it in the source; then run the same command again."
        ) from error


def _copy_table(table: sa.Table, source: sa.Connection, target: Database, advance: Advance) -> None:
    last = _find_last(table, target)
    if last is not None:
        key = sa.tuple_(*_order_key(table, source.dialect.name))
        bounds = [sa.literal(value, column.type) for value, column in zip(last, table.primary_key, strict=True)]
        there = source.execute(sa.select(sa.func.count()).select_from(table).where(key <= sa.tuple_(*bounds)))
        advance(there.scalar_one())
    for batch in _read_batches(_read_rows(source, table, last)):
        _write_batch(table, target, batch)
        advance(len(batch))


def _settle(row: Row) -> Row:
    """The row as both databases hold it: SQLite knows no negative zero."""
    return tuple(value + 0.0 if type(value) is float else value for value in row)


def _compare_rows(table: sa.Table, ours: Row | None, theirs: Row | None) -> str:
    """What is different between two rows at the same place, in a sentence."""
    if ours is None:
        return f"{table.name}: the target has a row too many, with {_name_key(table, theirs or ())}."
    if theirs is None:
        return f"{table.name}: the target lacks the row with {_name_key(table, ours)}."
    columns = zip(table.columns.keys(), ours, theirs, strict=True)
    names = ", ".join(name for name, mine, other in columns if repr(mine) != repr(other))
    return f"{table.name}: the row with {_name_key(table, ours)} is not the same: {names}."


def _check_table(table: sa.Table, source: sa.Connection, target: sa.Connection, advance: Advance) -> TableCheck:
    ours, theirs = hashlib.sha256(), hashlib.sha256()
    rows, fault = 0, ""
    for mine, other in zip_longest(_read_rows(source, table), _read_rows(target, table)):
        left = None if mine is None else _settle(mine)
        right = None if other is None else _settle(other)
        said, heard = repr(left).encode("utf-8", "replace"), repr(right).encode("utf-8", "replace")
        ours.update(said)
        theirs.update(heard)
        if said != heard and not fault:
            fault = _compare_rows(table, left, right)
        rows += 1
        if rows % BATCH_ROWS == 0:
            advance(BATCH_ROWS)
    advance(rows % BATCH_ROWS)
    return TableCheck(table.name, rows, ours.hexdigest(), theirs.hexdigest(), fault)


def compare(source: Database, target: Database, advance: Advance) -> list[TableCheck]:
    """Read both databases row by row, side by side: the same code makes the digests of both."""
    with _snapshot(source) as ours, _snapshot(target) as theirs:
        return [_check_table(table, ours, theirs, advance) for table in list_tables()]


def count_rows(database: Database) -> int:
    """All rows of all tables."""
    with database.reading() as session:
        counts = [
            session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in list_tables()
        ]
    return sum(counts)


def _name_source(source: Database) -> str:
    return normalise_url(source.url).render_as_string(hide_password=True)


def _begin(source: Database, target: Database) -> bool:
    """Mark the target as not whole; whether an earlier copy goes on. Raises Invalid where the target is in use."""
    name = _name_source(source)
    with target.writing() as session:
        connection = session.connection()
        if sa.inspect(connection).has_table(_MARK.name):
            begun = session.execute(sa.select(_MARK.c.source)).scalar_one()
            if begun != name:
                raise Invalid(f"The target holds the beginning of a copy of another database: {begun}.")
            return True
        for table in list_tables():
            if session.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
                raise Invalid(
                    f"The target is not empty: there are rows in its table {table.name}. Make a new database for the"
                    " copy; nothing was changed."
                )
        _MARK.create(connection)
        session.execute(_MARK.insert().values(source=name))
        session.commit()
    return False


def _set_sequences(session: sa.orm.Session) -> None:
    """Let PostgreSQL count on behind the ids that were copied; SQLite does so by itself."""
    for table in SQLModel.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None or column.foreign_keys:
            continue
        sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
        highest = sa.select(sa.func.max(column)).scalar_subquery()
        session.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1), highest.is_not(None))))


def _finish(target: Database) -> None:
    with target.writing() as session:
        if target.engine.dialect.name == "postgresql":
            _set_sequences(session)
        _MARK.drop(session.connection())
        session.commit()


def open_target(url: str, source: Database) -> Database:
    """Open the database that data is copied into; a new one gets its tables.

    Raises Invalid where it is the source itself, holds tables of something else, or stands at another release.
    """
    ours, theirs = find_file(normalise_url(source.url)), find_file(normalise_url(url))
    same_file = ours is not None and theirs is not None and theirs.exists() and ours.samefile(theirs)
    if same_file or normalise_url(source.url) == normalise_url(url):
        raise Invalid("The target is the database itself. Name another one.")
    if theirs is None or theirs.exists():
        probe = Database(url)
        try:
            tables = sa.inspect(probe.engine).get_table_names()
        finally:
            probe.dispose()
        if tables and revisions.read_revision(url) is None:
            raise Invalid("The target holds tables that are not Quizapp's. Make a new database for the copy.")
        if tables:
            return open_database(url, create=False)
    prepare_database(url)
    return Database(url)


def copy_database(source: Database, target: Database, advance: Advance) -> list[TableCheck]:
    """Copy all rows, compare both databases, and let the target go where they are the same.

    ``advance`` hears of each row twice: when it is there, and when it was compared. A copy that was killed goes on
    where it was. The target counts as whole only where no check has a fault; a fault means that the source was written
    to meanwhile, or that the target is damaged. Raises Invalid for a target that is not empty.
    """
    _begin(source, target)
    with _snapshot(source) as connection:
        for table in list_tables():
            _copy_table(table, connection, target, advance)
    checks = compare(source, target, advance)
    if not any(check.fault for check in checks):
        _finish(target)
    return checks

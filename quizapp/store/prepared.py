"""Statements for the path that every answer takes: compiled once for each kind of database, run by its driver.

Between a statement and the driver SQLAlchemy spends more time than SQLite on the work itself. What it knows is used all
the same: the words of the statement for this database, the types of values and columns, the session's connection with
its transaction, and its errors.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session

from quizapp.store.sessions import StoreSession

_Process = Callable[[Any], Any]
_Processes = tuple[tuple[int, _Process], ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in the words of one database: its text, its values in their order, and what makes them fit."""

    text: str
    arrange: Callable[[dict[str, Any]], Any]
    given: Mapping[str, Any]
    into: tuple[tuple[str, _Process], ...]


class Prepared:
    """A statement with named values (``sa.bindparam``), to be run again and again. Never one with a list of values."""

    def __init__(
        self, statement: sa.Select[*tuple[Any, ...]] | sa.Insert | sa.Update | sa.Delete | sa.TextClause
    ) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}
        self._out: dict[str, _Processes] = {}

    def all(self, session: Session, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All rows. Raises DBAPIError, as SQLAlchemy does."""
        dialect, cursor = self._run(session, values)
        out = self._find_out(dialect, cursor)
        rows = cursor.fetchall()
        cursor.close()
        return [_read(row, out) for row in rows]

    def first(self, session: Session, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row; None where there is none."""
        dialect, cursor = self._run(session, values)
        out = self._find_out(dialect, cursor)
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else _read(row, out)

    def value(self, session: Session, values: Mapping[str, Any]) -> Any:
        """The first value of the first row; None where there is none."""
        row = self.first(session, values)
        return None if row is None else row[0]

    def run(self, session: Session, values: Mapping[str, Any]) -> None:
        """Run a statement that gives no rows."""
        self._run(session, values)[1].close()

    def _run(self, session: Session, values: Mapping[str, Any]) -> tuple[Dialect, Any]:
        raw, dialect = _find_connection(session)
        compiled = self._compiled.get(dialect.name) or self._compile(dialect)
        bound = {**compiled.given, **values}
        for name, process in compiled.into:
            bound[name] = process(bound[name])
        parameters = compiled.arrange(bound)
        cursor = raw.cursor()
        try:
            cursor.execute(compiled.text, parameters)
        except dialect.loaded_dbapi.Error as error:
            cursor.close()
            raise _wrap(session, compiled.text, bound, error, dialect) from error
        return dialect, cursor

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled = self.statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - statements, not types
        into = {}
        for parameter, name in compiled.bind_names.items():
            process = parameter.type.dialect_impl(dialect).bind_processor(dialect)
            if process is not None:
                into[name] = process
        self._compiled[dialect.name] = _Compiled(
            text=_hide_limit(compiled.string) if dialect.name == "sqlite" else compiled.string,
            arrange=_arrange_by(compiled.positiontup or ()) if compiled.positional else dict,
            given={name: part.effective_value for part, name in compiled.bind_names.items() if not part.required},
            into=tuple(into.items()),
        )
        return self._compiled[dialect.name]

    def _find_out(self, dialect: Dialect, cursor: Any) -> _Processes:
        """What makes values of the columns; some types ask what the driver says of a column."""
        found = self._out.get(dialect.name)
        if found is None:
            columns = self.statement.selected_columns if isinstance(self.statement, sa.Select) else ()
            made = [
                column.type.dialect_impl(dialect).result_processor(dialect, described[1])
                for column, described in zip(columns, cursor.description, strict=True)
            ]
            found = tuple((place, process) for place, process in enumerate(made) if process is not None)
            self._out[dialect.name] = found
        return found


def _hide_limit(text: str) -> str:
    """A statement that SQLite keeps as it was prepared: one that can see the number in a limit is planned anew by it.

    It looks at the values of parameters as far as they may decide on a plan, and prepares the statement again for each
    (https://sqlite.org/c3ref/prepare.html); that took four times as long as counting what waits. A sum it does not see.
    """
    return text.replace("LIMIT ?", "LIMIT ? + 0")


def _arrange_by(names: Sequence[str]) -> Callable[[dict[str, Any]], Any]:
    """What puts named values in the order in which a statement wants them."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


def run_many(session: Session, text: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Run a statement in the driver's own words for each row; no list of the rows is ever made.

    Raises DBAPIError, as SQLAlchemy does.
    """
    raw, dialect = _find_connection(session)
    cursor = raw.cursor()
    try:
        cursor.executemany(text, rows)
    except dialect.loaded_dbapi.Error as error:
        raise _wrap(session, text, None, error, dialect) from error
    finally:
        cursor.close()


def _find_connection(session: Session) -> tuple[Any, Dialect]:
    """The driver's connection of a session's transaction, and its dialect."""
    if isinstance(session, StoreSession):
        return session.raw()
    connection = session.connection()
    return connection.connection, connection.dialect


def _wrap(session: Session, text: str, values: Any, error: Exception, dialect: Dialect) -> BaseException:
    if isinstance(session, StoreSession):
        return session.wrap(text, values, error)
    return DBAPIError.instance(text, values, error, dialect.loaded_dbapi.Error, dialect=dialect)


def _read(row: Any, out: _Processes) -> tuple[Any, ...]:
    if not out:
        return tuple(row)
    values = list(row)
    for place, process in out:
        values[place] = process(values[place])
    return tuple(values)

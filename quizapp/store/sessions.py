"""Sessions whose prepared statements reach the driver without ceremony, and which are SQLAlchemy's all the same.

An answer opens three transactions and runs two dozen statements. Most of what SQLAlchemy does to open and to end a
transaction serves cases that these never meet, and took a quarter of an answer's time. So a session of ours takes a
connection from the pool and begins by itself (``raw``); only when something asks SQLAlchemy for a connection, for an
object or a statement that was not prepared, is that very connection given to it, in the transaction that has begun.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection
from sqlmodel import Session

BEGUN = "quizapp_begun"
"""In a connection's ``info`` while a session of ours has begun a transaction on it."""

Begin = Callable[[PoolProxiedConnection, bool], None]
"""Begins a transaction on a connection; whether it is to write."""


class StoreSession(Session):
    """A session of ``Database``. ``begin`` and ``note`` are its rules: how to begin, and what errors tell."""

    def __init__(self, bind: sa.Engine, *, writes: bool, begin: Begin, note: Callable[[BaseException], None]) -> None:
        super().__init__(bind, expire_on_commit=False)
        self._engine = bind
        self._writes = writes
        self._begin = begin
        self._note = note
        self._taken: PoolProxiedConnection | None = None
        self._driver: Any = None
        self._joined: sa.Connection | None = None

    def raw(self) -> tuple[Any, sa.Dialect]:
        """The driver's connection, in this session's transaction, and its dialect. Raises DBAPIError."""
        if self._taken is not None:
            return self._driver, self._engine.dialect
        if self.in_transaction():
            connection = self.connection()
            return connection.connection, connection.dialect
        try:
            taken = self._engine.raw_connection()
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise self.wrap("connect", None, error) from error
        try:
            self._begin(taken, self._writes)
        except BaseException as error:
            taken.close()
            if isinstance(error, self._engine.dialect.loaded_dbapi.Error):
                raise self.wrap("BEGIN", None, error) from error
            raise
        taken.info[BEGUN] = True
        self._taken, self._driver = taken, taken.dbapi_connection
        return self._driver, self._engine.dialect

    def wrap(self, statement: str, values: Any, error: Exception) -> BaseException:
        """An error of the driver as SQLAlchemy's; what it says of the file is noted."""
        self._note(error)
        dialect = self._engine.dialect
        return DBAPIError.instance(statement, values, error, dialect.loaded_dbapi.Error, dialect=dialect)

    def get_bind(self, *arguments: Any, **more: Any) -> sa.Engine | sa.Connection:
        """What SQLAlchemy is to work with: the connection that was taken, where there is one."""
        if self._taken is None:
            return super().get_bind(*arguments, **more)
        if self._joined is None:
            self._joined = sa.Connection(self._engine, connection=self._taken)
        return self._joined

    def commit(self) -> None:
        """Make what was done durable. Raises DBAPIError."""
        if self._taken is None or self.in_transaction():
            super().commit()
        else:
            try:
                self._taken.commit()
            except self._engine.dialect.loaded_dbapi.Error as error:
                raise self.wrap("COMMIT", None, error) from error
            if self.dispatch.after_commit:
                self.dispatch.after_commit(self)
        self._give_back()

    def rollback(self) -> None:
        """Undo what was not committed."""
        super().rollback()
        self._give_back()

    def close(self) -> None:
        """End the session; what was not committed is undone."""
        try:
            if self.in_transaction() or self.identity_map or self._new:
                super().close()
        finally:
            self._give_back()

    def _give_back(self) -> None:
        taken, self._taken, self._driver, self._joined = self._taken, None, None, None
        if taken is not None:
            taken.info.pop(BEGUN, None)
            taken.close()  # the pool undoes what was not committed

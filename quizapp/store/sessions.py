"""Sessions whose prepared statements reach the driver without ceremony, and which are SQLAlchemy's all the same.

An answer opens three transactions and runs two dozen statements. Most of what SQLAlchemy does to open and to end a
transaction serves cases that these never meet, and took a quarter of an answer's time. So a session of ours takes a
connection from the pool and begins by itself (``raw``); only when something asks SQLAlchemy for a connection, for an
object or a statement that was not prepared, is that very connection given to it, in the transaction that has begun.
"""

from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection
from sqlmodel import Session

BEGUN = "quizapp_begun"
"""In a connection's ``info`` while a session of ours has begun a transaction on it."""


class Rules(Protocol):
    """How transactions begin and end, and what is learnt from errors."""

    def begin(self, connection: PoolProxiedConnection, writes: bool) -> None:
        """Begin a transaction; whether it is to write."""

    def end(self, connection: PoolProxiedConnection) -> None:
        """Undo what was not committed, and let others write."""

    def note(self, error: BaseException) -> None:
        """Hear of an error."""


class Lease:
    """A connection that sessions hand on to each other, for as long as one request lasts.

    An answer is three sessions after each other; to fetch a connection and to bring it back took longer than to begin
    a transaction on it. No transaction is open while it waits here.
    """

    def __init__(self) -> None:
        self._idle: PoolProxiedConnection | None = None

    def take(self) -> PoolProxiedConnection | None:
        """The connection, unless it is in use, or there is none yet, or it was lost."""
        idle, self._idle = self._idle, None
        return idle if idle is not None and idle.is_valid else None

    def keep(self, connection: PoolProxiedConnection) -> None:
        """Take a connection back, for the next session. A second one goes back to the pool."""
        if self._idle is None:
            self._idle = connection
        else:
            connection.close()

    def end(self) -> None:
        """Give back what waits here."""
        idle, self._idle = self._idle, None
        if idle is not None:
            idle.close()


class StoreSession(Session):
    """A session of ``Database``, by its ``rules``; it leaves its connection to the next one by the ``lease``."""

    def __init__(self, bind: sa.Engine, *, writes: bool, rules: Rules, lease: Lease | None = None) -> None:
        super().__init__(bind, expire_on_commit=False)
        self._engine = bind
        self._writes = writes
        self._rules = rules
        self._lease = lease
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
            taken = (self._lease and self._lease.take()) or self._engine.raw_connection()
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise self.wrap("connect", None, error) from error
        try:
            self._rules.begin(taken, self._writes)
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
        self._rules.note(error)
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
        if taken is None:
            return
        taken.info.pop(BEGUN, None)
        if self._lease is None or not taken.is_valid:
            taken.close()  # the pool undoes what was not committed
            return
        try:
            self._rules.end(taken)
        except self._engine.dialect.loaded_dbapi.Error as error:
            self._rules.note(error)
            taken.invalidate(error)
            taken.close()
        else:
            self._lease.keep(taken)

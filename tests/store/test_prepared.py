"""Prepared statements say what SQLAlchemy's own execution says, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from quizapp.store.engine import Database
from quizapp.store.prepared import Prepared
from quizapp.store.tables import LearnerRow, ThrottleRow, table_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_throttle, _learner = table_of(ThrottleRow), table_of(LearnerRow)
ADD = Prepared(sa.insert(_throttle).values({name: sa.bindparam(name) for name in ("key", "level", "updated_at")}))
SINCE = (
    sa.select(_throttle.c.key, _throttle.c.updated_at, _throttle.c.level > 1)
    .where(_throttle.c.updated_at >= sa.bindparam("since"), _throttle.c.level < 100)
    .order_by(_throttle.c.key)
    .limit(sa.bindparam("limit"))
)


def _fill(database: Database) -> None:
    with database.writing() as session:
        for number in range(4):
            values = {"key": f"k{number}", "level": number + 0.5, "updated_at": NOON + timedelta(hours=number)}
            ADD.run(session, values)
        session.commit()


def test_rows_are_those_that_sqlalchemy_reads(database: Database) -> None:
    _fill(database)
    prepared, values = Prepared(SINCE), {"since": NOON + timedelta(hours=1), "limit": 2}
    with database.reading() as session:
        expected = [tuple(row) for row in session.execute(SINCE, values)]
        for _ in range(2):
            assert prepared.all(session, values) == expected
        assert expected == [("k1", NOON + timedelta(hours=1), True), ("k2", NOON + timedelta(hours=2), True)]
        assert prepared.first(session, values) == expected[0]
        assert prepared.value(session, values) == "k1"


def test_a_value_that_is_forgotten_or_misspelt_is_an_error_and_never_null(database: Database) -> None:
    _fill(database)
    with database.reading() as session, pytest.raises((KeyError, DBAPIError), match="since"):
        Prepared(SINCE).all(session, {"sinc": NOON, "limit": 2})
    with database.writing() as session, pytest.raises((KeyError, DBAPIError), match="level"):
        ADD.run(session, {"key": "k9", "updated_at": NOON})


def test_where_nothing_is_found_there_is_nothing(database: Database) -> None:
    prepared = Prepared(SINCE)
    with database.reading() as session:
        values = {"since": NOON, "limit": 5}
        assert (prepared.all(session, values), prepared.first(session, values)) == ([], None)
        assert prepared.value(session, values) is None


def test_what_was_not_committed_is_rolled_back(database: Database) -> None:
    with database.writing() as session:
        ADD.run(session, {"key": "k", "level": 1.0, "updated_at": NOON})
    with database.reading() as session:
        assert Prepared(SINCE).all(session, {"since": NOON, "limit": 5}) == []


def test_errors_are_sqlalchemy_s(database: Database) -> None:
    _fill(database)
    with database.writing() as session, pytest.raises(IntegrityError):
        ADD.run(session, {"key": "k1", "level": 1.0, "updated_at": NOON})
    broken = Prepared(sa.text("UPDATE nowhere SET key = :key"))
    with database.writing() as session, pytest.raises(DBAPIError, match="nowhere"):
        broken.run(session, {"key": "k"})


def test_a_value_is_never_a_part_of_the_statement(database: Database) -> None:
    hostile = "'; DROP TABLE throttle; -- %s %(key)s ? :key"
    with database.writing() as session:
        ADD.run(session, {"key": hostile, "level": 1.0, "updated_at": NOON})
        session.commit()
    with database.reading() as session:
        assert Prepared(SINCE).value(session, {"since": NOON, "limit": 5}) == hostile


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    naive = NOON.replace(tzinfo=None)
    with database.writing() as session, pytest.raises(ValueError, match="time zone"):
        ADD.run(session, {"key": "k", "level": 1.0, "updated_at": naive})


def test_sqlite_plans_a_statement_once_whatever_its_limit_is(sqlite_database: Database) -> None:
    _fill(sqlite_database)
    planned: list[object] = []

    def allow(*what: object) -> int:
        planned.append(what)
        return 0

    with sqlite_database.reading() as session:
        driver: Any = session.connection().connection.dbapi_connection
        driver.set_authorizer(allow)  # asked whenever a statement is prepared
        prepared = Prepared(SINCE)
        for limit in (1, 2, 3):
            assert len(prepared.all(session, {"since": NOON, "limit": limit})) == limit
            assert planned if limit == 1 else not planned, limit
            planned.clear()
        driver.set_authorizer(None)

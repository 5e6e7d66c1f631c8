"""Prepared statements and SQLAlchemy share one connection and one transaction, on both databases."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from quizapp.store.engine import Database
from quizapp.store.prepared import Prepared
from quizapp.store.sessions import StoreSession
from quizapp.store.tables import ThrottleRow, table_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_throttle = table_of(ThrottleRow)
ADD = Prepared(sa.insert(_throttle).values({name: sa.bindparam(name) for name in ("key", "level", "updated_at")}))
COUNT = Prepared(sa.select(sa.func.count()).select_from(_throttle))


def _add(session: Session, key: str) -> None:
    ADD.run(session, {"key": key, "level": 1.0, "updated_at": NOON})


def _count(database: Database) -> int:
    with database.reading() as session:
        return int(COUNT.value(session, {}))


def test_what_a_prepared_statement_wrote_is_there_after_the_commit_alone(database: Database) -> None:
    with database.writing() as session:
        _add(session, "one")
        assert _count(database) == 0
        session.commit()
    assert _count(database) == 1


def test_what_was_not_committed_is_gone(database: Database) -> None:
    with database.writing() as session:
        _add(session, "one")
    with database.writing() as session:
        _add(session, "two")
        session.rollback()
        _add(session, "three")
        session.commit()
    assert _count(database) == 1


@pytest.mark.parametrize("first", ["prepared", "objects"])
def test_prepared_statements_and_objects_are_one_transaction(database: Database, first: str) -> None:
    with database.writing() as session:
        for way in ("prepared", "objects") if first == "prepared" else ("objects", "prepared"):
            if way == "prepared":
                _add(session, "prepared")
            else:
                session.add(ThrottleRow(key="object", level=1.0, updated_at=NOON))
                session.flush()
        assert COUNT.value(session, {}) == len(session.execute(sa.select(_throttle.c.key)).all()) == 2
        assert _count(database) == 0
        session.commit()
    assert _count(database) == 2


def test_a_mixed_transaction_is_undone_as_a_whole(database: Database) -> None:
    with database.writing() as session:
        _add(session, "prepared")
        session.add(ThrottleRow(key="object", level=1.0, updated_at=NOON))
        session.flush()
    assert _count(database) == 0


def test_a_session_goes_on_after_its_commit(database: Database) -> None:
    with database.writing() as session:
        _add(session, "one")
        session.commit()
        session.add(ThrottleRow(key="two", level=1.0, updated_at=NOON))
        session.commit()
        _add(session, "three")
        session.commit()
        session.commit()  # nothing is left to commit
    assert _count(database) == 3


def test_whoever_waits_for_the_commit_is_told_once(database: Database) -> None:
    told: list[object] = []
    with database.writing() as session:
        event.listen(session, "after_commit", told.append, once=True)
        _add(session, "one")
        assert told == []
        session.commit()
        _add(session, "two")
        session.commit()
    assert len(told) == 1


def test_an_error_of_the_driver_is_sqlalchemys_and_leaves_the_session_usable(database: Database) -> None:
    with database.writing() as session:
        _add(session, "one")
        with pytest.raises(DBAPIError):
            _add(session, "one")
        session.rollback()
        _add(session, "one")
        session.commit()
    assert _count(database) == 1


def test_connections_go_back_and_the_next_writer_begins_at_once(database: Database) -> None:
    for number in range(60):  # more than the pool has
        with database.writing() as session:
            _add(session, f"k{number}")
            if number % 2:
                session.commit()
        with database.reading() as session:
            COUNT.value(session, {})
    assert _count(database) == 30


def test_a_commit_that_fails_is_no_commit(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        orphan = Prepared(sa.text("INSERT INTO due_count (learner_id, due, deck_id, cards) VALUES (7, 1, 7, 1)"))
        defer = Prepared(sa.text("PRAGMA defer_foreign_keys=ON"))
        _add(session, "one")
        defer.run(session, {})
        orphan.run(session, {})
        with pytest.raises(DBAPIError, match="FOREIGN KEY"):
            session.commit()
    assert _count(sqlite_database) == 0


def test_a_database_that_is_away_is_said_in_sqlalchemys_words() -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    with away.reading() as session, pytest.raises(DBAPIError):
        COUNT.value(session, {})
    away.dispose()


def test_sessions_that_share_hand_one_connection_on(database: Database) -> None:
    fetched: list[object] = []
    event.listen(database.engine, "checkout", lambda connection, *_: fetched.append(connection))
    shared = database.share()
    for number in range(3):
        with shared.new_reader() as session:
            assert COUNT.value(session, {}) == number
        with shared.new_writer() as session:
            _add(session, f"k{number}")
            session.commit()
    shared.end()
    shared.end()  # once more does no harm
    assert len(fetched) == 1
    assert _count(database) == 3


def test_what_a_sharing_session_did_not_commit_is_gone_for_the_next(database: Database) -> None:
    shared = database.share()
    with shared.new_writer() as session:
        _add(session, "one")
    with shared.new_reader() as session:
        assert COUNT.value(session, {}) == 0
    shared.end()


def test_a_writer_that_shares_lets_others_write_from_its_commit_on(sqlite_database: Database) -> None:
    shared = sqlite_database.share()
    session = shared.new_writer()
    _add(session, "one")
    session.commit()
    with sqlite_database.writing() as other:
        _add(other, "two")
        other.commit()
    session.close()
    shared.end()
    assert _count(sqlite_database) == 2


def test_two_sharing_sessions_at_once_have_two_connections(database: Database) -> None:
    shared = database.share()
    with shared.new_writer() as writer, shared.new_reader() as reader:
        _add(writer, "one")
        assert COUNT.value(reader, {}) == 0
        writer.commit()
    with shared.new_reader() as reader:
        assert COUNT.value(reader, {}) == 1
    shared.end()


def test_objects_and_prepared_statements_share_too(database: Database) -> None:
    shared = database.share()
    with shared.new_writer() as session:
        session.add(ThrottleRow(key="object", level=1.0, updated_at=NOON))
        session.flush()
        _add(session, "prepared")
        session.commit()
    with shared.new_reader() as session:
        assert COUNT.value(session, {}) == len(session.execute(sa.select(_throttle.c.key)).all()) == 2
    with shared.new_reader() as session:
        assert COUNT.value(session, {}) == 2
    shared.end()
    assert _count(database) == 2


def test_a_lost_connection_is_not_handed_on(sqlite_database: Database) -> None:
    shared = sqlite_database.share()
    for number in range(2):
        with shared.new_writer() as session:
            _add(session, f"lost{number}")
            assert isinstance(session, StoreSession)
            driver, _ = session.raw()
            driver.close()  # neither a rollback nor anything else works now
        with shared.new_writer() as session:
            _add(session, f"kept{number}")
            session.commit()
    shared.end()
    assert _count(sqlite_database) == 2

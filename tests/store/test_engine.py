"""The engine's promises: durable, fair, strict about keys, and exact about time."""

import multiprocessing
import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from quizapp.store import writers
from quizapp.store.engine import Database, Instant, UnsafeSQLite, check_sqlite, normalise_url
from quizapp.store.tables import AccountRow, LearnerRow, ThrottleRow, known_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DIALECT = sa.create_engine("sqlite://").dialect


def test_sqlite_is_durable_and_keeps_its_keys(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        read = {
            name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")
        }
    assert read == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "trusted_schema": 0,
    }


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 51, 2), (3, 52, 0)])
def test_a_sqlite_that_can_corrupt_is_refused(version: tuple[int, ...]) -> None:
    with pytest.raises(UnsafeSQLite, match="can corrupt"):
        check_sqlite(version)


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 4), (4, 0, 0)])
def test_a_sound_sqlite_is_taken(version: tuple[int, ...]) -> None:
    check_sqlite(version)


def test_a_row_without_its_parent_is_refused(database: Database) -> None:
    row = AccountRow(
        learner_id=404,
        name="x",
        name_key="x",
        role="student",
        password_hash="",
        created_at=NOW,
        password_changed_at=NOW,
    )
    with database.writing() as session, pytest.raises(IntegrityError):
        session.add(row)
        session.commit()


def test_an_unknown_role_is_refused_by_the_database_itself(database: Database) -> None:
    with database.writing() as session, pytest.raises(IntegrityError):
        session.add(LearnerRow(id=1, handle="h", created_at=NOW))
        session.flush()
        session.add(
            AccountRow(
                learner_id=1,
                name="x",
                name_key="x",
                role="root",
                password_hash="",
                created_at=NOW,
                password_changed_at=NOW,
            )
        )
        session.commit()


def test_what_is_not_committed_is_gone(database: Database) -> None:
    with database.writing() as session:
        session.add(LearnerRow(handle="h", created_at=NOW))
        session.flush()
    with database.reading() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(LearnerRow)).scalar() == 0


def _count_up(database: Database, times: int) -> None:
    for _ in range(times):
        with database.writing() as session:
            row = session.get(ThrottleRow, "counter", with_for_update=True)
            assert row is not None
            row.level += 1
            session.commit()


def test_no_update_is_lost_between_threads(database: Database) -> None:
    with database.writing() as session:
        session.add(ThrottleRow(key="counter", level=0, updated_at=NOW))
        session.commit()
    threads = [threading.Thread(target=_count_up, args=(database, 25)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.get_one(ThrottleRow, "counter").level == 150


def _count_up_elsewhere(url: str, times: int) -> None:
    database = Database(url)
    _count_up(database, times)
    database.dispose()


def test_no_update_is_lost_between_processes(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        session.add(ThrottleRow(key="counter", level=0, updated_at=NOW))
        session.commit()
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_count_up_elsewhere, args=(sqlite_database.url, 50)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    with sqlite_database.reading() as session:
        assert session.get_one(ThrottleRow, "counter").level == 150


def _hold(url: str, holding: str) -> None:
    with Database(url).writing() as session:
        session.execute(sa.text("SELECT 1"))
        Path(holding).touch()
        time.sleep(60)


def test_a_writer_that_is_killed_leaves_its_place_in_the_queue(sqlite_database: Database, tmp_path: Path) -> None:
    holding = tmp_path / "holding"
    process = multiprocessing.get_context("spawn").Process(target=_hold, args=(sqlite_database.url, str(holding)))
    process.start()
    while not holding.exists():
        time.sleep(0.01)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    with sqlite_database.writing() as session:
        session.add(LearnerRow(handle="h", created_at=NOW))
        session.commit()


def test_a_writer_does_not_wait_for_ever(
    sqlite_url: str, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "WRITE_PATIENCE", 0.05)
    other = Database(sqlite_url)
    failed: list[OperationalError] = []

    def wait(database: Database) -> None:
        with database.writing() as session:
            try:
                session.execute(sa.text("SELECT 1"))
            except OperationalError as error:
                failed.append(error)

    with sqlite_database.writing() as first:
        first.execute(sa.text("SELECT 1"))
        # One waits in the line of its process, the other at the file.
        waiting = [threading.Thread(target=wait, args=(database,)) for database in (sqlite_database, other)]
        for thread in waiting:
            thread.start()
        for thread in waiting:
            thread.join()
    assert [str(error.orig) for error in failed] == ["the database is busy: no turn to write in 0 s"] * 2
    for database in (sqlite_database, other):
        with database.writing() as session:
            session.execute(sa.text("SELECT 1"))
    other.dispose()


def test_a_queue_that_cannot_be_used_is_an_error_of_the_database(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "quizapp.db.queue").mkdir()
    for _ in range(2):
        with sqlite_database.writing() as session, pytest.raises(OperationalError, match="queue"):
            session.execute(sa.text("SELECT 1"))
    (tmp_path / "quizapp.db.queue").rmdir()
    with sqlite_database.writing() as session:
        session.execute(sa.text("SELECT 1"))


@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_the_queue_is_as_open_as_the_database(sqlite_database: Database, tmp_path: Path, mode: int) -> None:
    (tmp_path / "quizapp.db").chmod(mode)
    with sqlite_database.writing() as session:
        session.execute(sa.text("SELECT 1"))
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("quizapp.db.queue*")} == {mode}


def test_a_queue_whose_files_were_removed_is_made_again(sqlite_database: Database, tmp_path: Path) -> None:
    for _ in range(2):
        with sqlite_database.writing() as session:
            session.execute(sa.text("SELECT 1"))
        files = list(tmp_path.glob("quizapp.db.queue*"))
        assert len(files) == 2
        for path in files:
            path.unlink()


def test_what_root_makes_belongs_to_whom_the_database_belongs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database, made = tmp_path / "quizapp.db", tmp_path / "quizapp.db.queue"
    for path in (database, made):
        path.touch()
    given: list[tuple[Path, int, int]] = []
    found = database.stat()
    owner = os.stat_result((*found[:4], 1234, 5678, *found[6:]))
    real = Path.stat
    monkeypatch.setattr(Path, "stat", lambda path, **how: owner if path == database else real(path, **how))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda *call: given.append(call))
    writers.take_owner(made, database)
    assert given == [(made, 1234, 5678)]


def test_one_thread_cannot_wait_for_itself(sqlite_database: Database) -> None:
    with sqlite_database.writing() as first, sqlite_database.writing() as second:
        first.execute(sa.text("SELECT 1"))
        with pytest.raises(RuntimeError, match="already holds"):
            second.execute(sa.text("SELECT 1"))
    with sqlite_database.writing() as again:
        again.execute(sa.text("SELECT 1"))


def test_a_lost_connection_frees_the_queue(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        session.connection().invalidate()
    with sqlite_database.writing() as session:
        session.execute(sa.text("SELECT 1"))


def test_readers_do_not_wait_for_a_writer(sqlite_database: Database) -> None:
    with sqlite_database.writing() as writer:
        writer.add(LearnerRow(handle="h", created_at=NOW))
        writer.flush()
        with sqlite_database.reading() as reader:
            assert reader.execute(sa.select(sa.func.count()).select_from(LearnerRow)).scalar() == 0


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.timezones()))
def test_a_moment_comes_back_to_the_millisecond(moment: datetime) -> None:
    column = Instant()
    back = column.process_result_value(column.process_bind_param(moment, DIALECT), DIALECT)
    assert back is not None
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)
    assert back.tzinfo == UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Instant().process_bind_param(datetime(2026, 1, 1), DIALECT)


def test_moments_in_the_database_are_whole_milliseconds(database: Database) -> None:
    elsewhere = datetime(2026, 11, 22, 14, 0, 0, 123_999, tzinfo=timezone(timedelta(hours=2)))
    with database.writing() as session:
        session.add(LearnerRow(handle="h", created_at=elsewhere))
        session.commit()
    with database.reading() as session:
        raw = session.execute(sa.text("SELECT created_at FROM learner")).scalar()
        row = session.execute(sa.select(LearnerRow)).scalar_one()
    assert raw == 1_795_348_800_123
    assert row.created_at == NOW + timedelta(milliseconds=123)


@pytest.mark.parametrize("url", ["postgres://h/q", "postgresql://h/q", "postgresql+psycopg://h/q"])
def test_postgresql_is_reached_through_psycopg(url: str) -> None:
    assert normalise_url(url).drivername == "postgresql+psycopg"


def test_a_row_never_stored_has_no_id() -> None:
    with pytest.raises(ValueError, match="flushed"):
        known_id(None)


def test_sessions_are_sqlmodels_own(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        assert isinstance(session, Session)

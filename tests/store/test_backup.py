"""Backups end while answers come in, are for their owner alone, and replace even a database that cannot be read."""

import hashlib
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pysqlite3 import dbapi2 as bundled_sqlite

from quizapp.core.errors import Invalid
from quizapp.store import backup, migrate, revisions, soundness
from quizapp.store.engine import Database
from quizapp.store.tables import LearnerRow

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = 4096


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _add(database: Database, handle: str) -> None:
    with database.writing() as session:
        session.add(LearnerRow(handle=handle, created_at=NOW))
        session.commit()


def _handles(url: str) -> list[str]:
    database = Database(url)
    with database.reading() as session:
        found = list(session.execute(sa.select(LearnerRow.handle).order_by(LearnerRow.handle)).scalars())
    database.dispose()
    return found


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def good(sqlite_url: str, tmp_path: Path) -> Path:
    """A backup that holds one learner."""
    database = Database(sqlite_url)
    _add(database, "old")
    backup.save_backup(sqlite_url, tmp_path / "good.db")
    _add(database, "new")
    database.dispose()
    return tmp_path / "good.db"


def _fill_pages(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(20 * PAGE)
        file.write(b"\xff" * 10 * PAGE)


def _fill_with_noise(path: Path) -> None:
    path.write_bytes(hashlib.shake_128(b"noise").digest(50 * PAGE))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [_fill_pages, _fill_with_noise, _empty])
def test_a_damaged_database_is_replaced_and_kept_as_it_was(sqlite_url: str, good: Path, damage: object) -> None:
    assert callable(damage)
    damage(_path(sqlite_url))
    damaged = _path(sqlite_url).read_bytes()
    kept = backup.restore_backup(sqlite_url, good, NOW)
    assert kept is not None
    assert kept.read_bytes() == damaged
    assert _handles(sqlite_url) == ["old"]
    assert migrate.find_faults(sqlite_url) == []


def test_the_log_of_the_old_database_is_kept_and_never_met_by_the_new_one(sqlite_url: str, good: Path) -> None:
    writer = Database(sqlite_url)
    with writer.reading() as open_one:
        open_one.execute(sa.text("SELECT * FROM learner"))
        _add(writer, "only in the log")
        assert _path(f"{sqlite_url}-wal").stat().st_size > 0
        kept = backup.restore_backup(sqlite_url, good, NOW)
        assert not _path(f"{sqlite_url}-wal").exists()
        assert not _path(f"{sqlite_url}-shm").exists()
        assert kept is not None
        assert _handles(sqlite_url) == ["old"]
        assert "only in the log" in _handles(f"sqlite:///{kept}")
    writer.dispose()


def test_two_restores_within_a_second_keep_both_databases(sqlite_url: str, good: Path) -> None:
    kept = [backup.restore_backup(sqlite_url, good, NOW) for _ in range(2)]
    assert len(set(kept)) == 2
    assert [_handles(f"sqlite:///{path}") for path in kept] == [["new", "old"], ["old"]]


def test_a_database_is_not_its_own_backup(sqlite_url: str) -> None:
    with pytest.raises(Invalid, match="itself"):
        backup.restore_backup(sqlite_url, _path(sqlite_url), NOW)


def test_nothing_is_left_aside(sqlite_url: str, good: Path, tmp_path: Path) -> None:
    kept = backup.restore_backup(sqlite_url, good, NOW)
    assert kept is not None
    assert {path.name for path in tmp_path.iterdir()} == {
        "quizapp.db",
        "quizapp.db.in-use",
        "quizapp.db.queue",
        "quizapp.db.queue-next",
        "good.db",
        kept.name,
    }


@pytest.mark.parametrize("damage", [_fill_pages, _fill_with_noise])
def test_a_damaged_database_cannot_be_saved(sqlite_url: str, good: Path, damage: object) -> None:
    assert callable(damage)
    damage(_path(sqlite_url))
    with pytest.raises(Invalid, match="damaged"):
        backup.save_backup(sqlite_url, good.with_name("other.db"))
    assert not list(good.parent.glob("*other.db*"))


def test_a_target_that_cannot_be_written_is_told(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        backup.save_backup(sqlite_url, tmp_path / "nowhere" / "saved.db")


@pytest.fixture
def busy(sqlite_url: str) -> Iterator[str]:
    """The address of a large database that another process of the house writes to all the time."""
    database = Database(sqlite_url)
    with database.writing() as session:
        session.execute(sa.text("CREATE TABLE ballast (words BLOB)"))
        session.execute(sa.text("INSERT INTO ballast VALUES (zeroblob(40000000))"))
        session.commit()
    stop = threading.Event()

    def write() -> None:
        with closing(bundled_sqlite.connect(str(_path(sqlite_url)), timeout=30, isolation_level=None)) as connection:
            while not stop.is_set():
                connection.execute("UPDATE alembic_version SET version_num = version_num")

    thread = threading.Thread(target=write)
    thread.start()
    yield sqlite_url
    stop.set()
    thread.join()
    database.dispose()


def test_a_backup_ends_while_answers_come_in(busy: str, tmp_path: Path) -> None:
    backup.save_backup(busy, tmp_path / "saved.db")
    assert migrate.find_faults(f"sqlite:///{tmp_path / 'saved.db'}") == []


def test_what_is_made_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        tmp_path.chmod(0o755)
        url = f"sqlite:///{tmp_path / 'quizapp.db'}"
        migrate.upgrade(url)
        database = Database(url)
        _add(database, "h")
        assert {path.name for path in tmp_path.iterdir() if _mode(path) != 0o600} == set()
        database.dispose()
        saved = tmp_path / "saved.db"
        backup.save_backup(url, saved)
        kept = backup.restore_backup(url, saved, NOW)
        assert kept is not None
        assert [_mode(path) for path in (saved, kept, tmp_path / "quizapp.db")] == [0o600] * 3
        (tmp_path / "quizapp.db").unlink()
        assert backup.restore_backup(url, saved, NOW) is None
        assert _mode(tmp_path / "quizapp.db") == 0o600
    finally:
        os.umask(before)


def test_a_restored_database_keeps_the_mode_of_the_old_one(sqlite_url: str, good: Path) -> None:
    _path(sqlite_url).chmod(0o640)
    backup.restore_backup(sqlite_url, good, NOW)
    assert _mode(_path(sqlite_url)) == 0o640


ENDLESS = """
CREATE VIEW alembic_version AS
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i AS version_num FROM n WHERE i < 0
"""


def _make(path: Path, *statements: str) -> None:
    with closing(bundled_sqlite.connect(str(path))) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    "statements",
    [
        [ENDLESS],
        ["CREATE TABLE alembic_version (version_num TEXT)", "INSERT INTO alembic_version VALUES ('{newest}')"],
        ["CREATE TABLE alembic_version (version_num TEXT)"],
        ["CREATE TABLE cats (name TEXT)"],
    ],
)
def test_a_file_that_is_no_quizapp_database_is_refused(sqlite_url: str, tmp_path: Path, statements: list[str]) -> None:
    newest = revisions.newest_revision()
    _make(tmp_path / "strange.db", *(statement.replace("{newest}", newest) for statement in statements))
    before = _path(sqlite_url).read_bytes()
    with pytest.raises(Invalid, match="not a database of Quizapp"):
        backup.restore_backup(sqlite_url, tmp_path / "strange.db", NOW)
    assert _path(sqlite_url).read_bytes() == before


@pytest.mark.parametrize(
    "extra",
    [
        "CREATE VIEW everybody AS SELECT * FROM account",
        "CREATE TRIGGER spoil AFTER INSERT ON review BEGIN DELETE FROM review; END",
    ],
)
def test_a_backup_with_views_or_triggers_is_refused(sqlite_url: str, good: Path, extra: str) -> None:
    _make(good, extra)
    with pytest.raises(Invalid, match="not a database of Quizapp"):
        backup.restore_backup(sqlite_url, good, NOW)


def test_a_backup_of_a_newer_release_is_refused(sqlite_url: str, good: Path) -> None:
    _make(good, "UPDATE alembic_version SET version_num = 'ffff'")
    with pytest.raises(Invalid, match="newer release"):
        backup.restore_backup(sqlite_url, good, NOW)


def test_a_check_that_takes_too_long_ends(sqlite_url: str, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "CHECK_SECONDS", -1)
    count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
    _make(good, f"INSERT INTO throttle (key, level, updated_at) {count} SELECT 'key' || i, 1, 1 FROM n")
    with pytest.raises(Invalid, match="interrupted"):
        backup.restore_backup(sqlite_url, good, NOW)

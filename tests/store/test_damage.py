"""A damaged file is told from a busy one, marked for all processes, and never written to again until it is mended."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pysqlite3 import dbapi2 as sqlite

from quizapp.core.errors import Invalid
from quizapp.store import damage, migrate, soundness
from quizapp.store.backup import restore_backup, save_backup
from quizapp.store.damage import DamagedDatabase, is_damage, is_failing_disk, is_full, mark_damaged, read_mark
from quizapp.store.engine import Database
from quizapp.store.presence import being_alone, being_open
from quizapp.store.setup import find_damage, prepare_database

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = 4096


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _spoil(url: str) -> None:
    """Noise in the place of the first page of a table."""
    with closing(sqlite.connect(_file(url))) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'learner'").fetchone()
    with _file(url).open("r+b") as file:
        file.seek((root - 1) * PAGE)
        file.write(b"\xa5" * PAGE)


def _read(database: Database) -> None:
    with database.reading() as session:
        session.execute(sa.text("SELECT created_at FROM learner")).all()


def _write(database: Database) -> None:
    with database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = version_num"))
        session.commit()


def _fail(statement: str) -> sqlite.Error:
    with closing(sqlite.connect(":memory:")) as connection:
        with pytest.raises(sqlite.Error) as caught:
            connection.execute(statement)
        return caught.value


def test_text_that_is_no_json_is_no_damage_whatever_it_is_called() -> None:
    error = _fail("SELECT json('{')")
    assert "malformed" in str(error)
    assert not is_damage(error)
    assert not is_damage(sa.exc.OperationalError("", None, error))
    assert not is_damage(RuntimeError("malformed"))


def test_a_full_disk_is_told_from_a_failing_one(tmp_path: Path) -> None:
    with closing(sqlite.connect(tmp_path / "small.db")) as connection:
        connection.execute("PRAGMA max_page_count=2")
        with pytest.raises(sqlite.Error) as caught:
            connection.execute("CREATE TABLE t AS SELECT zeroblob(100000)")
    assert is_full(caught.value)
    assert not is_failing_disk(caught.value)
    assert not is_full(_fail("SELECT nonsense"))


def test_whoever_meets_damage_marks_the_file_and_nobody_writes_any_more(sqlite_url: str) -> None:
    _spoil(sqlite_url)
    first, other = Database(sqlite_url), Database(sqlite_url)
    _write(other)
    with pytest.raises(sa.exc.DatabaseError) as caught:
        _read(first)
    assert is_damage(caught.value)
    assert "malformed" in str(read_mark(_file(sqlite_url)))
    for database in (first, other):
        with pytest.raises(DamagedDatabase, match="malformed") as refused:
            _write(database)
        assert is_damage(refused.value)
        with database.reading() as session:
            assert session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
        database.dispose()


def test_damage_is_found_by_looking_and_stays_until_a_backup_is_restored(sqlite_url: str, tmp_path: Path) -> None:
    assert find_damage(sqlite_url) is None
    save_backup(sqlite_url, tmp_path / "good.db")
    _spoil(sqlite_url)
    for _ in range(2):
        assert find_damage(sqlite_url) is not None
    with pytest.raises(Invalid, match="quizapp db restore"):
        prepare_database(sqlite_url)
    restore_backup(sqlite_url, tmp_path / "good.db", NOON)
    assert read_mark(_file(sqlite_url)) is None
    assert find_damage(sqlite_url) is None


def test_a_file_that_was_mended_may_be_written_to_again(sqlite_url: str) -> None:
    mark_damaged(_file(sqlite_url), "  a page\nof long ago ")
    mark_damaged(_file(sqlite_url), "another page")
    assert read_mark(_file(sqlite_url)) == "a page of long ago"
    assert find_damage(sqlite_url) is None
    assert read_mark(_file(sqlite_url)) is None


def test_an_empty_mark_is_a_mark(sqlite_url: str) -> None:
    _file(f"{sqlite_url}.damaged").touch()
    assert read_mark(_file(sqlite_url))


def test_a_mark_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    mark_damaged(tmp_path / "nowhere" / "quizapp.db", "broken")
    damage.clear_mark(tmp_path / "nowhere" / "quizapp.db")


def test_a_look_that_takes_too_long_ends_without_a_fault_and_a_whole_check_with_one(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert soundness.find_file_faults(_file(sqlite_url), seconds=-1) == []
    monkeypatch.setattr(soundness, "CHECK_SECONDS", -1)
    assert "could not be looked through" in soundness.find_file_faults(_file(sqlite_url), seconds=None)[0]


def test_what_is_no_database_at_all_is_damage(sqlite_url: str) -> None:
    _file(sqlite_url).write_bytes(b"whatever it was before" * 1_000)
    assert "not a database" in str(find_damage(sqlite_url))


def test_a_file_that_may_not_be_opened_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(sqlite.Error):
        soundness.find_file_faults(tmp_path, seconds=5)


def test_other_databases_look_after_themselves(tmp_path: Path) -> None:
    for url in ("sqlite://", f"sqlite:///{tmp_path}/none.db", "postgresql://127.0.0.1:9/none"):
        assert find_damage(url) is None
        with being_open(url):
            pass


def test_a_restore_is_refused_while_somebody_has_the_database_open(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizapp.store.presence.PATIENCE", 0.01)
    save_backup(sqlite_url, tmp_path / "good.db")
    with being_open(sqlite_url), being_open(sqlite_url):
        with pytest.raises(Invalid, match="--force"):
            restore_backup(sqlite_url, tmp_path / "good.db", NOON)
        assert restore_backup(sqlite_url, tmp_path / "good.db", NOON, force=True) is not None
    assert restore_backup(sqlite_url, tmp_path / "good.db", NOON) is not None
    assert migrate.find_faults(sqlite_url) == []


def test_nobody_comes_in_while_a_backup_is_restored(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.store.presence.PATIENCE", 0.01)
    with (
        being_alone(_file(sqlite_url)),
        pytest.raises(Invalid, match="Wait until that is done"),
        being_open(sqlite_url),
    ):
        pytest.fail("somebody came in")

"""Backups that make themselves: when, how many, by whom, and what happens when they cannot be made."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from quizapp.core.errors import Invalid
from quizapp.services import backups
from quizapp.services.backups import (
    describe_backups,
    keep_backups,
    keeping_backups,
    refuse_lost_database,
    save_before_upgrade,
)
from quizapp.store import backups as store
from quizapp.store import migrate, revisions
from quizapp.store.damage import clear_mark, mark_damaged
from quizapp.store.engine import Database

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the backups go."""
    return tmp_path / "backups"


def _change(url: str) -> None:
    database = Database(url)
    with database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = version_num"))
        session.commit()
    database.dispose()


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_one_is_made_each_half_hour_in_which_anything_changed(sqlite_url: str, folder: Path) -> None:
    first = keep_backups(sqlite_url, folder, NOON)
    assert first is not None
    assert migrate.find_faults(f"sqlite:///{first}") == []
    _change(sqlite_url)
    assert keep_backups(sqlite_url, folder, NOON + timedelta(minutes=29)) is None
    second = keep_backups(sqlite_url, folder, NOON + HALF_HOUR)
    assert second is not None
    assert keep_backups(sqlite_url, folder, NOON + 9 * HALF_HOUR) is None
    assert [each.path for each in store.list_backups(folder)] == [second, first]
    told = describe_backups(sqlite_url, folder)
    assert (told.count, told.newest, told.unsaved, told.failed_at) == (2, NOON + HALF_HOUR, False, None)
    assert told.bytes == first.stat().st_size + second.stat().st_size
    _change(sqlite_url)
    assert describe_backups(sqlite_url, folder).unsaved


def test_old_ones_are_thinned_and_what_is_not_ours_stays(
    sqlite_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizapp.core.backups.NEWEST", 2)
    folder.mkdir()
    (folder / "quizapp-2026.db").write_text("mine")
    (folder / "quizapp-99999999T999999Z.db").write_text("no moment at all")
    (folder / ".quizapp-20261101T120000Z.db.part").write_text("broken off")
    for number in range(5):
        _change(sqlite_url)
        assert keep_backups(sqlite_url, folder, NOON + number * HALF_HOUR) is not None
    assert [each.taken_at for each in store.list_backups(folder)] == [NOON + 4 * HALF_HOUR, NOON + 3 * HALF_HOUR]
    assert {path.name for path in folder.iterdir() if path.suffix != ".db"} == {".turn", ".notes.json"}
    assert (folder / "quizapp-2026.db").read_text() == "mine"


def test_a_clock_that_was_put_back_holds_no_backup_up(sqlite_url: str, folder: Path) -> None:
    keep_backups(sqlite_url, folder, NOON + timedelta(days=400))
    _change(sqlite_url)
    assert keep_backups(sqlite_url, folder, NOON) is not None
    assert len(store.list_backups(folder)) == 2


def test_of_two_at_once_one_makes_it(sqlite_url: str, folder: Path) -> None:
    with store.taking_turn(folder) as mine:
        assert mine
        assert keep_backups(sqlite_url, folder, NOON) is None
    assert keep_backups(sqlite_url, folder, NOON) is not None


def test_too_little_room_is_told_noted_and_tried_again_later(
    sqlite_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(store, "count_free_bytes", lambda _: 60_000)
    assert keep_backups(sqlite_url, folder, NOON) is None
    assert "too little room" in caplog.text
    told = describe_backups(sqlite_url, folder)
    assert (told.failed_at, told.newest, told.unsaved) == (NOON, None, True)
    assert "QUIZAPP_BACKUPS" in told.why
    monkeypatch.undo()
    assert keep_backups(sqlite_url, folder, NOON + timedelta(minutes=4)) is None
    assert keep_backups(sqlite_url, folder, NOON + timedelta(minutes=5)) is not None
    assert describe_backups(sqlite_url, folder).failed_at is None


def test_a_folder_that_cannot_be_made_is_told(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    assert keep_backups(sqlite_url, tmp_path / "file" / "backups", NOON) is None
    assert "no backup could be made" in caplog.text


def test_no_backup_is_made_of_a_damaged_database(sqlite_url: str, folder: Path) -> None:
    mark_damaged(_file(sqlite_url), "page 7 is broken")
    assert keep_backups(sqlite_url, folder, NOON) is None
    assert "page 7 is broken" in describe_backups(sqlite_url, folder).why
    clear_mark(_file(sqlite_url))
    assert keep_backups(sqlite_url, folder, NOON + HALF_HOUR) is not None


def test_there_is_nothing_to_save_where_there_is_no_file(tmp_path: Path, folder: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/none.db", "sqlite://", "postgresql://127.0.0.1:9/none"):
        assert keep_backups(url, folder, NOON) is None
        assert not describe_backups(url, folder).unsaved
    assert not folder.exists()


@pytest.mark.parametrize("notes", ["", "[]", "{}", '{"seen": 1, "failed_at": null, "why": ""}'])
def test_notes_that_cannot_be_read_are_no_notes(sqlite_url: str, folder: Path, notes: str) -> None:
    folder.mkdir()
    (folder / ".notes.json").write_text(notes)
    assert keep_backups(sqlite_url, folder, NOON) is not None


def test_a_database_that_is_gone_is_never_made_anew_beside_its_backups(sqlite_url: str, folder: Path) -> None:
    refuse_lost_database(sqlite_url, None)
    refuse_lost_database(sqlite_url, folder)
    keep_backups(sqlite_url, folder, NOON)
    refuse_lost_database(sqlite_url, folder)
    _file(sqlite_url).write_bytes(b"")
    with pytest.raises(Invalid, match="gone or empty"):
        refuse_lost_database(sqlite_url, folder)
    _file(sqlite_url).unlink()
    with pytest.raises(Invalid, match=r"quizapp db restore .*20261122T120000Z"):
        refuse_lost_database(sqlite_url, folder)


def test_a_thread_keeps_them_and_outlives_what_goes_wrong(
    sqlite_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(backups, "LOOK_SECONDS", 0.001)
    moments = iter([NOON])
    again = threading.Event()

    def tell_time() -> datetime:
        try:
            return next(moments)
        except StopIteration:
            again.set()
            raise RuntimeError("the clock has stopped") from None

    with keeping_backups(sqlite_url, folder, tell_time):
        assert again.wait(60)
    assert len(store.list_backups(folder)) == 1
    assert "the clock has stopped" in caplog.text


def test_switched_off_there_is_no_thread(sqlite_url: str) -> None:
    before = threading.active_count()
    with keeping_backups(sqlite_url, None, lambda: NOON):
        assert threading.active_count() == before


@pytest.mark.parametrize("automatic", [True, False])
def test_before_an_upgrade_one_is_made_of_what_it_changes(sqlite_url: str, folder: Path, automatic: bool) -> None:
    where = folder if automatic else None
    assert save_before_upgrade(sqlite_url, where, NOON) is None
    migrate.downgrade(sqlite_url, "0003")
    made = save_before_upgrade(sqlite_url, where, NOON)
    assert made is not None
    assert made.parent == _file(sqlite_url).with_name("backups")
    assert revisions.read_revision(f"sqlite:///{made}") == "0003"
    migrate.upgrade(sqlite_url)
    assert save_before_upgrade(sqlite_url, where, NOON) is None
    assert save_before_upgrade(f"sqlite:///{folder}/none.db", folder, NOON) is None
    assert save_before_upgrade("postgresql://nobody@nowhere/none", folder, NOON) is None


def test_without_room_for_it_or_while_another_is_made_an_upgrade_is_not_begun(
    sqlite_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate.downgrade(sqlite_url, "0003")
    with store.taking_turn(folder), pytest.raises(Invalid, match="just being made"):
        save_before_upgrade(sqlite_url, folder, NOON)
    monkeypatch.setattr(store, "count_free_bytes", lambda _: 0)
    with pytest.raises(Invalid, match=r"too little room.*--no-backup"):
        save_before_upgrade(sqlite_url, folder, NOON)
    assert revisions.read_revision(sqlite_url) == "0003"

"""Putting a backup in place: who was deleted since stays deleted, unless it is wanted otherwise."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from quizapp.core.errors import Invalid
from quizapp.core.privacy.acts import Way
from quizapp.services import restoring
from quizapp.services.accounts import Viewer
from quizapp.services.privacy import erasing, replaying
from quizapp.services.restoring import Home, Restored
from quizapp.services.rules import StudyRules
from quizapp.store import erased as store
from quizapp.store import migrate, privacy
from quizapp.store.backup import save_backup
from quizapp.store.backups import name_backup
from quizapp.store.engine import Database
from quizapp.store.tables import AccountRow, ErasedRow, table_of


def _names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(sa.select(table_of(AccountRow).c.name).order_by("name")))


def _erase(database: Database, who: Viewer, rules: StudyRules, now: datetime) -> None:
    with database.writing() as session:
        person = privacy.find_person(session, who.learner_id)
        assert person is not None
        erasing.erase_now(session, person, Way.COMMAND, None, rules, now)


class Office:
    """A database with Bob and Charlie, a backup of it, and Bob deleted since."""

    def __init__(self, database: Database, add_user: Callable[..., Viewer], rules: StudyRules, noon: datetime) -> None:
        self.database, self.rules, self.noon = database, rules, noon
        self.url = database.url
        self.file = Path(database.url.removeprefix("sqlite:///"))
        self.folder = self.file.parent
        self.saved = self.folder / "saved.db"
        bob = add_user("Bob of the reeds")
        add_user("Charlie")
        save_backup(self.url, self.saved)
        _erase(database, bob, rules, noon)
        database.dispose()

    def restore(self, *, keep_log: bool = False, backups: Path | None = None, **more: bool) -> Restored:
        if keep_log:
            with self.database.reading() as session:
                replaying.keep_log(session, self.folder)
            self.database.dispose()
        home = Home(self.url, self.folder, backups)
        return restoring.restore(home, self.saved, self.rules, self.noon + timedelta(days=1), **more)


@pytest.fixture
def office(
    sqlite_database: Database, add_sqlite_user: Callable[..., Viewer], rules: StudyRules, noon: datetime
) -> Office:
    return Office(sqlite_database, add_sqlite_user, rules, noon)


def test_who_was_deleted_since_the_backup_is_deleted_again_and_nothing_of_them_is_in_the_file(office: Office) -> None:
    assert b"Bob of the reeds" in office.saved.read_bytes()
    done = office.restore()
    assert done.again == 1
    assert done.kept is not None
    assert b"Bob of the reeds" not in office.file.read_bytes()
    assert _names(office.database) == ["Charlie"]
    assert office.restore().again == 1
    left = {path.name for path in office.folder.iterdir() if "restored" in path.name}
    assert left == set()


@pytest.mark.parametrize("known_by", ["the file", "the newest backup"])
def test_it_is_known_though_the_old_database_is_gone(office: Office, known_by: str, noon: datetime) -> None:
    backups = office.folder / "backups"
    backups.mkdir()
    if known_by == "the newest backup":
        save_backup(office.url, name_backup(backups, noon))
    else:
        with office.database.reading() as session:
            replaying.keep_log(session, office.folder)
        office.database.dispose()
    office.file.write_bytes(b"\xff" * 5000)
    for side in ("-wal", "-shm"):
        Path(f"{office.file}{side}").unlink(missing_ok=True)
    assert office.restore(backups=backups).again == 1
    assert _names(office.database) == ["Charlie"]


def test_a_backup_of_an_older_release_is_brought_to_this_one_first(office: Office) -> None:
    migrate.downgrade(f"sqlite:///{office.saved}", "0003")
    assert office.restore().again == 1
    assert migrate.find_faults(office.url) == []


def test_people_can_be_brought_back_for_good(office: Office) -> None:
    assert office.restore(keep_log=True, with_deleted=True).again == 1
    assert _names(office.database) == ["Bob of the reeds", "Charlie"]
    office.database.dispose()
    assert office.restore().again == 0
    assert _names(office.database) == ["Bob of the reeds", "Charlie"]


def test_a_backup_that_cannot_be_prepared_changes_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = office.file.read_bytes()

    def fail(*_: object) -> int:
        raise Invalid("No.")

    monkeypatch.setattr(replaying, "replay", fail)
    with pytest.raises(Invalid, match="No"):
        office.restore()
    assert office.file.read_bytes() == before
    assert not [path for path in office.folder.iterdir() if "restored" in path.name]


def test_the_file_is_written_only_where_there_is_news_and_odd_lines_in_it_harm_nobody(office: Office) -> None:
    log = office.folder / store.FILE
    for _ in range(2):
        with office.database.reading() as session:
            replaying.keep_log(session, office.folder)
        at = log.stat().st_mtime_ns, log.stat().st_ino
    assert log.stat().st_mode & 0o777 == 0o600
    (line,) = log.read_text().splitlines()
    log.write_text(f"{line}\nnever {'0' * 64}\n2026-11-22T12:00:00Z 12\n\xff\n{line[:-1]}", encoding="latin-1")
    assert list(store.read_log(log)) == [line.rpartition(" ")[2]]
    inode = log.stat().st_ino
    with office.database.reading() as session:
        replaying.keep_log(session, office.folder)
    assert log.stat().st_ino == inode
    assert at[1] == inode


def test_after_another_tool_restored_a_database_they_are_deleted_again_on_every_kind(
    database: Database,
    add_user: Callable[..., Viewer],
    rules: StudyRules,
    noon: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bob, charlie = add_user("Bob of the reeds"), add_user("Charlie")
    _erase(database, bob, rules, noon)
    with database.reading() as session:
        replaying.keep_log(session, tmp_path)
    with database.writing() as session:  # as if Charlie had been deleted, and came back with a backup
        store.note(session, charlie.learner_id, noon)
        erased = dict(store.list_all(session))
        session.execute(sa.delete(table_of(ErasedRow)))
        store.note(session, 999_999, noon)
        session.commit()
    assert len(erased) == 2
    assert replaying.replay(database, erased, rules, noon) == 1
    with monkeypatch.context() as patch:  # somebody whom another process has deleted meanwhile
        patch.setattr(store, "find_back", lambda *_: {999_999: "gone"})
        assert replaying.replay(database, erased, rules, noon) == 1
    assert replaying.replay(database, erased, rules, noon) == 0
    assert _names(database) == []
    with database.reading() as session:
        assert set(store.list_all(session)) == set(erased)
    assert set(replaying.gather(tmp_path)) < set(erased)

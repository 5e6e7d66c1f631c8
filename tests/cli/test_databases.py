"""The database is upgraded, checked, saved and restored."""

from pathlib import Path

import pytest
from plumbing.command_line import Run

from quizapp.store import migrate


def test_a_database_whose_pages_are_broken_is_told_with_the_remedy(run: Run, folder: Path, tmp_path: Path) -> None:
    run("deck", "load", folder)
    run("db", "backup", tmp_path / "saved.db")
    path = tmp_path / "instance" / "quizapp.db"
    with path.open("r+b") as file:
        file.seek(2 * 4096)
        file.write(b"\xff" * (path.stat().st_size - 2 * 4096))
    said = run("deck", "load", folder)
    assert said.status == 1
    assert "quizapp db restore" in said.err
    assert "does not answer" not in said.err
    assert run("db", "restore", tmp_path / "saved.db").status == 0
    assert run("db", "check").status == 0


def test_the_database_is_upgraded_and_checked(run: Run) -> None:
    assert "db upgrade" in run("db", "check").err
    for _ in range(2):
        assert run("db", "upgrade").out == "The database is up to date.\n"
    assert run("db", "check").out == "The database is sound.\n"


def test_a_damaged_database_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("db", "upgrade")
    monkeypatch.setattr(migrate, "find_faults", lambda _: ["page 7 is never used"])
    monkeypatch.setattr(migrate, "tables_differ", lambda _: True)
    said = run("db", "check")
    assert said.status == 1
    assert "page 7 is never used" in said.err
    assert "not those of this release" in said.err


def test_a_file_that_is_no_database_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "quizapp.db").write_bytes(b"this is not a database, whatever its name says" * 100)
    said = run("db", "check")
    assert said.status == 1
    assert "not a database" in said.err


def test_a_database_that_does_not_answer_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_DATABASE_URL", "postgresql://127.0.0.1:9/none")
    said = run("db", "upgrade")
    assert said.status == 1
    assert "QUIZAPP_DATABASE_URL" in said.err


def test_a_backup_brings_everything_back(run: Run, folder: Path, tmp_path: Path) -> None:
    run("deck", "load", folder)
    saved = tmp_path / "saved.db"
    assert run("db", "backup", saved).out == f"The database is saved in {saved}.\n"
    assert run("db", "backup", saved).status == 1
    run("user", "add", "Bob", "--password-stdin", stdin="three grey herons\n")
    said = run("db", "restore", saved)
    assert said.status == 0
    assert "is kept in" in said.out
    assert run("user", "token", "Bob").status == 1
    assert "8 unchanged" in run("deck", "load", folder).out
    assert run("db", "check").status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["instance", "library", "saved.db"]


def test_who_was_deleted_stays_deleted_after_a_restore_unless_it_is_wanted_otherwise(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "saved.db"
    run("user", "add", "Bob", "--password-stdin", stdin="three grey herons\n")
    run("db", "backup", saved)
    assert run("privacy", "erase", "Bob", "--yes").status == 0
    assert "deleted again: 1." in run("db", "restore", saved).out
    assert run("user", "token", "Bob").status == 1
    assert run("db", "erase-again").out == "People deleted again: 0.\n"
    assert "brought back: 1." in run("db", "restore", saved, "--with-deleted").out
    assert run("user", "token", "Bob").status == 0


def test_an_upgrade_says_where_the_old_database_is(run: Run, tmp_path: Path) -> None:
    run("db", "upgrade")
    url = f"sqlite:///{tmp_path}/instance/quizapp.db"
    migrate.downgrade(url, "0003")
    said = run("db", "upgrade").out
    (made,) = (tmp_path / "instance" / "backups").glob("quizapp-*.db")
    assert said == f"The database as it was is saved in {made}.\nThe database is up to date.\n"
    migrate.downgrade(url, "0003")
    assert run("db", "upgrade", "--no-backup").out == "The database is up to date.\n"


def test_a_backup_is_restored_on_a_new_machine(run: Run, folder: Path, tmp_path: Path) -> None:
    run("deck", "load", folder)
    run("db", "backup", tmp_path / "saved.db")
    for path in (tmp_path / "instance").iterdir():
        path.unlink()
    assert run("db", "restore", tmp_path / "saved.db").status == 0
    assert "8 unchanged" in run("deck", "load", folder).out


@pytest.mark.parametrize("content", [b"", b"no database at all" * 500, None])
def test_a_bad_backup_changes_nothing(run: Run, folder: Path, tmp_path: Path, content: bytes | None) -> None:
    run("deck", "load", folder)
    if content is not None:
        (tmp_path / "bad.db").write_bytes(content)
    assert run("db", "restore", tmp_path / "bad.db").status == 1
    assert "8 unchanged" in run("deck", "load", folder).out


def test_a_damaged_backup_is_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    run("deck", "load", folder)
    run("db", "backup", tmp_path / "saved.db")
    data = bytearray((tmp_path / "saved.db").read_bytes())
    data[len(data) // 2 : len(data) // 2 + 8192] = b"\xa5" * 8192
    (tmp_path / "saved.db").write_bytes(data)
    assert run("db", "restore", tmp_path / "saved.db").status == 1
    assert "8 unchanged" in run("deck", "load", folder).out


def test_there_is_nothing_to_save_before_there_is_a_database(run: Run, tmp_path: Path) -> None:
    assert "There is no database" in run("db", "backup", tmp_path / "saved.db").err


def test_postgresql_is_saved_by_its_own_tools(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_DATABASE_URL", "postgresql://127.0.0.1:9/none")
    assert "pg_dump" in run("db", "backup", tmp_path / "saved.db").err

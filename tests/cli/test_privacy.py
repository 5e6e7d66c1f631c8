"""`quizapp privacy`: handing out, deleting, keeping no longer than the school wants."""

import io
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from plumbing.command_line import Run, Said

from quizapp import cli
from quizapp.services import accounts
from quizapp.services.accounts import Role
from quizapp.store.setup import open_database


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an installation of its own, with Zebulon in it."""
    monkeypatch.setenv("QUIZAPP_DATA_DIR", str(tmp_path / "instance"))
    (tmp_path / "instance").mkdir()
    database = open_database(f"sqlite:///{tmp_path / 'instance' / 'quizapp.db'}")
    with database.writing() as session:
        accounts.add_user(session, "Zebulon", Role.STUDENT, "three grey herons", datetime.now(UTC))
        accounts.start_guest(session, "192.0.2.1", datetime.now(UTC) - timedelta(days=400))
    database.dispose()

    def call(*arguments: object) -> Said:
        monkeypatch.setattr("sys.argv", ["quizapp", *map(str, arguments)])
        capfd.readouterr()
        status = 0
        try:
            cli.main()
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        return Said(status, *capfd.readouterr())

    return call


def test_a_person_is_deleted_to_the_last_byte(run: Run, tmp_path: Path) -> None:
    assert run("privacy", "erase", "Nobody", "--yes").status == 1
    said = run("privacy", "erase", "zebulon", "--yes")
    assert (said.status, "person-" in said.out) == (0, True)
    assert run("privacy", "erase", "Zebulon", "--yes").status == 1
    for path in (tmp_path / "instance").iterdir():
        assert b"ebulon" not in path.read_bytes(), path


def test_without_a_terminal_nobody_is_deleted_by_mistake(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    said = run("privacy", "erase", "Zebulon")
    assert (said.status, "--yes" in said.err) == (1, True)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    assert run("privacy", "erase", "Zebulon").status == 0


def test_an_export_is_a_whole_file_or_none(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "zebulon.zip"
    assert run("privacy", "export", "Zebulon", "-o", file).status == 0
    with zipfile.ZipFile(file) as archive:
        assert b"Zebulon" in archive.read("account.csv")
    assert run("privacy", "export", "Nobody", "-o", tmp_path / "other.zip").status == 1
    folder = tmp_path / "folder.zip"
    folder.mkdir()
    assert run("privacy", "export", "Zebulon", "-o", folder).status == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.zip", "instance", "zebulon.zip"]


def test_what_is_kept_is_chosen_and_shown(run: Run) -> None:
    assert "guests       365" in run("privacy", "keep").out
    assert "guests        40" in run("privacy", "keep", "guests", "40").out
    for arguments in (("guests", "1"), ("guests", "x"), ("guests",), ("everything", "1")):
        assert run("privacy", "keep", *arguments).status in (1, 2)
    assert "guests        40" in run("privacy", "keep").out


def test_a_sweep_says_first_what_it_would_take(run: Run) -> None:
    dry = run("privacy", "sweep", "--dry-run")
    assert "1  Guests that did not come for" in dry.out
    assert "dry run" in dry.out
    assert "1  Guests that did not come for" in run("privacy", "sweep").out
    assert "0  Guests that did not come for" in run("privacy", "sweep").out

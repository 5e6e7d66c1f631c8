"""How commands are called and end: help, wrong calls, settings, and that no traceback reaches a person."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from plumbing.command_line import Run, Said
from plumbing.server import find_free_port

from quizapp import __version__, server
from quizapp.cli import databases
from quizapp.core.errors import Invalid


class _FullDisk(Exception):
    """What SQLite raises where there is no room."""

    sqlite_errorcode = 13


def test_help_and_version(run: Run) -> None:
    assert run("--version").out == f"quizapp, version {__version__}\n"
    assert "deck" in run("--help").out
    assert run().status in (0, 2)


@pytest.mark.parametrize(
    "wrong",
    [
        ["nonsense"],
        ["deck", "nonsense"],
        ["deck", "load"],
        ["deck", "check", "nowhere"],
        ["user", "add", "Bob", "--role", "king"],
    ],
)
def test_a_wrong_call_exits_with_2(run: Run, wrong: list[str]) -> None:
    said = run(*wrong)
    assert (said.status, said.out) == (2, "")
    assert said.err


def _run_shell(tmp_path: Path, command: str) -> Said:
    quizapp = Path(sys.executable).with_name("quizapp")
    done = subprocess.run(
        ["bash", "-c", command.replace("quizapp", str(quizapp))],
        env=os.environ | {"QUIZAPP_DATA_DIR": str(tmp_path / "shell")},
        capture_output=True,
        text=True,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (r"printf 'abc\377defgh\n' | quizapp user add bob --password-stdin", "UTF-8"),
        ("quizapp user add bob --password-stdin <&-", "closed"),
        ("quizapp user add bob <&-", "--password-stdin"),
        (r"quizapp serve --host $'\xff'", "no host"),
        ("QUIZAPP_DATABASE_URL=postgresql://u:p@h:notaport/x quizapp db check", "QUIZAPP_DATABASE_URL"),
    ],
)
def test_what_a_shell_can_do_to_a_command_ends_in_one_sentence(tmp_path: Path, command: str, told: str) -> None:
    said = _run_shell(tmp_path, command)
    assert said.status == 1
    assert told in said.err
    assert "Traceback" not in said.err


def test_a_mistake_of_ours_is_told_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise KeyError("a\nb")

    monkeypatch.setattr(databases, "prepare_database", fail)
    said = run("db", "upgrade")
    assert said.status == 1
    assert "KeyError" in said.err.splitlines()[0]
    assert "report" in said.err.splitlines()[1]


def test_no_link_is_offered_where_the_app_cannot_start(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise Invalid("The app cannot start.")

    monkeypatch.setattr(server, "create_app", fail)
    said = run("serve", "--port", find_free_port())
    assert said.status == 1
    assert "/welcome/" not in said.out


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.EROFS, "Read-only file system", "/data/quizapp.db.in-use"), "must be able to write there"),
        (OSError(errno.ENOENT, "No such file", "/data"), "No such file: /data"),
        (OSError(errno.ENOENT, "No such file", "/no/such/file.db"), "There is no folder /no/such. Make it first"),
        (sa.exc.OperationalError("", {}, _FullDisk()), "Make room"),
    ],
)
def test_a_place_that_cannot_be_written_is_told_with_the_remedy(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fail(_: str) -> None:
        raise error

    monkeypatch.setattr(databases, "prepare_database", fail)
    said = run("db", "upgrade")
    assert said.status == 1
    assert told in said.err


def test_a_wrong_setting_is_told_with_its_name(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_TIMEZONE", "Moon/Crater")
    said = run("serve")
    assert said.status == 1
    assert "QUIZAPP_TIMEZONE" in said.err


def test_a_port_that_is_taken_is_told(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = run("serve", "--port", taken.getsockname()[1])
    assert said.status == 1
    assert "Choose another port" in said.err


def test_a_data_directory_that_is_a_file_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("")
    assert "QUIZAPP_DATA_DIR" in run("db", "upgrade").err

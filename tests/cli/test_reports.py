"""`quizapp report`: what it prints, what it writes, and that nothing is half done."""

import csv
import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from quizapp import cli
from quizapp.cli import reports
from quizapp.core.reports import formats
from quizapp.core.reports.formats import Format
from quizapp.services import accounts, classes
from quizapp.services.accounts import Role
from quizapp.store.setup import open_database
from quizapp.store.tables import ClassRow, table_of


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    status: int
    out: bytes
    err: str

    @property
    def rows(self) -> list[list[str]]:
        """What it printed, as CSV."""
        return list(csv.reader(io.StringIO(self.out.decode("utf-8-sig"), newline="")))


Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a command in an installation of its own: ``run("report", "students")``."""
    monkeypatch.setenv("QUIZAPP_DATA_DIR", str(tmp_path / "instance"))

    def call(*arguments: object) -> Said:
        monkeypatch.setattr("sys.argv", ["quizapp", *map(str, arguments)])
        capfdbinary.readouterr()
        status = 0
        try:
            cli.main()
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in out + err
        return Said(status, out, err.decode())

    return call


@pytest.fixture
def herons(run: Run, tmp_path: Path) -> str:
    """Alice's class of pseudonyms with Bob in it; gives its id."""
    assert run("db", "upgrade").status == 0
    database = open_database(f"sqlite:///{tmp_path / 'instance' / 'quizapp.db'}")
    now = datetime.now(UTC)
    with database.writing() as session:
        alice = accounts.add_user(session, "Alice", Role.TEACHER, "three grey herons", now)
        bob = accounts.add_user(session, "Bob", Role.STUDENT, "three grey herons", now)
        taught = classes.create_class(session, alice, "Herons 8b", now)
        classes.add_member(session, taught, bob.learner_id, bob.handle, now)
    database.dispose()
    return taught.handle


def test_csv_goes_to_standard_output(run: Run, herons: str) -> None:
    said = run("report", "students", "--class", herons)
    header, row = said.rows
    assert (said.status, said.err) == (0, "")
    assert header[:3] == ["student_id", "external_id", "last_name"]
    assert (row[2], row[5]) == ("Bob", "Herons 8b")
    assert run("report", "students", "--class", herons, "--format", "csv", "--bom").out.startswith(b"\xef\xbb\xbf")


def test_json_is_a_list_of_rows(run: Run, herons: str) -> None:
    said = run("report", "students", "--class", herons, "--format", "json")
    assert [row["last_name"] for row in json.loads(said.out)] == ["Bob"]
    assert json.loads(run("report", "attempts", "--class", herons, "--format", "json").out) == []


@pytest.mark.parametrize("kind", ["students", "attempts", "responses", "items", "canvas", "moodle"])
def test_every_kind_comes_in_every_format(run: Run, herons: str, tmp_path: Path, kind: str) -> None:
    for each in Format:
        file = tmp_path / f"{kind}.{each.value}"
        said = run("report", kind, "--class", herons, "--format", each.value, "-o", file)
        assert (said.status, said.out, said.err) == (0, b"", "")
        assert file.stat().st_size > 0
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert openpyxl.load_workbook(tmp_path / f"{kind}.xlsx").sheetnames == [kind, "README"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("students", "--class", "none"), 1, "There is no class"),
        (("students",), 2, "--class"),
        (("nothing", "--class", "none"), 2, "nothing"),
        (("students", "--class", "none", "--format", "pdf"), 2, "pdf"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    run: Run, herons: str, arguments: tuple[str, ...], status: int, said: str
) -> None:
    found = run("report", *arguments)
    assert (found.status, found.out) == (status, b"")
    assert said in found.err


def test_a_column_that_is_not_there_is_refused(run: Run, herons: str) -> None:
    said = run("report", "students", "--class", herons, "--sort", "nothing")
    assert (said.status, said.out) == (1, b"")
    assert "cannot be sorted" in said.err
    assert run("report", "students", "--class", herons, "--sort", "-answers").status == 0


def test_a_class_of_pseudonyms_keeps_its_names(run: Run, herons: str, tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'instance' / 'quizapp.db'}")
    with database.writing() as session:
        session.execute(sa.update(table_of(ClassRow)).values(pseudonymous=True))
        session.commit()
    database.dispose()
    _, row = run("report", "students", "--class", herons).rows
    assert "Bob" not in row
    said = run("report", "canvas", "--class", herons)
    assert (said.status, said.out) == (1, b"")
    assert "needs their names" in said.err


def test_nothing_is_half_written(run: Run, herons: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report.xlsx"
    file.write_text("the old one")
    monkeypatch.setitem(formats.MOST_ROWS, Format.XLSX, 0)
    said = run("report", "students", "--class", herons, "--format", "xlsx", "-o", file)
    assert said.status == 1
    assert "at most 0 rows" in said.err
    assert file.read_text() == "the old one"
    assert list(tmp_path.glob(".report*")) == []
    gone = run("report", "students", "--class", herons, "-o", tmp_path / "nowhere" / "report.csv")
    assert (gone.status, gone.out) == (1, b"")
    assert f"There is no folder {tmp_path / 'nowhere'}. Make it first" in gone.err


def test_a_pipe_can_take_the_report(run: Run, herons: str, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert run("report", "students", "--class", herons, "-o", pipe).status == 0
        assert reader.communicate()[0].startswith(b"student_id,")


def test_a_reader_that_has_had_enough_is_no_error(herons: str) -> None:
    closed = subprocess.Popen(
        [sys.executable, "-m", "quizapp.cli", "report", "students", "--class", herons],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert closed.stdout is not None
    closed.stdout.close()
    assert closed.stderr is not None
    assert closed.stderr.read() == b""
    closed.stderr.close()
    assert closed.wait(60) == 0


def test_a_terminal_is_spared_a_workbook(run: Run, herons: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "_shows_on_terminal", lambda: True)
    said = run("report", "students", "--class", herons, "--format", "ods")
    assert (said.status, said.out) == (2, b"")
    assert "Name a file: -o FILE" in said.err
    assert run("report", "students", "--class", herons).status == 0

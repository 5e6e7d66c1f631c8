"""All data goes into another database and is compared there; a killed copy goes on, and damage is found."""

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from plumbing import samples
from plumbing.server import QUIZAPP, make_environment
from sqlmodel import Session, SQLModel

from quizapp import cli
from quizapp.core.errors import Invalid
from quizapp.services import accounts
from quizapp.services.accounts import Role
from quizapp.services.library import InputFile, load_files
from quizapp.store import copying
from quizapp.store.copying import copy_database, count_rows, list_tables, open_target
from quizapp.store.engine import Database, Instant
from quizapp.store.migrate import upgrade

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ROWS = 5
ODD = "Zoë 𝒵 'x' \\ \t\n\u2028 İ"


def _make_value(column: sa.Column[Any], number: int, checks: str) -> Any:
    listed = re.search(rf"\b{column.name} IN \((.*?)\)", checks)
    between = re.search(rf"\b{column.name} BETWEEN (\d+)", checks)
    if listed:
        words = re.findall(r"'([^']*)'", listed[1])
        return words[number % len(words)]
    if between:
        return int(between[1])
    match column.type:
        case sa.Boolean():
            return number % 2 == 0
        case sa.Integer():
            return number + 1
        case Instant():
            return 1_800_000_000_000 + number
        case sa.Float():
            return [0.1 + 0.2, 1e-300, 2.0**60, -0.0, 1 / 3][number % 5]
        case sa.LargeBinary():
            return bytes(range(256)) + bytes([number])
        case sa.JSON():
            return {"z": [number, ODD, None, 0.1], "a": True}
        case _:
            size = getattr(column.type, "length", None) or 80
            return f"{number:02}{ODD}"[: max(2, min(size, 40))]


def _make_row(table: sa.Table, number: int, parents: dict[str, list[Any]], without: set[str]) -> dict[str, Any]:
    checks = "; ".join(str(one.sqltext) for one in table.constraints if isinstance(one, sa.CheckConstraint))
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name in without:
            row[column.name] = None
            continue
        key = next(iter(column.foreign_keys), None)
        pointed = parents.get(key.target_fullname) if key is not None else None
        row[column.name] = pointed[number % len(pointed)] if pointed else _make_value(column, number, checks)
    return row


def _fill(session: Session) -> None:
    """Put rows into every table that the code knows, whichever rules of the tables they have to keep."""
    plain = {table.name: table for table in list_tables()}
    parents: dict[str, list[Any]] = {}
    for table in SQLModel.metadata.sorted_tables:
        free = [column.name for column in table.columns if column.nullable and not column.primary_key]
        choices = [set[str](), set(free), *({name} for name in free), *(set(free) - {name} for name in free)]
        for number in range(ROWS):
            for without in choices[number % 2 :] + choices[: number % 2]:
                try:
                    with session.begin_nested():
                        session.execute(plain[table.name].insert(), [_make_row(table, number, parents, without)])
                    break
                except sa.exc.IntegrityError:
                    continue
        for column in table.columns:
            found = session.execute(sa.select(plain[table.name].c[column.name])).scalars().all()
            parents[f"{table.name}.{column.name}"] = list(found)
        assert parents[f"{table.name}.{next(iter(table.primary_key)).name}"], f"no row fits into {table.name}"
    session.commit()


@pytest.fixture(scope="module")
def _full_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("full") / "full.db"
    upgrade(f"sqlite:///{path}")
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        _fill(session)
    database.dispose()
    return path


@pytest.fixture
def full(_full_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A database with rows in every table."""
    shutil.copyfile(_full_file, tmp_path / "full.db")
    database = Database(f"sqlite:///{tmp_path / 'full.db'}")
    yield database
    database.dispose()


@pytest.fixture
def target(postgresql_url: str) -> Iterator[Database]:
    """An empty PostgreSQL database."""
    database = Database(postgresql_url)
    yield database
    database.dispose()


def _copy(source: Database, target: Database) -> list[str]:
    return [check.fault for check in copy_database(source, target, lambda _: None) if check.fault]


def test_no_table_points_to_itself_or_in_a_circle() -> None:
    known: set[str] = set()
    for table in SQLModel.metadata.sorted_tables:
        assert {key.column.table.name for key in table.foreign_keys} <= known, table.name
        known.add(table.name)


def test_every_table_goes_to_postgresql_and_back_unchanged(full: Database, target: Database, tmp_path: Path) -> None:
    advanced: list[int] = []
    checks = copy_database(full, target, advanced.append)
    assert [check.fault for check in checks if check.fault] == []
    assert all(check.rows > 0 and check.source_digest == check.target_digest for check in checks)
    assert sum(advanced) == 2 * count_rows(full)
    back = open_target(f"sqlite:///{tmp_path / 'back.db'}", target)
    assert _copy(target, back) == []
    again = copying.compare(full, back, lambda _: None)
    back.dispose()
    assert [(check.fault, check.source_digest) for check in again] == [("", check.source_digest) for check in checks]


def test_the_copy_counts_on_behind_the_copied_ids(sqlite_database: Database, target: Database) -> None:
    def add(database: Database, name: str) -> int:
        with database.writing() as session:
            return accounts.add_user(session, name, Role.STUDENT, "three grey herons", NOON).learner_id

    with sqlite_database.writing() as session:
        load_files(session, [InputFile("h.md", samples.SOURCE)], [InputFile("b.yaml", samples.DECK)], NOON)
    last = [add(sqlite_database, name) for name in ("Alice", "Bob", "Charlie")][-1]
    assert _copy(sqlite_database, target) == []
    assert add(target, "Dana") == last + 1
    with target.writing() as session:
        session.execute(sa.text("INSERT INTO fit (scope, subject_id) SELECT 'deck', 1 WHERE false"))
        assert session.execute(sa.text("SELECT nextval(pg_get_serial_sequence('fit', 'id'))")).scalar_one() == 1


_DIES = """
import os, signal, sys
from quizapp.store import copying
from quizapp.store.engine import Database, Instant

source, target, batches = Database(sys.argv[1]), Database(sys.argv[2]), int(sys.argv[3])
copying.BATCH_ROWS = 2
insert, count = copying._insert, 0

def insert_and_die(*arguments):
    global count
    if count == batches:
        os.kill(os.getpid(), signal.SIGKILL)
    count += 1
    insert(*arguments)

copying._insert = insert_and_die
copying.copy_database(source, target, lambda rows: None)
"""


def test_a_killed_copy_goes_on_where_it_was(full: Database, target: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    url = target.engine.url.render_as_string(hide_password=False)
    before = 0
    for batches in (0, 5, 40):
        command = [sys.executable, "-c", _DIES, full.url, url, str(batches)]
        assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
        now = count_rows(target)
        assert now >= before + batches
        before = now
    inserted: list[int] = []
    insert = copying._insert
    monkeypatch.setattr(
        copying, "_insert", lambda table, into, rows: (inserted.append(len(rows)), insert(table, into, rows))
    )
    advanced: list[int] = []
    assert [check.fault for check in copy_database(full, target, advanced.append) if check.fault] == []
    assert sum(inserted) == count_rows(full) - before
    assert sum(advanced) == 2 * count_rows(full)
    with pytest.raises(Invalid, match="not empty"):
        copy_database(full, target, advanced.append)


def _change(database: Database, statement: str) -> None:
    with database.writing() as session:
        session.execute(sa.text(statement))
        session.commit()


def test_damage_on_the_way_is_found(full: Database, target: Database) -> None:
    assert _copy(full, target) == []
    for damage, said in (
        ("UPDATE review SET response = response || ' ' WHERE seq = 2", "review: .* is not the same: response"),
        ("UPDATE card_state SET stability = 0.30000000000000001 WHERE card_id = 1", "card_state: .*: stability"),
        ("DELETE FROM throttle WHERE level = 2.0 ^ 60", "throttle: "),
        ("INSERT INTO setup_link VALUES ('zz', 1, 2)", "setup_link: .* a row too many, with token_hash 'zz'"),
        ("UPDATE medium SET data = data || 'x'::bytea", "medium: .*: data"),
    ):
        _change(target, damage)
        wrong = [check for check in copying.compare(full, target, lambda _: None) if check.fault]
        assert any(re.search(said, check.fault) for check in wrong), damage
        assert all(check.source_digest != check.target_digest for check in wrong)


def test_what_was_written_to_the_source_meanwhile_is_found(
    full: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = copying.compare

    def write_and_compare(*arguments: Any) -> Any:
        _change(full, "INSERT INTO setup_link VALUES ('zz', 1, 2)")
        return compare(*arguments)

    monkeypatch.setattr(copying, "compare", write_and_compare)
    assert _copy(full, target) == ["setup_link: the target lacks the row with token_hash 'zz'."]
    with target.reading() as session:  # so it does not count
        assert sa.inspect(session.connection()).has_table("copy_under_way")


@pytest.mark.parametrize("value", ["'a' || char(0) || 'b'", f"'{'long' * 30}'"])
def test_a_row_that_the_target_refuses_is_named(sqlite_database: Database, target: Database, value: str) -> None:
    _change(sqlite_database, "INSERT INTO learner (id, handle, created_at, choices) VALUES (1, 'good', 0, '')")
    _change(sqlite_database, f"INSERT INTO learner (id, handle, created_at, choices) VALUES (2, {value}, 0, '')")
    with pytest.raises(Invalid, match=r"A row of learner cannot be copied \(id 2\)"):
        _copy(sqlite_database, target)
    _change(sqlite_database, "UPDATE learner SET handle = 'mended' WHERE id = 2")
    assert _copy(sqlite_database, target) == []


def test_a_target_that_will_not_do_is_refused(sqlite_database: Database, target: Database, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="the database itself"):
        open_target(sqlite_database.url, sqlite_database)
    strange = tmp_path / "strange.db"
    other = Database(f"sqlite:///{strange}")
    _change(other, "CREATE TABLE recipe (id INTEGER)")
    other.dispose()
    with pytest.raises(Invalid, match="not Quizapp's"):
        open_target(f"sqlite:///{strange}", sqlite_database)
    old = f"sqlite:///{tmp_path / 'old.db'}"
    upgrade(old, "0001")
    with pytest.raises(Invalid, match="quizapp db upgrade"):
        open_target(old, sqlite_database)
    _change(target, "CREATE TABLE copy_under_way (source VARCHAR PRIMARY KEY)")
    _change(target, "INSERT INTO copy_under_way VALUES ('sqlite:///another.db')")
    with pytest.raises(Invalid, match="beginning of a copy of another database"):
        _copy(sqlite_database, target)
    _change(target, "DROP TABLE copy_under_way")


@pytest.fixture
def data_dir(sqlite_url: str, tmp_path: Path) -> Path:
    """A data directory with a small database."""
    (tmp_path / "instance").mkdir()
    database = Database(sqlite_url)
    with database.writing() as session:
        accounts.add_user(session, "Bob", Role.STUDENT, "three grey herons", NOON)
    database.dispose()
    (tmp_path / "quizapp.db").rename(tmp_path / "instance" / "quizapp.db")
    return tmp_path / "instance"


@pytest.fixture
def run(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Run a command on the small database: ``run("db", "check")`` gives the exit status, the output and the errors."""
    monkeypatch.setenv("QUIZAPP_DATA_DIR", str(data_dir))

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["quizapp", *words])
        try:
            cli.main()
        except SystemExit as exit_:
            return int(exit_.code or 0), *capsys.readouterr()
        return 0, *capsys.readouterr()

    return call


def test_the_command_copies_says_so_and_refuses_a_second_time(run: Callable[..., Any], tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'copy.db'}"
    status, said, errors = run("db", "copy", "--to", address)
    assert (status, errors) == (0, "")
    assert re.search(r"^account: 1 rows, sha256 [0-9a-f]{64}$", said, re.MULTILINE)
    assert "every row was compared" in said
    status, said, errors = run("db", "copy", "--to", address)
    assert (status, said) == (1, "")
    assert "not empty" in errors
    assert run("db", "copy")[0] == 2
    for wrong, words in (
        ("mysql://x/y", "not a database Quizapp knows"),
        ("postgresql://x:y/z", "no database address"),
    ):
        status, said, errors = run("db", "copy", "--to", wrong)
        assert (status, said) == (2, "")
        assert words in errors


def test_the_command_says_where_the_copy_differs(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_settle", lambda row: (row[0], object(), *row[2:]))
    status, said, errors = run("db", "copy", "--to", f"sqlite:///{tmp_path / 'copy.db'}")
    assert status == 1
    assert "every row" not in said
    assert "account: the row with id 1 is not the same" in errors
    assert "do not use it" in errors


def test_the_bar_is_shown_on_a_terminal_only(data_dir: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [QUIZAPP, "db", "copy", "--to", f"sqlite:///{tmp_path / 'copy.db'}"]
    done = subprocess.run(
        command, env=make_environment(data_dir, {}), stderr=theirs, stdout=subprocess.PIPE, check=False
    )
    os.close(theirs)
    shown = os.read(ours, 65_536).decode()
    os.close(ours)
    assert done.returncode == 0, shown
    assert "Copying and comparing" in shown
    assert b"Copying and comparing" not in done.stdout

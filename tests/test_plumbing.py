"""The tests' own tools do what the tests rely on."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from plumbing.filled import Filling
from plumbing.network import NetworkForbidden
from plumbing.server import LiveServer, ServerFailed

from quizapp.store.engine import Database
from quizapp.store.revisions import newest_revision, read_revision
from quizapp.store.tables import LearnerRow

OUTSIDE = ("192.0.2.1", 80)  # an address kept free for examples: RFC 5737


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_gets_a_migrated_and_empty_database_of_its_own(database: Database, turn: int) -> None:
    tables = set(sa.inspect(database.engine).get_table_names())
    assert {"alembic_version", "review"} < tables
    assert "left_by_the_other_turn" not in tables
    with database.engine.begin() as connection:
        for table in tables - {"alembic_version"}:
            assert connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar() == 0, table
        connection.exec_driver_sql("CREATE TABLE left_by_the_other_turn (turn INTEGER)")


@pytest.mark.parametrize("rows", [1, 9_000, 2], ids=["little", "much", "little-again"])
def test_a_used_database_is_emptied_and_counts_from_the_start(postgresql_url: str, rows: int) -> None:
    database = Database(postgresql_url)
    with database.engine.begin() as connection:
        for table in set(sa.inspect(connection).get_table_names()) - {"alembic_version"}:
            assert connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar() == 0, table
        connection.exec_driver_sql(
            "INSERT INTO learner (handle, created_at, choices) SELECT n::text, 0, '' FROM generate_series(1, %s) AS n",
            (rows,),
        )
        connection.exec_driver_sql(
            "INSERT INTO sign_in (token_hash, learner_id, created_at, seen_at, expires_at)"
            " SELECT handle, id, 0, 0, 0 FROM learner"
        )
        ids = connection.exec_driver_sql("SELECT min(id), max(id) FROM learner").one()
    database.dispose()
    assert tuple(ids) == (1, rows)


def _count_and_add(database: Database, rows: list[int]) -> None:
    """Note how many rows there are, and add one, which needs the next number."""
    with database.writing() as session:
        rows.append(session.execute(sa.select(sa.func.count()).select_from(LearnerRow)).scalar_one())
        session.add(LearnerRow(handle=f"row {rows[-1]}", created_at=datetime(2026, 11, 22, tzinfo=UTC)))
        session.commit()


def test_a_database_is_filled_as_the_first_of_its_kind_was(database_url: str) -> None:
    rows: list[int] = []
    filling = Filling(lambda database: _count_and_add(database, rows))
    database = Database(database_url)
    filling.into(database)
    with database.writing() as session:
        session.execute(sa.delete(LearnerRow))
        session.commit()
    filling.into(database)  # a copy
    assert rows == [0]
    _count_and_add(database, rows)
    assert rows == [0, 1]
    filling.into(database)  # what is in it stays
    _count_and_add(database, rows)
    assert rows == [0, 1, 2, 3]
    database.dispose()


def test_the_database_stands_at_the_newest_revision(database_url: str) -> None:
    assert read_revision(database_url) == newest_revision()


def test_no_test_reaches_another_machine() -> None:
    with socket.socket() as stream, pytest.raises(NetworkForbidden):
        stream.connect(OUTSIDE)
    with socket.socket() as stream, pytest.raises(NetworkForbidden):
        stream.connect_ex(OUTSIDE)
    with socket.socket(type=socket.SOCK_DGRAM) as datagram, pytest.raises(NetworkForbidden):
        datagram.sendto(b"hello", OUTSIDE)
    with pytest.raises(NetworkForbidden):
        socket.getaddrinfo("example.org", 80)


def test_a_test_reaches_its_own_machine() -> None:
    with socket.create_server(("localhost", 0)) as server, socket.create_connection(server.getsockname()[:2]) as stream:
        assert stream.getpeername() == server.getsockname()


def _read(server: LiveServer, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", path)
        return connection.getresponse().read()


def test_a_live_server_keeps_its_data_over_a_stop_a_restart_and_a_kill(live_server: Callable[..., LiveServer]) -> None:
    server = live_server()
    first = _read(server, "/")
    assert b"Dates" in first
    for end in (server.stop, server.kill):
        end()
        with pytest.raises(OSError, match="refused"):
            _read(server, "/")
        server.start()
        assert b"Dates" in _read(server, "/")


def test_the_command_of_the_readme_sets_up_loads_and_serves(live_server: Callable[..., LiveServer]) -> None:
    server = live_server(through_make=True)
    assert b"Dates" in _read(server, "/")
    assert f"Quizapp is ready at {server.url}" in server.output
    assert f"{server.url}/welcome/" in server.output
    server.restart()
    assert "deck dates: 0 new, 0 changed, 0 retired" in server.output


def test_live_servers_have_nothing_in_common(live_server: Callable[..., LiveServer]) -> None:
    one, other = live_server(), live_server()
    assert one.port != other.port
    assert one.data_dir != other.data_dir


def test_a_live_server_serves_from_postgresql(live_server: Callable[..., LiveServer], postgresql_url: str) -> None:
    server = live_server(QUIZAPP_DATABASE_URL=postgresql_url)
    assert b"Dates" not in _read(server, "/")
    loaded = server.run("deck", "load", "decks")
    assert loaded.returncode == 0, loaded.stderr
    assert b"Dates" in _read(server, "/")


def test_a_live_server_that_cannot_start_says_why(live_server: Callable[..., LiveServer]) -> None:
    with pytest.raises(ServerFailed, match="QUIZAPP_TIMEZONE"):
        live_server(QUIZAPP_TIMEZONE="Mars/Olympus")


def _run_pytest(folder: Path, text: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_sample.py").write_text(text, encoding="utf-8")
    path = Path(__file__).parent
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "plumbing.not_run", "-p", "no:cacheprovider", "--rootdir", folder],
        cwd=folder,
        env=os.environ
        | {"PYTHONPATH": str(path), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "QUIZAPP_TEST_NOTHING_SKIPPED": ""}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _start_sharing(tests: Path, shared: Path) -> "subprocess.Popen[str]":
    plugins = ["-p", "plumbing.sharing", "-p", "no:cacheprovider"]
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", *plugins, "--rootdir", tests, "-c", "/dev/null", tests],
        cwd=tests,
        env=os.environ
        | {"PYTHONPATH": str(Path(__file__).parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        | {"QUIZAPP_TEST_SHARED": str(shared)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


SKIPS_ONE = """
import pytest

def test_runs():
    pass

@pytest.mark.skip(reason="there is no orchestra (apt-get install orchestra)")
def test_needs_an_orchestra():
    pass
"""


def test_a_run_says_which_tests_did_not_run_and_how_to_get_what_they_need(tmp_path: Path) -> None:
    run = _run_pytest(tmp_path, SKIPS_ONE)
    assert run.returncode == 0
    assert "Tests that did not run" in run.stdout
    assert "1 test: there is no orchestra (apt-get install orchestra)" in run.stdout


def test_where_nothing_may_be_skipped_a_skipped_test_fails_the_run(tmp_path: Path) -> None:
    run = _run_pytest(tmp_path, SKIPS_ONE, QUIZAPP_TEST_NOTHING_SKIPPED="1")
    assert run.returncode == 1
    assert "This run fails" in run.stdout


def test_where_nothing_may_be_skipped_a_whole_run_passes(tmp_path: Path) -> None:
    run = _run_pytest(tmp_path, "def test_runs():\n    pass\n", QUIZAPP_TEST_NOTHING_SKIPPED="1")
    assert run.returncode == 0
    assert "did not run" not in run.stdout


def test_a_failed_run_stays_failed_where_a_test_was_skipped_too(tmp_path: Path) -> None:
    run = _run_pytest(tmp_path, SKIPS_ONE + "\ndef test_fails():\n    assert False\n")
    assert run.returncode == 1


SHARED = """
import pathlib
import pytest

@pytest.fixture(scope="module", autouse=True)
def opened():
    yield
    pathlib.Path(__file__).with_suffix(".closed").touch(exist_ok=False)

@pytest.mark.parametrize("turn", range(3))
def test_runs_once(turn):
    pathlib.Path(__file__).with_suffix(f".{turn}").touch(exist_ok=False)
"""


def test_runs_side_by_side_share_the_tests_and_each_is_run_once(tmp_path: Path) -> None:
    tests, shared = tmp_path / "tests", tmp_path / "shared"
    tests.mkdir()
    shared.mkdir()
    for number in range(9):
        (tests / f"test_shared_{number}.py").write_text(SHARED, encoding="utf-8")
    programs = [_start_sharing(tests, shared) for _ in range(2)]
    said = [program.communicate(timeout=120)[0] for program in programs]
    assert [program.returncode for program in programs] == [0, 0], said
    assert sum(int(number) for text in said for number in re.findall(r"(\d+) passed", text)) == 27
    assert len(list(tests.glob("test_shared_*.closed"))) == 9


def test_a_failure_fails_the_run_that_came_to_it(tmp_path: Path) -> None:
    tests, shared = tmp_path / "tests", tmp_path / "shared"
    tests.mkdir()
    shared.mkdir()
    (tests / "test_fails.py").write_text("def test_fails():\n    assert False\n", encoding="utf-8")
    (tests / "test_shared.py").write_text(SHARED, encoding="utf-8")
    (shared / "test_shared.py").touch()  # another run has it
    program = _start_sharing(tests, shared)
    said = program.communicate(timeout=120)[0]
    assert program.returncode == 1
    assert "1 failed" in said
    assert "passed" not in said

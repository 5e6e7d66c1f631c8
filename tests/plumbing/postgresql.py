"""A PostgreSQL server of the tests' own: in a temporary folder, reached by a Unix socket alone, gone at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

HOW_TO_GET = "PostgreSQL is not installed (apt-get install postgresql)"
_TEMPLATE = "template_of_the_tests"
_START_SECONDS = 60


# A test fills few of the tables, and those with little: to delete that is quick, to truncate them all takes a fifth
# of a second. Rows that were deleted take room until PostgreSQL clears them away; where that is much, all are cut.
_EMPTY = b"""
DO $$
DECLARE
  used regclass[] := ARRAY(
    SELECT oid FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
      AND pg_relation_size(oid) > 0
  );
  one regclass;
BEGIN
  IF (SELECT max(pg_relation_size(u)) FROM unnest(used) AS u) > 256 * 1024 THEN
    EXECUTE 'TRUNCATE ' || array_to_string(used, ', ') || ' CASCADE';
  ELSE
    SET LOCAL session_replication_role = replica;  -- no order between the tables
    FOREACH one IN ARRAY used LOOP
      EXECUTE format('DELETE FROM %s', one);
    END LOOP;
  END IF;
  PERFORM setval(seqrelid::regclass, seqstart, false) FROM pg_sequence
  WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
END $$
"""


class PostgreSQLFailed(RuntimeError):
    """The server did not start; the message holds what it said."""


def find_programs() -> Path | None:
    """The folder that holds ``initdb`` and ``postgres``; None where they are not installed."""
    found = [Path(initdb).resolve().parent] if (initdb := shutil.which("initdb")) else []
    # Debian keeps the programs of the server out of PATH, one folder for each release: the newest comes first here.
    found += sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda folder: -float(folder.parent.name))
    return next((folder for folder in found if (folder / "postgres").exists() and (folder / "initdb").exists()), None)


def _list_tables(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [row[0] for row in rows]


class Cluster:
    """The running server. ``copies`` of one prepared database are made for the tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._clean: str | None = None
        self._tables: list[str] | None = None

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://quizapp@/{name}?host={self._folder}"

    def _run(self, *statements: str) -> None:
        with psycopg.connect(f"host={self._folder} user=quizapp dbname=postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def make_template(self) -> str:
        """Make the database that the tests get copies of; give its address, to be filled and then left alone."""
        self._run(f"CREATE DATABASE {_TEMPLATE}")
        return self.url(_TEMPLATE)

    def _empty(self, name: str) -> bool:
        """Empty a used database, which is much faster than a new one; no, where a test has changed its tables."""
        if self._tables is None:
            with psycopg.connect(f"host={self._folder} user=quizapp dbname={_TEMPLATE}") as connection:
                self._tables = _list_tables(connection)
        with psycopg.connect(f"host={self._folder} user=quizapp dbname={name}", autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if _list_tables(connection) != self._tables:
                return False
            connection.execute(_EMPTY)
        return True

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The address of an empty database with the template's tables."""
        name, self._clean = self._clean, None
        if name is None:
            name = f"test_{next(self._numbers)}"
            self._run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        try:
            yield self.url(name)
        finally:
            if self._empty(name):
                self._clean = name
            else:
                self._run(f"DROP DATABASE {name} WITH (FORCE)")


def _unprivileged() -> dict[str, object]:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _prepare(programs: Path, folder: Path, identity: dict[str, object]) -> None:
    if identity:
        shutil.chown(folder, identity["user"], identity["group"])
    initdb = [programs / "initdb", "-D", folder / "data", "-U", "quizapp", "-A", "trust", "-N", "-E", "UTF8"]
    made = subprocess.run([*initdb, "--locale=C"], cwd=folder, capture_output=True, text=True, check=False, **identity)
    if made.returncode:
        raise PostgreSQLFailed(made.stdout + made.stderr)


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(f"host={folder} user=quizapp dbname=postgres").close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise PostgreSQLFailed((folder / "log").read_text(encoding="utf-8", errors="replace")) from error
            time.sleep(0.05)
        else:
            return


@contextmanager
def run_cluster(programs: Path) -> Iterator[Cluster]:
    """Start a new server, stop it and remove its files at the end. Nothing in it survives a crash; nothing needs to."""
    # /tmp and not the folder of the test: the address of a Unix socket is at most 107 bytes, and another user enters.
    folder = Path(tempfile.mkdtemp(prefix="quizapp-pg-", dir="/tmp"))
    identity = _unprivileged()
    try:
        _prepare(programs, folder, identity)
        careless = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        alone = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}"]
        # The shell stops the server when the pipe closes: at the end here, or when the tests themselves were killed.
        watch = 'exec 3<&0; "$@" 3<&- & server=$!; (read -r _ <&3; kill -INT $server) & wait $server'
        guarded = ["sh", "-c", watch, "sh", programs / "postgres"]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [*guarded, "-D", folder / "data", *careless, *alone],
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **identity,
            )
        try:
            _wait_until_ready(server, folder)
            yield Cluster(folder)
        finally:
            server.communicate(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)

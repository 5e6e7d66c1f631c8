"""A PostgreSQL primary and its synchronous standby, each in a folder of its own: what it takes to see a failover."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from plumbing.postgresql import PostgreSQLFailed, _prepare, _unprivileged

_PATIENCE = 60
_SETTINGS = {
    "listen_addresses": "",
    "wal_level": "replica",
    "max_wal_senders": "5",
    "hot_standby": "on",
    "max_connections": "150",
    "shared_buffers": "32MB",
    "synchronous_commit": "on",
}


class Node:
    """One server: started, killed as by a power cut, promoted. ``folder`` holds its socket and its data."""

    def __init__(self, programs: Path, folder: Path, identity: dict[str, object]) -> None:
        self.folder = folder
        self._programs = programs
        self._identity = identity
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's programs as the user of the server."""
        done = subprocess.run(
            [self._programs / program, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **self._identity,  # type: ignore[call-overload]
        )
        if done.returncode:
            raise PostgreSQLFailed(done.stdout + done.stderr)

    def start(self, **settings: str) -> None:
        """Start and wait until it answers."""
        options = [part for name, value in (_SETTINGS | settings).items() for part in ("-c", f"{name}={value}")]
        # The shell stops the server when the pipe closes, so that none outlives the tests.
        watch = 'exec 3<&0; "$@" 3<&- & server=$!; (read -r _ <&3; kill -QUIT $server) & wait $server'
        command = ["sh", "-c", watch, "sh", self._programs / "postgres", "-D", self.folder / "data", *options]
        command += ["-c", f"unix_socket_directories={self.folder}"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._identity,  # type: ignore[call-overload]
            )
        self._wait("SELECT 1")

    def _wait(self, question: str) -> None:
        """Wait until a question is answered with something true."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                if self.ask(question):
                    return
            if time.monotonic() > deadline:
                raise PostgreSQLFailed((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.02)

    def ask(self, question: str) -> object:
        """The first value of the first row."""
        with psycopg.connect(f"host={self.folder} user=quizapp dbname=postgres", autocommit=True) as connection:
            cursor = connection.execute(question.encode())
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    def wait_for_standby(self) -> None:
        """Wait until commits here wait for the standby."""
        self._wait("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")

    def kill(self) -> None:
        """End it as kill -9 does: it writes nothing more and says goodbye to nobody."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)

    def promote(self) -> None:
        """Make a standby the primary."""
        self.ask("SELECT pg_promote(wait => false)")
        self._wait("SELECT NOT pg_is_in_recovery()")

    def ask_to_stop(self) -> None:
        """Begin to stop it, if it runs."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.stdin = None

    def wait_for_end(self) -> None:
        """Wait until it has stopped."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.communicate(timeout=30)


@contextmanager
def run_pair(programs: Path) -> Iterator[tuple[Node, Node]]:
    """Start a primary, and a standby without which it confirms nothing; stop both at the end."""
    home = Path(tempfile.mkdtemp(prefix="quizapp-ha-", dir="/tmp"))
    identity = _unprivileged()
    home.chmod(0o755)
    folders = [home / "a", home / "b"]
    nodes = []
    try:
        for folder in folders:
            folder.mkdir()
            if identity:
                shutil.chown(folder, identity["user"], identity["group"])  # type: ignore[call-overload]
            nodes.append(Node(programs, folder, identity))
        primary, standby = nodes
        _prepare(programs, primary.folder, identity)
        primary.start()
        standby.run(
            "pg_basebackup",
            "-h",
            primary.folder,
            "-U",
            "quizapp",
            "-D",
            standby.folder / "data",
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
            "--no-sync",
        )
        standby.start(cluster_name="standby")
        primary.ask("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        primary.ask("SELECT pg_reload_conf()")
        primary.wait_for_standby()
        yield primary, standby
    finally:
        for node in reversed(nodes):
            node.ask_to_stop()
        for node in nodes:
            node.wait_for_end()
        shutil.rmtree(home, ignore_errors=True)

"""The disk fails to write or to flush: no answer is acknowledged without its row, and the server goes on afterwards.

strace makes the n-th of those system calls of each thread of the workers fail, while students answer.
"""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from plumbing.answer_key import Entry
from plumbing.ledger import (
    IS_LONG,
    Clients,
    answering,
    choose,
    compare,
    prove_states,
    tell,
    wait_for_answers,
    wait_until,
)
from plumbing.server import LiveServer

NO_STRACE = "strace is not installed, or may not watch other processes (apt-get install strace)"
NOT_NOW = frozenset({503})
NUMBERS = range(1, choose(short=1, long=40) + 1)
FLUSH, WRITE = "fsync,fdatasync", "pwrite64"
"""What SQLite flushes with, which differs between its builds, and what it writes with."""
FAULTS = [
    (FLUSH, "EIO"),
    (WRITE, "EIO"),
    (WRITE, "ENOSPC"),
    ("ftruncate", "EIO"),
]
"""In a short run, only those that happen with each answer."""


def _list_threads(server: LiveServer) -> list[str]:
    workers = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii").split()
    return [thread.name for worker in workers for thread in Path(f"/proc/{worker}/task").iterdir()]


@contextmanager
def _failing(server: LiveServer, call: str, error: str, number: int, log: Path) -> Iterator[None]:
    """Each thread's ``number``-th call, and each fifth after that, fails."""
    inject = [f"--trace={call}", f"--inject={call}:error={error}:when={number}+5"]
    watched = [f"--attach={thread}" for thread in _list_threads(server)]
    tracer = subprocess.Popen(["strace", "-f", *inject, "-o", log, *watched], stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    try:
        for line in tracer.stderr:
            if "attached" in line:
                break
            if "not permitted" in line:
                pytest.skip(NO_STRACE)
        yield
    finally:
        tracer.terminate()
        tracer.communicate()


def _wait_for_injected(clients: Clients, log: Path) -> None:
    def enough() -> bool:
        clients.check()
        return log.read_text(encoding="utf-8").count("INJECTED") > 0

    wait_until(enough, "a call has failed")


def test_no_answer_is_acknowledged_without_its_row_when_the_disk_fails(
    live_server: Callable[..., LiveServer], entries: list[Entry], tmp_path: Path
) -> None:
    if shutil.which("strace") is None:
        pytest.skip(NO_STRACE)
    server = live_server(QUIZAPP_BACKUPS="off")
    injected = 0
    with answering(server, entries, NOT_NOW) as clients:
        wait_for_answers(clients, 5)
        for call, error in FAULTS:
            for number in NUMBERS:
                log = tmp_path / f"{call}-{error}-{number}"
                log.touch()
                with _failing(server, call, error, number, log):
                    # An answer takes several writes and one flush; with each fifth write failing, hardly any is kept.
                    if call == WRITE or (call == FLUSH and number < 20):
                        _wait_for_injected(clients, log)
                    else:
                        wait_for_answers(clients, 30)
                injected += log.read_text(encoding="utf-8").count("INJECTED")
                wait_for_answers(clients, 5)  # it recovers, without a restart
            if not IS_LONG and call == WRITE:
                break
    server.kill()
    stored = compare(server.data_dir, clients.told, clients.asked)
    prove_states(server.data_dir)
    assert clients.refused > 0
    tell(
        "R3 disk errors",
        injected=injected,
        refused=clients.refused,
        acknowledged=clients.acknowledged,
        stored=stored,
        lost=0,
    )

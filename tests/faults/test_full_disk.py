"""The disk is full: a page says so, reading goes on, and with room again so does writing, without a restart."""

import shutil
from collections.abc import Callable
from pathlib import Path

from plumbing.answer_key import Entry
from plumbing.api_client import read_page
from plumbing.ledger import answering, choose, compare, prove_states, tell, wait_for_answers, wait_until
from plumbing.server import LiveServer

TIMES = choose(short=1, long=20)
NOT_NOW = frozenset({503})


def _fill(path: Path) -> None:
    """Take all the room there is."""
    with path.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                pass


def test_a_full_disk_is_said_and_survived(
    mount: Callable[..., Path], live_server: Callable[..., LiveServer], entries: list[Entry], tmp_path: Path
) -> None:
    disk = mount("disk", "-t", "tmpfs", "-o", "size=24m", "tmpfs")
    loaded = live_server()
    loaded.stop()
    shutil.copytree(loaded.data_dir, disk / "instance")
    server = LiveServer(disk / "instance", tmp_path / "output.txt")
    server.start()
    try:
        with answering(server, entries, NOT_NOW) as clients:
            for _ in range(TIMES):
                wait_for_answers(clients, 20)
                _fill(disk / "ballast")
                before = clients.refused
                wait_until(lambda before=before: clients.refused > before + 3, "the disk is full")
                assert [read_page(server, path)[0] for path in ("/", "/study/dates", "/sources", "/healthz")] == [
                    200
                ] * 4
                assert "disk is full" in clients.last_refusal
                (disk / "ballast").unlink()
                wait_for_answers(clients, 20)
        server.kill()
        stored = compare(server.data_dir, clients.told, clients.asked)
        prove_states(server.data_dir)
    finally:
        server.kill()
    tell("R4 full disk", times=TIMES, refused=clients.refused, acknowledged=clients.acknowledged, stored=stored, lost=0)

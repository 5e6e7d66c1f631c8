"""The power fails: what had not reached the disk is gone, and every acknowledged answer had.

A disk image holds what the kernel has written out; what lies in its page cache is not in it. So a copy of the image,
taken while the server is stopped in its tracks, is what a machine would find after the cut. Torn sectors and disks that
lie about having written are not modelled.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from plumbing.answer_key import Entry
from plumbing.ledger import answering, choose, compare, prove_states, tell, wait_for_answers
from plumbing.server import LiveServer

CUTS = choose(short=3, long=200)
ANSWERS_BETWEEN_CUTS = 25
IMAGE_BYTES = 48 * 1024 * 1024


def test_nothing_is_lost_when_the_power_fails(
    mount: Callable[..., Path], live_server: Callable[..., LiveServer], entries: list[Entry], tmp_path: Path
) -> None:
    image = tmp_path / "image"
    with image.open("wb") as file:
        file.truncate(IMAGE_BYTES)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    disk = mount("disk", "-o", "loop", str(image))
    loaded = live_server()
    loaded.stop()
    shutil.copytree(loaded.data_dir, disk / "instance")
    os.sync()
    server = LiveServer(disk / "instance", tmp_path / "output.txt")
    server.start()
    stored = 0
    try:
        with answering(server, entries) as clients:
            for number in range(CUTS):
                wait_for_answers(clients, ANSWERS_BETWEEN_CUTS)
                told = clients.told
                os.killpg(server.pid, signal.SIGSTOP)
                cut = tmp_path / f"cut-{number}"
                shutil.copyfile(image, cut)
                asked = clients.asked
                os.killpg(server.pid, signal.SIGCONT)
                found = mount(f"found-{number}", "-o", "loop", str(cut))
                stored = compare(found / "instance", told, asked)
                if number == CUTS - 1:
                    prove_states(found / "instance")
                subprocess.run(["umount", found], check=True)
                cut.unlink()
    finally:
        server.kill()
    tell("R2 power cut", cuts=CUTS, acknowledged=clients.acknowledged, last_stored=stored, lost=0)

"""Workers and the main process are killed one by one under load: nothing that was acknowledged is lost or doubled."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

from plumbing.answer_key import Entry
from plumbing.ledger import answering, choose, compare, prove_states, tell, wait_for_answers, wait_until
from plumbing.server import LiveServer

KILLS = choose(short=10, long=1_000)
ANSWERS_BETWEEN_KILLS = 15
EVERY_MAIN, EVERY_ALL = 10, 20
"""Each tenth kill is of the main process alone, each twentieth of all at once; the others are of one worker."""


def _list_workers(server: LiveServer) -> list[int]:
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii").split()
    found = []
    for child in children:
        with suppress(OSError):
            if not Path(f"/proc/{child}/comm").read_text(encoding="ascii").startswith("quizapp-work"):
                found.append(int(child))
    return found


def _kill_once(server: LiveServer, number: int, random: Random) -> None:
    if number % EVERY_MAIN == 5:
        if number % EVERY_ALL == 5:
            os.kill(server.pid, signal.SIGKILL)
            time.sleep(random.uniform(0, 0.3))  # its workers go on for a moment
        server.kill()
        server.start()
        return
    wait_until(lambda: bool(_list_workers(server)), "there is a worker")
    with suppress(ProcessLookupError):
        os.kill(random.choice(_list_workers(server)), signal.SIGKILL)


def test_nothing_is_lost_when_workers_and_the_main_process_are_killed(
    live_server: Callable[..., LiveServer], entries: list[Entry]
) -> None:
    server, random = live_server(), Random(1)
    with answering(server, entries) as clients:
        for number in range(KILLS):
            wait_for_answers(clients, ANSWERS_BETWEEN_KILLS)
            _kill_once(server, number, random)
        wait_for_answers(clients, ANSWERS_BETWEEN_KILLS)
    server.kill()
    stored = compare(server.data_dir, clients.told, clients.asked)
    prove_states(server.data_dir)
    tell("R1 kill", kills=KILLS, acknowledged=clients.acknowledged, stored=stored, resent=clients.resent, lost=0)

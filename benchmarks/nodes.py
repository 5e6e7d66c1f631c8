"""One web node on PostgreSQL against two: answers a second, and who spends how much of the processors for each.

Nodes, database and clients share this machine, so two nodes can only be faster while a processor is idle. What the
machine cannot show follows from the shares: nodes need nothing of each other, so more of them on machines of their own
scale until the database's share fills its processors.
"""

import sys

sys.path[0] = sys.path[0].replace("benchmarks", "tests")  # not this folder, whose http.py is not the one others mean

import itertools
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from plumbing import postgresql, samples
from plumbing.answer_key import read_key
from plumbing.api_client import make_body, send
from plumbing.replication import Node
from plumbing.server import LiveServer

from quizapp.services import accounts
from quizapp.services.accounts import Role
from quizapp.services.library import InputFile, load_files
from quizapp.store.engine import Database
from quizapp.store.migrate import upgrade

SECONDS = 10.0
CLIENTS = 8
SECRET = "k3V9-xT2_pQ7wZ5mL8rN1bC4jH6fD0sA"  # noqa: S105 - of this measurement alone
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def run_database() -> Iterator[tuple[Node, str]]:
    """A PostgreSQL server with all its care for the disk, prepared for the app."""
    programs = postgresql.find_programs()
    if programs is None:
        raise SystemExit(postgresql.HOW_TO_GET)
    with tempfile.TemporaryDirectory(prefix="quizapp-nodes-", dir="/tmp") as folder:  # short, for a socket
        identity = postgresql._unprivileged()
        node = Node(programs, Path(folder), identity)
        postgresql._prepare(programs, Path(folder), identity)
        try:
            node.start()
            node.ask("CREATE DATABASE quizapp")
            url = f"postgresql://quizapp@/quizapp?host={folder}"
            upgrade(url)
            yield node, url
        finally:
            node.ask_to_stop()
            node.wait_for_end()


def make_students(url: str) -> list[str]:
    """A deck and students; gives their access tokens."""
    database = Database(url)
    now = datetime.now(UTC)
    tokens = []
    with database.writing() as session:
        load_files(session, [InputFile("h.md", samples.SOURCE)], [InputFile("b.yaml", samples.DECK)], now)
    for number in range(CLIENTS):
        name = f"Student {number}"
        with database.writing() as session:
            accounts.add_user(session, name, Role.STUDENT, "three grey herons", now)
        with database.writing() as session:
            tokens.append(accounts.create_token_for(session, name, "nodes", now))
    database.dispose()
    return tokens


def read_spent(marks: list[str]) -> dict[str, float]:
    """Processor seconds so far of the processes whose command line, or that of their parent, holds a mark."""
    parents: dict[int, int] = {}
    lines: dict[int, str] = {}
    spent: dict[int, float] = {}
    for place in Path("/proc").iterdir():
        if place.name.isdecimal():
            try:
                if (place / "comm").read_text().strip() == "quizapp-work":
                    continue  # the helper beside the workers, which is forked from the server
                fields = (place / "stat").read_text().rpartition(")")[2].split()
                lines[int(place.name)] = (place / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            parents[int(place.name)] = int(fields[1])
            spent[int(place.name)] = (int(fields[11]) + int(fields[12])) / TICKS

    def belongs(pid: int, mark: str) -> bool:
        while pid in lines:
            if mark in lines[pid]:
                return True
            pid = parents[pid]
        return False

    return {mark: sum(spent[pid] for pid in spent if belongs(pid, mark)) for mark in marks}


def measure(servers: list[LiveServer], tokens: list[str], database: str) -> tuple[float, dict[str, float]]:
    """Answers a second from all clients, and the milliseconds of processor for each answer by who spent them."""
    entries = list(read_key(samples.DECK).values())
    counts = [0] * CLIENTS
    end = time.monotonic() + SECONDS

    def answer(number: int) -> None:
        cards = itertools.cycle(entries)
        server = servers[number % len(servers)]
        while time.monotonic() < end:
            reply = send(server, tokens[number], make_body(next(cards)))
            assert reply.status == 201, reply
            counts[number] += 1

    marks = {database: "database", **{f"--port {server.port}": "nodes" for server in servers}}
    before, own = read_spent(list(marks)), time.process_time()
    threads = [threading.Thread(target=answer, args=(number,)) for number in range(CLIENTS)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - begun
    after, total = read_spent(list(marks)), sum(counts)
    shares = {"nodes": 0.0, "database": 0.0, "clients": (time.process_time() - own) / total * 1000}
    for mark, who in marks.items():
        shares[who] += (after[mark] - before[mark]) / total * 1000
    return total / seconds, shares


def main() -> None:
    """Measure, and print one line for each number of nodes."""
    rates = []
    with run_database() as (node, url), ExitStack() as stack:
        tokens = make_students(url)
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = []
        for number in (1, 2):
            extra = {"QUIZAPP_DATABASE_URL": url, "QUIZAPP_SECRET_KEY": SECRET}
            server = LiveServer(home / str(number), home / f"log-{number}", through_make=False, extra=extra)
            server._command = [*server._command, "--workers", "1"]
            stack.callback(server.kill)
            server.start()
            servers.append(server)
            measure(servers, tokens, str(node.folder))  # warm
            rate, shares = measure(servers, tokens, str(node.folder))
            rates.append(rate)
            told = ", ".join(f"{who} {spent:.1f} ms" for who, spent in shares.items())
            print(f"{number} node{'s' if number > 1 else ''}: {rate:.0f} answers/s; processor for each: {told}")
    print(f"two nodes are {rates[1] / rates[0]:.2f} times one, on {os.cpu_count()} processors for all of it")


if __name__ == "__main__":
    main()

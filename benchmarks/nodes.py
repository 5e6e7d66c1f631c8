"""One web node on PostgreSQL against two: answers a second, and who spends how much of the processors for each.

    python benchmarks/nodes.py [--share 0.2]

Nodes, database and clients share this machine. So that it plays a machine for each, every node is held to a share of
one processor by the kernel; then two nodes show what the database and their need of each other allow. Where the kernel
does not let us (it needs root and control groups), and with ``--share 0``, nodes take what is there, and two are only
faster while a processor is idle.
"""

import sys

# This folder last: its http.py is not the one that others mean.
sys.path = [sys.path[0].replace("benchmarks", "tests"), *sys.path[1:], sys.path[0]]

import argparse
import itertools
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from plumbing import postgresql, samples
from plumbing.answer_key import read_key
from plumbing.api_client import make_body, send
from plumbing.replication import Node
from plumbing.server import LiveServer
from processor_share import NoGroups, hold

from quizapp.services import accounts
from quizapp.services.accounts import Role
from quizapp.services.library import InputFile, load_files
from quizapp.store.engine import Database
from quizapp.store.migrate import upgrade

SECONDS = 6.0
ROUNDS = 3
CLIENTS = 4  # of each node: enough to keep one busy
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
    for number in range(2 * CLIENTS):
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
    counts = [0] * (CLIENTS * len(servers))
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
    threads = [threading.Thread(target=answer, args=(number,)) for number in range(len(counts))]
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


def start_node(number: int, home: Path, url: str, share: float, stack: ExitStack) -> LiveServer:
    """A node of one worker, held to its share from its start to its end."""
    extra = {"QUIZAPP_DATABASE_URL": url, "QUIZAPP_SECRET_KEY": SECRET}
    server = LiveServer(home / str(number), home / f"log-{number}", through_make=False, extra=extra)
    server._command = [*server._command, "--workers", "1"]
    server.start()
    if share:
        stack.enter_context(hold(server.pid, share))
    stack.callback(server.kill)
    return server


def compare(share: float) -> None:
    """Measure one node and two in turns, both warm, and print a line for each time, then the median of the ratios."""
    ratios = []
    with run_database() as (node, url), ExitStack() as stack:
        tokens = make_students(url)
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = [start_node(number, home, url, share, stack) for number in (1, 2)]
        for server in servers:
            measure([server], tokens, str(node.folder))  # warm
        for _ in range(ROUNDS):
            rates = []
            for used in (servers[:1], servers):
                rate, shares = measure(used, tokens, str(node.folder))
                rates.append(rate)
                told = ", ".join(f"{who} {spent:.1f} ms" for who, spent in shares.items())
                print(f"{len(used)} node{'s' * (len(used) > 1)}: {rate:.0f} answers/s; processor for each: {told}")
            ratios.append(rates[1] / rates[0])
    held = f"each held to {share:g} of a processor" if share else f"on {os.cpu_count()} processors for all of it"
    print(f"two nodes are {median(ratios):.2f} times one, {held}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--share", type=float, default=0.2, help="of a processor, for each node; 0: whatever is free")
    share = parser.parse_args().share
    try:
        compare(share)
    except NoGroups:
        print("This machine does not let nodes be held to a share: they take whatever is free.")
        compare(0)


if __name__ == "__main__":
    main()

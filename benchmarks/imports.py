"""How fast a text file with tabs comes into the store, beside Anki's own importer; and how much memory that takes.

    python benchmarks/imports.py [--notes 100000] [--rounds 5]

Both read the same file, make cards of it and write them with ``synchronous=FULL``, into a new database each time, in
turns, so that whatever else goes on weighs on both. Quizapp's part is that of ``quizapp deck import --load``. Anki
needs .venv-bench (``make bench`` makes it) and is left out, with a word, where that is missing. Times move with the
machine: the ratio counts.
"""

import sys

sys.path = sys.path[1:]  # this folder, whose http.py is not the one that others mean

import argparse
import multiprocessing
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from quizapp.services import exchange
from quizapp.services.exchange import Choices
from quizapp.store.engine import Database
from quizapp.store.migrate import upgrade

ANKI = Path(".venv-bench/bin/python")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def make_file(path: Path, notes: int) -> None:
    """Notes as one finds them: a question, an answer, tabs between; each differs."""
    with path.open("w", encoding="utf-8") as file:
        file.write("#separator:tab\n#html:false\n")
        for number in range(notes):
            answer = f"It was described in volume {number * 7919 % 100_003} of the atlas"
            file.write(f"What is known of the heron with the ring {number}?\t{answer}\n")


def _import(file: Path, url: str) -> tuple[float, int]:
    """Seconds for reading the file and loading its cards, and how many there are."""
    database = Database(url)
    start = time.perf_counter()
    data = file.read_bytes()
    with exchange.many_at_once():
        _, imported = exchange.read_file(data, file.name, Choices())
        with database.writing() as session:
            changes, problems = exchange.load(session, data, imported, NOON)
        seconds = time.perf_counter() - start
    database.dispose()
    assert not problems
    return seconds, sum(len(change.new) for change in changes)


def _serve(file: Path, folder: Path, pipe: Connection) -> None:
    """A process of our own, so that its memory is that of importing alone."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    number = 0
    while pipe.recv():
        url = f"sqlite:///{folder / f'{number}.db'}"
        upgrade(url)
        pipe.send((*_import(file, url), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, before))
        number += 1


@contextmanager
def _anki(file: Path, folder: Path) -> Iterator[subprocess.Popen[str] | None]:
    if not ANKI.exists():
        print("Anki is not there to be measured beside: `make bench` installs it into .venv-bench.")
        yield None
        return
    script = Path(__file__).with_name("peers") / "anki_import.py"
    command = [str(ANKI), str(script), str(file), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        yield child
        child.terminate()


def _ask_anki(child: subprocess.Popen[str], notes: int) -> float:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("\n")
    child.stdin.flush()
    seconds, count = child.stdout.readline().split()
    assert int(count) == notes
    return float(seconds)


def measure(folder: Path, notes: int, rounds: int) -> None:
    """Notes a second of both, in turns, and our peak of memory."""
    file = folder / "notes.txt"
    make_file(file, notes)
    ours, theirs = list[float](), list[float]()
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(file, folder, there))
    process.start()
    peak = 0
    with _anki(file, folder) as child:
        for _ in range(rounds):
            if child is not None:
                theirs.append(_ask_anki(child, notes))
            here.send(True)
            seconds, count, peak, _ = here.recv()
            assert count == notes
            ours.append(seconds)
    here.send(False)
    process.join()
    print(f"Quizapp: {notes / median(ours):,.0f} notes a second, at most {peak / 1024:,.0f} MB")
    if theirs:
        ratio = median(theirs) / median(ours)
        print(f"Anki import_csv: {notes / median(theirs):,.0f} notes a second; Quizapp {ratio:.2f} times as fast")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--notes", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), options.notes, options.rounds)


if __name__ == "__main__":
    main()

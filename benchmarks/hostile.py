"""How long hostile files keep an import busy, and how much memory they take, each in a process of its own.

    python benchmarks/hostile.py [NAME ...] [--list]

Each file is made here, read by the code that reads what people upload, and thrown away. What counts are the seconds of
the processor from the bytes to the answer, and the peak of the whole process, interpreter and libraries included. Over
two seconds or 256 MB, a line is marked and the exit status is 1. A file that does no harm and is only as large as files
get is taken (marked ``=``): it may have five seconds, in which Anki's own importer takes 100,000 notes, and 400 MB.
Times move with the machine, and are longer on a busy one: reading has one thread and waits for nothing, so on one that
is not busy they are those of a clock on the wall.
"""

import sys

sys.path = [*sys.path[1:], sys.path[0]]  # this folder last: its http.py is not the one that others mean

import argparse
import multiprocessing
import resource
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from hostile_files import CASES, MEGA, Case
from hostile_more import MORE_CASES

from quizapp.core.errors import Invalid
from quizapp.core.exchange.model import ImportOptions
from quizapp.core.exchange.registry import guess_format
from quizapp.core.media import clean_medium
from quizapp.core.problem import Problem
from quizapp.core.source.importing.reading import read_text
from quizapp.services.exchange import many_at_once

MOST_SECONDS, MOST_MEGABYTES = 2.0, 256
MOST_SECONDS_TAKEN, MOST_MEGABYTES_TAKEN = 5.0, 400
ALL = (*CASES, *MORE_CASES)


_MEDIA = (".png", ".jpg", ".gif", ".webp", ".mp3", ".ogg")


def _read(file: str, data: bytes) -> tuple[str, int]:
    """What is said of a file, and how many cards came of it all the same."""
    if file.endswith((".html", ".docx", ".md")):
        try:
            return f"{len(read_text(data, file).body):,} characters", 0
        except Invalid as refused:
            return str(refused.message), 0
    if file.endswith(_MEDIA):
        cleaned = clean_medium(file, data)
        return (cleaned.message, 0) if isinstance(cleaned, Problem) else ("taken", 0)
    with many_at_once():
        imported = guess_format(data, file).read(data, ImportOptions(file))
    said = [problem.message for problem in imported.problems if problem.severity == "error"]
    return (said[-1] if said else imported.note or "taken"), sum(len(deck.cards) for deck in imported.decks)


def _serve(name: str, path: Path, pipe: Connection) -> None:
    """A process of its own. The file is read in it, as an upload would be, before the clock starts."""
    data = path.read_bytes()
    start = time.process_time()
    said, cards = _read(name, data)
    seconds = time.process_time() - start
    pipe.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, len(data), str(said), cards))


def measure(case: Case, folder: Path) -> bool:
    """Measure one file and print its line; gives whether it stays within both bounds."""
    path = folder / "file"
    maker = multiprocessing.get_context("fork").Process(target=lambda: path.write_bytes(case.make()))
    maker.start()
    maker.join()
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(case.file, path, there))
    process.start()
    there.close()
    seconds, megabytes, size, said, cards = here.recv()
    process.join()
    most = (MOST_SECONDS_TAKEN, MOST_MEGABYTES_TAKEN) if case.is_taken else (MOST_SECONDS, MOST_MEGABYTES)
    fits = bool(seconds < most[0] and megabytes < most[1])
    mark = ("= " if case.is_taken else "  ") if fits else "! "
    print(
        f"{mark}{case.name:45.45} {size / MEGA:6.1f} {seconds:7.2f} s {megabytes:5} MB {cards:7,} cards  {said:.70}",
        flush=True,
    )
    return fits


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="a part of the names of those to measure; all otherwise"
    )
    parser.add_argument("--list", action="store_true", help="say which there are")
    options = parser.parse_args()
    chosen = [case for case in ALL if not options.names or any(name in case.name for name in options.names)]
    if options.list:
        print("\n".join(case.name for case in chosen))
        return
    with tempfile.TemporaryDirectory() as folder:
        fits = [measure(case, Path(folder)) for case in chosen]
    print(
        f"{sum(fits)} of {len(fits)} within {MOST_SECONDS:g} s and {MOST_MEGABYTES} MB, "
        f"or marked =, {MOST_SECONDS_TAKEN:g} s and {MOST_MEGABYTES_TAKEN} MB"
    )
    sys.exit(0 if all(fits) else 1)


if __name__ == "__main__":
    main()

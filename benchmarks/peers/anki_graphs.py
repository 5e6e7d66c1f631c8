"""Draws the figures of Anki's graphs from a collection of so many reviews: a child of benchmarks/classpage.py.

    .venv-bench/bin/python benchmarks/peers/anki_graphs.py FOLDER CARDS REVIEWS

The reviews lie within the last year, as many of each card. Says ``ready``; then, for each line on standard input, the
seconds that the library took for the graphs over ``all`` reviews or over those of the last ``year``.
"""

import json
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random

from anki.collection import Collection

_DAY_MS = 24 * 60 * 60 * 1000
_YEAR = 365
_DAYS = {"all": 0, "year": _YEAR}


def _fill(file: Path, kind: int, cards: int, reviews: int) -> None:
    """Past the library, which would write each row durably by itself."""
    dice, now = Random(1), int(time.time() * 1000)  # noqa: S311 - no secret
    notes, rows, log = [], [], []
    each = reviews // cards
    for number in range(1, cards + 1):
        notes.append(
            (number, f"g{number}", kind, 0, 0, "", f"What is asked by number {number}?\x1fheron", "", 0, 0, "")
        )
        interval = dice.randint(5, 120)
        memory = json.dumps({"s": float(interval), "d": 5.0, "dr": 0.9})
        due = dice.randint(-interval // 2, interval)
        rows.append((number, number, 1, 0, 0, 0, 2, 2, due, interval, 2500, each, 1, 0, 0, 0, 0, memory))
        for _ in range(each):
            at = now - dice.randrange(_YEAR * _DAY_MS)
            rating = 1 if dice.random() < 0.15 else 3
            log.append((at, number, 0, rating, interval, interval, 2500, dice.randint(2_000, 30_000), 1))
    # The id of a review is its time, so that two of one millisecond move apart.
    log.sort()
    last, moved = 0, []
    for at, *rest in log:
        last = max(at, last + 1)
        moved.append((last, *rest))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany("insert into notes values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", notes)
        connection.executemany("insert into cards values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.executemany("insert into revlog values (?, ?, ?, ?, ?, ?, ?, ?, ?)", moved)


def main() -> None:
    file = Path(sys.argv[1]) / "collection.anki2"
    collection = Collection(str(file))
    collection.set_config("fsrs", True)
    kind = collection.models.by_name("Basic")["id"]
    collection.close()
    _fill(file, kind, int(sys.argv[2]), int(sys.argv[3]))
    collection = Collection(str(file))
    print("ready", flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        collection._backend.graphs(search="", days=_DAYS[line.strip()])
        print(time.perf_counter() - start, flush=True)
    collection.close()


if __name__ == "__main__":
    main()

"""Imports a text file into a new collection of Anki, for each line on standard input: a child of benchmarks/imports.py.

    .venv-bench/bin/python benchmarks/peers/anki_import.py FILE FOLDER

Says ``ready``, then for each line read the seconds that the import took and how many notes the collection holds.
"""

import sys
import time
from pathlib import Path

from anki.collection import Collection, ImportCsvRequest


def _import(file: str, path: Path) -> tuple[float, int]:
    collection = Collection(str(path))
    collection.db.execute("pragma synchronous = full")
    assert collection.db.scalar("pragma synchronous") == 2
    start = time.perf_counter()
    metadata = collection.get_csv_metadata(path=file, delimiter=None)
    collection.import_csv(ImportCsvRequest(path=file, metadata=metadata))
    seconds = time.perf_counter() - start
    notes = collection.note_count()
    collection.close()
    return seconds, notes


def main() -> None:
    print("ready", flush=True)
    for number, _ in enumerate(sys.stdin):
        seconds, notes = _import(sys.argv[1], Path(sys.argv[2]) / f"{number}.anki2")
        print(seconds, notes, flush=True)


if __name__ == "__main__":
    main()

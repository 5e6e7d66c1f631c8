"""The report of a class's answers: how long does it take, and how much memory, for a million of them?

    python benchmarks/reports.py [--students 1000] [--answers 1000] [--formats csv,json] [--kinds responses]

A new SQLite database gets a class of so many students with so many answers each, written in bulk with the columns that
reports read. Then `quizapp report` runs as a process of its own, as people run it, into a file; told as JSON: seconds,
seconds of the processor alone, the largest memory of the process in MB, the rows of the file and its size.
"""

import sys

sys.path = sys.path[1:]  # this folder, whose http.py is not the one that others mean

import argparse
import json
import os
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.services.library import InputFile, load_files
from quizapp.store.classes import add_class
from quizapp.store.engine import Database
from quizapp.store.migrate import upgrade
from quizapp.store.tables import (
    CardRevisionRow,
    CardRow,
    ClassMemberRow,
    DeckProgressRow,
    LearnerRow,
    ReviewRow,
    table_of,
)

QUIZAPP = Path(sys.executable).with_name("quizapp")
SHIPPED = Path("decks")
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
RIGHT_OF_TEN = 7


def _load_decks(session: Session) -> None:
    sources = [InputFile(str(path), path.read_bytes()) for path in sorted((SHIPPED / "sources").glob("*.md"))]
    decks = [InputFile(str(path), path.read_bytes()) for path in sorted(SHIPPED.glob("*.yaml"))]
    load_files(session, sources, decks, START)


def _answer(body: str, random: Random, *, right: bool) -> str:
    card = json.loads(body)
    return json.dumps(card["answer"] if right else random.choice(card["wrong"])["text"], ensure_ascii=False)


def _list_reviews(learner: int, count: int, cards: list[tuple[int, int, int, str]], random: Random) -> Iterator[dict]:
    for seq in range(1, count + 1):
        deck, card, revision, body = cards[random.randrange(len(cards))]
        right = random.randrange(10) < RIGHT_OF_TEN
        yield {
            "learner_id": learner,
            "key": str(uuid.UUID(int=random.getrandbits(128))),
            "seq": seq,
            "deck_id": deck,
            "card_id": card,
            "revision_id": revision,
            "answered_at": START + timedelta(minutes=7 * seq, milliseconds=learner),
            "study_day": START.toordinal() + seq // 20,
            "response": _answer(body, random, right=right),
            "body_digest": "0" * 64,
            "score": float(right),
            "verdict": "right" if right else "wrong",
            "rating": 3 if right else 1,
            "hint_used": False,
            "confidence": random.choice((None, 1, 2, 3)),
            "shown_ms": random.randrange(1_000, 60_000),
            "model": "fsrs-6/1",
            "phase_before": "review",
            "interval_before": 3,
            "state_before": "{}",
            "state_after": "{}",
            "undone_at": None,
        }


def make_class(database: Database, students: int, answers: int) -> str:
    """A class with history; gives its handle."""
    random = Random(1)  # noqa: S311 - no secrets
    card, revision, member = table_of(CardRow).c, table_of(CardRevisionRow).c, table_of(ClassMemberRow)
    with database.writing() as session:
        _load_decks(session)
    with database.writing() as session:
        taught = add_class(session, handle=str(uuid.uuid4()), name="Year 10", now=START)
        found = sa.select(card.deck_id, card.id, revision.id, revision.body).join(
            table_of(CardRevisionRow), revision.card_id == card.id
        )
        found = found.where(revision.type == "choice")
        cards = [(row[0], row[1], row[2], row[3]) for row in session.execute(found)]
        for number in range(students):
            learner = session.execute(
                sa.insert(table_of(LearnerRow))
                .values(handle=str(uuid.UUID(int=random.getrandbits(128))), created_at=START, choices="")
                .returning(table_of(LearnerRow).c.id)
            ).scalar_one()
            names = {"first_name": f"First {number}", "last_name": f"Last {number % 97}", "external_id": f"S{number}"}
            fixed = {"email": f"s{number}@school.example", "pseudonym": f"Pseudonym {number}", "joined_at": START}
            session.execute(
                sa.insert(member).values(class_id=taught.id, learner_id=learner, left_at=None, **names, **fixed)
            )
            progress = [
                {"learner_id": learner, "deck_id": deck, "seen": 1, "frontier": 1} for deck in {one[0] for one in cards}
            ]
            session.execute(sa.insert(table_of(DeckProgressRow)), progress)
            session.execute(sa.insert(table_of(ReviewRow)), list(_list_reviews(learner, answers, cards, random)))
        session.commit()
    return taught.handle


def measure(data: Path, handle: str, kind: str, file_format: str) -> dict[str, float | int | str]:
    """Run one report as a process of its own."""
    file = data / f"{kind}.{file_format}"
    command = [str(QUIZAPP), "report", kind, "--class", handle, "--format", file_format, "-o", str(file)]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | {"QUIZAPP_DATA_DIR": str(data)})
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"quizapp report {kind} --format {file_format} failed")
    size = file.stat().st_size
    rows = sum(1 for _ in file.open("rb")) if file_format in ("csv", "json") else 0
    file.unlink()
    told = {"kind": kind, "format": file_format, "seconds": round(seconds, 1)}
    told["processor_seconds"] = round(usage.ru_utime + usage.ru_stime, 1)
    return told | {"peak_mb": round(usage.ru_maxrss / 1024), "lines": rows, "size_mb": round(size / 1e6, 1)}


def main() -> None:
    """Measure, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=1_000)
    parser.add_argument("--answers", type=int, default=1_000)
    parser.add_argument("--formats", default="csv,json")
    parser.add_argument("--kinds", default="responses,students,items")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        url = f"sqlite:///{data / 'quizapp.db'}"
        upgrade(url)
        database = Database(url)
        handle = make_class(database, options.students, options.answers)
        database.dispose()
        wanted = [(kind, each) for kind in options.kinds.split(",") for each in options.formats.split(",")]
        told = [measure(data, handle, kind, each) for kind, each in wanted]
    print(json.dumps({"answers": options.students * options.answers, "reports": told}, indent=2))


if __name__ == "__main__":
    main()

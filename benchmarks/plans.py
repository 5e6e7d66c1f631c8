"""How long a class's plan takes at its first view of the day, when nothing of it is kept yet.

    python benchmarks/plans.py [--students 40] [--cards 1000] [--days 60] [--rounds 5]

A class in an SQLite database, each student with a memory of their own of between a tenth and nine tenths of the cards.
Every round works the plan out anew for all of them, as the first look at the page does. The digest is that of all
figures: it tells whether a faster way gives the same plan. Times move with the machine; processor time moves less.
"""

import sys

sys.path = sys.path[1:]  # this folder, whose http.py is not the one that others mean

import argparse
import hashlib
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.learning.examdraft import TypedPlan
from quizapp.core.learning.memory import MemoryState, Phase
from quizapp.services import accounts, classes, plans
from quizapp.services.accounts import Role
from quizapp.services.classes import TaughtClass
from quizapp.services.library import InputFile, load_files
from quizapp.services.plans_class import view_class_plan
from quizapp.services.rules import make_school_rules
from quizapp.settings import Settings
from quizapp.store import states
from quizapp.store.engine import Database
from quizapp.store.migrate import upgrade
from quizapp.store.tables import CardRow, CardStateRow, ClassMemberRow, LearnerRow, table_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSWORD = "three grey herons"  # noqa: S105 - to measure with


def _make_files(cards: int) -> tuple[InputFile, InputFile]:
    text = "---\nid: herons\ntitle: Herons\nlanguage: en\nkind: article\n---\n\nThe heron stands in the water.\n"
    lines = ["format: 1\nid: herons\ntitle: Herons\nlanguage: en\ntheme: nature\nsources: [herons]\ncards:"]
    for number in range(cards):
        lines += [f"  - id: c{number}", "    type: short", f"    prompt: Which bird stands in lake {number}?"]
        lines += ["    answer: heron", "    citations: [{source: herons, paragraph: 1, quote: The heron stands}]"]
    return InputFile("herons.md", text.encode()), InputFile("herons.yaml", "\n".join(lines).encode())


def _add_student(
    session: Session, taught: TaughtClass, number: int, cards: list[tuple[int, int]], dice: Random
) -> None:
    learner_row, joined = table_of(LearnerRow), NOW - timedelta(days=90)
    new = sa.insert(learner_row).values(handle=str(uuid.UUID(int=number)), created_at=joined, choices="")
    learner = session.execute(new.returning(learner_row.c.id)).scalar_one()
    member = {"class_id": taught.id, "learner_id": learner, "pseudonym": f"Heron {number}", "joined_at": joined}
    names = {"first_name": "Ann", "last_name": f"Lee {number}", "external_id": "", "email": "", "left_at": None}
    session.execute(sa.insert(table_of(ClassMemberRow)).values(member | names))
    rows = []
    for deck, card in dice.sample(cards, dice.randint(len(cards) // 10, len(cards) * 9 // 10)):
        last = NOW - timedelta(days=dice.randint(1, 30))
        stability, reps = dice.uniform(0.5, 60), dice.randint(1, 9)
        due = last + timedelta(days=max(round(stability), 1))
        state = MemoryState(Phase.REVIEW, None, stability, dice.uniform(1, 10), due, last, reps, 0)
        values = {name: getattr(state, name) for name in states.STATE_FIELDS}
        queue = states.queue_of(state, retired=False)
        rows.append({"learner_id": learner, "deck_id": deck, "card_id": card, "queue": queue} | values)
    session.execute(sa.insert(table_of(CardStateRow)), rows)


def measure(folder: Path, students: int, cards: int, days: int, rounds: int) -> None:
    """Make the class, and work its plan out so many times."""
    settings = Settings(data_dir=folder, secret_key=uuid.UUID(int=1).hex)
    upgrade(settings.resolved_database_url)
    database, dice = Database(settings.resolved_database_url), Random(1)  # noqa: S311 - no secret
    rules = make_school_rules(settings.zone, settings.day_start, settings.find_secret())
    source, deck = _make_files(cards)
    with database.writing() as session:
        assert not load_files(session, [source], [deck], NOW).problems
        alice = accounts.add_user(session, "Alice", Role.TEACHER, PASSWORD, NOW)
        taught = classes.create_class(session, alice, "Year 7", NOW)
    with database.writing() as session:
        card = table_of(CardRow).c
        found = [(row[0], row[1]) for row in session.execute(sa.select(card.deck_id, card.id).order_by(card.id))]
        for number in range(students):
            _add_student(session, taught, number, found, dice)
        session.commit()
    exam = (NOW + timedelta(days=days)).date().isoformat()
    typed = TypedPlan(title="Herons", day=exam, recall="90", minutes_per_day="20", new_per_day="10", decks=("herons",))
    key = str(uuid.UUID(int=2))
    with database.writing() as session:
        handle = plans.create_plan(session, alice, typed, rules, NOW, class_handle=taught.handle, key=key)
    waits, worked, digest = list[float](), list[float](), ""
    for _ in range(rounds):
        with database.reading() as session:
            plan = plans.load_plan(session, alice, handle)
            start, busy = time.perf_counter(), time.process_time()
            seen = view_class_plan(session, plan, alice, rules, rules, NOW)
            waits.append(time.perf_counter() - start)
            worked.append(time.process_time() - busy)
        digest = hashlib.sha256(repr([one.outline for one in seen.changed]).encode()).hexdigest()[:12]
    print(f"{students} students, {cards:,} cards, an exam in {days} days: first view {median(waits):.2f} s")
    print(f"processor time {median(worked):.2f} s, best {min(worked):.2f} s; digest of the plans {digest}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name, usual in (("students", 40), ("cards", 1_000), ("days", 60), ("rounds", 5)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), options.students, options.cards, options.days, options.rounds)


if __name__ == "__main__":
    main()

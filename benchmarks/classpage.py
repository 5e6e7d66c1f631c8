"""How long the page of a class and the map of its text take, beside Anki's graphs over as many reviews.

    python benchmarks/classpage.py [--students 1000] [--reviews 1000000] [--rounds 15]

Two classes with a year of answers in one SQLite database: an ordinary one, of 40 students with 400 cards and 4,000
answers each, and a large one, which shares so many reviews among so many students. The histories are those that the
memory model makes; they are written in bulk. Each page is asked for through the WSGI app, signed in as the teacher, so
that the time is the server's: sign-in looked up, page made, nothing kept from the time before. Anki's library, on as
many reviews of as many cards, makes its graphs in turns with it, over all reviews and over those of a year, so that
whatever else the machine does weighs on both; what ends sooner counts. It needs .venv-bench (``make bench`` makes it)
and is left out, with a word, where that is missing. Times move with the machine: the ratios count.
"""

import sys

sys.path = sys.path[1:]  # this folder, whose http.py is not the one that others mean

import argparse
import json
import re
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session

from quizapp.app import create_app
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.core.learning.scheduling import Scheduler
from quizapp.services import accounts, classes
from quizapp.services.accounts import Role, Viewer
from quizapp.services.library import InputFile, load_files
from quizapp.services.rules import make_school_rules
from quizapp.settings import Settings
from quizapp.store import states
from quizapp.store.engine import Database
from quizapp.store.migrate import upgrade
from quizapp.store.tables import (
    CardRevisionRow,
    CardRow,
    CardStateRow,
    ClassMemberRow,
    FitRow,
    LearnerRow,
    ReviewRow,
    table_of,
)

ANKI = Path(".venv-bench/bin/python")
PASSWORD = "three grey herons"  # noqa: S105 - to measure with
NOW = datetime.now(UTC)
DECKS, CARDS_EACH, SENTENCES = 4, 100, 5
YEAR = 365
WRONG = ("a stork", "a crane", "an egret", "a bittern", "two herons")
_KNOWN = 0.88
_POOL = 2_000
_FITTED = 0.1
"""The share of students who study with parameters of their own."""
_MEMBER_SINCE = NOW - timedelta(days=YEAR + 1)


def _make_texts() -> tuple[InputFile, list[InputFile]]:
    """A text of 400 sentences, and decks whose cards ask one sentence each."""
    head = "---\nid: herons\ntitle: Herons\nlanguage: en\nkind: article\n---\n\n"
    every = [f"Heron number {n} stands in the water of lake {n} and waits." for n in range(DECKS * CARDS_EACH)]
    text = "\n\n".join(" ".join(every[at : at + SENTENCES]) for at in range(0, len(every), SENTENCES))
    decks = []
    for deck in range(DECKS):
        lines = [f"format: 1\nid: deck-{deck}\ntitle: Herons, part {deck + 1}\nlanguage: en\ntheme: nature"]
        lines.append("sources: [herons]\ncards:")
        for n in range(deck * CARDS_EACH, (deck + 1) * CARDS_EACH):
            lines += [f"  - id: c{n}", "    type: short", f"    prompt: Which bird stands in lake {n}?"]
            lines += [f"    answer: heron number {n}", "    explanation: The text says so."]
            quote = f"Heron number {n} stands"
            lines.append(f"    citations: [{{source: herons, paragraph: {n // SENTENCES + 1}, quote: {quote}}}]")
        decks.append(InputFile(f"deck-{deck}.yaml", "\n".join(lines).encode()))
    return InputFile("herons.md", (head + text + "\n").encode()), decks


@dataclass(frozen=True, slots=True)
class History:
    """The reviews of a card: when, the rating, and the state after each; by the memory model."""

    reviews: tuple[tuple[datetime, Rating, MemoryState], ...]


def _make_history(scheduler: Scheduler, count: int, dice: Random) -> History:
    """So many reviews within a year: begun at some day, and come back to when due, or later."""
    at, state, reviews = NOW - timedelta(days=dice.randint(3, YEAR)), None, []
    while len(reviews) < count and at < NOW:
        known = dice.random() < (_KNOWN if state else 0.5)
        rating = Rating.GOOD if known else Rating.AGAIN
        state = scheduler.review(state, rating, at)
        reviews.append((at, rating, state))
        room = (NOW - at) / max(count - len(reviews) + 1, 1)
        at = min(max(state.due, at + timedelta(minutes=1)), at + room) + timedelta(minutes=dice.randint(1, 600))
    return History(tuple(reviews))


class School:
    """A database with two classes, their teacher, and the app before it."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(data_dir=folder, secret_key=uuid.uuid4().hex)
        upgrade(settings.resolved_database_url)
        self.database = Database(settings.resolved_database_url)
        self.rules = make_school_rules(settings.zone, settings.day_start, settings.find_secret())
        self.dice = Random(1)  # noqa: S311 - no secret
        source, decks = _make_texts()
        with self.database.writing() as session:
            assert not load_files(session, [source], decks, _MEMBER_SINCE).problems
            self.alice: Viewer = accounts.add_user(session, "Alice", Role.TEACHER, PASSWORD, NOW)
        card, revision = table_of(CardRow).c, table_of(CardRevisionRow).c
        with self.database.reading() as session:
            found = sa.select(card.deck_id, card.id, revision.id).join(
                table_of(CardRevisionRow), revision.card_id == card.id
            )
            self.cards = [tuple(row) for row in session.execute(found.order_by(card.id))]
        self.client = create_app(settings, self.database).test_client()
        self._sign_in(self.client)

    def _sign_in(self, client: FlaskClient) -> None:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', client.get("/sign-in").text)
        assert token
        fields = {"csrf_token": token[1], "name": "Alice", "password": PASSWORD}
        assert client.post("/sign-in", data=fields).status_code == 303

    def add_class(self, name: str, students: int, cards: int, reviews: int) -> str:
        """A class whose students each know so many cards from so many reviews; gives its handle."""
        pool = [_make_history(self.rules.scheduler, reviews // cards, self.dice) for _ in range(_POOL)]
        with self.database.writing() as session:
            taught = classes.create_class(session, self.alice, name, _MEMBER_SINCE)
        with self.database.writing() as session:
            for number in range(students):
                learner = self._add_student(session, taught.id, number)
                self._fill(session, learner, self.dice.sample(self.cards, cards), pool)
            session.commit()
        with closing(self.database.engine.raw_connection()) as connection:  # as after a night, not after an import
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return taught.handle

    def _add_student(self, session: Session, class_id: int, number: int) -> int:
        handle = str(uuid.UUID(int=self.dice.getrandbits(128)))
        learner: int = session.execute(
            sa.insert(table_of(LearnerRow))
            .values(handle=handle, created_at=_MEMBER_SINCE, choices="")
            .returning(table_of(LearnerRow).c.id)
        ).scalar_one()
        names = {"first_name": f"First {number}", "last_name": f"Last {number % 97}", "external_id": f"S{number}"}
        fixed = {"email": "", "pseudonym": f"Pseudonym {number}", "joined_at": _MEMBER_SINCE, "left_at": None}
        member = {"class_id": class_id, "learner_id": learner}
        session.execute(sa.insert(table_of(ClassMemberRow)).values(member | names | fixed))
        if self.dice.random() < _FITTED:
            self._fit(session, learner)
        return learner

    def _fit(self, session: Session, learner: int) -> None:
        parameters = list(self.rules.scheduler.settings.parameters)
        parameters[-1] = round(self.dice.uniform(0.1, 0.4), 4)
        told: dict[str, object] = {"log_loss": 0.3, "log_loss_before": 0.3, "log_loss_average": 0.4, "created_at": NOW}
        row = {"scope": "learner", "subject_id": learner, "outcome": "kept", "parameters": json.dumps(parameters)}
        fit = session.execute(
            sa.insert(table_of(FitRow))
            .values(row | told | {"reviews": 1, "held_out": 1})
            .returning(table_of(FitRow).c.id)
        ).scalar_one()
        learners = table_of(LearnerRow)
        session.execute(sa.update(learners).where(learners.c.id == learner).values(fit_id=fit))

    def _fill(self, session: Session, learner: int, cards: list[tuple[int, int, int]], pool: list[History]) -> None:
        """The answers of one student, and the states that they lead to, in bulk."""
        held, log = [], []
        for deck, card, revision in cards:
            history = self.dice.choice(pool)
            for at, rating, after in history.reviews:
                log.append((at, self._tell(rating, at) | {"deck_id": deck, "card_id": card, "revision_id": revision}))
                log[-1][1]["state_after"] = log[-1][1]["state_before"] = after.to_json()
            state = history.reviews[-1][2]
            values = {name: getattr(state, name) for name in states.STATE_FIELDS}
            held.append({"deck_id": deck, "card_id": card, "queue": states.queue_of(state, retired=False)} | values)
        log.sort(key=lambda one: one[0])
        whose = {"learner_id": learner}
        rows = [row | whose | {"seq": seq} for seq, (_, row) in enumerate(log, 1)]
        session.execute(sa.insert(table_of(ReviewRow)), rows)
        session.execute(sa.insert(table_of(CardStateRow)), [row | whose for row in held])
        states.recount_learner(session, learner)

    def _tell(self, rating: Rating, at: datetime) -> dict[str, object]:
        right = rating > Rating.AGAIN
        return {
            "key": str(uuid.UUID(int=self.dice.getrandbits(128))),
            "answered_at": at,
            "study_day": self.rules.calendar.day_of(at).toordinal(),
            "response": json.dumps("heron" if right else self.dice.choice(WRONG)),
            "body_digest": "0" * 64,
            "score": float(right),
            "verdict": "right" if right else "wrong",
            "rating": int(rating),
            "confidence": self.dice.choice((None, 1, 2, 3)),
            "shown_ms": self.dice.randint(2_000, 30_000),
            "model": self.rules.scheduler.model,
            "phase_before": "review",
            "interval_before": 3,
        }

    def count_reviews(self) -> int:
        """All reviews there are."""
        with self.database.reading() as session:
            return int(session.execute(sa.select(sa.func.count()).select_from(table_of(ReviewRow))).scalar_one())

    def ask(self, path: str) -> float:
        """Seconds for a page."""
        start = time.perf_counter()
        response = self.client.get(path)
        data = response.get_data()
        seconds = time.perf_counter() - start
        assert response.status_code == 200, data[:500]
        return seconds


@contextmanager
def _anki(folder: Path, cards: int, reviews: int) -> Iterator[subprocess.Popen[str] | None]:
    if not ANKI.exists():
        print("Anki is not there to be measured beside: `make bench` installs it into .venv-bench.")
        yield None
        return
    script = Path(__file__).with_name("peers") / "anki_graphs.py"
    command = [str(ANKI), str(script), str(folder), str(cards), str(reviews)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        yield child
        child.terminate()


def _ask_anki(child: subprocess.Popen[str], what: str) -> float:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{what}\n")
    child.stdin.flush()
    return float(child.stdout.readline())


def _list_pages(handle: str) -> dict[str, str]:
    text = f"/classes/{handle}/texts/herons"
    return {
        "class page": f"/classes/{handle}/today",
        "class page by signs": f"/classes/{handle}/today?sort=signs",
        "map": text,
        "map, a sentence open": f"{text}?at=3.2",
        "to teach again": f"{text}/again",
    }


def measure(school: School, handles: dict[str, str], anki: subprocess.Popen[str] | None, rounds: int) -> None:
    """All pages of all classes and Anki's graphs, in turns."""
    pages = {(name, page): path for name, handle in handles.items() for page, path in _list_pages(handle).items()}
    times: dict[tuple[str, str], list[float]] = {key: [] for key in pages}
    graphs: dict[str, list[float]] = {"all": [], "year": []}
    for number in range(rounds + 1):
        for key, path in pages.items():
            times[key].append(school.ask(path))
        for what, waits in graphs.items():
            if anki is not None:
                waits.append(_ask_anki(anki, what))
        if not number:  # the first is to warm up
            for waits in (*times.values(), *graphs.values()):
                waits.clear()
    beside = min(median(waits) for waits in graphs.values()) if anki is not None else None
    for what, waits in graphs.items():
        if waits:
            print(f"Anki's graphs, {what}: {median(waits) * 1e3:,.0f} ms")
    for (name, page), waits in times.items():
        ratio = f", {median(waits) / beside:.2f} times Anki's graphs" if beside else ""
        p95 = quantiles(waits, n=20)[-1] if len(waits) > 1 else waits[0]
        print(f"{name}, {page}: {median(waits) * 1e3:,.0f} ms, p95 {p95 * 1e3:,.0f} ms{ratio}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--students", type=int, default=1_000)
    parser.add_argument("--reviews", type=int, default=1_000_000)
    parser.add_argument("--cards", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        school = School(Path(folder))
        large = school.add_class("Large", options.students, options.cards, options.reviews // options.students)
        print(f"{options.students:,} students with {school.count_reviews():,} reviews", flush=True)
        ordinary = school.add_class("Ordinary", 40, 400, 4_000)
        with _anki(Path(folder), options.students * options.cards, options.reviews) as anki:
            measure(school, {"40 students": ordinary, "the large class": large}, anki, options.rounds)


if __name__ == "__main__":
    main()

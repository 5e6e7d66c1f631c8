"""How fast answers are graded, scheduled and made durable, beside Anki; and what a million states cost.

    python benchmarks/memory.py [--states 10000 100000 1000000] [--fits 10000 100000 1000000] [--chunk 200] [--rounds 9]

Both write with ``synchronous=FULL``. Anki answers in turns with Quizapp, a chunk each, so that whatever else goes on
weighs on both; it needs .venv-bench (``make bench`` makes it) and is left out, with a word, where that is missing.
One deck and one learner hold all states; a third of the cards is due. Times move with the machine: the ratios count.
"""

import sys

sys.path = [*sys.path[1:], sys.path[0]]  # this folder last: its http.py is not the one that others mean

import argparse
import random
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from herons import SOURCE
from sqlmodel import Session

from quizapp.core.learning.fitting import fit_parameters
from quizapp.core.learning.histories import collect_histories, list_usual_items
from quizapp.core.learning.memory import MemoryState, Phase, Rating, to_millis
from quizapp.core.learning.reviewlog import LoggedReview
from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings, recall_after
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.services import accounts, asking, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.library import InputFile, load_files
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store import states
from quizapp.store.engine import Database
from quizapp.store.migrate import upgrade
from quizapp.store.tables import CardRevisionRow, CardRow, CardStateRow, ReviewRow, table_of

ANKI = Path(".venv-bench/bin/python")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CALENDAR = StudyCalendar(ZoneInfo("Europe/Berlin"))
RULES = StudyRules(Scheduler(SchedulerSettings(), CALENDAR), CALENDAR, b"only to measure with, no secret")
DECK = """\
format: 1
id: deck
title: Herons
language: en
theme: nature
sources: [herons]
cards:
  - id: c0
    type: short
    prompt: Which bird stands in the water?
    answer: heron
    explanation: The text says so.
    citations: [{source: herons, paragraph: 1, quote: The grey heron}]
"""
_BATCH = 10_000


class Desk:
    """A database with one deck, one learner, and so many states; a third of the cards is due."""

    def __init__(self, folder: Path, count: int) -> None:
        url = f"sqlite:///{folder / f'{count}.db'}"
        upgrade(url)
        self.database, self.count, self.asked = Database(url), count, 0
        with self.database.writing() as session:
            files = [InputFile("herons.md", SOURCE.encode())], [InputFile("deck.yaml", DECK.encode())]
            assert not load_files(session, *files, NOON).problems
            self.bob: Viewer = accounts.add_user(session, "Bob", Role.STUDENT, "three grey herons", NOON)
        with self.database.writing() as session:
            self._fill(session)
            session.commit()

    def _fill(self, session: Session) -> None:
        dice = random.Random(7)  # noqa: S311 - no secret
        body = session.execute(sa.select(table_of(CardRevisionRow).c.body)).scalar_one()
        for start in range(0, self.count, _BATCH):
            numbers = range(start + 1, min(start + _BATCH, self.count) + 1)
            cards = [{"id": n + 1, "deck_id": 1, "slug": f"c{n}", "position": n + 1, "revision": 1} for n in numbers]
            session.execute(sa.insert(table_of(CardRow)), cards)
            shared = {"number": 1, "format": 1, "type": "short", "digest": "0" * 64, "created_at": NOON}
            revisions = [{"id": n + 1, "card_id": n + 1, "body": body, **shared} for n in numbers]
            session.execute(sa.insert(table_of(CardRevisionRow)), revisions)
            made = [self._make_state(dice) for _ in numbers]
            rows = [
                {"learner_id": self.bob.learner_id, "card_id": n + 1, "deck_id": 1, "queue": states.REVIEWS}
                | {name: getattr(state, name) for name in states.STATE_FIELDS}
                for n, state in zip(numbers, made, strict=True)
            ]
            session.execute(sa.insert(table_of(CardStateRow)), rows)
            session.execute(
                sa.insert(table_of(ReviewRow)), [self._log(n, s) for n, s in zip(numbers, made, strict=True)]
            )
        states.recount_deck(session, 1)

    def _make_state(self, dice: random.Random) -> MemoryState:
        interval = dice.randint(5, 120)
        due = CALENDAR.start_of((NOON + timedelta(days=dice.randint(-interval // 2, interval - 1))).date())
        return MemoryState(Phase.REVIEW, None, float(interval), 5.0, due, due - interval * DAY, reps=3, lapses=0)

    def _log(self, number: int, state: MemoryState) -> dict[str, object]:
        return {
            "learner_id": self.bob.learner_id,
            "key": str(uuid.UUID(int=number)),
            "seq": number,
            "deck_id": 1,
            "card_id": number + 1,
            "revision_id": number + 1,
            "answered_at": state.last_review,
            "study_day": CALENDAR.day_of(state.last_review).toordinal(),
            "response": '"heron"',
            "body_digest": "0" * 64,
            "score": 1.0,
            "verdict": "right",
            "rating": 3,
            "model": RULES.scheduler.model,
            "phase_before": "learning",
            "state_before": state.to_json(),
            "state_after": state.to_json(),
        }

    def answer(self, count: int) -> float:
        """Seconds for so many answers, each in a transaction of its own, to cards that are due or not."""
        start = time.perf_counter()
        for _ in range(count):
            self.asked += 1
            with self.database.writing() as session:
                answer = Submission("deck", f"c{self.asked}", 1, "heron")
                study.answer_card(session, self.bob, answer, str(uuid.uuid4()), RULES, NOON)
        return time.perf_counter() - start

    def ask(self, count: int) -> float:
        """Seconds for finding the next card so many times."""
        start = time.perf_counter()
        for _ in range(count):
            with self.database.reading() as session:
                asking.next_question(session, "deck", self.bob, RULES, NOON)
        return time.perf_counter() - start


@contextmanager
def _anki(folder: Path, notes: int) -> Iterator[subprocess.Popen[str] | None]:
    if not ANKI.exists():
        print("Anki is not there to be measured beside: `make bench` installs it into .venv-bench.")
        yield None
        return
    script = Path(__file__).with_name("peers") / "anki_answers.py"
    command = [str(ANKI), str(script), str(folder), str(notes)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        yield child
        child.terminate()


def _ask_anki(child: subprocess.Popen[str], count: int) -> float:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{count}\n")
    child.stdin.flush()
    return float(child.stdout.readline())


def measure_answers(folder: Path, sizes: Sequence[int], chunk: int, rounds: int) -> None:
    """Answers a second and the time of a next card, for each number of states, in turns."""
    desks = [Desk(folder, size) for size in sizes]
    with _anki(folder, chunk * (rounds + 2)) as child:
        for desk in desks:  # once to warm up
            desk.answer(chunk)
            desk.ask(chunk)
        answers: list[list[float]] = [[] for _ in desks]
        asks: list[list[float]] = [[] for _ in desks]
        anki: list[float] = []
        for _ in range(rounds):
            if child is not None:
                anki.append(_ask_anki(child, chunk))
            for desk, times, waits in zip(desks, answers, asks, strict=True):
                times.append(desk.answer(chunk))
                waits.append(desk.ask(chunk))
    beside = median(anki) if anki else None
    if beside:
        print(f"Anki answer_card, synchronous=FULL: {chunk / beside:,.0f} answers a second")
    for desk, times, waits in zip(desks, answers, asks, strict=True):
        ratio = f", {beside / median(times):.2f} times Anki" if beside else ""
        print(f"{desk.count:>9,} states: {chunk / median(times):,.0f} answers a second{ratio}", end="; ")
        print(
            f"next card in {median(waits) / chunk * 1e3:.2f} ms, {median(waits) / median(asks[0]):.2f} times the first"
        )


def _make_log(count: int, seed: int) -> list[LoggedReview]:
    """Reviews of a made-up learner whose memory is that of the default parameters."""
    dice, log = random.Random(seed), []  # noqa: S311 - no secret
    number = 0
    while len(log) < count:
        number += 1
        state, now = None, NOON + timedelta(days=dice.randint(0, 300))
        for _ in range(dice.randint(3, 12)):
            elapsed = 0 if state is None else (now - state.last_review).days
            known = state is None or dice.random() < recall_after(elapsed, state.stability)
            rating = Rating.GOOD if known else Rating.AGAIN
            state = RULES.scheduler.review(state, rating, now)
            log.append(LoggedReview(f"c{number}", to_millis(now), rating, 8_000))
            now = state.due + timedelta(hours=dice.randint(0, 60))
    return sorted(log[:count], key=lambda review: review.at)


def measure_fits(sizes: Sequence[int]) -> None:
    """Seconds for fitting parameters to so many reviews."""
    for size in sizes:
        log = _make_log(size, 7)
        start = time.perf_counter()
        histories = collect_histories(log, CALENDAR)
        fit_parameters(histories, list_usual_items(histories), seed=b"seed")
        print(f"{size:>9,} reviews fitted in {time.perf_counter() - start:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--states", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--fits", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--chunk", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.states:
            measure_answers(Path(folder), options.states, options.chunk, options.rounds)
    measure_fits(options.fits)


if __name__ == "__main__":
    main()

"""Alice's class with a little history, and short words for more of it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.core.assessments.answers import Given
from quizapp.core.assessments.plan import Plan
from quizapp.core.assessments.saving import Stamp
from quizapp.core.assessments.timing import Window
from quizapp.core.assignments.draft import TypedAssignment
from quizapp.core.learning.presentation import AskedCard
from quizapp.core.reports import texts
from quizapp.core.reports.columns import Value
from quizapp.core.reports.model import Report
from quizapp.services import classes, jobs, study, working
from quizapp.services.accounts import Role, Viewer
from quizapp.services.assessments import editing, finishing, sitting
from quizapp.services.assessments.editing import Draft
from quizapp.services.assessments.sitting import Save
from quizapp.services.assignments.editing import create_assignment
from quizapp.services.classes import TaughtClass
from quizapp.services.reports import filing, filing_work
from quizapp.services.reports.making import make_report
from quizapp.services.rules import StudyRules
from quizapp.services.study import Submission
from quizapp.store.engine import Database
from quizapp.store.tables import ClassMemberRow, table_of

SEED = bytes(range(16))
CARDS = ("birds/height", "birds/food", "birds/winter", "birds/legs", "birds/waiting", "birds/sequence", "birds/seasons")
_CARD_OF_TYPE = {"choice": "height", "multiple": "food", "truefalse": "winter", "short": "legs"} | {
    "cloze": "waiting",
    "order": "sequence",
    "match": "seasons",
}


def _type_in(asked: AskedCard, response: Any) -> Any:
    if asked.type == "order":
        return [str(list(response).index(item) + 1) for item in asked.options]
    return str(response).lower() if asked.type == "truefalse" else response


@dataclass
class Room:
    """A class room: the class as its teacher has it before her, and what happens in it."""

    database: Database
    rules: StudyRules
    alice: Viewer
    taught: TaughtClass
    noon: datetime
    add_user: Callable[..., Viewer]

    def enrol(self, account: str, **listed: str) -> Viewer:
        """A student of the class, with what the school's list says."""
        viewer = self.add_user(account)
        member = table_of(ClassMemberRow)
        with self.database.writing() as session:
            classes.add_member(session, self.taught, viewer.learner_id, viewer.handle, self.noon)
            if listed:
                this = member.c.learner_id == viewer.learner_id
                session.execute(sa.update(member).where(this).values(**listed))
                session.commit()
        return viewer

    def answer(self, who: Viewer, card: str, *, right: bool = True, hours: float = 1, **more: Any) -> str:
        """An answer in study, so many hours after noon; gives its key."""
        response = more.pop("response", (samples.RIGHT if right else samples.WRONG)[card])
        submission = Submission("birds", card, 1, response, **more)
        key = str(uuid.uuid4())
        with self.database.writing() as session:
            study.answer_card(session, who, submission, key, self.rules, self.noon + timedelta(hours=hours))
        return key

    def assign(self, title: str, due_days: int) -> None:
        """Ask the class to study the deck until some days from now."""
        dates = {
            "opens": f"{self.noon:%Y-%m-%dT%H:%M}",
            "due": f"{self.noon + timedelta(days=due_days):%Y-%m-%dT%H:%M}",
        }
        typed = TypedAssignment(title=title, kind="study", decks=("birds",), closes="", whom="class", **dates)
        with self.database.writing() as session:
            create_assignment(
                session, self.alice, self.taught.handle, typed, self.rules, self.noon, key=str(uuid.uuid4())
            )

    def assign_test(self, test: str, **whom: Any) -> None:
        """Give a test to some of the class."""
        typed = TypedAssignment(title="", kind="test", test=test, **whom)
        with self.database.writing() as session:
            create_assignment(
                session, self.alice, self.taught.handle, typed, self.rules, self.noon, key=str(uuid.uuid4())
            )

    def set_test(
        self, title: str = "Herons", window: Window | None = None, *, after_hours: float = 0, **plan: Any
    ) -> str:
        """A published test of all birds; gives its handle."""
        draft = Draft(title, Plan(cards=plan.pop("cards", CARDS), **plan), window or Window(), self.taught.handle)
        with self.database.writing() as session:
            handle = editing.create_test(session, self.alice, draft, self.noon)
            editing.publish_test(session, self.alice, handle, self.noon + timedelta(hours=after_hours))
        return handle

    def begin(self, who: Viewer, test: str, *, hours: float = 1) -> str:
        """Begin an attempt; gives its handle."""
        with self.database.reading() as session:
            drawn = sitting.draw_attempt(session, who, test, SEED, self.rules)
        with self.database.writing() as session:
            return sitting.begin_attempt(session, who, test, drawn, self.noon + timedelta(hours=hours))

    def fill(
        self, who: Viewer, test: str, attempt: str, *, hours: float = 1, sure: int | None = None, **given: Any
    ) -> None:
        """Answer the questions of an attempt, rightly but as said by card: ``legs="blue"``; None leaves one out."""
        with self.database.reading() as session:
            held = sitting.view_sitting(session, who, test, attempt)
        assert held is not None
        saves = []
        for number, question in enumerate(held.questions, start=1):
            card = _CARD_OF_TYPE[question.asked.type]
            response = given.get(card, samples.RIGHT[card])
            if response is None:
                continue

            def read(asked: AskedCard, response: Any = response) -> Given:
                return Given(_type_in(asked, response), response)

            saves.append(Save(question.position, Stamp("11111111-1111", number, 0), read, sure))
        with self.database.writing() as session:
            sitting.save_answers(session, who, attempt, saves, self.noon + timedelta(hours=hours, minutes=5))

    def sit(self, who: Viewer, test: str, *, hours: float = 1, sure: int | None = None, **given: Any) -> str:
        """A whole attempt of ten minutes; gives its handle."""
        attempt = self.begin(who, test, hours=hours)
        self.fill(who, test, attempt, hours=hours, sure=sure, **given)
        with self.database.writing() as session:
            sitting.hand_in(session, who, test, attempt, self.noon + timedelta(hours=hours, minutes=10))
        return attempt

    def count(self, who: Viewer) -> None:
        """Put the answers of finished attempts into the log of reviews, as looking at a page does."""
        now = self.noon + timedelta(days=2)
        with self.database.writing() as session:
            untidy = finishing.list_untidy_of_learner(session, who.learner_id, now)
            session.rollback()
            for assessment, attempt in untidy:
                finishing.tidy_attempt(session, assessment, attempt, self.rules, now)

    def leave(self, who: Viewer, *, hours: float) -> None:
        """A student leaves the class."""
        with self.database.writing() as session:
            classes.leave(session, who, self.taught.handle, self.noon + timedelta(hours=hours))

    def tell(
        self, kind: str, *, sort: str = "", as_stranger: bool = False, days: int = 2
    ) -> tuple[Report, list[dict[str, Value]]]:
        """A report some days later, with its rows by column."""
        taught = replace(self.taught, pseudonymous=True, sees_names=False) if as_stranger else self.taught
        with self.database.reading() as session:
            report = make_report(session, taught, kind, self.rules, self.noon + timedelta(days=days), sort=sort)
            names = [column.name for column in report.columns]
            rows = list(report.rows)
            assert all(len(row) == len(names) for row in rows)
            return report, [dict(zip(names, row, strict=True)) for row in rows]


@pytest.fixture
def room(
    library_database: Database,
    library_add_user: Callable[..., Viewer],
    rules: StudyRules,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> Room:
    """Alice and her class, without students."""
    monkeypatch.setattr("quizapp.services.accounts.hash_password", str)  # nobody signs in here, and hashing is slow
    alice = library_add_user("Alice", Role.TEACHER)
    with library_database.writing() as session:
        taught = classes.create_class(session, alice, "Herons 8b", noon)
    return Room(library_database, rules, alice, taught, noon, library_add_user)


@pytest.fixture
def bob(room: Room) -> Viewer:
    """A student with everything in the school's list."""
    return room.enrol("bob", first_name="Bob", last_name="Young", external_id="1001", email="bob@school.example")


class Desk:
    """Alice at her desk, some days after noon; and the working process."""

    def __init__(self, room) -> None:
        self.room, self.now = room, room.noon + timedelta(days=2)

    def ask(self, kind="responses", file_format="csv", who=None, **more) -> str:
        with self.room.database.writing() as session:
            who = who or self.room.alice
            return filing.ask(session, who, self.room.taught.handle, kind, file_format, self.now, **more)

    def work(self, say_in=lambda _: str) -> None:
        kinds = working.list_kinds(self.room.database, self.room.rules, lambda: self.now, say_in)
        with self.room.database.writing() as session:
            for kind, subject in filing_work.find_due(session, self.now):
                jobs.enqueue(session, kind, subject, self.now)
            session.commit()
        while jobs.run_next(self.room.database, kinds, lambda: self.now) is not None:
            pass

    def load(self, who=None):
        with self.room.database.reading() as session:
            return classes.load_taught_class(session, who or self.room.alice, self.room.taught.handle)

    def lines(self, who=None):
        with self.room.database.reading() as session:
            return filing.list_lines(session, who or self.room.alice, self.load(who), self.now)

    def open(self, handle, who=None):
        with self.room.database.reading() as session:
            return filing.open_file(session, who or self.room.alice, self.load(who), handle, self.now)

    def read(self, handle, who=None) -> bytes:
        with self.room.database.reading() as session:
            return b"".join(filing.read_file(session, self.open(handle, who)))

    def remove(self, handle, who=None) -> None:
        with self.room.database.writing() as session:
            filing.remove(session, who or self.room.alice, self.room.taught.handle, handle, self.now)

    def count(self, model) -> int:
        with self.room.database.reading() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(table_of(model)))

    def change(self, model, **values) -> None:
        with self.room.database.writing() as session:
            session.execute(sa.update(table_of(model)).values(**values))
            session.commit()


@pytest.fixture
def desk(room, bob, monkeypatch) -> Desk:
    """Bob has answered, and files are in pieces of a few bytes."""
    monkeypatch.setattr(filing_work, "PIECE", 100)
    monkeypatch.setattr(texts, "_PIECE", 100)
    for card in ("height", "food", "winter"):
        room.answer(bob, card)
    return Desk(room)

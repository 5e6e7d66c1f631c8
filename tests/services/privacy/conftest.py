"""Alice's class: what its students do in it, and everything the database holds afterwards."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.core.assessments.answers import Given
from quizapp.core.assessments.plan import Plan
from quizapp.core.assessments.saving import Stamp
from quizapp.core.assessments.timing import Window
from quizapp.services import classes, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.assessments import editing, finishing, sitting
from quizapp.services.assessments.editing import Draft
from quizapp.services.assessments.sitting import Save
from quizapp.services.classes import TaughtClass
from quizapp.services.library import InputFile, load_files
from quizapp.services.reports.making import make_report
from quizapp.services.rules import StudyRules
from quizapp.services.study import Submission
from quizapp.store.engine import Database
from quizapp.store.tables import ClassMemberRow, SQLModel, table_of

SEED = bytes(range(16))
CARDS = ("birds/height", "birds/legs", "birds/waiting")


@dataclass
class Room:
    """A class, its teacher, and what happens in it."""

    database: Database
    rules: StudyRules
    alice: Viewer
    taught: TaughtClass
    noon: datetime
    add_user: Callable[..., Viewer]

    def enrol(self, account: str, taught: TaughtClass | None = None, **listed: str) -> Viewer:
        """A student of the class, with what the school's list says."""
        viewer = self.add_user(account)
        self.put_in(viewer, taught or self.taught, **listed)
        return viewer

    def put_in(self, viewer: Viewer, taught: TaughtClass, **listed: str) -> None:
        """Put somebody into a class."""
        member = table_of(ClassMemberRow)
        with self.database.writing() as session:
            classes.add_member(session, taught, viewer.learner_id, viewer.handle, self.noon)
            if listed:
                this = (member.c.learner_id == viewer.learner_id) & (member.c.class_id == taught.id)
                session.execute(sa.update(member).where(this).values(**listed))
                session.commit()

    def answer(self, who: Viewer, card: str, response: Any, *, hours: float = 1, **more: Any) -> str:
        """An answer in study, so many hours after noon; gives its key."""
        key = str(uuid.uuid4())
        with self.database.writing() as session:
            given = Submission("birds", card, 1, response, **more)
            study.answer_card(session, who, given, key, self.rules, self.noon + timedelta(hours=hours))
        return key

    def set_test(self, window: Window | None = None, **plan: Any) -> str:
        """A published test; gives its handle."""
        draft = Draft("Herons", Plan(cards=CARDS, **plan), window or Window(), self.taught.handle)
        with self.database.writing() as session:
            handle = editing.create_test(session, self.alice, draft, self.noon)
            editing.publish_test(session, self.alice, handle, self.noon)
        return handle

    def begin(self, who: Viewer, test: str, *, hours: float = 2) -> str:
        """Begin an attempt and answer its questions; gives its handle."""
        moment = self.noon + timedelta(hours=hours)
        with self.database.reading() as session:
            drawn = sitting.draw_attempt(session, who, test, SEED, self.rules)
        with self.database.writing() as session:
            return sitting.begin_attempt(session, who, test, drawn, moment)

    def sit(self, who: Viewer, test: str, *, hours: float = 2, **given: Any) -> str:
        """A whole attempt, rightly but as said by type: ``short="blue"``; gives its handle."""
        attempt = self.begin(who, test, hours=hours)
        right = {"choice": "100 cm", "short": "long", "cloze": ["without", "prey"]} | given
        with self.database.reading() as session:
            held = sitting.view_sitting(session, who, test, attempt)
        assert held is not None
        saves = []
        for number, question in enumerate(held.questions, start=1):
            response = right[question.asked.type]
            stamp = Stamp("11111111-1111", number, 0)
            saves.append(Save(question.position, stamp, lambda _, said=response: Given(said, said), None))
        with self.database.writing() as session:
            sitting.save_answers(session, who, attempt, saves, self.noon + timedelta(hours=hours, minutes=5))
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

    def tell(self, kind: str) -> list[dict[str, object]]:
        """A report a week later, by column."""
        with self.database.reading() as session:
            report = make_report(session, self.taught, kind, self.rules, self.noon + timedelta(days=7))
            names = [column.name for column in report.columns]
            return [dict(zip(names, row, strict=True)) for row in report.rows]

    def find(self, *texts: str) -> list[str]:
        """Where any of these texts stands: in a table, by column, or in the file of the database or its log."""
        found = []
        with self.database.reading() as session:
            for table in SQLModel.metadata.sorted_tables:
                for row in session.execute(sa.select(table)).mappings():
                    cells = ((name, str(value).casefold()) for name, value in row.items())
                    found += [
                        f"{table.name}.{name}" for name, cell in cells for text in texts if text.casefold() in cell
                    ]
        if self.database.engine.dialect.name == "sqlite":
            file = Path(str(self.database.engine.url.database))
            for path in sorted(file.parent.glob(f"{file.name}*")):
                data = path.read_bytes()
                found += [path.name for text in texts if text.encode() in data]
        return found


def _make_room(database: Database, rules: StudyRules, noon: datetime, add_user: Callable[..., Viewer]) -> Room:
    alice = add_user("Alice", Role.TEACHER)
    with database.writing() as session:
        taught = classes.create_class(session, alice, "Herons 8b", noon)
    return Room(database, rules, alice, taught, noon, add_user)


@pytest.fixture
def room(
    library_database: Database, library_add_user: Callable[..., Viewer], rules: StudyRules, noon: datetime
) -> Room:
    """Alice's class, empty, once for each kind of database."""
    return _make_room(library_database, rules, noon, library_add_user)


@pytest.fixture
def small_room(
    sqlite_database: Database, add_sqlite_user: Callable[..., Viewer], rules: StudyRules, noon: datetime
) -> Room:
    """The same on SQLite alone."""
    with sqlite_database.writing() as session:
        load_files(session, [InputFile("herons.md", samples.SOURCE)], [InputFile("birds.yaml", samples.DECK)], noon)
    return _make_room(sqlite_database, rules, noon, add_sqlite_user)

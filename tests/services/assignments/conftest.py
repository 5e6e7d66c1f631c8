"""Alice teaches Herons 8b with Bob in it; Charlie is in another class; Dana teaches elsewhere."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from plumbing import samples

from quizapp.core.assignments.draft import TypedAssignment
from quizapp.services import classes, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.assignments import asked, editing, studying
from quizapp.services.assignments.asked import Asked
from quizapp.services.assignments.studying import StudyStep
from quizapp.services.classes import TaughtClass
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store.assignments_asked import Asking
from quizapp.store.engine import Database


def write_moment(moment: datetime) -> str:
    """A moment as a form holds it, in a school in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M")


class Desk:
    """What a teacher and students do with assignments, each in a session of its own, as in a request."""

    def __init__(
        self, database: Database, rules: StudyRules, alice: Viewer, herons: TaughtClass, noon: datetime
    ) -> None:
        self.database, self.rules, self.alice, self.herons, self.noon = database, rules, alice, herons, noon

    def type(self, **fields: object) -> TypedAssignment:
        """The form of an assignment that opens at noon, is due in a week and closes a week after that."""
        usual: dict[str, object] = {
            "title": "Read about herons",
            "kind": "study",
            "decks": ("birds",),
            "opens": write_moment(self.noon),
            "due": write_moment(self.noon + timedelta(days=7)),
            "closes": write_moment(self.noon + timedelta(days=14)),
            "whom": "class",
        }
        return TypedAssignment(**(usual | fields))  # type: ignore[arg-type]

    def make(self, who: Viewer | None = None, at: datetime | None = None, **fields: object) -> str:
        """Make an assignment; gives its handle."""
        typed, key = self.type(**fields), str(uuid.uuid4())
        with self.database.writing() as session:
            return editing.create_assignment(
                session, who or self.alice, self.herons.handle, typed, self.rules, at or self.noon, key=key
            )

    def look(self, now: datetime, **of: object) -> list[Asked]:
        """Where everybody of the class stands."""
        with self.database.reading() as session:
            return asked.list_asked(session, Asking(**({"class_id": self.herons.id} | of)), now)  # type: ignore[arg-type]

    def standings(self, now: datetime, **of: object) -> list[str]:
        """The same in one word each."""
        return [str(one.standing) for one in self.look(now, **of)]

    def answer(self, who: Viewer, card: str, now: datetime, *, right: bool = True) -> str:
        """Answer a card and give the answer's key."""
        key = str(uuid.uuid4())
        rating = (3 if right else 1) if card == "name" else None
        response = (samples.RIGHT if right else samples.WRONG)[card]
        with self.database.writing() as session:
            submission = Submission("birds", card, 1, response, shown_ms=30_000, rating=rating)
            study.answer_card(session, who, submission, key, self.rules, now)
        return key

    def answer_all(self, who: Viewer, now: datetime) -> None:
        """Answer every card of the deck right."""
        for card in samples.RIGHT:
            self.answer(who, card, now)

    def ask(self, who: Viewer, handle: str, now: datetime) -> StudyStep:
        """The next card of an assignment."""
        with self.database.reading() as session:
            return studying.next_step(session, who, handle, self.rules, now)


@pytest.fixture(autouse=True)
def _no_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody signs in here, and hashing a password takes longer than most of these tests."""
    monkeypatch.setattr("quizapp.services.accounts.hash_password", lambda password: "none")


@pytest.fixture
def alice(library_add_user: Callable[..., Viewer]) -> Viewer:
    """A teacher."""
    return library_add_user("Alice", Role.TEACHER)


@pytest.fixture
def dana(library_add_user: Callable[..., Viewer]) -> Viewer:
    """A teacher of another class."""
    return library_add_user("Dana", Role.TEACHER)


@pytest.fixture
def herons(library_database: Database, alice: Viewer, noon: datetime) -> TaughtClass:
    """Alice's class."""
    with library_database.writing() as session:
        return classes.create_class(session, alice, "Herons 8b", noon)


@pytest.fixture
def join(library_database: Database, herons: TaughtClass, noon: datetime) -> Callable[..., Viewer]:
    """Put a student into Alice's class."""

    def add(who: Viewer, at: datetime = noon) -> Viewer:
        with library_database.writing() as session:
            classes.add_member(session, herons, who.learner_id, who.handle, at)
        return who

    return add


@pytest.fixture
def bob(library_add_user: Callable[..., Viewer], join: Callable[..., Viewer]) -> Viewer:
    """A student of Alice's class."""
    return join(library_add_user("Bob"))


@pytest.fixture
def charlie(
    library_database: Database, library_add_user: Callable[..., Viewer], dana: Viewer, noon: datetime
) -> Viewer:
    """A student of Dana's class."""
    who = library_add_user("Charlie")
    with library_database.writing() as session:
        owls = classes.create_class(session, dana, "Owls 8c", noon)
        classes.add_member(session, owls, who.learner_id, who.handle, noon)
    return who


@pytest.fixture
def desk(library_database: Database, rules: StudyRules, alice: Viewer, herons: TaughtClass, noon: datetime) -> Desk:
    """A desk in Alice's class."""
    return Desk(library_database, rules, alice, herons, noon)

"""Alice's tests, and Bob, who sits them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from plumbing import samples

from quizapp.core.assessments.answers import Given
from quizapp.core.assessments.plan import Plan
from quizapp.core.assessments.saving import Stamp
from quizapp.core.assessments.timing import Window
from quizapp.core.learning.presentation import AskedCard
from quizapp.services import classes
from quizapp.services.accounts import Role, Viewer
from quizapp.services.assessments import editing, finishing, sitting
from quizapp.services.assessments.editing import Draft
from quizapp.services.assessments.sitting import Save, Saved, Sitting
from quizapp.services.rules import StudyRules
from quizapp.store.engine import Database

SEED = bytes(range(16))
CARDS = ("birds/height", "birds/food", "birds/winter", "birds/legs", "birds/waiting", "birds/sequence", "birds/seasons")


def _type_in(asked: AskedCard, response: Any) -> Any:
    """What stands in the form's fields for a response."""
    if asked.type == "order":
        return [str(list(response).index(item) + 1) if item in response else "" for item in asked.options]
    if asked.type == "truefalse":
        return "" if response is None else str(response).lower()
    return response


@dataclass
class School:
    """A database with the birds, a class, and short words for what its people do."""

    database: Database
    rules: StudyRules
    alice: Viewer
    bob: Viewer
    charlie: Viewer
    class_handle: str
    noon: datetime

    def draft(self, plan: Plan | None = None, window: Window | None = None, **more: Any) -> Draft:
        """A test of all birds for the class."""
        made = Draft("Herons", plan or Plan(cards=CARDS), window or Window(), self.class_handle)
        return replace(made, **more)

    def set_test(self, plan: Plan | None = None, window: Window | None = None, **more: Any) -> str:
        """Alice publishes a test; gives its handle."""
        with self.database.writing() as session:
            handle = editing.create_test(session, self.alice, self.draft(plan, window, **more), self.noon)
            editing.publish_test(session, self.alice, handle, self.noon)
        return handle

    def begin(self, handle: str, now: datetime | None = None, who: Viewer | None = None) -> str:
        """Bob begins an attempt; gives its handle."""
        person = who or self.bob
        with self.database.reading() as session:
            drawn = sitting.draw_attempt(session, person, handle, SEED, self.rules)
        with self.database.writing() as session:
            return sitting.begin_attempt(session, person, handle, drawn, now or self.noon)

    def view(self, handle: str, attempt: str, who: Viewer | None = None) -> Sitting | None:
        """The open attempt."""
        with self.database.reading() as session:
            return sitting.view_sitting(session, who or self.bob, handle, attempt)

    def position(self, handle: str, attempt: str, card_type: str) -> int:
        """Where a card of this type stands."""
        held = self.view(handle, attempt)
        assert held is not None
        return next(one.position for one in held.questions if one.asked.type == card_type)

    def make_save(self, position: int, response: Any, confidence: int | None = None, **stamp: Any) -> Save:
        """A save as a form brings it."""
        values = {"client": "11111111-1111", "counter": 1, "base": 0} | stamp
        return Save(position, Stamp(**values), lambda asked: Given(_type_in(asked, response), response), confidence)

    def save(self, attempt: str, save: Save, now: datetime | None = None, who: Viewer | None = None) -> Saved:
        """Save one answer."""
        with self.database.writing() as session:
            (saved,) = sitting.save_answers(session, who or self.bob, attempt, [save], now or self.noon)
        return saved

    def answer_all(self, handle: str, attempt: str, now: datetime | None = None, **different: Any) -> None:
        """Answer every question rightly, except as said by card: ``legs="blue"``; None leaves one out."""
        held = self.view(handle, attempt)
        assert held is not None
        prompts = {"choice": "height", "multiple": "food", "truefalse": "winter", "short": "legs"} | {
            "cloze": "waiting",
            "order": "sequence",
            "match": "seasons",
        }
        for number, question in enumerate(held.questions, start=1):
            card = prompts[question.asked.type]
            response = different.get(card, samples.RIGHT[card])
            if response is not None:
                self.save(attempt, self.make_save(question.position, response, counter=number), now)

    def hand_in(self, handle: str, attempt: str, now: datetime | None = None, who: Viewer | None = None) -> None:
        """Hand an attempt in."""
        with self.database.writing() as session:
            sitting.hand_in(session, who or self.bob, handle, attempt, now or self.noon)

    def tidy(self, now: datetime, who: Viewer | None = None) -> int:
        """Somebody looks: gives how many attempts there were to tidy."""
        with self.database.writing() as session:
            untidy = finishing.list_untidy_of_learner(session, (who or self.bob).learner_id, now)
            session.rollback()
            for assessment, attempt in untidy:
                finishing.tidy_attempt(session, assessment, attempt, self.rules, now)
        return len(untidy)


@pytest.fixture
def school(
    library_database: Database,
    library_add_user: Callable[..., Viewer],
    rules: StudyRules,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> School:
    """Alice teaches a class in which Bob studies; Charlie is in another."""
    monkeypatch.setattr("quizapp.services.accounts.hash_password", str)  # nobody signs in here, and hashing is slow
    alice, bob, charlie = library_add_user("Alice", Role.TEACHER), library_add_user("Bob"), library_add_user("Charlie")
    with library_database.writing() as session:
        taught = classes.create_class(session, alice, "Year 7", noon)
        classes.add_member(session, taught, bob.learner_id, bob.handle, noon)
    return School(library_database, rules, alice, bob, charlie, taught.handle, noon)

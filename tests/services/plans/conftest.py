"""Somebody with exams ahead: plans are made, followed and looked at as the pages do it."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from plumbing import samples

from quizapp.core.learning.examdraft import TypedPlan
from quizapp.services import classes, plans, plans_class, plans_forecast, plans_view, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.classes import TaughtClass
from quizapp.services.plans_class import ClassPlanView
from quizapp.services.plans_view import PlanQuestion, PlanView
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database


class Desk:
    """What somebody does with plans, each in a session of its own, as in a request."""

    def __init__(self, database: Database, rules: StudyRules) -> None:
        self.database, self.rules = database, rules
        self._made = 0

    def type(self, now: datetime, days: int = 20, **fields: object) -> TypedPlan:
        """The form of an exam in so many days."""
        day = (self.rules.calendar.day_of(now) + timedelta(days=days)).isoformat()
        usual = {"title": "Herons", "day": day, "recall": "90", "minutes_per_day": "20", "new_per_day": "10"}
        return TypedPlan(**(usual | {"decks": ("birds",)} | fields))

    def make(self, who: Viewer, now: datetime, days: int = 20, class_handle: str = "", **fields: object) -> str:
        """Make a plan and give its handle, which is the same each time: a plan's chances hang on it."""
        self._made += 1
        key, typed = str(uuid.UUID(int=self._made)), self.type(now, days, **fields)
        with self.database.writing() as session:
            return plans.create_plan(session, who, typed, self.rules, now, class_handle=class_handle, key=key)

    def change(self, who: Viewer, handle: str, now: datetime, days: int = 20, **fields: object) -> None:
        """Send the form that changes a plan."""
        with self.database.writing() as session:
            plans.change_plan(session, who, handle, self.type(now, days, **fields), self.rules, now)

    def view(self, who: Viewer, handle: str, now: datetime, *, keep: bool = True) -> PlanView:
        """Look at a plan."""
        with self.database.reading() as session:
            plan = plans.load_plan(session, who, handle)
            seen = plans_view.view_plan(session, plan, who.learner_id, self.rules, now)
        if keep:
            with self.database.writing() as session:
                plans_forecast.keep_forecasts(session, plan, seen.changed)
        return seen

    def view_class(self, who: Viewer, handle: str, now: datetime) -> ClassPlanView:
        """Look at a class's plan as its teacher."""
        with self.database.reading() as session:
            plan = plans.load_plan(session, who, handle)
            seen = plans_class.view_class_plan(session, plan, who, self.rules, self.rules, now)
        with self.database.writing() as session:
            plans_forecast.keep_forecasts(session, plan, seen.changed)
        return seen

    def ask(self, who: Viewer, handle: str, now: datetime) -> PlanQuestion:
        """Ask for the plan's next card."""
        with self.database.reading() as session:
            plan = plans.load_plan(session, who, handle)
            found = plans_view.next_plan_question(session, plan, who, self.rules, now)
        with self.database.writing() as session:
            plans_forecast.keep_forecasts(session, plan, found.changed)
        return found

    def answer(self, who: Viewer, card: str, now: datetime, *, right: bool = True, deck: str = "birds") -> str:
        """Answer a card and give the answer's key."""
        key = str(uuid.uuid4())
        response = (samples.RIGHT if right else samples.WRONG)[card] if deck == "birds" else True
        rating = (3 if right else 1) if card == "name" and deck == "birds" else None
        with self.database.writing() as session:
            submission = Submission(deck, card, 1, response, shown_ms=30_000, rating=rating)
            study.answer_card(session, who, submission, key, self.rules, now)
        return key

    def follow(self, who: Viewer, handle: str, now: datetime, *, right: bool = True) -> list[str]:
        """Study what the plan asks, steps included, until today's portion is done; gives the cards in order."""
        asked: list[str] = []
        while len(asked) < 100:
            found = self.ask(who, handle, now)
            if found.question is not None:
                asked.append(found.question.slug)
                self.answer(who, asked[-1], now, right=right or asked.count(asked[-1]) > 1)
            elif found.next_step is None:
                break
            else:
                now = found.next_step
        return asked


@pytest.fixture
def desk(library_database: Database, rules: StudyRules) -> Desk:
    """A desk to make plans at."""
    return Desk(library_database, rules)


@pytest.fixture
def bob(library_add_user: Callable[..., Viewer]) -> Viewer:
    """A student."""
    return library_add_user("Bob")


@pytest.fixture
def alice(library_add_user: Callable[..., Viewer]) -> Viewer:
    """A teacher."""
    return library_add_user("Alice", Role.TEACHER)


@pytest.fixture
def herons(library_database: Database, alice: Viewer, noon: datetime) -> TaughtClass:
    """Alice's class, with nobody in it."""
    with library_database.writing() as session:
        return classes.create_class(session, alice, "Herons 8b", noon)


@pytest.fixture
def join(library_database: Database, herons: TaughtClass, noon: datetime) -> Callable[[Viewer], Viewer]:
    """Put a student into Alice's class."""

    def add(who: Viewer) -> Viewer:
        with library_database.writing() as session:
            classes.add_member(session, herons, who.learner_id, who.handle, noon)
        return who

    return add

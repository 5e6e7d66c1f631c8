"""What a learner is told of the memory model: in figures, with what moving the cards would do."""

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from plumbing import samples

from quizapp.core.learning.choices import Choices
from quizapp.services import rescheduling, settings_model, study
from quizapp.services.accounts import Viewer
from quizapp.services.rules import StudyRules, rules_over
from quizapp.services.settings_model import ModelPage
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database
from quizapp.store.tables import FitRow, LearnerRow

FIT = {
    "scope": "learner",
    "outcome": "kept",
    "parameters": json.dumps(DEFAULT_PARAMETERS),
    "reviews": 800,
    "held_out": 200,
    "log_loss": 0.30,
    "log_loss_before": 0.40,
    "log_loss_average": 0.45,
}


@pytest.fixture
def bob(library_database: Database, library_add_user: Callable[..., Viewer], rules: StudyRules, noon: datetime):
    """Bob, with three cards out of their steps for a month."""
    who = library_add_user("Bob")
    for card in ("height", "food", "winter"):
        due = noon - timedelta(days=30)
        while due < noon:
            submission = Submission("birds", card, 1, samples.RIGHT[card])
            with library_database.writing() as session:
                due = study.answer_card(session, who, submission, str(uuid.uuid4()), rules, due).due
    return who


@pytest.fixture
def look(library_database: Database, bob: Viewer, rules: StudyRules, noon: datetime) -> Callable[..., ModelPage]:
    """See Bob's model under some choices: ``look(desired_retention=0.97)``."""

    def see(**choices: object) -> ModelPage:
        with library_database.reading() as session:
            chosen = rules_over(rules, Choices(**choices))  # type: ignore[arg-type]
            return settings_model.view_model(session, bob, chosen, noon)

    return see


@pytest.fixture
def add_fit(library_database: Database, bob: Viewer, noon: datetime) -> Callable[..., None]:
    """Add a fit of Bob's; one that was kept is in use."""

    def add(**figures: object) -> None:
        with library_database.writing() as session:
            fit = FitRow(**FIT | {"subject_id": bob.learner_id, "created_at": noon} | figures)
            session.add(fit)
            session.flush()
            if fit.outcome == "kept":
                session.get_one(LearnerRow, bob.learner_id).fit_id = fit.id
            session.commit()

    return add


def test_who_has_no_fit_studies_by_the_usual_model(look: Callable[..., ModelPage]) -> None:
    page = look()
    assert (page.in_use, page.refused, page.last) == (None, None, None)
    assert page.preview.cards == 3


def test_a_fit_is_told_in_figures(look: Callable[..., ModelPage], add_fit: Callable[..., None]) -> None:
    add_fit()
    fit = look().in_use
    assert fit is not None
    assert (fit.scope, fit.kept, fit.reviews, fit.held_out) == ("learner", True, 800, 200)
    assert (fit.loss, fit.loss_before, fit.loss_average) == (0.30, 0.40, 0.45)
    assert fit.gain == pytest.approx(0.25)
    assert replace(fit, loss_before=0.0).gain == 0


def test_a_refused_fit_is_told_of_until_a_later_one_is_kept(
    look: Callable[..., ModelPage], add_fit: Callable[..., None], noon: datetime
) -> None:
    add_fit(outcome="refused", log_loss=0.42)
    refused = look().refused
    assert refused is not None
    assert not refused.kept
    assert refused.gain < 0
    add_fit(created_at=noon + timedelta(days=1))
    assert look().refused is None
    add_fit(outcome="refused", created_at=noon + timedelta(days=2))
    assert look().refused is not None


def test_moving_the_cards_is_told_before_and_after(
    library_database: Database, look: Callable[..., ModelPage], bob: Viewer, rules: StudyRules, noon: datetime
) -> None:
    eager = rules_over(rules, Choices(desired_retention=0.97))
    told = look(desired_retention=0.97).preview
    assert told.earlier > 0
    with library_database.writing() as session:
        done = rescheduling.apply_reschedule(session, bob, eager, noon)
    assert done.moved == told.moved
    last = look(desired_retention=0.97).last
    assert last is not None
    assert (last.moved, last.cards, last.untouched, last.undone) == (noon, told.moved, told.moved, False)
    with library_database.writing() as session:
        rescheduling.undo_reschedule(session, bob, noon)
    again = look(desired_retention=0.97)
    assert again.preview == told
    assert again.last is not None
    assert (again.last.undone, again.last.untouched) == (True, 0)

"""The part of the settings about the memory model: what it was fitted to, and cards moved and put back."""

import json
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from fsrs.scheduler import DEFAULT_PARAMETERS
from plumbing import samples
from sqlmodel import select

from quizapp.services import study
from quizapp.services.accounts import Viewer
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database
from quizapp.store.tables import CardStateRow, FitRow, LearnerRow, RescheduleRow


@pytest.fixture
def bob(visitor, app: Flask, web_database: Database):
    """The browser of Bob, a guest with a month behind him, who now wants to remember more."""
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    rules = app.extensions["quizapp"].rules
    with web_database.reading() as session:
        who = Viewer(session.exec(select(LearnerRow)).one().id, "whoever")
    for card in ("food", "winter", "legs"):
        due = datetime.now(UTC) - timedelta(days=30)
        while due < datetime.now(UTC):
            submission = Submission("birds", card, 1, samples.RIGHT[card])
            with web_database.writing() as session:
                due = study.answer_card(session, who, submission, str(uuid.uuid4()), rules, due).due
    with web_database.writing() as session:
        session.exec(select(LearnerRow)).one().choices = '{"desired_retention":0.97}'
        session.commit()
    return visitor


@pytest.fixture
def dues(web_database: Database) -> Callable[[], list[datetime]]:
    """When each card is due."""

    def read() -> list[datetime]:
        with web_database.reading() as session:
            return [row.due for row in session.exec(select(CardStateRow).order_by(CardStateRow.card_id))]

    return read


def _words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.partition('id="model"')[2])).split())


def _add_fit(database: Database, **figures: object) -> None:
    values = {
        "scope": "learner",
        "outcome": "kept",
        "parameters": json.dumps(DEFAULT_PARAMETERS),
        "reviews": 812,
        "held_out": 203,
        "log_loss": 0.3012,
        "log_loss_before": 0.3212,
        "log_loss_average": 0.35,
        "created_at": datetime.now(UTC),
    }
    with database.writing() as session:
        learner = session.exec(select(LearnerRow)).one()
        fit = FitRow(**values | {"subject_id": learner.id} | figures)
        session.add(fit)
        session.flush()
        if fit.outcome == "kept":
            learner.fit_id = fit.id
        session.commit()


def test_without_a_fit_the_usual_values_are_named(bob) -> None:
    bob.get("/settings")
    assert "it uses the values that suit most people" in _words(bob.page)


def test_a_fit_is_told_in_words_and_figures(bob, web_database: Database) -> None:
    _add_fit(web_database)
    bob.get("/settings")
    words = _words(bob.page)
    assert "learned that from 812 of your reviews" in words
    assert "foretell 203 later answers" in words
    assert "6.23% better" in words
    assert "Error of its forecasts 0.301 Of the model before 0.321 Of the plain average 0.35" in words


def test_a_classs_fit_is_called_so_and_a_refused_one_is_put_aside(bob, web_database: Database) -> None:
    _add_fit(web_database, scope="class", log_loss=0.33)
    _add_fit(web_database, outcome="refused", created_at=datetime.now(UTC) + timedelta(days=1))
    bob.get("/settings")
    words = _words(bob.page)
    assert "812 reviews of your class" in words
    assert "better than those before" not in words
    assert "and put aside" in words


def test_cards_are_moved_and_put_back(bob, dues, web_database: Database) -> None:
    before = dues()
    bob.get("/settings")
    told = re.search(r"(\d+) cards? moves? earlier, (\d+) later, (\d+) becomes? due today", _words(bob.page))
    assert told
    assert int(told[1]) > 0
    response = bob.post("/settings/reschedule", {"learner": bob.hidden("learner")})
    assert (response.status_code, response.headers["Location"]) == (303, "/settings#model")
    assert dues() != before
    bob.get("/settings")
    assert re.search(rf"{int(told[1]) + int(told[2])} cards? (was|were) moved\.", _words(bob.page))
    assert "There is nothing to move." in _words(bob.page)
    assert bob.post("/settings/reschedule/undo", {"learner": bob.hidden("learner")}).status_code == 303
    assert dues() == before
    bob.get("/settings")
    assert re.search(r"\d+ cards? went back to (its|their) days?\.", _words(bob.page))
    with web_database.reading() as session:
        assert [row.reason for row in session.exec(select(RescheduleRow))] == ["memory"]


def test_moving_twice_moves_nothing_more(bob, dues) -> None:
    found = []
    for _ in range(2):
        bob.get("/settings")
        bob.post("/settings/reschedule", {"learner": bob.hidden("learner")})
        found.append(dues())
    assert found[0] == found[1]
    bob.get("/settings")
    assert "Nothing had to be moved." in _words(bob.page)


def test_nothing_to_put_back_is_not_found(bob) -> None:
    bob.get("/settings")
    assert bob.post("/settings/reschedule/undo", {"learner": bob.hidden("learner")}).status_code == 404


def test_strangers_and_wrong_owners_move_nothing(bob, dues, new_browser) -> None:
    before = dues()
    bob.get("/settings")
    for path in ("/settings/reschedule", "/settings/reschedule/undo"):
        assert bob.post(path, {"learner": str(uuid.uuid4())}).status_code == 409
        bob.get("/settings")
        stranger = new_browser()
        stranger.get("/sign-in")
        assert stranger.post(path).status_code == 401
        assert stranger.client.get(path).status_code == 405
    assert dues() == before

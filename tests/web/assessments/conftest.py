"""Tests that teachers set, as browsers meet them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from quizapp.services import accounts, classes
from quizapp.services.accounts import Role, Viewer
from quizapp.store.engine import Database

ALL = ("height", "food", "winter", "legs", "waiting", "sequence", "seasons")


@pytest.fixture
def alice(browser_of: Callable[..., Any]) -> Any:
    """Alice's browser: she teaches."""
    return browser_of("Alice", Role.TEACHER)


@pytest.fixture
def bob(browser_of: Callable[..., Any]) -> Any:
    """Bob's browser: he studies."""
    return browser_of("Bob")


@pytest.fixture
def charlie(browser_of: Callable[..., Any]) -> Any:
    """Charlie's browser: he is in no class of Alice's."""
    return browser_of("Charlie")


@pytest.fixture
def find_viewer(web_database: Database, password: str) -> Callable[[str], Viewer]:
    """Who somebody is."""

    def find(name: str) -> Viewer:
        with web_database.writing() as session:
            return accounts.sign_in(session, name, password, "somewhere", datetime.now(UTC)).viewer

    return find


@pytest.fixture
def form_of() -> Callable[..., dict[str, object]]:
    """The fields of a test's form: ``form_of(feedback="never")``; None leaves one out."""

    def make(**changed: object) -> dict[str, object]:
        fields: dict[str, object] = {
            "title": "Herons",
            "attempts": "1",
            "counting": "best",
            "feedback": "at-end",
            "layout": "all",
            "by_link": "1",
        }
        return {name: value for name, value in (fields | changed).items() if value is not None}

    return make


@pytest.fixture
def set_test(alice: Any, form_of: Callable[..., dict[str, object]]) -> Callable[..., str]:
    """Alice sets a test with cards of the birds and publishes it; gives its address."""

    def make(*cards: str, publish: bool = True, **fields: object) -> str:
        alice.get("/tests/new")
        made = alice.post("/tests/new", form_of(**fields))
        assert made.status_code == 303, made.get_data(as_text=True)
        address = made.location
        if cards:
            alice.get(f"{address}/cards?deck=birds")
            chosen = [f"birds/{card}" for card in cards]
            fields = {"deck": "birds", "version": alice.hidden("version"), "card": chosen}
            assert alice.post(f"{address}/cards", fields).status_code == 303
        if publish:
            alice.get(address)
            published = alice.post(f"{address}/publish")
            assert published.status_code == 303, published.get_data(as_text=True)
        return str(address)

    return make


@pytest.fixture
def class_of_alice(web_database: Database, find_viewer: Callable[[str], Viewer], alice: Any, bob: Any) -> str:
    """The handle of a class that Alice teaches and Bob studies in."""
    teacher, student, now = find_viewer("Alice"), find_viewer("Bob"), datetime.now(UTC)
    with web_database.writing() as session:
        taught = classes.create_class(session, teacher, "Birds, year 7", now)
        classes.add_member(session, taught, student.learner_id, student.handle, now)
    return taught.handle


def begin(browser: Any, address: str) -> str:
    """Begin an attempt; gives its address."""
    browser.get(address)
    begun = browser.post(f"{address}/attempts")
    assert begun.status_code == 303, begun.get_data(as_text=True)
    assert browser.get(begun.location).status_code == 200
    return str(begun.location).partition("?")[0]


@pytest.fixture(name="begin")
def _begin() -> Callable[[Any, str], str]:
    """Begin an attempt: ``begin(bob, address)`` gives its address."""
    return begin


def _position_of(browser: Any, words: str) -> int:
    """The number of the question on the page that holds these words."""
    parts = re.split(r'data-question="(\d+)"', browser.page)
    return next(int(number) for number, text in zip(parts[1::2], parts[2::2], strict=True) if words in text)


@pytest.fixture
def position_of() -> Callable[[Any, str], int]:
    """Where on the page a question stands: ``position_of(bob, "How tall")``."""
    return _position_of


@pytest.fixture
def save() -> Callable[..., TestResponse]:
    """Save one answer as the script does: ``save(bob, attempt, 1, {"response": "long"}, counter=2)``."""

    def send(
        browser: Any,
        attempt: str,
        position: int,
        fields: dict[str, object],
        *,
        client: str = "11111111-1111",
        counter: int = 1,
        version: int = 0,
    ) -> TestResponse:
        named = {f"q{position}-{name}": value for name, value in fields.items()}
        stamp = {"client": client, "counter": str(counter), f"q{position}-version": str(version)}
        token = {"csrf_token": browser.hidden("csrf_token")}
        response: TestResponse = browser.client.post(f"{attempt}/answers/{position}", data=token | stamp | named)
        return response

    return send

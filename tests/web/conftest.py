"""The app as a browser meets it, without the browser."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from plumbing.filled import Filling
from werkzeug.test import TestResponse

from quizapp.app import create_app
from quizapp.services import accounts
from quizapp.services.accounts import Role
from quizapp.settings import Settings
from quizapp.store.engine import Database

PASSWORD = "three grey herons"
SECRET = "k3V9-xT2_pQ7wZ5mL8rN1bC4jH6fD0sA"


@pytest.fixture
def password() -> str:
    """A password that is good enough for anybody of the cast."""
    return PASSWORD


@pytest.fixture
def web_database(database: Database, filling: Filling) -> Database:
    """A database with one text and a deck with a card of every type."""
    filling.into(database)
    return database


class Client(FlaskClient):
    """A test client that reads every response to its end and closes it, as servers do; a stream keeps its session."""

    def open(self, *args: object, buffered: bool = True, **more: object) -> TestResponse:
        """Send a request."""
        return super().open(*args, buffered=buffered, **more)  # type: ignore[arg-type]


@pytest.fixture
def make_app(web_database: Database, tmp_path: Path) -> Callable[..., Flask]:
    """Make the app with some settings: ``make_app(public_url="https://quiz.example.org")``."""

    def make(**settings: object) -> Flask:
        made = create_app(Settings(data_dir=tmp_path, secret_key=SECRET, **settings), web_database)  # type: ignore[arg-type]
        made.test_client_class = Client
        return made

    return make


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The app with the settings nobody has touched."""
    return make_app()


class Browser:
    """A test client that fills forms as a page asks: it takes the token against forgery from the page it is on."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""

    def get(self, path: str, **more: object) -> TestResponse:
        """Open a page."""
        response = self.client.get(path, **more)  # type: ignore[arg-type]
        self.page = response.get_data(as_text=True)
        return response

    def hidden(self, name: str) -> str:
        """What a hidden field of the page holds."""
        found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', self.page)
        assert found, f"no hidden field {name} in {self.page[:2000]}"
        return found[1]

    def post(self, path: str, fields: dict[str, object] | None = None, **more: object) -> TestResponse:
        """Send a form of the page."""
        token = {"csrf_token": self.hidden("csrf_token")}
        response = self.client.post(path, data=token | (fields or {}), **more)  # type: ignore[arg-type]
        self.page = response.get_data(as_text=True)
        return response

    def question_fields(self) -> dict[str, object]:
        """The hidden fields of the question on the page."""
        return {name: self.hidden(name) for name in ("key", "card", "revision", "learner", "hint_used", "shown_ms")}

    def answer(self, deck: str, fields: dict[str, object], **more: object) -> TestResponse:
        """Answer the question on the page."""
        return self.post(f"/study/{deck}", self.question_fields() | fields, **more)


@pytest.fixture
def new_browser(app: Flask) -> Callable[[], Browser]:
    """Open another browser."""
    return lambda: Browser(app.test_client())


@pytest.fixture
def browser_of(app: Flask, web_database: Database) -> Callable[..., Browser]:
    """A browser in which somebody is signed in: ``browser_of("Bob")``. The account is made where it is not there."""

    def open_signed_in(name: str, role: Role = Role.STUDENT) -> Browser:
        with web_database.writing() as session:
            accounts.add_user(session, name, role, PASSWORD, datetime.now(UTC))
        browser = Browser(app.test_client())
        browser.get("/sign-in")
        assert browser.post("/sign-in", {"name": name, "password": PASSWORD}).status_code == 303
        return browser

    return open_signed_in


@pytest.fixture
def visitor(new_browser: Callable[[], Browser]) -> Browser:
    """A browser that was never here."""
    return new_browser()


@pytest.fixture
def token_of(web_database: Database) -> Callable[[str], dict[str, str]]:
    """The header that signs a program in: ``client.get(path, headers=token_of("Bob"))``."""

    def make(name: str) -> dict[str, str]:
        now = datetime.now(UTC)
        with web_database.writing() as session:
            accounts.add_user(session, name, Role.STUDENT, PASSWORD, now)
            return {"Authorization": f"Bearer {accounts.create_token_for(session, name, 'tests', now)}"}

    return make

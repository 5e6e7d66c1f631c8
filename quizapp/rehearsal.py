"""What a server does last before it forks: it answers some requests of its own making.

What Python and its libraries make at the first use (compiled templates and statements, catalogues of words, adapted
byte code) is then there once, shared by all workers, instead of once in each of them; and the first visitors wait no
longer than others. The requests go to a database of their own, in memory. So nothing that the app keeps may go by the
numbers of rows: those of two databases are the same. The tests, which open hundreds in one process, hold that.
"""

import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

from flask import Flask
from sqlmodel import SQLModel
from werkzeug.test import TestResponse

from quizapp.services import accounts
from quizapp.services.library import InputFile, load_files
from quizapp.store.engine import Database
from quizapp.web.context import Services
from quizapp.web.metrics import REHEARSAL

log = logging.getLogger("quizapp")

TIMES = 12
"""Python adapts a function's byte code when it has run some eight times."""
_NAME, _PASSWORD = "Rehearsal", "of a database that is gone"
_SOURCE = "---\nid: text\ntitle: Text\nlanguage: en\nkind: article\n---\n\nThe grey heron stands in the water.\n"
_DECK = "format: 1\nid: deck\ntitle: Deck\nlanguage: en\ntheme: nature\nsources: [text]\ncards:\n"
_CARD = """\
  - id: c{number}
    type: short
    prompt: Which bird is number {number}?
    answer: heron
    explanation: The text says so.
    citations: [{{source: text, paragraph: 1, quote: The grey heron}}]
"""
_HIDDEN = re.compile(r'<input\b(?=[^>]*type="hidden")[^>]*>')
_PART = re.compile(r'(name|value)="([^"]*)"')


def _read_hidden(page: str) -> dict[str, str]:
    parts = (dict(_PART.findall(field)) for field in _HIDDEN.findall(page))
    return {part["name"]: unescape(part.get("value", "")) for part in parts if "name" in part}


@contextmanager
def _in_silence() -> Iterator[None]:
    """What happens in a rehearsal is not told in the log."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(before)


@contextmanager
def _away_from_the_database(app: Flask) -> Iterator[str]:
    """Let the app have a database in memory, with a deck and a student, whose access token this is."""
    services: Services = app.extensions["quizapp"]
    database = Database("sqlite://")
    try:
        app.extensions["quizapp"] = replace(services, database=database)
        SQLModel.metadata.create_all(database.engine)
        yield _fill(database, datetime.now(UTC))
    finally:
        app.extensions["quizapp"] = services
        database.dispose()


def _fill(database: Database, now: datetime) -> str:
    deck = _DECK + "".join(_CARD.format(number=number) for number in range(2 * TIMES))
    with database.writing() as session:
        load_files(session, [InputFile("text.md", _SOURCE.encode())], [InputFile("deck.yaml", deck.encode())], now)
    with database.writing() as session:
        accounts.add_user(session, _NAME, accounts.Role.STUDENT, _PASSWORD, now)
    with database.writing() as session:
        return accounts.create_token_for(session, _NAME, "rehearsal", now)


class _Refused(Exception):
    """A request was not answered as it should be: the endpoint, and the status."""


class _Player:
    """A browser of the rehearsal."""

    def __init__(self, app: Flask) -> None:
        services: Services = app.extensions["quizapp"]
        self._place = f"{'https' if services.secure else 'http'}://localhost"
        self._client = app.test_client()
        self._client.environ_base.update({REHEARSAL: "1", "HTTP_REFERER": f"{self._place}/"})

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        """A request and its answer. Raises _Refused where that is an error."""
        response = self._client.open(path, method=method, base_url=self._place, **more)
        if response.status_code >= 400:
            raise _Refused(method, path, response.status_code)
        return response

    def sign_in(self) -> None:
        """Sign in as the student."""
        fields = _read_hidden(self.ask("GET", "/sign-in").text)
        self.ask("POST", "/sign-in", data=fields | {"name": _NAME, "password": _PASSWORD})

    def study(self, number: int) -> None:
        """A question, an answer to it that is right three times of four, and what comes of it."""
        self.ask("GET", "/")
        fields = _read_hidden(self.ask("GET", "/study/deck").text)
        verdict = self.ask("POST", "/study/deck", data=fields | {"response": "heron" if number % 4 else "stork"})
        self.ask("GET", verdict.location or "/")

    def answer(self, token: str, number: int) -> None:
        """An answer by a program."""
        body = {"key": str(uuid.uuid4()), "card": f"deck/c{TIMES + number}", "revision": 1, "response": "heron"}
        self.ask("POST", "/api/v1/answers", json=body, headers={"Authorization": f"Bearer {token}"})


def rehearse(app: Flask) -> bool:
    """Answer some requests, whose answers nobody sees; whether that worked. Call it in one thread, before the fork."""
    try:
        with _in_silence(), _away_from_the_database(app) as token:
            student = _Player(app)
            student.sign_in()
            for number in range(TIMES):
                _Player(app).ask("GET", "/sign-in")
                student.study(number)
                _Player(app).answer(token, number)
    except Exception:
        log.warning("the rehearsal failed; the server starts all the same", exc_info=True)
        return False
    return True

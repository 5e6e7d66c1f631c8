"""How many calls of functions and how many statements one request takes: figures that no busy machine can move.

    python benchmarks/calls.py [--requests 10]

An answer through the study page's form, an answer by the API, the study page and the first page of a learner, as a
server sends them after its rehearsal, without gunicorn and the network. Functions of Python and of C count, those of
the templates too; of statements those that reach SQLite, begin and commit included.
"""

import sys

sys.path = [*sys.path[1:], sys.path[0]]  # this folder last: its http.py is not the one that others mean

import argparse
import os
import re
import tempfile
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from herons import SOURCE, make_deck
from sqlalchemy import event
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from quizapp.app import create_app
from quizapp.rehearsal import rehearse
from quizapp.services import accounts
from quizapp.services.library import InputFile, load_files
from quizapp.settings import load_settings
from quizapp.store.engine import Database
from quizapp.store.setup import open_database
from quizapp.web import logs

CARDS = 400
_PLACE = "http://localhost"


def _fill(database: Database) -> str:
    now = datetime.now(UTC)
    with database.writing() as session:
        load_files(
            session, [InputFile("herons.md", SOURCE.encode())], [InputFile("deck.yaml", make_deck(CARDS).encode())], now
        )
    with database.writing() as session:
        accounts.add_user(session, "Bob", accounts.Role.STUDENT, "three grey herons", now)
    with database.writing() as session:
        return accounts.create_token_for(session, "Bob", "calls", now)


class Requests:
    """The requests that are counted: of a guest with a browser, and of a program with an access token."""

    def __init__(self, app: Flask, token: str) -> None:
        self._app, self._token, self._asked, self._sent = app, token, 0, 0
        self._browser: FlaskClient = app.test_client()
        page = self._browser.get("/study/deck", base_url=_PLACE).text
        self._fields = {name: self._hidden(page, name) for name in ("csrf_token", "revision")}
        self._browser.post("/study/deck", base_url=_PLACE, data=self._fields | self._next())  # makes the guest

    def _hidden(self, page: str, name: str) -> str:
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
        if found is None:
            raise SystemExit(f"no field {name} in the study page")
        return found[1]

    def _next(self) -> dict[str, str]:
        self._asked += 1
        return {"key": str(uuid.uuid4()), "card": f"c{self._asked}", "response": "heron"}

    def _cookies(self) -> dict[str, str]:
        names = ("quizapp_form", "quizapp_sign_in")
        found = [(name, self._browser.get_cookie(name, "localhost")) for name in names]
        return {"Cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in found if cookie)}

    def prepare(self, name: str) -> dict[str, Any]:
        """The next request of a kind, ready to be sent."""
        body = {"card": f"deck/c{self._sent}", "revision": 1, "response": "heron", "key": str(uuid.uuid4())}
        self._sent += name == "answer by the API"
        kinds: dict[str, Callable[[], EnvironBuilder]] = {
            "answer": lambda: EnvironBuilder(
                "/study/deck",
                _PLACE,
                method="POST",
                data=self._fields | self._next(),
                headers=Headers(self._cookies() | {"X-Fragment": "main"}),
            ),
            "answer by the API": lambda: EnvironBuilder(
                "/api/v1/answers",
                _PLACE,
                method="POST",
                json=body,
                headers=Headers({"Authorization": f"Bearer {self._token}"}),
            ),
            "study page": lambda: EnvironBuilder("/study/deck", _PLACE, headers=Headers(self._cookies())),
            "first page": lambda: EnvironBuilder("/", _PLACE, headers=Headers(self._cookies())),
        }
        return kinds[name]().get_environ()

    def send(self, environ: dict[str, Any]) -> None:
        """Send one, and give up where it is refused."""
        _, status, _ = run_wsgi_app(self._app, environ)
        if not status.startswith("2"):
            raise SystemExit(f"{environ['PATH_INFO']} said {status}")


def _count(requests: Requests, name: str, times: int, statements: list[str]) -> tuple[int, int]:
    """Calls and statements of one request, on average."""
    for _ in range(12):  # to warm up
        requests.send(requests.prepare(name))
    ready = [requests.prepare(name) for _ in range(times)]
    calls = 0

    def see(_: object, what: str, __: object) -> None:
        nonlocal calls
        calls += what in ("call", "c_call")

    statements.clear()
    sys.setprofile(see)
    try:
        for environ in ready:
            requests.send(environ)
    finally:
        sys.setprofile(None)
    return calls // times, len(statements) // times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--requests", type=int, default=10)
    times = parser.parse_args().requests
    statements: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QUIZAPP_DATA_DIR"] = str(Path(folder))
        settings = load_settings()
        logs.configure("text")
        database = open_database(settings.resolved_database_url)
        event.listen(database.engine, "connect", lambda driver, _: driver.set_trace_callback(statements.append))
        app = create_app(settings, database)
        token = _fill(database)
        database.dispose()
        rehearse(app)
        requests = Requests(app, token)
        for name in ("answer", "answer by the API", "study page", "first page"):
            calls, asked = _count(requests, name, times, statements)
            print(f"{name}: {calls:,} calls, {asked} statements")
        database.dispose()


if __name__ == "__main__":
    main()

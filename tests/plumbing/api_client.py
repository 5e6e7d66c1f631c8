"""A program that answers cards through the API of a real server, and remembers what it was told."""

import http.client
import itertools
import json
import threading
import uuid
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from plumbing.answer_key import Entry
from plumbing.server import LiveServer

from quizapp.services import accounts
from quizapp.services.accounts import Role
from quizapp.store.engine import Database

Body = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What came back: the status, and the JSON behind it."""

    status: int
    data: Any


class Reachable(Protocol):
    """A server, or what stands before one."""

    @property
    def port(self) -> int:
        """The port of this machine that it listens on."""


def make_tokens(server: LiveServer, names: Sequence[str]) -> list[str]:
    """Make students on a server, each with an access token."""
    database = Database(f"sqlite:///{server.data_dir / 'quizapp.db'}")
    now = datetime.now(UTC)
    tokens = []
    for name in names:
        with database.writing() as session:
            accounts.add_user(session, name, Role.STUDENT, f"three grey herons of {name}", now)
        with database.writing() as session:
            tokens.append(accounts.create_token_for(session, name, "tests", now))
    database.dispose()
    return tokens


def make_body(entry: Entry, *, right: bool = True) -> Body:
    """A new answer to a card, with a key of its own."""
    body: Body = {"key": str(uuid.uuid4()), "card": entry.ref, "revision": 1}
    given = entry.right if right else entry.wrong
    return body | ({"rating": given} if entry.type == "flashcard" else {"response": given})


def send(server: Reachable, token: str, body: Body, gate: threading.Barrier | None = None) -> Reply:
    """Send an answer; with a gate, the connection is made first and the request waits there for the others.

    Raises OSError or HTTPException where no reply comes.
    """
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        connection.connect()
        if gate is not None:
            gate.wait()
        connection.request("POST", "/api/v1/answers", json.dumps(body), headers)
        response = connection.getresponse()
        return Reply(response.status, json.loads(response.read()))


def read_page(server: Reachable, path: str) -> tuple[int, str]:
    """Open a page as a visitor; gives its status and its text."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()


class Answerer(threading.Thread):
    """Answers one card after another until told to stop.

    An answer without a reply may have been recorded or not: it is sent again with the same key until there is one, and
    so is one that was refused with a status of ``not_now``. ``told`` holds what was acknowledged, ``odd`` every reply
    that should not have come, ``broken`` what was neither a whole reply nor the end of the connection.
    """

    def __init__(
        self,
        server: Reachable,
        token: str,
        entries: Sequence[Entry],
        stop: threading.Event,
        not_now: frozenset[int] = frozenset(),
    ) -> None:
        super().__init__(daemon=True)
        self.refused = 0
        self.last_refusal = ""
        self.asked: list[Body] = []
        self._not_now = not_now
        self.told: list[Body] = []
        self.odd: list[Reply] = []
        self.broken: list[Exception] = []
        self.resent = 0
        self._server = server
        self._token = token
        self._entries = itertools.cycle(entries)
        self._stop_asked = stop

    def run(self) -> None:
        while not self._stop_asked.is_set():
            self._answer(make_body(next(self._entries), right=len(self.told) % 3 > 0))

    def _answer(self, body: Body) -> None:
        expected = {201}
        self.asked.append(body)
        while True:
            try:
                reply = send(self._server, self._token, body)
            except (OSError, http.client.HTTPException, ValueError) as error:
                if not isinstance(error, ConnectionError):
                    self.broken.append(error)
                expected = {200, 201}
                self.resent += 1
                if self._stop_asked.wait(0.05):
                    return
                continue
            if reply.status in self._not_now:
                expected = {200, 201}
                self.refused += 1
                self.last_refusal = str(reply.data.get("detail", ""))
                if self._stop_asked.wait(0.02):
                    return
                continue
            if reply.status in expected and reply.data["key"] == body["key"]:
                self.told.append(body)
            else:
                self.odd.append(reply)
            return

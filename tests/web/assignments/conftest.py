"""Alice teaches Herons 8b with Bob in it; Charlie is in Dana's class. Each in a browser of their own."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from html import unescape
from typing import Any

import pytest

from quizapp.services import classes
from quizapp.services.accounts import Role, Viewer
from quizapp.services.classes import TaughtClass
from quizapp.store import accounts as account_store
from quizapp.store.engine import Database


def moment(**ahead: float) -> str:
    """A moment from now, as a form holds it; the school of the tests is in UTC."""
    return (datetime.now(UTC) + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M")


def fields(**more: object) -> dict[str, object]:
    """The form of an assignment that is open and due in a week."""
    usual: dict[str, object] = {"title": "Read about herons", "instructions": "Take *your* time.", "kind": "study"}
    usual |= {"decks": ["birds"], "opens": moment(hours=-1), "due": moment(days=7), "closes": moment(days=14)}
    return usual | {"whom": "class", "key": str(uuid.uuid4())} | more


def text_of(page: str) -> str:
    """The words of a page's main part."""
    main = re.sub(r"<(svg|script|template).*?</\1>", " ", page[page.index("<main") :], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


class School:
    """The two classes, and a browser for each of the cast, opened when it is first asked for."""

    def __init__(self, database: Database, browser_of: Callable[..., Any]) -> None:
        self.database, self._browser_of = database, browser_of
        self.people: dict[str, Viewer] = {}
        self.fields, self.moment, self.text_of = fields, moment, text_of

    def _open(self, name: str, role: Role) -> Any:
        browser = self._browser_of(name, role)
        with self.database.reading() as session:
            account = account_store.find_account_by_name(session, name.casefold())
        assert account is not None
        self.people[name.casefold()] = Viewer(account.learner_id, account.handle, account.id, account.name, role)
        return browser

    def _make_class(self, teacher: str, name: str, student: str) -> TaughtClass:
        yesterday, who = datetime.now(UTC) - timedelta(days=30), self.people[student]
        with self.database.writing() as session:
            made = classes.create_class(session, self.people[teacher], name, yesterday)
            classes.add_member(session, made, who.learner_id, who.handle, yesterday)
        return made

    @cached_property
    def alice(self) -> Any:
        """Alice's browser."""
        return self._open("Alice", Role.TEACHER)

    @cached_property
    def bob(self) -> Any:
        """Bob's browser."""
        return self._open("Bob", Role.STUDENT)

    @cached_property
    def charlie(self) -> Any:
        """Charlie's browser."""
        return self._open("Charlie", Role.STUDENT)

    @cached_property
    def dana(self) -> Any:
        """Dana's browser."""
        return self._open("Dana", Role.TEACHER)

    @cached_property
    def herons(self) -> TaughtClass:
        """Alice's class with Bob in it."""
        assert self.alice
        assert self.bob
        return self._make_class("alice", "Herons 8b", "bob")

    @cached_property
    def owls(self) -> TaughtClass:
        """Dana's class with Charlie in it."""
        assert self.dana
        assert self.charlie
        return self._make_class("dana", "Owls 8c", "charlie")


@pytest.fixture
def school(web_database: Database, browser_of: Callable[..., Any]) -> School:
    """Everybody's browser, and the two classes."""
    return School(web_database, browser_of)


@pytest.fixture
def make(school: School) -> Callable[..., str]:
    """Make an assignment as Alice; gives its address."""

    def send(**more: object) -> str:
        path = f"/classes/{school.herons.handle}/assignments"
        assert school.alice.get(f"{path}/new").status_code == 200
        response = school.alice.post(path, fields(**more))
        assert response.status_code == 303, text_of(school.alice.page)
        return str(response.headers["Location"])

    return send

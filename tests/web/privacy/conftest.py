"""Alice's class with Bob in it, in browsers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from quizapp.services import accounts, classes
from quizapp.services.accounts import Role, Viewer
from quizapp.store.accounts import find_account_by_name
from quizapp.store.engine import Database


@dataclass
class Classroom:
    """The class by its handle, Bob, and who sits before which browser."""

    database: Database
    app: Flask
    handle: str
    bob: Viewer
    alice: Any
    bobs: Any
    erin: Any

    @property
    def url(self) -> str:
        """Where the class is."""
        return f"/classes/{self.handle}"

    def download(self, browser: Any, password: str = "") -> TestResponse:
        """Ask for all that is kept, from the page about it."""
        browser.get("/settings/privacy")
        fields = {"csrf_token": browser.hidden("csrf_token"), "password": password}
        response: TestResponse = browser.client.post("/settings/privacy/download", data=fields)
        return response

    def acts(self) -> list[tuple[str, str, str, str]]:
        """All acts written down: act, way, detail and format."""
        with self.database.reading() as session:
            rows = session.execute(sa.text("SELECT act, way, detail, format FROM audit ORDER BY id"))
            return [tuple(row) for row in rows]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """SQLite alone: what differs between databases is held by the tests of the services."""
    return sqlite_database


@pytest.fixture
def classroom(app: Flask, web_database: Database, browser_of: Callable[..., Any]) -> Classroom:
    """Alice teaches it, Bob studies in it, Erin is the administrator."""
    alice, bobs, erin = browser_of("Alice", Role.TEACHER), browser_of("Bob"), browser_of("Erin", Role.ADMIN)
    then = datetime.now(UTC) - timedelta(hours=1)
    with web_database.writing() as session:
        teacher, pupil = find_account_by_name(session, "alice"), find_account_by_name(session, "bob")
        assert teacher is not None
        assert pupil is not None
        taught = classes.create_class(
            session, Viewer(teacher.learner_id, "", teacher.id, "Alice", Role.TEACHER), "Herons 8b", then
        )
        classes.add_member(session, taught, pupil.learner_id, pupil.handle, then)
        session.commit()
    bob = Viewer(pupil.learner_id, pupil.handle, pupil.id, "Bob", Role.STUDENT)
    assert accounts.Role.STUDENT is bob.role
    return Classroom(web_database, app, taught.handle, bob, alice, bobs, erin)

"""Alice's class with Bob in it, in the browser."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from plumbing import samples

from quizapp.services import accounts, classes, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.study import Submission
from quizapp.store.accounts import find_account_by_name
from quizapp.store.engine import Database
from quizapp.store.tables import ClassMemberRow, ClassRow, table_of


@dataclass
class Classroom:
    """The class by its handle, and Bob."""

    database: Database
    handle: str
    bob: Viewer
    app: Flask

    @property
    def url(self) -> str:
        """Where its reports are."""
        return f"/classes/{self.handle}/reports"

    @property
    def api(self) -> str:
        """Where programs find them."""
        return f"/api/v1/classes/{self.handle}/report"

    def answer(self, count: int = 1, card: str = "height", response: object = None) -> None:
        """Bob answers wrongly."""
        rules = self.app.extensions["quizapp"].rules
        for _ in range(count):
            given = samples.WRONG[card] if response is None else response
            with self.database.writing() as session:
                study.answer_card(
                    session, self.bob, Submission("birds", card, 1, given), str(uuid.uuid4()), rules, datetime.now(UTC)
                )

    def set(self, **values: object) -> None:
        """Change the class, or (``member_…``) what the list says of Bob."""
        member = {name.removeprefix("member_"): value for name, value in values.items() if name.startswith("member_")}
        own = {name: value for name, value in values.items() if not name.startswith("member_")}
        with self.database.writing() as session:
            if member:
                session.execute(sa.update(table_of(ClassMemberRow)).values(**member))
            if own:
                session.execute(sa.update(table_of(ClassRow)).values(**own))
            session.commit()


@pytest.fixture
def alice(browser_of: Callable[..., object]) -> object:
    """Alice's browser."""
    return browser_of("Alice", Role.TEACHER)


@pytest.fixture
def classroom(app: Flask, web_database: Database, alice: object) -> Classroom:
    """Her class with Bob in it, who has an hour of membership behind him."""
    then = datetime.now(UTC) - timedelta(hours=1)
    with web_database.writing() as session:
        bob = accounts.add_user(session, "Bob", Role.STUDENT, "three grey herons", then)
        account = find_account_by_name(session, "alice")
        assert account is not None
        teacher = Viewer(account.learner_id, "", account.id, "Alice", Role.TEACHER)
        taught = classes.create_class(session, teacher, "Herons 8b", then)
        classes.add_member(session, taught, bob.learner_id, bob.handle, then)
    room = Classroom(web_database, taught.handle, bob, app)
    room.set(member_first_name="Bob", member_last_name="=Young", member_external_id="7", member_email="b@example.org")
    return room

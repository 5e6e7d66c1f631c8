"""Steps that tests of the sign-in by way of a school's server share."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from plumbing.sign_in_server import SignInServer
from werkzeug.test import TestResponse

from quizapp.services import accounts
from quizapp.services.accounts import Role
from quizapp.store.engine import Database

BACK = "/sign-in/school/back"
PASSWORD = "three grey herons"


def go_and_return(browser: Any, server: SignInServer, path: str = "/sign-in/school") -> TestResponse:
    """To the server and back again."""
    sent = browser.get(path)
    assert sent.status_code == 303, sent.text
    back: TestResponse = browser.get(f"{BACK}?{server.authorise(sent.location)}")
    return back


def count_rows(database: Database, table: str) -> int:
    """How many rows a table has."""
    with database.reading() as session:
        return int(session.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


def add_person(database: Database, name: str, role: Role = Role.STUDENT) -> None:
    """Make an account with the password that all have."""
    with database.writing() as session:
        accounts.add_user(session, name, role, PASSWORD, datetime.now(UTC))


def list_roles(database: Database) -> dict[str, str]:
    """The names of all accounts, each with its role."""
    with database.reading() as session:
        rows = session.execute(sa.text("SELECT name, role FROM account"))
        return {row.name: row.role for row in rows}

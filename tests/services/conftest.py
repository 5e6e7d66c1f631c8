"""The cast, as the services see them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from quizapp.services import accounts
from quizapp.services.accounts import Role, Viewer
from quizapp.store.engine import Database

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASSWORD = "three grey herons"


@pytest.fixture
def noon() -> datetime:
    """A moment to count from."""
    return NOON


@pytest.fixture
def password() -> str:
    """A password that is good enough for anybody of the cast."""
    return PASSWORD


@pytest.fixture
def add_user(database: Database) -> Callable[..., Viewer]:
    """Make an account: ``add_user("Bob")``, ``add_user("Alice", Role.TEACHER)``."""

    def add(name: str, role: Role = Role.STUDENT) -> Viewer:
        with database.writing() as session:
            return accounts.add_user(session, name, role, PASSWORD, NOON)

    return add

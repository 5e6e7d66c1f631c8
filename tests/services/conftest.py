"""The cast, as the services see them."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from plumbing.filled import Filling

from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.services import accounts
from quizapp.services.accounts import Role, Viewer
from quizapp.services.rules import StudyRules
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


@pytest.fixture
def rules() -> StudyRules:
    """The rules of a school in UTC."""
    calendar = StudyCalendar(ZoneInfo("UTC"), time(4))
    return StudyRules(Scheduler(SchedulerSettings(), calendar), calendar, b"a secret for tests only")


@pytest.fixture
def library_database(database: Database, filling: Filling) -> Database:
    """A database with one text and a deck with a card of every type."""
    filling.into(database)
    return database


@pytest.fixture
def library_add_user(library_database: Database, add_user: Callable[..., Viewer]) -> Callable[..., Viewer]:
    """``add_user`` in the database with the deck."""
    return add_user


@pytest.fixture
def add_sqlite_user(sqlite_database: Database, noon: datetime, password: str) -> Callable[..., Viewer]:
    """``add_user`` in the SQLite database alone."""

    def add(name: str, role: Role = Role.STUDENT) -> Viewer:
        with sqlite_database.writing() as session:
            return accounts.add_user(session, name, role, password, noon)

    return add

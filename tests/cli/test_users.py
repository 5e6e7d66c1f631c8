"""Accounts at the command line."""

import uuid
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from plumbing import samples
from plumbing.server import run_quizapp

from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.services import accounts, study
from quizapp.services.accounts import Role
from quizapp.services.library import InputFile, load_files
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store.setup import open_database


def test_the_command_line_takes_it_off(tmp_path: Any) -> None:
    run_quizapp(tmp_path, "db", "upgrade")
    run_quizapp(tmp_path, "user", "add", "Alice", "--role", "teacher", "--password-stdin", typed="three grey herons\n")
    done = run_quizapp(tmp_path, "user", "no-codes", "Alice")
    assert (done.returncode, done.stdout.strip()) == (0, "“Alice” was not asked for codes.")
    assert run_quizapp(tmp_path, "user", "no-codes", "Nobody").returncode == 1


@pytest.fixture
def twice(tmp_path: Path) -> Path:
    """Bob registered twice, and answered one card under both names and another as Robert; gives the data folder."""
    calendar, now = StudyCalendar(ZoneInfo("UTC"), time(4)), datetime.now(UTC)
    rules = StudyRules(Scheduler(SchedulerSettings(), calendar), calendar, b"a secret for tests only")
    database, key = open_database(f"sqlite:///{tmp_path / 'quizapp.db'}"), str(uuid.uuid4())
    with database.writing() as session:
        load_files(session, [InputFile("herons.md", samples.SOURCE)], [InputFile("birds.yaml", samples.DECK)], now)
        accounts.add_user(session, "Alice", Role.TEACHER, "three grey herons", now)
        for name in ("Bob", "Robert"):
            who = accounts.add_user(session, name, Role.STUDENT, "three grey herons", now)
            study.answer_card(session, who, Submission("birds", "height", 1, "100 cm"), key, rules, now)
        study.answer_card(session, who, Submission("birds", "legs", 1, "long"), str(uuid.uuid4()), rules, now)
    database.dispose()
    return tmp_path


def test_two_accounts_are_put_together_after_a_look_at_what_would_be_done(twice: Path) -> None:
    numbers = ["       1  answers in study", "       1  answers that were in both, and are there once"]
    tried = run_quizapp(twice, "user", "merge", "Bob", "Robert", "--dry-run")
    assert (tried.returncode, tried.stdout.splitlines()[:2], tried.stderr) == (0, numbers, "")
    assert tried.stdout.splitlines()[-1] == "This was a dry run: nothing was changed."
    done = run_quizapp(twice, "user", "merge", "Bob", "Robert")
    assert done.stdout.splitlines()[:-1] == tried.stdout.splitlines()[:-1]
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "“Robert” is “Bob” from now on.")
    again = run_quizapp(twice, "user", "merge", "Bob", "Robert")
    assert (again.returncode, again.stderr) == (1, "Error: There is no account named “Robert”.\n")


def test_a_merge_that_is_refused_says_why_and_a_call_that_is_wrong_is_no_call(twice: Path) -> None:
    same = run_quizapp(twice, "user", "merge", "Bob", "BOB")
    assert (same.returncode, same.stderr) == (1, "Error: “Bob” and “BOB” are one account already.\n")
    assert run_quizapp(twice, "user", "merge", "Bob").returncode == 2
    told = run_quizapp(twice, "user", "merge", "--help")
    assert told.returncode == 0
    assert "It cannot be undone." in " ".join(told.stdout.split())

"""A migration is killed before each of its statements: nothing changes, and the next attempt succeeds."""

import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import plumbing
import pytest
import sqlalchemy as sa
from plumbing import samples
from plumbing.checkout import ROOT
from plumbing.ledger import IS_LONG, SHARE, tell

from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.services import accounts, study
from quizapp.services.library import InputFile, load_files
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store import migrate, revisions
from quizapp.store.engine import Database, make_engine

RELEASED = ("0001", "0002", "0003", "0004")
"""The revisions that releases stand at: whoever has one of them upgrades from there."""
STEP = max(1, round(1 / SHARE)) if IS_LONG else 97
"""The upgrade is killed before each so manieth statement; in a whole long run before each."""
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

Contents = dict[str, tuple[tuple[str, ...], list[str]]]
"""For each table its columns, and its rows as texts, in order."""


def _seed(url: str) -> None:
    """A school with a deck, two students, and answers over some weeks."""
    calendar = StudyCalendar(ZoneInfo("UTC"))
    rules = StudyRules(Scheduler(SchedulerSettings(), calendar), calendar, b"a secret for tests only")
    database = Database(url)
    with database.writing() as session:
        load_files(session, [InputFile("herons.md", samples.SOURCE)], [InputFile("birds.yaml", samples.DECK)], NOON)
        for name in ("Bob", "Charlie"):
            who = accounts.add_user(session, name, accounts.Role.STUDENT, "three grey herons", NOON)
            for day, card in enumerate(("height", "height", "winter", "food", "legs", "height")):
                given = samples.RIGHT[card] if day % 4 else samples.WRONG[card]
                answer = Submission("birds", card, 1, given)
                study.answer_card(session, who, answer, str(uuid.uuid4()), rules, NOON + timedelta(days=5 * day))
        session.commit()
    database.dispose()


def _read(url: str, like: Contents | None = None) -> Contents:
    """All that is in a database; of one that was upgraded, what ``like`` had too."""
    engine = make_engine(url)
    found: Contents = {}
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        for table in inspector.get_table_names():
            if table == "alembic_version" or (like is not None and table not in like):
                continue
            there = [column["name"] for column in inspector.get_columns(table)]
            columns = tuple(sorted(there) if like is None else [name for name in like[table][0] if name in there])
            select = sa.select(*(sa.column(name) for name in columns)).select_from(sa.table(table))
            found[table] = columns, sorted(repr(tuple(row)) for row in connection.execute(select))
    engine.dispose()
    return found


@contextmanager
def _killer(url: str) -> Iterator[subprocess.Popen[str]]:
    program = Path(plumbing.__path__[0]) / "upgrade_killer.py"
    with subprocess.Popen(
        [sys.executable, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        print(url, "head", file=process.stdin, flush=True)
        yield process
        process.stdin.close()


def _kill_before(process: subprocess.Popen[str], number: int) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    print(number, file=process.stdin, flush=True)
    return process.stdout.readline().strip()


@pytest.mark.parametrize("revision", RELEASED if IS_LONG else RELEASED[:1])
def test_a_migration_killed_before_any_statement_changes_nothing_and_succeeds_the_next_time(
    database_url: str, revision: str
) -> None:
    _seed(database_url)
    migrate.downgrade(database_url, revision)
    before = _read(database_url)
    assert before["review"][1]
    kills, number = 0, 1
    with _killer(database_url) as process:
        while (said := _kill_before(process, number)) == "killed":
            assert revisions.read_revision(database_url) == revision
            assert _read(database_url) == before
            kills += 1
            number += STEP
    assert said.startswith("done ")
    assert kills > 0
    after = _read(database_url, like=before)
    assert {table: after[table][1] for table in before if after[table][0] == before[table][0]} == {
        table: rows for table, (columns, rows) in before.items() if after[table][0] == columns
    }
    assert {table: len(rows) for table, (_, rows) in after.items()} == {
        table: len(rows) for table, (_, rows) in before.items()
    }
    assert revisions.read_revision(database_url) == revisions.newest_revision()
    assert migrate.find_faults(database_url) == []
    migrate.upgrade(database_url)
    kind = database_url.partition(":")[0].partition("+")[0]
    tell(f"R10 migration from {revision} on {kind}", kills=kills, statements=int(said.split()[1]), changed=0)

"""Figures of the whole installation, for whoever watches it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quizapp.services import jobs
from quizapp.services.figures import read_backups, read_figures
from quizapp.store.backup import save_backup
from quizapp.store.engine import Database

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_jobs_are_counted_by_kind_and_state(database: Database) -> None:
    with database.writing() as session:
        assert read_figures(session).jobs == ()
        jobs.enqueue(session, "fit", "learner:1", NOW)
        jobs.enqueue(session, "fit", "learner:2", NOW)
        session.commit()
    with database.reading() as session:
        (counted,) = read_figures(session).jobs
    assert (counted.kind, counted.state, counted.jobs) == ("fit", "waiting", 2)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_how_old_the_last_backup_is_is_told_in_seconds(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    assert read_backups(database.url, folder, NOW).age is None
    folder.mkdir()
    save_backup(database.url, folder / "quizapp-20261123T110000Z.db")
    figures = read_backups(database.url, folder, NOW)
    assert figures.age == timedelta(hours=1).total_seconds()
    assert not figures.failed

"""Figures of the whole installation for whoever watches it; nothing about any person."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from quizapp.services.backups import describe_backups
from quizapp.store import figures as store
from quizapp.store.figures import JobCount


@dataclass(frozen=True, slots=True)
class Figures:
    """``blocked`` and ``archive_age`` (seconds) are None where the database has no such thing."""

    jobs: tuple[JobCount, ...]
    blocked: int | None
    archive_age: float | None


def read_figures(session: Session) -> Figures:
    """Ask the database. Raises SQLAlchemy's errors where it does not answer."""
    jobs = store.count_jobs(session)
    return Figures(tuple(jobs), store.count_blocked(session), store.find_archive_age(session))


@dataclass(frozen=True, slots=True)
class BackupFigures:
    """Seconds since the last backup (None: none yet), whether anything changed since, whether the last try failed."""

    age: float | None
    unsaved: bool
    failed: bool


def read_backups(url: str, folder: Path, now: datetime) -> BackupFigures:
    """How the backups that make themselves stand."""
    state = describe_backups(url, folder)
    age = None if state.newest is None else max(0.0, (now - state.newest).total_seconds())
    return BackupFigures(age, state.unsaved, state.failed_at is not None)

"""Putting a backup in the database's place, brought to this release and without those who were deleted since."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from quizapp.services.privacy import replaying
from quizapp.services.rules import StudyRules
from quizapp.store import erased as log
from quizapp.store.backup import restore_backup
from quizapp.store.backups import find_database, list_backups
from quizapp.store.engine import Database
from quizapp.store.erased import Erased
from quizapp.store.setup import prepare_database


@dataclass(frozen=True, slots=True)
class Home:
    """Where a database lives: its address, the data directory, and the folder of its backups, if they are made."""

    url: str
    data_dir: Path
    backups: Path | None


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was put in place: where the old database is kept, if there was one, and how many were deleted again
    (or, ``with_deleted``, brought back).
    """

    kept: Path | None
    again: int


def _gather(home: Home) -> Erased:
    """Who was deleted, by all that is left of the old database: its file may be broken, or gone."""
    file = find_database(home.url)
    made = list_backups(home.backups) if home.backups is not None else []
    return replaying.gather(home.data_dir, *([file] if file else []), *(each.path for each in made[:1]))


def restore(
    home: Home, backup: Path, school: StudyRules, now: datetime, *, force: bool = False, with_deleted: bool = False
) -> Restored:
    """Put a backup in the database's place. All that it needs first is done in a copy: until then nothing is changed.

    Whoever was deleted since the backup is deleted again, or, ``with_deleted``, comes back for good. Raises Invalid as
    ``restore_backup``.
    """
    erased, counts = _gather(home), []

    def prepare(copy: str) -> None:
        prepare_database(copy)
        database = Database(copy)
        try:
            counts.append(
                replaying.bring_back(database, erased, home.data_dir)
                if with_deleted
                else replaying.replay(database, erased, school, now)
            )
        finally:
            database.dispose()

    if erased and not with_deleted:
        log.write_log(home.data_dir / log.FILE, erased.items())
    kept = restore_backup(home.url, backup, now, force=force, prepare=prepare)
    return Restored(kept, counts[0])

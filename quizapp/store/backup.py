"""Copies of an SQLite database, taken while it is in use, and put back only after they were checked."""

import os
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from pysqlite3 import dbapi2 as bundled_sqlite

from quizapp.core.errors import Invalid
from quizapp.store import migrate
from quizapp.store.engine import normalise_url

_PAGES_A_STEP = 1_000


def _find_file(url: str) -> Path:
    address = normalise_url(url)
    if address.get_backend_name() != "sqlite":
        raise Invalid(
            "This database is PostgreSQL, which has better tools of its own: save it with `pg_dump --format=custom`,"
            " bring it back with `pg_restore`. See docs/operations.md."
        )
    return Path(address.database or "")


def _open_to_read(path: Path) -> bundled_sqlite.Connection:
    return bundled_sqlite.connect(f"file:{quote(str(path))}?mode=ro", uri=True)


def _copy(source: Path, target: Path) -> None:
    with closing(_open_to_read(source)) as origin, closing(bundled_sqlite.connect(str(target))) as copy:
        origin.backup(copy, pages=_PAGES_A_STEP)


def _sync(path: Path) -> None:
    for place, flags in ((path, os.O_RDONLY), (path.parent, os.O_RDONLY | os.O_DIRECTORY)):
        descriptor = os.open(place, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _check(path: Path) -> None:
    """Raise Invalid where a file is damaged, or no database of ours."""
    try:
        with closing(_open_to_read(path)) as connection:
            faults = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except bundled_sqlite.DatabaseError as error:
        raise Invalid(f"{path} is not a database of Quizapp, or a damaged one. Take another backup.") from error
    if faults or broken or revision is None or not migrate.is_known(f"sqlite:///{path}", revision[0]):
        reason = "it is damaged" if faults or broken else "a newer release of Quizapp made it"
        raise Invalid(f"{path} cannot be used: {reason}. Take another backup.")


def save_backup(url: str, target: Path) -> None:
    """Copy the database to ``target`` while it is in use; whole or not at all.

    Raises Invalid where the target exists, or the database is no SQLite file.
    """
    source = _find_file(url)
    if not source.is_file():
        raise Invalid(f"There is no database at {source}.")
    if target.exists():
        raise Invalid(f"{target} exists already. A backup never overwrites another; choose a new name.")
    aside = target.with_name(f".{target.name}.part")
    aside.unlink(missing_ok=True)
    try:
        _copy(source, aside)
        with closing(bundled_sqlite.connect(str(aside))) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")  # one file that can be carried away, without a log beside it
        _check(aside)
        _sync(aside)
        aside.rename(target)
    finally:
        for leftover in aside.parent.glob(f"{aside.name}*"):
            leftover.unlink(missing_ok=True)
    _sync(target)


def restore_backup(url: str, backup: Path, now: datetime) -> Path | None:
    """Put a backup in the place of the database, after checking it; the old database is kept beside it.

    Stop the server first. Gives the path under which the old database is kept, None where there was none. Raises
    Invalid, and changes nothing, where the backup is damaged or not ours.
    """
    target = _find_file(url)
    if not backup.is_file():
        raise Invalid(f"There is no file {backup}.")
    _check(backup)
    kept = None
    if target.is_file():
        kept = target.with_name(f"{target.name}.before-{now:%Y%m%d-%H%M%S}")
        save_backup(url, kept)
    _copy(backup, target)
    _check(target)
    _sync(target)
    return kept

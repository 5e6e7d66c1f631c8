"""Copies of an SQLite database, taken while it is in use, and put back only after they were checked."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from pysqlite3 import dbapi2 as bundled_sqlite
from sqlmodel import SQLModel

from quizapp.core.errors import Invalid
from quizapp.store import revisions
from quizapp.store.damage import clear_mark, is_damage
from quizapp.store.engine import normalise_url
from quizapp.store.presence import being_alone
from quizapp.store.soundness import open_to_read
from quizapp.store.writers import make_private_file, take_owner

_ALWAYS_THERE = {"alembic_version", "learner", "account", "deck", "card", "card_revision", "review"}
_SIDE_FILES = ("", "-journal", "-wal", "-shm", ".queue", ".queue-next")


def _find_file(url: str) -> Path:
    address = normalise_url(url)
    if address.get_backend_name() != "sqlite":
        raise Invalid(
            "This database is PostgreSQL, which has better tools of its own: save it with `pg_dump --format=custom`,"
            " bring it back with `pg_restore`. See docs/operations.md."
        )
    return Path(address.database or "")


def _sync(path: Path) -> None:
    for place, flags in ((path, os.O_RDONLY), (path.parent, os.O_RDONLY | os.O_DIRECTORY)):
        descriptor = os.open(place, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _is_ours(connection: bundled_sqlite.Connection, path: Path) -> str | None:
    """What speaks against a file's being a database of Quizapp, as far as its tables and its revision tell."""
    kinds = connection.execute("SELECT type, name FROM sqlite_master").fetchall()
    tables = {name for kind, name in kinds if kind == "table"}
    if not tables >= _ALWAYS_THERE or any(kind in ("view", "trigger") for kind, _ in kinds):
        return "it is not a database of Quizapp"
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if revision is None:
        return "it is not a database of Quizapp"
    if revision[0] not in revisions.list_revisions():
        return "a newer release of Quizapp made it"
    if revision[0] == revisions.newest_revision() and not tables >= set(SQLModel.metadata.tables):
        return "tables are missing in it"
    return None


def _find_fault(path: Path) -> str | None:
    """Why a file cannot be used as a database, in words; None where it can."""
    try:
        with closing(open_to_read(path)) as connection:
            if (fault := _is_ours(connection, path)) is not None:
                return fault
            faults = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    except bundled_sqlite.Error as error:
        return f"it is damaged, or not a database of Quizapp: {error}"
    return "it is damaged" if faults or broken else None


def _close_log(path: Path) -> None:
    """Make a database one file that can be carried away, without a log beside it."""
    with closing(bundled_sqlite.connect(str(path))) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _copied(source: Path, beside: Path, mark: str) -> Iterator[Path]:
    """A private copy of a database, in one file beside the one it is for; removed unless it was moved away.

    The copy is made in one step: in several, each answer that comes in meanwhile would make it begin again.
    """
    aside = beside.with_name(f".{beside.name}.{mark}")
    leftovers = [aside.with_name(f"{aside.name}{ending}") for ending in _SIDE_FILES]
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)
    make_private_file(aside)
    try:
        with closing(open_to_read(source)) as origin, closing(bundled_sqlite.connect(str(aside))) as copy:
            origin.backup(copy, pages=-1)
        _close_log(aside)
        yield aside
    except bundled_sqlite.Error as error:
        remedy = " It is damaged: go back to the last good backup with quizapp db restore." if is_damage(error) else ""
        raise Invalid(f"{source} cannot be copied: {error}.{remedy}") from error
    finally:
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)


def save_backup(url: str, target: Path) -> None:
    """Copy the database to ``target`` while it is in use; whole or not at all, and for its owner alone.

    Raises Invalid where the target exists, or the database is damaged or no SQLite file.
    """
    source = _find_file(url)
    if not source.is_file():
        raise Invalid(f"There is no database at {source}.")
    if target.exists():
        raise Invalid(f"{target} exists already. A backup never overwrites another; choose a new name.")
    with _copied(source, target, "part") as aside:
        if (fault := _find_fault(aside)) is not None:
            raise Invalid(
                f"The database {source} cannot be saved: {fault}."
                " Go back to the last good backup with quizapp db restore."
            )
        _sync(aside)
        aside.rename(target)
    _sync(target)


def _keep(path: Path, kept: Path) -> None:
    """Give a file a second name, so that there is no moment without it; a copy where there are no such names."""
    try:
        os.link(path, kept)
    except OSError:
        shutil.copy2(path, kept)


def _choose_name(target: Path, now: datetime) -> Path:
    """A name for the old database that nothing has yet."""
    plain = target.with_name(f"{target.name}.before-{now:%Y%m%d-%H%M%S}")
    kept, count = plain, 1
    while kept.exists():
        count += 1
        kept = plain.with_name(f"{plain.name}-{count}")
    return kept


def _put_in_place(aside: Path, target: Path, kept: Path | None) -> None:
    """Move the new database into the old one's place. The old one's log must go first: SQLite would play it back."""
    log, index = (target.with_name(f"{target.name}{ending}") for ending in ("-wal", "-shm"))
    if kept is not None:
        if log.exists():
            _keep(log, kept.with_name(f"{kept.name}-wal"))
        _keep(target, kept)
        _sync(target)
    for stale in (log, index, target.with_name(f"{target.name}-journal")):
        stale.unlink(missing_ok=True)
    aside.replace(target)
    _sync(target)


def _as_it_is(_: str) -> None:
    """Change nothing in a backup before it is put in place."""


def restore_backup(
    url: str, backup: Path, now: datetime, *, force: bool = False, prepare: Callable[[str], None] = _as_it_is
) -> Path | None:
    """Put a backup in the place of the database, after checking it; the old database is kept beside it, as it is.

    ``prepare`` is given the address of the copy before it is put in place, and must leave it closed: whatever a backup
    needs first is done by then, or the old database stays. Gives the path under which the old database is kept, None
    where there was none. Raises Invalid, and changes nothing, where the backup is damaged or not ours, or where a
    server has the database open: with ``force``, what that one writes until it ends goes into the kept database.
    """
    target = _find_file(url)
    if not backup.is_file():
        raise Invalid(f"There is no file {backup}.")
    there = target.is_file()
    if there and backup.samefile(target):
        raise Invalid(f"{backup} is the database itself. Name a backup of it.")
    if (fault := _find_fault(backup)) is not None:
        raise Invalid(f"{backup} cannot be used: {fault}. Take another backup.")
    kept = _choose_name(target, now) if there else None
    with being_alone(target, force=force), _copied(backup, target, "restored") as aside:
        prepare(f"sqlite:///{aside}")
        _close_log(aside)
        if (fault := _find_fault(aside)) is not None:
            raise Invalid(f"The copy of {backup} cannot be used: {fault}. Try again.")
        if there:
            take_owner(aside, target)
        _sync(aside)
        _put_in_place(aside, target, kept)
        clear_mark(target)
    return kept

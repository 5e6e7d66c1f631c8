"""Opening a database that is ready for this release, or saying what to do first."""

from pathlib import Path

from quizapp.core.errors import Invalid
from quizapp.store import migrate, revisions
from quizapp.store.damage import clear_mark, mark_damaged, read_mark
from quizapp.store.engine import Database, find_file, normalise_url
from quizapp.store.soundness import find_file_faults

LOOK_SECONDS = 5.0
"""How long a start may look through the file. What is longer is looked through whole with the next backup."""
HOW_TO_MEND = (
    "Stop the server and go back to the last good backup with: quizapp db restore FILE. If the file was mended in"
    " another way: quizapp db check"
)


def find_damage(url: str) -> str | None:
    """Why the database file must only be read, in words; None where it may be used. PostgreSQL checks itself.

    Looks through the file for at most ``LOOK_SECONDS``; through the whole of one that was found damaged before: where
    that is sound now, it may be written to again. What is found is marked, and stops all writing.
    """
    file = find_file(normalise_url(url))
    if file is None or not file.is_file():
        return None
    reason = read_mark(file)
    if reason is not None:
        if find_file_faults(file, seconds=None):
            return reason
        clear_mark(file)
        return None
    if faults := find_file_faults(file, seconds=LOOK_SECONDS):
        mark_damaged(file, faults[0])
        return faults[0]
    return None


def prepare_database(url: str) -> None:
    """Bring the database to this release, whether it is new or old.

    Raises Invalid for one from a newer release, and for one whose file is known to be damaged.
    """
    file = find_file(normalise_url(url))
    if file is not None and (reason := read_mark(file)) is not None:
        raise Invalid(f"The database is damaged: {reason}. {HOW_TO_MEND}")
    _refuse_newer(url)
    migrate.upgrade(url)


def _refuse_newer(url: str) -> str | None:
    revision = revisions.read_revision(url)
    if revision is not None and revision not in revisions.list_revisions():
        raise Invalid(
            f"The database was made by a newer release of Quizapp (its revision is {revision})."
            " Install that release again, or restore a backup from before."
        )
    return revision


def _refuse_memory(url: str) -> None:
    address = normalise_url(url)
    if address.get_backend_name() == "sqlite" and find_file(address) is None:
        raise Invalid(
            "QUIZAPP_DATABASE_URL names an SQLite database in memory, which would forget every answer. Name a file:"
            " sqlite:////var/lib/quizapp/quizapp.db, or leave the setting out."
        )


def is_behind(url: str) -> bool:
    """Whether an upgrade would change a database that is there."""
    return _is_there(url) and revisions.read_revision(url) not in (None, revisions.newest_revision())


def _is_there(url: str) -> bool:
    """Whether an SQLite file exists; opening it would make it. Another database is asked instead."""
    address = normalise_url(url)
    return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()


def open_database(url: str, create: bool = True) -> Database:
    """Open the database. One that was never set up is made, unless ``create`` is False.

    Raises Invalid where it stands at another revision than this release: an upgrade is never done unasked. One in
    memory is refused too.
    """
    _refuse_memory(url)
    if not create and not _is_there(url):
        raise Invalid("There is no database yet. Make it with: quizapp db upgrade")
    revision = _refuse_newer(url)
    if revision is None and create:
        prepare_database(url)
    elif revision != revisions.newest_revision():
        raise Invalid("The database is not ready for this release. Make a backup, then run: quizapp db upgrade")
    return Database(url)

"""Opening a database that is ready for this release, or saying what to do first."""

from pathlib import Path

from quizapp.core.errors import Invalid
from quizapp.store import migrate
from quizapp.store.engine import Database, normalise_url


def prepare_database(url: str) -> None:
    """Bring the database to this release, whether it is new or old. Raises Invalid for one from a newer release."""
    _refuse_newer(url)
    migrate.upgrade(url)


def _refuse_newer(url: str) -> str | None:
    revision = migrate.read_revision(url)
    if revision is not None and not migrate.is_known(url, revision):
        raise Invalid(
            f"The database was made by a newer release of Quizapp (its revision is {revision})."
            " Install that release again, or restore a backup from before."
        )
    return revision


def _is_there(url: str) -> bool:
    """Whether an SQLite file exists; opening it would make it. Another database is asked instead."""
    address = normalise_url(url)
    return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()


def open_database(url: str, create: bool = True) -> Database:
    """Open the database. One that was never set up is made, unless ``create`` is False.

    Raises Invalid where it stands at another revision than this release: an upgrade is never done unasked.
    """
    if not create and not _is_there(url):
        raise Invalid("There is no database yet. Make it with: quizapp db upgrade")
    revision = _refuse_newer(url)
    if revision is None and create:
        migrate.upgrade(url)
    elif revision != migrate.newest_revision(url):
        raise Invalid("The database is not ready for this release. Make a backup, then run: quizapp db upgrade")
    return Database(url)

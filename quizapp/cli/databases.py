"""`quizapp db`: the database as a whole."""

from pathlib import Path

import click

from quizapp.cli.base import LazyGroup, cli, now
from quizapp.core.errors import Invalid
from quizapp.services.backups import refuse_lost_database, save_before_upgrade
from quizapp.settings import load_settings
from quizapp.store import backup, migrate
from quizapp.store.engine import normalise_url
from quizapp.store.presence import being_open
from quizapp.store.setup import find_damage, is_behind, open_database, prepare_database


@cli.group(cls=LazyGroup, modules={"copy": "db_copy", "restore": "restoring", "erase-again": "restoring"})
def db() -> None:
    """The database."""


def _save_first(url: str, folder: Path | None) -> None:
    """Make a backup of what an upgrade changes, and say where; for PostgreSQL, say how."""
    if normalise_url(url).get_backend_name() == "sqlite":
        if (made := save_before_upgrade(url, folder, now())) is not None:
            click.echo(f"The database as it was is saved in {made}.")
    elif is_behind(url):
        click.echo(
            "This database is PostgreSQL: it is upgraded in one transaction, and saved by its own tools alone"
            " (pg_dump --format=custom; see docs/operations.md)."
        )


@db.command("upgrade")
@click.option("--no-backup", is_flag=True, help="Make no backup first.")
def db_upgrade(no_backup: bool) -> None:
    """Bring the database to this release, after a backup. Running it again changes nothing."""
    settings = load_settings()
    settings.prepare_data_dir()
    url = settings.resolved_database_url
    refuse_lost_database(url, settings.backup_folder)
    with being_open(url):
        if not no_backup:
            _save_first(url, settings.backup_folder)
        prepare_database(url)
    click.echo("The database is up to date.")


@db.command("check")
def db_check() -> None:
    """Check that the database is sound and fits this release."""
    settings = load_settings()
    url = settings.resolved_database_url
    open_database(url, create=False).dispose()
    faults = migrate.find_faults(url)
    if migrate.tables_differ(url):
        faults.append("the tables are not those of this release")
    for fault in faults:
        click.echo(fault, err=True)
    if faults or find_damage(url) is not None:
        raise Invalid("The database is damaged. Stop the server and go back to the last good backup.")
    click.echo("The database is sound.")


@db.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def db_backup(file: Path) -> None:
    """Copy the database to FILE while it is in use."""
    backup.save_backup(load_settings().resolved_database_url, file)
    click.echo(f"The database is saved in {file}.")

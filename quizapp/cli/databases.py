"""`quizapp db`: the database as a whole."""

from pathlib import Path

import click

from quizapp.cli.base import cli, now, opening, school_rules
from quizapp.core.errors import Invalid
from quizapp.services.backups import refuse_lost_database, save_before_upgrade
from quizapp.services.privacy import replaying
from quizapp.services.restoring import Home, restore
from quizapp.settings import load_settings
from quizapp.store import backup, migrate
from quizapp.store.engine import normalise_url
from quizapp.store.presence import being_open
from quizapp.store.setup import find_damage, is_behind, open_database, prepare_database


@cli.group()
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


@db.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Restore even while a server has the database open; then restart it.")
@click.option("--with-deleted", is_flag=True, help="Bring people back, too, who were deleted since the backup.")
def db_restore(file: Path, force: bool, with_deleted: bool) -> None:
    """Put the backup FILE in the database's place, after checking it. Stop the server first.

    Whoever was deleted since the backup is deleted again.
    """
    settings = load_settings()
    settings.prepare_data_dir()
    home = Home(settings.resolved_database_url, settings.data_dir, settings.backup_folder)
    done = restore(home, file, school_rules(), now(), force=force, with_deleted=with_deleted)
    if done.kept is not None:
        click.echo(f"The database as it was is kept in {done.kept}.")
    if done.again:
        what = "brought back" if with_deleted else "deleted again"
        click.echo(f"People who had been deleted since the backup, and were {what}: {done.again}.")
    click.echo(f"The database is that of {file}.")


@db.command("erase-again")
def db_erase_again() -> None:
    """Delete again who came back with a backup that other tools restored, such as pg_restore.

    It goes by the file erased.log in the data directory. `quizapp db restore` does this by itself.
    """
    with opening() as database:
        erased = replaying.gather(load_settings().data_dir)
        click.echo(f"People deleted again: {replaying.replay(database, erased, school_rules(), now())}.")

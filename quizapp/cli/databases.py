"""`quizapp db`: the database as a whole."""

from pathlib import Path

import click

from quizapp.cli.base import cli, now
from quizapp.core.errors import Invalid
from quizapp.services.backups import refuse_lost_database
from quizapp.settings import load_settings
from quizapp.store import backup, migrate
from quizapp.store.presence import being_open
from quizapp.store.setup import find_damage, open_database, prepare_database


@cli.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this release. Running it again changes nothing."""
    settings = load_settings()
    settings.prepare_data_dir()
    url = settings.resolved_database_url
    refuse_lost_database(url, settings.backup_folder)
    with being_open(url):
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
def db_restore(file: Path, force: bool) -> None:
    """Put the backup FILE in the database's place, after checking it. Stop the server first."""
    settings = load_settings()
    settings.prepare_data_dir()
    kept = backup.restore_backup(settings.resolved_database_url, file, now(), force=force)
    if kept is not None:
        click.echo(f"The database as it was is kept in {kept}.")
    prepare_database(settings.resolved_database_url)
    click.echo(f"The database is that of {file}.")

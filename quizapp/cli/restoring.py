"""`quizapp db restore` and `quizapp db erase-again`: back to a backup, without those who were deleted since."""

from pathlib import Path

import click

from quizapp.cli.base import now, opening, school_rules
from quizapp.cli.databases import db
from quizapp.services.privacy import replaying
from quizapp.services.restoring import Home, restore
from quizapp.settings import load_settings


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

"""`quizapp privacy`: what is kept of people: handed out, deleted, kept no longer than the school wants."""

import os
import sys
import tempfile
from pathlib import Path

import click

from quizapp.cli.base import cli, now, opening, school_rules, writing
from quizapp.core.errors import Invalid
from quizapp.core.privacy.acts import Way
from quizapp.core.privacy.choices import CHOICES
from quizapp.services.privacy import erasing, exporting, sweeping


@cli.group()
def privacy() -> None:
    """What is kept of people: hand it out, delete it, keep it no longer than the school wants."""


def _confirm(name: str, yes: bool) -> None:
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise Invalid("There is no terminal to ask whether you are sure. Say so with --yes.")
    click.confirm(f"Delete all that is kept of “{name}”? Nothing can bring it back.", abort=True)


@privacy.command("erase")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
def privacy_erase(name: str, yes: bool) -> None:
    """Delete all that is kept of the person who signs in as NAME, at once.

    The figures of their classes keep anonymous answers. On SQLite the file is written anew, so that nothing can be
    read of what was deleted; backups made before still hold it.
    """
    with opening() as database:
        with database.reading() as session:
            person = erasing.find_person(session, name)
        _confirm(person.name or "", yes)
        with database.writing() as session:
            person = erasing.find_person(session, name)
            erased = erasing.erase_now(session, person, Way.COMMAND, None, school_rules(), now())
        sweeping.scrub(database)
    click.echo(f"Deleted. In the list of acts it says “{erased.code}” from now on.")


@privacy.command("export")
@click.argument("name")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The .zip file.")
def privacy_export(name: str, output: Path) -> None:
    """Write all that is kept of the person who signs in as NAME into a .zip file, as they could download it."""
    with opening() as database:
        with database.writing() as session:
            whose = exporting.begin_command(session, erasing.find_person(session, name), now())
        handle, aside = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}-")  # for its owner alone
        try:
            with os.fdopen(handle, "wb") as file, database.reading() as session:
                file.writelines(exporting.stream_export(session, whose, now()))
            Path(aside).replace(output)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
    click.echo(f"All that is kept of “{name}” is in {output}.")


@privacy.command("keep")
@click.argument("what", required=False, type=click.Choice(list(CHOICES)))
@click.argument("days", required=False, type=int)
def privacy_keep(what: str | None, days: int | None) -> None:
    """Choose how many DAYS to keep WHAT; 0 keeps it for good. Without them: show what was chosen."""
    if (what is None) != (days is None):
        raise click.UsageError("Name both what and for how many days, or neither.")
    with writing() as session:
        if what is not None and days is not None:
            sweeping.choose(session, what, days)
        for name, value in sweeping.list_choices(session).items():
            click.echo(f"{name:10} {value:5}  {CHOICES[name].label}")


@privacy.command("sweep")
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
def privacy_sweep(dry_run: bool) -> None:
    """Delete what is older than the school keeps it, and people whose wish to be deleted is due.

    The server does this by itself every night.
    """
    with opening() as database:
        if dry_run:
            with database.writing() as session:
                found = sweeping.preview(session, now())
        else:
            found = sweeping.sweep(database, school_rules(), now())
    for name, count in found.counts.items():
        click.echo(f"{count:8}  {CHOICES[name].label}")
    click.echo(f"{found.due:8}  Wishes to be deleted that are due")
    if dry_run:
        click.echo("This was a dry run: nothing was changed.")

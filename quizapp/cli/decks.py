"""`quizapp deck` and `quizapp source`: the files of a library."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from quizapp.cli.base import FORMAT, cli, now, say_problems, writing
from quizapp.core.errors import Invalid
from quizapp.core.problem import Severity
from quizapp.files import Collected, collect_files, read_originals
from quizapp.services import library
from quizapp.services.authoring.effects import CardEffect, Effect

_ORIGINALS = click.option(
    "--originals",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the original texts, to check the quotes against.",
)
_STRICT = click.option("--strict", is_flag=True, help="Fail on warnings too.")


@cli.group()
def deck() -> None:
    """Check and load decks."""


def _collect(paths: tuple[Path, ...]) -> Collected:
    found = collect_files(paths)
    if not found.decks and not found.sources:
        raise Invalid(f"No deck or source files in {', '.join(map(str, paths))}. Decks end in .yaml, sources in .md.")
    return found


def _check(found: Collected, output_format: str, originals: Path | None, strict: bool) -> None:
    """Say all that is wrong with these files, and exit with 1 where anything is."""
    read = library.read_files(found.sources, found.decks)
    problems = [*read.problems, *library.check_files(read, read_originals(originals), whole=found.whole)]
    problems = [problem for problem in problems if problem.file in found.asked]
    say_problems(problems, output_format)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if output_format == "text":
        cards = sum(len(deck_file.deck.cards) for _, deck_file in read.decks)
        click.echo(
            f"{len(read.decks)} decks with {cards} cards, {len(read.sources)} sources:"
            f" {errors} errors, {len(problems) - errors} warnings.",
            err=bool(problems),
        )
    if errors or (strict and problems):
        sys.exit(1)


@deck.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@FORMAT
@_ORIGINALS
@_STRICT
def deck_check(paths: tuple[Path, ...], output_format: str, originals: Path | None, strict: bool) -> None:
    """Check decks and the sources they cite; exit 1 where anything is wrong."""
    _check(_collect(paths), output_format, originals, strict)


_EFFECTS = {
    Effect.BACK: "is brought back",
    Effect.WORDING: "new wording",
    Effect.ANSWER: "THE ANSWER CHANGES",
    Effect.RETIRED: "retired",
}


def _say_effects(effects: Sequence[CardEffect]) -> None:
    """What changes for whom, card by card; new cards concern nobody yet."""
    for effect in effects:
        if effect.effect is not Effect.NEW:
            people, answers = effect.figures.learners, effect.figures.answers
            click.echo(
                f"  {effect.id}: {_EFFECTS[effect.effect]}; learners with progress: {people}, answers: {answers}"
            )


@deck.command("load")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def deck_load(paths: tuple[Path, ...], dry_run: bool) -> None:
    """Load decks and sources; cards are known by their ids, so that learners keep their history."""
    found = _collect(paths)
    with writing() as session:
        report = library.load_files(session, found.sources, found.decks, now(), dry_run=dry_run)
    for source in report.sources:
        state = "new" if source.fresh else "changed" if source.changed else "unchanged"
        click.echo(f"source {source.id}: {state}")
    for change in report.decks:
        click.echo(
            f"deck {change.slug}: {len(change.new)} new, {len(change.changed)} changed,"
            f" {len(change.retired)} retired, {change.unchanged} unchanged"
        )
        _say_effects(report.effects.get(change.slug, ()))
    for slug in report.in_browser:
        click.echo(f"deck {slug}: its master is in the browser, and it was left as it is. Upload the file on its page.")
    for problem in report.problems:
        click.echo(str(problem), err=True)
    if dry_run:
        click.echo("This was a dry run: nothing was changed.")
    if report.problems:
        raise Invalid("Nothing was loaded from the files named above; the others are loaded.")


@cli.group()
def source() -> None:
    """Check source texts."""


@source.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@FORMAT
@_ORIGINALS
@_STRICT
def source_check(paths: tuple[Path, ...], output_format: str, originals: Path | None, strict: bool) -> None:
    """Check source texts alone; exit 1 where anything is wrong."""
    found = collect_files(paths)
    _check(Collected(found.sources, (), found.asked, whole=False), output_format, originals, strict)

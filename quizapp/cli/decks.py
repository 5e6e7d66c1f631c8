"""`quizapp deck`: the files of a library."""

from collections.abc import Sequence
from pathlib import Path

import click

from quizapp.cli.base import FORMAT, LazyGroup, cli, now, writing
from quizapp.cli.checking import ORIGINALS, STRICT, say_checks
from quizapp.core.errors import Invalid
from quizapp.core.problem import Severity
from quizapp.files import Collected, collect_files
from quizapp.services import library
from quizapp.services.authoring.effects import CardEffect, Effect


@cli.group(cls=LazyGroup, modules={"draft": "drafting", "export": "exchange", "import": "exchange"})
def deck() -> None:
    """Check and load decks."""


def _collect(paths: tuple[Path, ...]) -> Collected:
    found = collect_files(paths)
    if not found.decks and not found.sources:
        raise Invalid(f"No deck or source files in {', '.join(map(str, paths))}. Decks end in .yaml, sources in .md.")
    return found


@deck.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@FORMAT
@ORIGINALS
@STRICT
def deck_check(paths: tuple[Path, ...], output_format: str, originals: Path | None, strict: bool) -> None:
    """Check decks and the sources they cite; exit 1 where anything is wrong."""
    say_checks(_collect(paths), output_format, originals, strict)


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
        report = library.load_files(
            session, found.sources, found.decks, now(), dry_run=dry_run, find_media=found.read_media
        )
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
    if any(problem.severity is Severity.ERROR for problem in report.problems):
        raise Invalid("Nothing was loaded from the files named above; the others are loaded.")

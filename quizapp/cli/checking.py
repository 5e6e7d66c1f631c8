"""What `quizapp deck check` and `quizapp source check` share."""

import sys
from pathlib import Path

import click

from quizapp.cli.base import say_count, say_problems
from quizapp.core.problem import Severity
from quizapp.files import Collected, read_originals
from quizapp.services import library

ORIGINALS = click.option(
    "--originals",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the original texts, to check the quotes against.",
)
STRICT = click.option("--strict", is_flag=True, help="Fail on warnings too.")


def say_checks(found: Collected, output_format: str, originals: Path | None, strict: bool) -> None:
    """Say all that is wrong with these files, and exit with 1 where anything is."""
    read = library.read_files(found.sources, found.decks)
    checked = library.check_files(read, read_originals(originals), whole=found.whole, find_media=found.read_media)
    problems = [problem for problem in (*read.problems, *checked) if found.is_asked(problem.file)]
    say_problems(problems, output_format)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if output_format == "text":
        cards = sum(len(deck_file.deck.cards) for _, deck_file in read.decks)
        click.echo(
            f"{say_count(len(read.decks), 'deck')} with {say_count(cards, 'card')},"
            f" {say_count(len(read.sources), 'source')}:"
            f" {say_count(errors, 'error')}, {say_count(len(problems) - errors, 'warning')}.",
            err=bool(problems),
        )
    if errors or (strict and problems):
        sys.exit(1)

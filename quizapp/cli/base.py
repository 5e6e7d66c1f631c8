"""What the commands share: the group they belong to, a session, and how problems are said."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime

import click
from sqlmodel import Session

from quizapp import __version__
from quizapp.core.problem import Problem
from quizapp.settings import load_settings
from quizapp.store.setup import open_database

FORMAT = click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True
)


def now() -> datetime:
    """The time of the machine's clock."""
    return datetime.now(UTC)


@contextmanager
def writing() -> Iterator[Session]:
    """A session for one command; the database is made where there is none yet."""
    settings = load_settings()
    settings.prepare_data_dir()
    database = open_database(settings.resolved_database_url)
    try:
        with database.writing() as session:
            yield session
    finally:
        database.dispose()


def say_problems(problems: list[Problem], output_format: str) -> None:
    """Write problems out, as lines or as JSON."""
    if output_format == "json":
        click.echo(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2))
        return
    for problem in problems:
        click.echo(str(problem))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="quizapp")
def cli() -> None:
    """Learn from a text: cards whose answers the text proves, in a browser, with spaced repetition."""

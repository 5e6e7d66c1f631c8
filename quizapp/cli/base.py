"""What the commands share: the group they belong to, a session, and how problems are said."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime

import click
from sqlmodel import Session

from quizapp import __version__
from quizapp.app import make_rules
from quizapp.core.problem import Problem
from quizapp.services.rules import StudyRules
from quizapp.settings import load_settings
from quizapp.store.engine import Database
from quizapp.store.presence import being_open
from quizapp.store.setup import open_database

FORMAT = click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True
)


def now() -> datetime:
    """The time of the machine's clock."""
    return datetime.now(UTC)


@contextmanager
def opening() -> Iterator[Database]:
    """The database for one command; it is made where there is none yet."""
    settings = load_settings()
    settings.prepare_data_dir()
    with being_open(settings.resolved_database_url):
        database = open_database(settings.resolved_database_url)
        try:
            yield database
        finally:
            database.dispose()


@contextmanager
def writing() -> Iterator[Session]:
    """A session for one command; the database is made where there is none yet."""
    with opening() as database, database.writing() as session:
        yield session


def school_rules() -> StudyRules:
    """The study rules of this installation."""
    settings = load_settings()
    return make_rules(settings, settings.find_secret())


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

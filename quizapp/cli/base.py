"""What the commands share: the group they belong to, a session, and how problems are said."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import click
from sqlmodel import Session

from quizapp import __version__
from quizapp.core.problem import Problem
from quizapp.services.rules import StudyRules, make_school_rules
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
    return make_school_rules(settings.zone, settings.day_start, settings.find_secret())


def say_count(number: int, noun: str) -> str:
    """A number and what is counted: "1 card", "2 cards"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def say_problems(problems: list[Problem], output_format: str) -> None:
    """Write problems out, as lines or as JSON."""
    if output_format == "json":
        click.echo(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2))
        return
    for problem in problems:
        click.echo(str(problem))


class LazyGroup(click.Group):
    """A group whose commands are loaded when one is called: each needs other parts of the house, and starts sooner.

    ``modules`` names, for each command that is not there from the start, the module of this package that brings it.
    """

    def __init__(self, *args: Any, modules: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, loaded or not."""
        return sorted({*self.commands, *self._modules})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; None where there is none."""
        if cmd_name not in self.commands and cmd_name in self._modules:
            import_module(f"quizapp.cli.{self._modules[cmd_name]}")
        return super().get_command(ctx, cmd_name)


@click.group(
    cls=LazyGroup,
    modules={
        "db": "databases",
        "deck": "decks",
        "demo": "demo",
        "memory": "memory",
        "privacy": "privacy",
        "report": "reports",
        "serve": "serving",
        "source": "sources",
        "user": "users",
        "work": "working",
    },
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="quizapp")
def cli() -> None:
    """Learn from a text: cards whose answers the text proves, in a browser, with spaced repetition."""

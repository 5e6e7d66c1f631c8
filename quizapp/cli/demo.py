"""`quizapp demo`: a made-up class with a history, to look at."""

import secrets
import sys
from collections.abc import Iterator

import click

from quizapp.cli.base import cli, now, opening, say_count, school_rules
from quizapp.core.demo.people import MadeUp
from quizapp.core.errors import Invalid
from quizapp.services import accounts, demo
from quizapp.services.accounts import Role
from quizapp.services.demo import DemoPlan

TEACHER = "Demo teacher"


def _show_progress(students: Iterator[MadeUp], count: int) -> Iterator[MadeUp]:
    if not sys.stderr.isatty():
        yield from students
        return
    with click.progressbar(students, length=count, label="Students", file=sys.stderr) as bar:
        yield from bar


@cli.command("demo")
@click.option("--students", type=int, default=30, show_default=True, help="How many students.")
@click.option("--days", type=int, default=60, show_default=True, help="Over how many days up to today.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number gives another class.")
@click.option("--teacher", help="Whose class it is: the name of a teacher's account. Default: one is made.")
def make_demo(students: int, days: int, seed: int, teacher: str | None) -> None:
    """Make a made-up class that has studied the loaded decks, to look at; print its id as the last line."""
    plan = DemoPlan(teacher or TEACHER, students, days, seed)
    plan.check()
    rules, moment, password = school_rules(), now(), ""
    with opening() as database:
        if teacher is None:
            password = secrets.token_urlsafe(12)
            try:
                with database.writing() as session:
                    accounts.add_user(session, TEACHER, Role.TEACHER, password, moment)
            except Invalid:
                with database.writing() as session:  # from an earlier demo
                    accounts.set_password(session, TEACHER, password, moment)
        with database.writing() as session:
            made = demo.make_demo(session, plan, rules, moment, lambda people: _show_progress(people, students))
    held = f"{say_count(made.students, 'student')}, {say_count(made.answers, 'answer')}"
    click.echo(f"Made “{made.name}”: {held}. Nobody in it exists.")
    if password:
        click.echo(f"Sign in as “{TEACHER}” with the password {password}")
    click.echo(made.handle)

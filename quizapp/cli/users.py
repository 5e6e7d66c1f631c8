"""`quizapp user`: accounts and access tokens."""

import sys
from collections.abc import Iterator

import click

from quizapp.cli.base import cli, now, school_rules, writing
from quizapp.core.errors import Invalid
from quizapp.services import accounts, merging_accounts, two_factor
from quizapp.services.accounts import Role
from quizapp.services.merging_accounts import Merged


def _has_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()  # there is none where standard input is closed


def _read_password() -> str:
    if sys.stdin is None:
        raise Invalid("Standard input is closed. Send the password on its first line.")
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        password.encode()
    except UnicodeEncodeError as error:
        raise Invalid("The password on standard input is not UTF-8 text. Choose another, or convert it.") from error
    return password


@cli.group()
def user() -> None:
    """Accounts and access tokens."""


_PASSWORD = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)


def _ask_password(from_stdin: bool) -> str:
    if from_stdin:
        return _read_password()
    if not _has_terminal():
        raise Invalid("There is no terminal to ask for the password. Send it on standard input with --password-stdin.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.STUDENT.value, show_default=True)
@_PASSWORD
def user_add(name: str, role: str, password_stdin: bool) -> None:
    """Make an account."""
    password = _ask_password(password_stdin)
    with writing() as session:
        made = accounts.add_user(session, name, Role(role), password, now())
    click.echo(f"Made the {made.kind} “{made.name}”.")


@user.command("password")
@click.argument("name")
@_PASSWORD
def user_password(name: str, password_stdin: bool) -> None:
    """Give an account a new password, and end all its sign-ins and tokens."""
    password = _ask_password(password_stdin)
    with writing() as session:
        accounts.set_password(session, name, password, now())
    click.echo(f"“{name}” has a new password.")


@user.command("token")
@click.argument("name")
@click.option("--label", default="command line", show_default=True, help="What the token is for.")
def user_token(name: str, label: str) -> None:
    """Make an access token for the API; it is printed once, as the last line."""
    with writing() as session:
        click.echo(accounts.create_token_for(session, name, label, now()))


@user.command("no-codes")
@click.argument("name")
def user_no_codes(name: str) -> None:
    """Ask an account for no codes at the sign-in any more, because the telephone is lost."""
    with writing() as session:
        had_one = two_factor.reset(session, name)
    click.echo(f"“{name}” signs in with the password alone." if had_one else f"“{name}” was not asked for codes.")


def _list_merged(merged: Merged) -> Iterator[tuple[int, str]]:
    moved = merged.moved
    yield moved.answers - merged.repeated, "answers in study"
    if merged.repeated:
        yield merged.repeated, "answers that were in both, and are there once"
    yield moved.practice, "rounds of practice"
    yield moved.attempts, "attempts at tests"
    yield moved.claims, "claims and notes"
    yield moved.plans, "plans of one’s own"
    yield moved.classes, "classes"


@user.command("merge")
@click.argument("keep")
@click.argument("gone")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
def user_merge(keep: str, gone: str, dry_run: bool) -> None:
    """Put two accounts of one learner together: all of GONE goes into KEEP, and GONE ends.

    The answers of both stand in the order of time, and the memory of each card is counted again from all of them. So
    are tests, practice, plans, claims, assignments and classes one learner's from then on. Where both have something of
    which there can be one alone, such as a setting, that of KEEP wins. The name and the password are KEEP's; whoever is
    signed in as GONE is signed out. It cannot be undone.

    Refused for who teaches a class or owns decks, texts or tests, while either is sitting a test, and where both have
    sat a test more often together than it allows.
    """
    with writing() as session:
        merged = merging_accounts.merge_accounts(session, keep, gone, school_rules(), now(), dry_run=dry_run)
    for count, what in _list_merged(merged):
        click.echo(f"{count:8}  {what}")
    if merged.school:
        click.echo(f"The school's sign-in opens “{merged.kept}” as it did “{merged.gone}”.")
    if dry_run:
        click.echo("This was a dry run: nothing was changed.")
    else:
        click.echo(f"“{merged.gone}” is “{merged.kept}” from now on.")

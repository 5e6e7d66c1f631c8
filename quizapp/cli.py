"""The command line. Thin: it reads files and words, calls a service, and says what came of it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from quizapp import __version__
from quizapp.app import make_rules
from quizapp.core.errors import Invalid, QuizappError
from quizapp.core.learning.evaluate import Metrics
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.core.problem import Problem, Severity
from quizapp.files import Collected, collect_files, read_originals
from quizapp.server import DEFAULT_HOST, DEFAULT_PORT, default_workers, serve_forever
from quizapp.services import accounts, evaluation, library
from quizapp.services import memory as rebuilding
from quizapp.services.accounts import Role
from quizapp.settings import Settings, load_settings
from quizapp.store import backup, migrate
from quizapp.store.engine import UnsafeSQLite, is_damage
from quizapp.store.setup import open_database, prepare_database


def _settings_help() -> str:
    lines = [f"QUIZAPP_{name.upper()}\n    {field.description}" for name, field in Settings.model_fields.items()]
    return "\b\nSettings, from the environment:\n" + "\n".join(lines)


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _writing() -> Iterator[Session]:
    """A session for one command; the database is made where there is none yet."""
    settings = load_settings()
    settings.prepare_data_dir()
    database = open_database(settings.resolved_database_url)
    try:
        with database.writing() as session:
            yield session
    finally:
        database.dispose()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="quizapp")
def cli() -> None:
    """Learn from a text: cards whose answers the text proves, in a browser, with spaced repetition."""


@cli.command(epilog=_settings_help())
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--workers", default=default_workers(), show_default=True, type=click.IntRange(1, 64), help="Processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the app until it is stopped with Ctrl+C."""
    serve_forever(load_settings(), host, port, workers)


_FORMAT = click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
_ORIGINALS = click.option(
    "--originals",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the original texts, to check the quotes against.",
)
_STRICT = click.option("--strict", is_flag=True, help="Fail on warnings too.")


@cli.group()
def deck() -> None:
    """Check and load decks."""


def _say_problems(problems: list[Problem], output_format: str) -> None:
    if output_format == "json":
        click.echo(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2))
        return
    for problem in problems:
        click.echo(str(problem))


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
    _say_problems(problems, output_format)
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
@_FORMAT
@_ORIGINALS
@_STRICT
def deck_check(paths: tuple[Path, ...], output_format: str, originals: Path | None, strict: bool) -> None:
    """Check decks and the sources they cite; exit 1 where anything is wrong."""
    _check(_collect(paths), output_format, originals, strict)


@deck.command("load")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def deck_load(paths: tuple[Path, ...], dry_run: bool) -> None:
    """Load decks and sources; cards are known by their ids, so that learners keep their history."""
    found = _collect(paths)
    with _writing() as session:
        report = library.load_files(session, found.sources, found.decks, _now(), dry_run=dry_run)
    for source in report.sources:
        state = "new" if source.fresh else "changed" if source.changed else "unchanged"
        click.echo(f"source {source.id}: {state}")
    for change in report.decks:
        click.echo(
            f"deck {change.slug}: {len(change.new)} new, {len(change.changed)} changed,"
            f" {len(change.retired)} retired, {change.unchanged} unchanged"
        )
    for problem in report.problems:
        click.echo(str(problem), err=True)
    if dry_run:
        click.echo("This was a dry run: nothing was changed.")
    if report.problems:
        raise Invalid("Nothing was loaded from the files named above; the others are loaded.")


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
    with _writing() as session:
        made = accounts.add_user(session, name, Role(role), password, _now())
    click.echo(f"Made the {made.kind} “{made.name}”.")


@user.command("password")
@click.argument("name")
@_PASSWORD
def user_password(name: str, password_stdin: bool) -> None:
    """Give an account a new password, and end all its sign-ins and tokens."""
    password = _ask_password(password_stdin)
    with _writing() as session:
        accounts.set_password(session, name, password, _now())
    click.echo(f"“{name}” has a new password.")


@user.command("token")
@click.argument("name")
@click.option("--label", default="command line", show_default=True, help="What the token is for.")
def user_token(name: str, label: str) -> None:
    """Make an access token for the API; it is printed once, as the last line."""
    with _writing() as session:
        click.echo(accounts.create_token_for(session, name, label, _now()))


@cli.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this release. Running it again changes nothing."""
    settings = load_settings()
    settings.prepare_data_dir()
    prepare_database(settings.resolved_database_url)
    click.echo("The database is up to date.")


@db.command("check")
def db_check() -> None:
    """Check that the database is sound and fits this release."""
    settings = load_settings()
    url = settings.resolved_database_url
    open_database(url, create=False).dispose()
    faults = migrate.find_faults(url)
    if migrate.tables_differ(url):
        faults.append("the tables are not those of this release")
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise Invalid("The database is damaged. Stop the server and go back to the last good backup.")
    click.echo("The database is sound.")


@db.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def db_backup(file: Path) -> None:
    """Copy the database to FILE while it is in use."""
    backup.save_backup(load_settings().resolved_database_url, file)
    click.echo(f"The database is saved in {file}.")


@db.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
def db_restore(file: Path) -> None:
    """Put the backup FILE in the database's place, after checking it. Stop the server first."""
    settings = load_settings()
    settings.prepare_data_dir()
    kept = backup.restore_backup(settings.resolved_database_url, file, _now())
    if kept is not None:
        click.echo(f"The database as it was is kept in {kept}.")
    prepare_database(settings.resolved_database_url)
    click.echo(f"The database is that of {file}.")


@cli.group()
def source() -> None:
    """Check source texts."""


@source.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@_FORMAT
@_ORIGINALS
@_STRICT
def source_check(paths: tuple[Path, ...], output_format: str, originals: Path | None, strict: bool) -> None:
    """Check source texts alone; exit 1 where anything is wrong."""
    found = collect_files(paths)
    _check(Collected(found.sources, (), found.asked, whole=False), output_format, originals, strict)


@cli.group()
def memory() -> None:
    """The memory model: how well it predicts, and whether its states are what the log says."""


def _figures(metrics: Metrics) -> dict[str, float | int | None]:
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in asdict(metrics).items()}


@memory.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fit", is_flag=True, help="Fit parameters to the earlier reviews; measure all on the later ones.")
@_FORMAT
def memory_evaluate(file: Path, fit: bool, output_format: str) -> None:
    """How well the memory model predicts a review log.

    FILE is a CSV with the columns card_id, review_time (milliseconds since 1970 UTC), review_rating (1 to 4) and,
    if known, review_duration (milliseconds).
    """
    settings = load_settings()
    calendar = StudyCalendar(settings.zone, settings.day_start)
    found = evaluation.evaluate_log(file.read_bytes(), str(file), calendar, fit=fit)
    if isinstance(found, tuple):
        _say_problems(list(found), output_format)
        sys.exit(1)
    models = {"default": found.default, "average": found.average}
    if found.trial is not None:
        models["fitted"] = found.trial.fitted
    if output_format == "json":
        figures: dict[str, object] = {name: _figures(metrics) for name, metrics in models.items()}
        if found.trial is not None:
            figures["parameters"] = list(found.trial.parameters)
        click.echo(json.dumps(figures, indent=2))
        return
    click.echo(f"{found.reviews} reviews, {found.dropped} left out as outliers")
    click.echo(f"{'':10}{'items':>8}{'log_loss':>10}{'rmse_bins':>11}{'auc':>8}")
    for name, metrics in models.items():
        auc = "-" if metrics.auc is None else f"{metrics.auc:.4f}"
        click.echo(f"{name:10}{metrics.items:>8}{metrics.log_loss:>10.4f}{metrics.rmse_bins:>11.4f}{auc:>8}")
    if found.trial is not None:
        verdict = "better than" if found.trial.better else "no better than"
        click.echo(f"On the later reviews the fitted parameters are {verdict} what they would replace.")


@memory.command("rebuild")
@click.option("--dry-run", is_flag=True, help="Say what differs, and change nothing.")
def memory_rebuild(dry_run: bool) -> None:
    """Count every memory state again from the review log, and tell any that differs."""
    settings = load_settings()
    rules = make_rules(settings, settings.find_secret())
    with _writing() as session:
        done = rebuilding.rebuild_states(session, rules, dry_run=dry_run)
    for line in done.differences:
        stored = "none" if line.stored is None else line.stored.to_json()
        counted = "none" if line.counted is None else line.counted.to_json()
        click.echo(f"{line.handle} {line.ref}: stored {stored}, by the log {counted}")
    click.echo(f"{done.states} states, {len(done.differences)} differed.")


def _explain(error: SQLAlchemyError) -> str:
    reason = (str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__])[0]
    if is_damage(error):
        return (
            f"The database is damaged: {reason}. Stop the server and go back to the last good backup:"
            " quizapp db restore FILE"
        )
    return f"The database does not answer: {reason}. Check QUIZAPP_DATABASE_URL."


def main() -> None:
    """The entry point: no traceback ever reaches a person."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except QuizappError as error:
        click.echo(f"Error: {error.message}", err=True)
        for name, sentence in error.fields.items() if isinstance(error, Invalid) else ():
            click.echo(f"  {name}: {sentence}", err=True)
        sys.exit(1)
    except UnsafeSQLite as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except SQLAlchemyError as error:
        click.echo(f"Error: {_explain(error)}", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"Error: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last catch: whatever it is, it is a mistake of ours
        said = " ".join(str(error).split())
        click.echo(ascii(f"Error: A mistake of Quizapp's own: {type(error).__name__}: {said}.")[1:-1], err=True)
        click.echo("Please report this line with the command that you gave.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

"""`quizapp report`: what a class has done, as a file."""

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from quizapp.cli.base import cli, now, opening, school_rules
from quizapp.core.privacy.acts import Act, Way
from quizapp.core.reports.definitions import Kind
from quizapp.core.reports.formats import Format
from quizapp.services import classes
from quizapp.services.privacy import audit
from quizapp.services.reports.files import write_file
from quizapp.services.reports.making import make_report, tidy_tests

_SHEETS = (Format.XLSX, Format.ODS)


def _shows_on_terminal() -> bool:
    return sys.stdout.isatty()


def _keep(pieces: Iterable[bytes], file: Path) -> None:
    """Write a file as a whole or not at all: an old one of that name stays until the new one is complete."""
    if file.exists() and not file.is_file():  # a pipe, or a device
        with file.open("wb") as there:
            there.writelines(pieces)
        return
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # for its owner alone
    try:
        with os.fdopen(handle, "wb") as waiting:
            waiting.writelines(pieces)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _print(pieces: Iterable[bytes]) -> None:
    try:
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has had enough (`| head`); nothing is left to be flushed at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@cli.command("report")
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@click.option("--class", "class_", required=True, metavar="CLASS", help="The class's id, as in its address.")
@click.option(
    "--format",
    "file_format",
    type=click.Choice([each.value for each in Format]),
    default=Format.CSV.value,
    show_default=True,
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--bom", is_flag=True, help="Begin a CSV file with a byte order mark, which Excel wants.")
@click.option("--sort", default="", metavar="COLUMN", help="Order the rows by this column; -COLUMN: the other way.")
def report(kind: str, class_: str, file_format: str, output: Path | None, bom: bool, sort: str) -> None:
    """What a class has done, as a file: one header line, a row for each student, attempt, answer or card.

    canvas and moodle are what those gradebooks take back. What every column means is in docs/reports.md, and on the
    README sheet of XLSX and ODS files. Where a class goes by pseudonyms, so does the report.
    """
    wanted = Format(file_format)
    if output is None and wanted in _SHEETS and _shows_on_terminal():
        raise click.UsageError(f"A terminal cannot show {wanted.upper()}. Name a file: -o FILE.")
    with opening() as database:
        with database.writing() as session:
            taught = classes.find_class(session, class_)
            tidy_tests(session, taught, now())
            audit.write_down(
                session, Act.REPORT, Way.COMMAND, None, now(), class_id=taught.id, detail=kind, file_format=wanted.value
            )
            session.commit()
        with database.reading() as session:
            made = make_report(session, taught, kind, school_rules(), now(), sort=sort)
            pieces = write_file(made, wanted, bom=bom)
            if output is None:
                _print(pieces)
            else:
                _keep(pieces, output)

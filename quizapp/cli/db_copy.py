"""`quizapp db copy`: all data into another database."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from quizapp.cli.databases import db
from quizapp.core.errors import Invalid
from quizapp.settings import load_settings, name_database_fault
from quizapp.store import copying
from quizapp.store.copying import Advance
from quizapp.store.setup import open_database


def _check_address(_: click.Context, __: click.Parameter, value: str) -> str:
    if (fault := name_database_fault(value)) is not None:
        raise click.BadParameter(fault)
    return value


@contextmanager
def _progress(rows: int) -> Iterator[Advance]:
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=2 * rows, label="Copying and comparing", file=sys.stderr) as bar:
        yield bar.update


@db.command("copy")
@click.option(
    "--to",
    "target_url",
    required=True,
    callback=_check_address,
    help="The empty database to fill: postgresql://USER@HOST/NAME or sqlite:///FILE.",
)
def db_copy(target_url: str) -> None:
    """Copy all data into another database, and compare the two row by row.

    Stop the server first. A copy that was interrupted goes on when the same command is given again.
    """
    source = open_database(load_settings().resolved_database_url, create=False)
    try:
        target = copying.open_target(target_url, source)
        try:
            with _progress(copying.count_rows(source)) as advance:
                checks = copying.copy_database(source, target, advance)
        finally:
            target.dispose()
    finally:
        source.dispose()
    faults = [check.fault for check in checks if check.fault]
    for check in checks:
        click.echo(f"{check.table}: {check.rows} rows, sha256 {check.target_digest}")
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise Invalid(
            "The copy is not the same as the source, so do not use it. Where the source was written to meanwhile, stop"
            " its server, empty the target and copy again."
        )
    click.echo(
        f"Copied {sum(check.rows for check in checks)} rows of {len(checks)} tables; every row was compared."
        " Set QUIZAPP_DATABASE_URL to the new database, and take the secret key along."
    )

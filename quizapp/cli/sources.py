"""`quizapp source`: the texts that cards cite."""

from pathlib import Path

import click

from quizapp.cli.base import FORMAT, cli, now, writing
from quizapp.cli.checking import ORIGINALS, STRICT, say_checks
from quizapp.core.errors import Invalid
from quizapp.core.source.importing.reading import LARGEST_UPLOAD
from quizapp.files import Collected, collect_files
from quizapp.services import sources_replace
from quizapp.services.sources_replace import Change, Replacement


@cli.group()
def source() -> None:
    """Check source texts, and put another text in the place of one."""


@source.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@FORMAT
@ORIGINALS
@STRICT
def source_check(paths: tuple[Path, ...], output_format: str, originals: Path | None, strict: bool) -> None:
    """Check source texts alone; exit 1 where anything is wrong."""
    found = collect_files(paths)
    say_checks(Collected(found.sources, (), found.asked, whole=False), output_format, originals, strict)


def _read_file(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_UPLOAD:
        raise Invalid(f"{path} is larger than {LARGEST_UPLOAD // 1024 // 1024} MB.")
    return path.read_bytes()


def _say_change(change: Change) -> str:
    before, after = change.found.before, change.found.after
    card = f"{change.deck}/{change.card}{' (draft)' if change.in_draft else ''}"
    place = f"paragraph {before.paragraph}"
    if change.state == "moved" and after.paragraph != before.paragraph:
        place += f" -> {after.paragraph}"
    words = f"“{before.quote}”"
    if change.found.is_reworded:
        words += f" -> “{after.quote}”"
    return f"{change.state}: {card}: {place}: {words}"


def _say_replacement(told: Replacement) -> None:
    for state in ("kept", "moved", "lost"):
        for change in told.list_in(state):
            click.echo(_say_change(change))
    for card in told.resting:
        click.echo(f"rests: {card}: learners are not asked it until a teacher mends its citation")
    for card in told.woken:
        click.echo(f"asked again: {card}: its quote is found again")
    counts = ", ".join(f"{len(told.list_in(state))} {state}" for state in ("kept", "moved", "lost"))
    click.echo(f"source {told.source_id}: {told.paragraphs} paragraphs; citations: {counts}")


@source.command("replace")
@click.argument("source_id", metavar="ID")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def source_replace(source_id: str, file: Path, dry_run: bool) -> None:
    """Put another text in a source's place; every citation is found again, or its card rests until it is mended.

    FILE is Markdown (with or without a front matter), plain text, .docx, or a web page.
    """
    data = _read_file(file)
    with writing() as session:
        new, text = sources_replace.read_replacement(session, source_id, data, str(file))
        told = sources_replace.replace_source(session, source_id, new, text, now(), file=file.name, dry_run=dry_run)
    _say_replacement(told)
    if told.is_same:
        click.echo("The text is the same as before.")
    if dry_run:
        click.echo("This was a dry run: nothing was changed.")

"""`quizapp deck import` and `quizapp deck export`: files of other systems."""

import csv
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from quizapp.cli.base import now, opening, say_count, school_rules, writing
from quizapp.cli.decks import deck
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Deck
from quizapp.core.deck.write import write_deck
from quizapp.core.errors import Invalid
from quizapp.core.exchange.encodings import ENCODINGS
from quizapp.core.exchange.model import Exported, Imported, MediaFile, PastReview
from quizapp.core.exchange.registry import FORMATS, Format, find_name
from quizapp.files import DECKS, LARGEST_FILE
from quizapp.services import exchange, past_reviews
from quizapp.services.exchange import Choices
from quizapp.services.rescheduling import find_viewer
from quizapp.services.rules import find_rules


class _FormatName(click.Choice[str]):
    """A format by its name here, or by what else people call it, such as apkg."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return super().convert(find_name(value) or value, param, ctx)


_NAMES = _FormatName([form.name for form in FORMATS])
_OUTPUT = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Where to write; without it, to standard output."
)


def _read(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_FILE:
        raise Invalid(f"{path} is larger than {LARGEST_FILE // 1024 // 1024} MB. Split it.")
    return path.read_bytes()


def _say_read(path: Path, form: Format, imported: Imported) -> None:
    """What was understood, and what was not, on standard error: standard output is the deck's."""
    note = f" ({imported.note})" if imported.note else ""
    click.echo(f"{path}: read as {form.title}{note}", err=True)
    for problem in imported.problems:
        place = f"line {problem.line}: " if problem.line else ""
        click.echo(f"{place}{problem.severity}: {problem.message} {problem.fix}".rstrip(), err=True)
    for found in imported.decks:
        kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(card.type for card in found.cards).items())
        click.echo(f"deck {found.id}: {say_count(len(found.cards), 'card')} ({kinds})", err=True)
    if imported.reviews:
        count = len(imported.reviews)
        click.echo(f"{count} past reviews are in the file; --reviews and --reviews-of keep them.", err=True)


def _keep_media(folder: Path, name: str, files: tuple[MediaFile, ...]) -> None:
    beside = folder / "media" / name
    beside.mkdir(parents=True, exist_ok=True)
    for file in files:
        target = beside / Path(file.name).name
        if target.parent == beside:
            target.write_bytes(file.data)


def _write_text(imported: Imported, found: Deck) -> str:
    """The deck file: as it stands in the file, where that holds one."""
    return imported.find_text(found.id) or write_deck(found)


def _write(imported: Imported, output: Path | None) -> None:
    """The decks as deck files: one to standard output or into a file, several into a folder."""
    if output is None and len(imported.decks) == 1:
        click.echo(_write_text(imported, imported.decks[0]), nl=False)
        if imported.media:
            click.echo(f"{len(imported.media)} pictures and sounds stay behind: name a file with -o.", err=True)
        return
    if output is None:
        raise Invalid(f"The file holds {len(imported.decks)} decks. Name a folder for them with -o.")
    if len(imported.decks) > 1 or output.is_dir():
        output.mkdir(parents=True, exist_ok=True)
        targets = [output / f"{found.id}.yaml" for found in imported.decks]
    else:
        targets = [output]
    for found, target in zip(imported.decks, targets, strict=True):
        target.write_text(_write_text(imported, found), encoding="utf-8", newline="\n")
        if imported.media:
            _keep_media(target.parent, found.id, exchange.list_shown(found, imported.media))
        click.echo(f"written: {target}", err=True)


def _write_reviews(reviews: Sequence[PastReview], target: Path) -> None:
    """The past reviews as the log that ``quizapp memory evaluate`` reads, in the order of time."""
    with target.open("w", encoding="utf-8", newline="") as file:
        log = csv.writer(file)
        log.writerow(("card_id", "review_time", "review_rating", "review_duration"))
        for one in sorted(reviews, key=lambda review: (review.at_ms, review.card)):
            duration = "" if one.duration_ms is None else one.duration_ms
            log.writerow((one.card, one.at_ms, one.rating, duration))
    click.echo(f"written: {target}", err=True)


def _load(data: bytes, imported: Imported) -> None:
    with writing() as session:
        changes, problems = exchange.load(session, data, imported, now())
    for change in changes:
        click.echo(
            f"deck {change.slug}: {len(change.new)} new, {len(change.changed)} changed,"
            f" {len(change.retired)} retired, {change.unchanged} unchanged"
        )
    for problem in problems:
        click.echo(str(problem), err=True)
    if len(changes) < len(imported.decks):
        raise Invalid("Decks with the errors named above were not loaded.")


def _take_reviews(imported: Imported, name: str) -> None:
    """Take the past reviews into somebody's own log, for decks that are loaded."""
    decks = {found.id: found for found in imported.decks}
    with writing() as session:
        learner = find_viewer(session, name)
        rules = find_rules(session, school_rules(), learner.learner_id)
        told = past_reviews.take_of_file(session, learner, decks, imported.reviews, rules, now())
    click.echo(f"{told.taken} past reviews taken for {learner.name}, {told.known} known already.")
    reasons = {
        "of cards that are not in the deck": told.unknown,
        "in the future": told.future,
        "before the year 2000": told.old,
        "without a rating from 1 to 4": told.unrated,
    }
    for reason, count in reasons.items():
        if count:
            click.echo(f"{count} left out: {reason}.")


@deck.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "format_name", type=_NAMES, help="Its format; without it, guessed from the bytes.")
@click.option("--title", default="", help="The deck's title, in the place of the file's own.")
@click.option("--language", default="en", show_default=True, help="The cards' language, such as en or pt-BR.")
@click.option("--theme", default="", help="The deck's theme; without it: imported.")
@click.option("--separator", default="", help="What parts the cells of a table; without it, guessed.")
@click.option(
    "--encoding", type=click.Choice(list(ENCODINGS)), help="How the letters of a text are stored; without it, guessed."
)
@click.option(
    "--reviews",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the past reviews in the file here, as a log that `quizapp memory evaluate` reads.",
)
@click.option(
    "--reviews-of",
    metavar="NAME",
    help="Take the past reviews in the file into the log of this account; the decks are loaded, or come with --load.",
)
@click.option("--load", is_flag=True, help="Load the decks at once, instead of writing them.")
@click.option("--dry-run", is_flag=True, help="Say what would come, and write nothing.")
@_OUTPUT
def deck_import(
    file: Path,
    format_name: str | None,
    title: str,
    language: str,
    theme: str,
    separator: str,
    encoding: str | None,
    reviews: Path | None,
    reviews_of: str | None,
    load: bool,
    dry_run: bool,
    output: Path | None,
) -> None:
    """Make a deck file of a file of another system: Anki, Moodle, Canvas, Quizlet, a table.

    What cannot be taken is listed on standard error, line by line; exit 1 where nothing can.
    """
    data = _read(file)
    separator = {"tab": "\t", "\\t": "\t"}.get(separator, separator)
    choices = Choices(format_name or "", title, language, theme, separator, encoding=encoding or "")
    with exchange.many_at_once():
        form, imported = exchange.read_file(data, file.name, choices)
        _say_read(file, form, imported)
        if not imported.decks:
            raise Invalid("There is nothing in this file that can be taken.")
        if reviews is not None and not dry_run:
            _write_reviews(imported.reviews, reviews)
        if dry_run:
            click.echo("This was a dry run: nothing was written.", err=True)
        elif load:
            _load(data, imported)
        elif output is not None or reviews_of is None:
            _write(imported, output)
        if reviews_of is not None and not dry_run:
            _take_reviews(imported, reviews_of)


def _find_deck(name: str) -> tuple[Deck, dict[str, bytes]] | None:
    """A deck file with the pictures and sounds beside it; None where the name is the id of a loaded deck."""
    path = Path(name)
    if path.suffix.lower() not in DECKS or not path.is_file():
        return None
    found = read_deck(_read(path), str(path))
    if not isinstance(found, DeckFile):
        for problem in found:
            click.echo(str(problem), err=True)
        raise Invalid("The deck file has errors.")
    beside = path.parent / "media" / found.deck.id
    files = sorted(one for one in beside.iterdir() if one.is_file()) if beside.is_dir() else []
    return found.deck, {one.name: one.read_bytes() for one in files}


def _export(name: str, format_name: str) -> Exported:
    found = _find_deck(name)
    if found is not None:
        return exchange.write_deck_as(found[0], format_name, found[1], now())
    with opening() as database, database.reading() as session:
        return exchange.export_loaded(session, name, format_name, now())


@deck.command("export")
@click.argument("name", metavar="DECK")
@click.option("--to", "format_name", type=_NAMES, required=True, help="The format to write.")
@_OUTPUT
def deck_export(name: str, format_name: str, output: Path | None) -> None:
    """Write DECK, a loaded deck's id or a deck file, in another system's format."""
    written = _export(name, format_name)
    for problem in written.problems:
        click.echo(f"{problem.severity}: {problem.message} {problem.fix}".rstrip(), err=True)
    if output is None:
        sys.stdout.buffer.write(written.data)
        sys.stdout.flush()
        return
    target = output / written.file if output.is_dir() else output
    target.write_bytes(written.data)
    click.echo(f"written: {target}", err=True)

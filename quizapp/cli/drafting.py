"""`quizapp deck draft`: a deck to edit, from a text."""

import re
from pathlib import Path

import click

from quizapp.cli.base import say_count
from quizapp.cli.decks import deck
from quizapp.core.deck.drafting import draft_cards, write_draft
from quizapp.core.deck.drafting.plain import make_plain_source
from quizapp.core.deck.drafting.workshop import make_slug
from quizapp.core.deck.schema import LANGUAGE_PATTERN
from quizapp.core.errors import Invalid
from quizapp.core.problem import Problem
from quizapp.core.source.document import LARGEST_SOURCE, Source, read_source
from quizapp.core.source.original import OriginalText, read_original

_PLAIN = (
    "This text is no source file yet, and its paragraphs are counted as `quizapp source check` counts those of an"
    " original. Save it with a front matter as sources/{source}.md before you check the deck."
)


def _refuse(problems: tuple[Problem, ...]) -> Invalid:
    return Invalid("\n".join(str(problem) for problem in problems))


def _read(path: Path, language: str) -> tuple[Source, list[str]]:
    """The source, and what is to be said of it at the head of the draft."""
    with path.open("rb") as file:
        data = file.read(LARGEST_SOURCE + 1)
    if data.removeprefix(b"\xef\xbb\xbf").startswith(b"---"):
        source = read_source(data, str(path))
        if isinstance(source, tuple):
            raise _refuse(source)
        return source, []
    original = read_original(data, path.name)
    if not isinstance(original, OriginalText):
        raise _refuse(original)
    name = make_slug(path.stem)
    return make_plain_source(original, name, language), [_PLAIN.format(source=name)]


def _check_language(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not re.fullmatch(LANGUAGE_PATTERN, value) or len(value) > 35:
        raise click.BadParameter("write a code such as en or pt-BR", context, parameter)
    return value


@deck.command("draft")
@click.argument("path", metavar="SOURCE.md", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else it is printed."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another number chooses other wrong options.")
@click.option(
    "--language",
    default="en",
    show_default=True,
    callback=_check_language,
    help="Of a plain text without front matter.",
)
def deck_draft(path: Path, output: Path | None, seed: int, language: str) -> None:
    """Suggest cards for a text, as a deck to edit: dates, names and motives, each with its sentence and quote.

    A text without a front matter, a plain text, is drafted from too.
    """
    source, notes = _read(path, language)
    drafted = draft_cards(source, seed)
    if not drafted.suggestions:
        raise Invalid(f"Nothing to suggest was found in {path}: no date, name or motive that a card could ask about.")
    text = write_draft(source, drafted, notes)
    if output is None:
        click.echo(text, nl=False)
        return
    if output.exists() and output.read_bytes() != text.encode():
        raise Invalid(f"{output} is there already and may hold your edits. Give another file, or delete it first.")
    output.write_text(text, encoding="utf-8", newline="\n")
    click.echo(f"{say_count(len(drafted.suggestions), 'card')} to look through in {output}.", err=True)

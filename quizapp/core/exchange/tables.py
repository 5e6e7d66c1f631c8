"""Tables: cells between tabs, commas, semicolons or bars, as spreadsheets and quiz programs save them.

What the columns mean is read from a first row of names where there is one, else they are question, answer and
explanation. Quizapp writes all that a card holds, with columns of its own, and reads it back without loss. Quoting is
that of RFC 4180; a first line ``sep=;`` as Excel writes it is heeded.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from itertools import chain, islice, repeat

from quizapp.core.deck.schema import Deck
from quizapp.core.deck.text import shorten
from quizapp.core.exchange.decoding import decode
from quizapp.core.exchange.gathering import Gathering
from quizapp.core.exchange.heads import read_head, write_head
from quizapp.core.exchange.htmltext import escape_markdown
from quizapp.core.exchange.model import Exported, Imported, ImportOptions, PastReview
from quizapp.core.exchange.tables_cards import read_foreign_row, read_own_row, write_row
from quizapp.core.exchange.tables_columns import OWN_COLUMNS, Columns, assume_columns, read_header
from quizapp.core.exchange.tables_rows import (
    MOST_COLUMNS,
    Row,
    guess_separator,
    name_separator,
    read_named_separator,
    read_rows,
)
from quizapp.core.messages import join_said, list_said, say

_TWO_SIDES = {"prompt": 0, "answer": 1}
_MOST_ABOVE = 12


def _take_row(row: Row, columns: Columns, gathering: Gathering) -> None:
    if row.trouble:
        gathering.report(
            row.line,
            "bad-row",
            say("This row is left out: %(why)s.", why=row.trouble),
            say("Close the quotation mark, or remove it."),
        )
        return
    if len(row.cells) > MOST_COLUMNS:
        message = say(
            "This row has %(count)s columns; at most %(most_columns)s are read.",
            count=f"{len(row.cells):,}",
            most_columns=MOST_COLUMNS,
        )
        gathering.report(row.line, "too-many", message, say("Is the separator right?"))
        return
    if columns.is_own:
        values, carried = read_own_row(row.cells, columns)
        if "Deck" in carried.extra and not gathering.head:
            gathering.head = read_head(carried.extra["Deck"][0])
        gathering.add(row.line, values, carried)
        return
    _tell_extra(row, columns, gathering)
    read = read_foreign_row(row.cells, columns)
    if isinstance(read, str):
        gathering.report(
            row.line,
            "bad-row",
            say("This row is left out: %(why)s.", why=read),
            say("Mend the row in the file, and import it again."),
        )
    else:
        values, key = read
        gathering.add(row.line, values, key=key)


def _take_sides(row: Row, gathering: Gathering) -> bool:
    """Take a row of a question and an answer the short way; False where it may be more than that."""
    prompt, answer = row.cells[0].strip(), row.cells[1].strip()
    if not prompt or not answer or answer[:4].lower() in ("true", "fals") or "___" in prompt:
        return False
    if not gathering.add_plain(prompt, answer):
        sides = {"type": "flashcard", "prompt": escape_markdown(prompt), "answer": escape_markdown(answer)}
        gathering.add(row.line, sides)
    return True


def _find_header(text: str, separator: str, start: int) -> int:
    """How many rows stand above the names of the columns, as in the templates of quiz programs; 0 where none do."""
    heads = islice(read_rows(text, separator, start), _MOST_ABOVE)
    found = (number for number, row in enumerate(heads) if read_header(row.cells[:MOST_COLUMNS]))
    return next(found, 0)


def _tell_extra(row: Row, columns: Columns, gathering: Gathering) -> None:
    """Say where a row has more cells than there are columns: one of them holds the separator, most likely."""
    extra = [cell for cell in row.cells[len(columns.names) :] if cell.strip()] if columns.names else []
    if extra:
        message = say(
            "This row has more cells than there are columns; “%(extra)s” was left out.", extra=shorten(extra[0])
        )
        fix = say("Put a cell that holds the separator into quotation marks.")
        gathering.report(row.line, "too-many", message, fix, warning=True)


def _say_columns(columns: Columns, separator: str, note: str) -> str:
    if columns.names:
        named = ", ".join(" ".join(name.split())[:40] for name in columns.names[:20] if name.strip())
        head = say("header: %(names)s", names=named)
    else:
        names = {"prompt": say("question"), "answer": say("right answer"), "explanation": say("explanation")}
        head = say("no header; columns: %(names)s", names=list_said(names[place] for place in columns.places))
    return join_said((say("separated by %(separator)s", separator=name_separator(separator)), head, note))


def read_text(text: str, gathering: Gathering, separator: str = "", note: str = "") -> Imported:
    """The cards in a text with separators, gathered."""
    named, start = read_named_separator(text)
    separator = separator or named or guess_separator(text, start)
    rows = read_rows(text, separator, start, 1 + bool(start))
    first = next(rows, None)
    if first is None:
        return gathering.finish(note=note)
    columns = read_header(first.cells[:MOST_COLUMNS])
    if columns is None and (skipped := _find_header(text, separator, start)):
        rows = islice(rows, skipped - 1, None)
        first = next(rows, first)
        columns = read_header(first.cells[:MOST_COLUMNS])
        message = say("The lines above the names of the columns were left out.")
        gathering.report(first.line, "above-header", message, warning=True)
    if columns is None:
        widths = [len(row.cells) for row in islice(read_rows(text, separator, start), 20)]
        columns = assume_columns(min(max(widths), MOST_COLUMNS))
        rows = chain([first], rows)
    if columns.unused:
        message = say("Columns that are not used: %(text)s.", text=list_said(columns.unused[:20]))
        gathering.report(first.line, "unused-columns", message, warning=True)
    is_plain = not columns.is_own and columns.places == _TWO_SIDES
    for row in rows:
        if not (is_plain and len(row.cells) == 2 and _take_sides(row, gathering)):
            _take_row(row, columns, gathering)
        if gathering.is_full:
            break
    return gathering.finish(note=_say_columns(columns, separator, note))


def read(data: bytes, options: ImportOptions) -> Imported:
    """Read a table. Never raises on what the bytes hold."""
    decoded = decode(data, options.file, encoding=options.encoding)
    gathering = Gathering(options, problems=list(decoded.problems))
    if decoded.text is None:
        return gathering.finish()
    separator = options.separator[:1] if options.separator[:1] not in ("", "\n", "\r", '"') else ""
    return read_text(decoded.text, gathering, separator, decoded.note)


def _write(deck: Deck, separator: str, file: str, media_type: str) -> Exported:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator="\r\n")
    writer.writerow(OWN_COLUMNS)
    heads = [write_head(deck), *repeat("", len(deck.cards) - 1)]
    writer.writerows(map(write_row, deck.cards, heads))
    return Exported(written.getvalue().encode("utf-8-sig", "replace"), file, media_type, ())


def write(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = ()) -> Exported:
    """The deck as comma-separated values. Pictures and sounds stay behind: a table holds only their names."""
    return _write(deck, ",", f"{deck.id}.csv", "text/csv; charset=utf-8")


def write_tabs(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = ()) -> Exported:
    """The deck as tab-separated values, otherwise like ``write``."""
    return _write(deck, "\t", f"{deck.id}.tsv", "text/tab-separated-values; charset=utf-8")

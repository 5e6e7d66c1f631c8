"""From the text of a log to rows of cells: a table with any usual separator, JSON Lines, or a JSON array."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from quizapp.core.exchange.decoding import iterate_lines
from quizapp.core.learning.logform.columns import count_known
from quizapp.core.learning.logform.fault import BrokenLog
from quizapp.core.messages import say

Row = tuple[int, Sequence[str]]
"""The number of a line, from 1, and its cells."""

_SEPARATORS = (",", ";", "\t", "|")
_NAMED = re.compile(r'"?sep=(.)"?[,;\t|]*[ ]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_LONGEST_HEAD = 20_000
_LOOKED_AT = 200  # objects whose names become columns
_BETWEEN = re.compile(r"[\s,]*")
# Numbers stay as they are written: a long id loses no digit, and what is no number is told as such.
_JSON = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


def _first_cells(head: str, separator: str) -> list[str]:
    rows = csv.reader(io.StringIO(head, newline=""), delimiter=separator, skipinitialspace=True)
    return next((cells for cells in rows if any(cell.strip() for cell in cells)), [])


def _find_separator(head: str) -> str:
    """The separator by which the first row holds the most names that are known, or else the most cells."""

    def rate(separator: str) -> tuple[int, int]:
        cells = _first_cells(head, separator)
        return count_known(cells), len(cells)

    return max(_SEPARATORS, key=rate)


def _list_table(text: str) -> Iterator[Row]:
    named = _NAMED.match(text)
    separator = named[1] if named and named[1] in _SEPARATORS else None
    start, skipped = (named.end(), 1) if named else (0, 0)
    separator = separator or _find_separator(text[start : start + _LONGEST_HEAD])
    rows = csv.reader(iterate_lines(text, start), delimiter=separator, skipinitialspace=True, strict=True)
    try:
        for cells in rows:
            if any(cells) and any(cell.strip() for cell in cells):
                yield rows.line_num + skipped, cells
    except csv.Error as error:
        message = say("This is not CSV: %(why)s.", why=error)
        fix = say("Close the quotation mark that is open, or save the table as CSV again.")
        raise BrokenLog(rows.line_num + skipped, "not-csv", message, fix) from error


def _list_values(text: str) -> Iterator[tuple[int, object]]:
    """The values of a JSON array, or of one line after another, each with its line."""
    is_array = text.startswith("[")
    at, line, counted = int(is_array), 1, 0
    while True:
        found = _BETWEEN.match(text, at)
        at = found.end() if found else at
        line, counted = line + text.count("\n", counted, at), at
        if at >= len(text) and not is_array:
            return
        if is_array and text.startswith("]", at):
            return
        try:
            value, at = _JSON.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            message = say("This is not JSON: it breaks off, or a sign stands where none can stand.")
            fix = say('Write one object a line, such as {"card_id": 1, …}, or export the log again.')
            raise BrokenLog(line, "not-json", message, fix) from error
        yield line, value


def _show(value: object) -> str:
    """A value of JSON as the cell of a table."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _list_json(text: str) -> Iterator[Row]:
    values = _list_values(text)
    first = list(islice(values, _LOOKED_AT))
    names = list(dict.fromkeys(name for _, value in first if isinstance(value, dict) for name in value))
    if names:
        yield first[0][0], names
    for line, value in chain(first, values):
        if isinstance(value, dict):
            yield line, [_show(value.get(name)) for name in names]
        elif isinstance(value, list):
            yield line, [_show(cell) for cell in value]
        else:
            message = say("Here stands a single value, where a review is wanted.")
            raise BrokenLog(line, "not-a-review", message, say("Write each review as an object or a list."))


def list_rows(text: str) -> Iterator[Row]:
    """The rows that hold anything; the first may name the columns. Raises BrokenLog where the rest cannot be read."""
    start = len(text) - len(text.lstrip())
    if text[start : start + 1] in ("[", "{"):
        return ((line + text.count("\n", 0, start), cells) for line, cells in _list_json(text[start:]))
    return _list_table(text)

"""From the text of a list to rows of cells: the separator is found out, and every row knows its line."""

import csv
import io
import re
from dataclasses import dataclass

from quizapp.core.messages import say
from quizapp.core.rosters.headers import count_known
from quizapp.core.rosters.model import LARGEST_ROSTER, Remark

_SEPARATORS = (",", ";", "\t", "|")
_NAMED = re.compile(r'"?sep=(.)"?[,;\t|]*[ ]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_LONGEST_HEAD = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of cells. ``line`` is where it begins, from 1."""

    line: int
    cells: tuple[str, ...]


class BrokenTable(Exception):
    """The rows cannot be told apart, or are too many; ``remark`` says what to do."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.reason)
        self.remark = remark


def say_too_many(most: int) -> Remark:
    """What is said of a list with more students than we take."""
    return Remark(
        0,
        say("The list has more than %(count)s students.", count=most),
        say("Nothing was taken. Cut it into one list for each class."),
    )


def _first_cells(text: str, separator: str) -> list[str]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return next((cells for cells in rows if any(cell.strip() for cell in cells)), [])


def _find_separator(text: str) -> str:
    """The separator that makes the most of the first row; a list of one column has none, so commas are its own."""
    head = text[:_LONGEST_HEAD]

    def rate(separator: str) -> tuple[int, bool, int]:
        cells = _first_cells(head, separator)
        return count_known(cells), not any('"' in cell for cell in cells), len(cells)

    best = max(_SEPARATORS, key=rate)
    return best if len(_first_cells(head, best)) > 1 else "\t"


def _explain(error: csv.Error, line: int) -> Remark:
    said = str(error)
    if "end of data" in said or "field larger" in said:
        reason = say("The quotation mark that opens in this line is never closed.")
        return Remark(line, reason, say("Close it, or take it out; then choose the file again."))
    reason = say("A quotation mark stands where none can stand.")
    return Remark(line, reason, say("Take it out, or write it twice and put the whole cell in quotation marks."))


def read_table(text: str, most: int = LARGEST_ROSTER) -> list[Row]:
    """The rows that hold anything, the first with the names of the columns; at most ``most`` more.

    A first line such as ``sep=;``, which Excel writes and heeds, names the separator. Raises BrokenTable.
    """
    named = _NAMED.match(text)
    body = text[named.end() :] if named else text
    separator = named[1] if named else _find_separator(body)
    offset, rows, begins = int(named is not None), list[Row](), 1
    try:
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(begins + offset, tuple(cells)))
            begins = reader.line_num + 1
            if len(rows) > most + 1:
                raise BrokenTable(say_too_many(most))
    except csv.Error as error:
        raise BrokenTable(_explain(error, begins + offset)) from error
    return rows

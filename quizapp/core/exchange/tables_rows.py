"""Text with separators to rows of cells: the separator is guessed, quoted cells may have several lines."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from quizapp.core.exchange.decoding import iterate_lines
from quizapp.core.exchange.htmltext import MARKS, UNMARKED_BEGIN
from quizapp.core.messages import say

SEPARATORS: Final = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " "}
_NAMES: Final = {
    "\t": say("tabs"),
    ",": say("commas"),
    ";": say("semicolons"),
    "|": say("pipes"),
    ":": say("colons"),
    " ": say("spaces"),
}
MOST_COLUMNS: Final = 200
_NAMED = re.compile(r'"?sep=(.)"?[,;\t|]*[ ]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_MOST_RESTARTS = 20
_MOST_ROWS = 300_000  # three times as many as a deck has cards
_SAMPLE = 50
_LONGEST_LINE = 100_000


def name_separator(separator: str) -> str:
    """What people call a separator: ``tabs``, ``commas``."""
    return _NAMES.get(separator, f"“{separator}”")


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``line`` is where it begins, from 1; ``trouble`` says why its cells could not be told apart."""

    line: int
    cells: list[str]
    trouble: str = ""


def split_line(line: str, separator: str) -> list[str]:
    """The cells of one line."""
    return next(csv.reader([line[:_LONGEST_LINE]], delimiter=separator), [])


def read_named_separator(text: str) -> tuple[str, int]:
    """The separator that a first line such as ``sep=;`` names, as Excel writes and heeds, and where the rest begins."""
    named = _NAMED.match(text)
    return (named[1], named.end()) if named else ("", 0)


# All that a reader of this kind refuses is a cell of more than 131,072 characters.
_TOO_MANY = say("the file has more than %(most)s rows; split it", most=f"{_MOST_ROWS:,}")
_TROUBLE = say("a cell here is longer than 131,072 characters, or the quotation mark that opens here is never closed")


Take = Callable[[str, str], bool]
"""Takes a plain row of two cells at once; False where it has to be handed out as a row."""


def _match_pairs(separator: str) -> Callable[[str], re.Match[str] | None]:
    """What finds the two cells of a line that hold no mark: most lines are such, and need no reader of quoted cells."""
    sign = re.escape(separator)
    cell = f"{UNMARKED_BEGIN}[^{MARKS}{sign}]*"
    return re.compile(f"({cell}){sign}({cell})[\\r\\n]*").fullmatch


def _feed(held: list[str], lines: Iterator[str], fed: list[str]) -> Iterator[str]:
    """The line that was looked at before, and as many after it as its row has; ``fed`` gets those of one row."""
    while True:
        line = held.pop() if held else next(lines, "")
        if not line:
            return
        fed.append(line)
        yield line


def _is_open(fed: Sequence[str], separator: str) -> bool:
    """Whether the lines of a row have a quotation mark that is never closed: it took all lines that were left."""
    if len(fed) < 2 or sum(line.count('"') for line in fed) % 2 == 0:
        return False
    try:
        return not list(csv.reader(fed, delimiter=separator, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)


def read_rows(
    text: str, separator: str, start: int = 0, first_line: int = 1, take: Take | None = None
) -> Iterator[Row]:
    """The rows that hold anything, from an offset of the text on, save those that ``take`` takes. Never raises.

    After a row that cannot be read the next line begins anew, so that one lost quotation mark does not hide the rest.
    """
    match = _match_pairs(separator) if take else None
    line, restarts, rows = first_line, 0, 0
    while restarts < _MOST_RESTARTS:
        lines, held, begins, fed = iterate_lines(text, start), list[str](), line, list[str]()
        reader = csv.reader(_feed(held, lines, fed), delimiter=separator)
        for one in lines:
            rows += 1
            if rows > _MOST_ROWS:
                yield Row(begins, [], _TOO_MANY)
                return
            if match and take and (pair := match(one)) and take(pair[1], pair[2]):
                begins += 1
                continue
            held.append(one)
            fed.clear()
            try:
                cells = next(reader)
            except csv.Error:
                break
            if _is_open(fed, separator):
                break
            if any(cells) and (cells[0] or any(map(str.strip, cells))):
                yield Row(begins, cells)
            begins += len(fed)
        else:
            return
        yield Row(begins, [], _TROUBLE)
        skipped = islice(iterate_lines(text, start), begins - line + 1)
        start += sum(map(len, skipped))
        line, restarts = begins + 1, restarts + 1


def _count_cells(text: str, separator: str) -> list[int]:
    return [len(row.cells) for row in islice(read_rows(text, separator), _SAMPLE) if not row.trouble]


def _rate(counts: Sequence[int]) -> float:
    """The share of rows that have as many cells as most have, where that is more than one."""
    several = [count for count in counts if count > 1]
    usual = max(several, key=several.count, default=0)
    return counts.count(usual) / len(counts) if usual else 0.0


def guess_separator(text: str, start: int = 0) -> str:
    """The separator that parts most rows into the same number of cells, at least two; a tab where none does.

    A tab is hardly ever typed within a text, so it needs fewer rows than commas to be believed.
    """
    sample = text[start : start + _LONGEST_LINE]
    rates = {separator: _rate(_count_cells(sample, separator)) for separator in "\t,;|"}
    if rates["\t"] >= 0.6:
        return "\t"
    best = max(",;|", key=lambda separator: rates[separator])
    return best if rates[best] >= 0.5 else "\t"

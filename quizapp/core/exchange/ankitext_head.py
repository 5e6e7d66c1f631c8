"""The ``#`` lines at the head of Anki's text files.

The keys, as Anki's manual lists them (https://docs.ankiweb.net/importing/text-files.html): separator, html, tags,
columns, notetype, deck, and notetype, deck, tags and guid column; columns are counted from 1. Any other ``#`` line is a
comment. Quizapp writes one of its own, ``#quizapp:``, which holds the head of the deck.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quizapp.core.exchange.decoding import iterate_lines
from quizapp.core.exchange.heads import read_head
from quizapp.core.exchange.tables_rows import SEPARATORS, split_line

_MOST_LINES = 1_000
_COLUMN_KEYS = ("notetype column", "deck column", "tags column", "guid column")


@dataclass(slots=True)
class Head:
    """What the head says; ``columns`` maps the name of a meta column to its place from 0; ``lines`` is its length."""

    separator: str = ""
    is_html: bool | None = None
    tags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    notetype: str = ""
    deck: str = ""
    columns: dict[str, int] = field(default_factory=dict)
    own: Mapping[str, object] = field(default_factory=dict)
    start: int = 0
    lines: int = 0

    @property
    def meta(self) -> frozenset[int]:
        """The places of the columns that hold no field."""
        return frozenset(self.columns.values())


def _read_separator(value: str) -> str:
    """The separator that is named, or stands there itself; blank where there is none such."""
    name = value.strip().lower()
    sign = {"\\t": "\t"}.get(name, value if len(value) == 1 else name)
    return SEPARATORS.get(name, sign if sign in SEPARATORS.values() else "")


def _read_line(head: Head, key: str, value: str) -> str:
    """Note what a line says; gives the value of ``#columns:``, which waits for the separator."""
    if key == "separator":
        head.separator = _read_separator(value) or head.separator
    elif key == "html":
        head.is_html = value.strip().lower() == "true"
    elif key == "tags":
        head.tags = tuple(value.split())
    elif key == "notetype":
        head.notetype = value.strip()
    elif key == "deck":
        head.deck = value.strip()
    elif key == "quizapp":
        head.own = read_head(value)
    elif key in _COLUMN_KEYS and value.strip().isdecimal() and 0 < int(value.strip()[:6]) <= 100_000:
        head.columns[key.removesuffix(" column")] = int(value.strip()[:6]) - 1
    return value if key == "columns" else ""


def read_anki_head(text: str) -> Head:
    """The ``#`` lines at the head of a text, and where what follows begins."""
    head, columns = Head(), ""
    for line in iterate_lines(text):
        is_old_tags = head.lines == 0 and line.startswith("tags:")
        if not (line.startswith("#") or is_old_tags) or head.lines >= _MOST_LINES:
            break
        head.lines += 1
        head.start += len(line)
        key, colon, value = line.removeprefix("#").rstrip("\r\n").partition(":")
        if colon:
            columns = _read_line(head, key.strip().lower(), value) or columns
    if columns:
        head.labels = tuple(split_line(columns, head.separator or "\t")[:1_000])
    return head

"""Texts within GIFT: escapes, text formats, weights.

Learned from the rules of Moodle's own reader: ``\\`` stands before ``~ = # { } :`` and before ``n`` for a line feed; a
text may begin with its format in brackets; a weight stands between percent signs.
"""

import html
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from quizapp.core.exchange.htmltext import escape_markdown, to_markdown

_SIGNS: Final = "~=#{}:"
# Characters for private use stand for escaped ones while the text is taken apart.
_FIRST: Final = 0xF0A00
_PRIVATE = re.compile("[\U000f0a00-\U000f0aff]")
_HIDE = {f"\\{sign}": chr(_FIRST + at) for at, sign in enumerate(_SIGNS)}
_HIDE |= {"\\n": chr(_FIRST + 0x20), "\\\\": chr(_FIRST + 0x21)}
_SHOW = str.maketrans({hidden: {"\\n": "\n", "\\\\": "\\"}.get(mark, mark[1:]) for mark, hidden in _HIDE.items()})
_ESCAPED = re.compile(r"\\[~=#{}:n\\]")
_ESCAPE = str.maketrans({**{sign: f"\\{sign}" for sign in _SIGNS}, "\\": "\\\\", "\n": "\\n", "\r": ""})
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-{0,3})([0-9]{1,3})(\.[0-9]{1,10})?%")
_SPACES = re.compile(r"\s+")
_LINE_ENDS = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_LINE_FEED: Final = _HIDE["\\n"]


def hide_escapes(text: str) -> str:
    """The text with one character in the place of each escape, so that marks left over are marks indeed."""
    return _ESCAPED.sub(lambda found: _HIDE[found[0]], _PRIVATE.sub(" ", text))


def show_escapes(text: str) -> str:
    """What hidden escapes stand for."""
    return text.translate(_SHOW)


def escape(text: str) -> str:
    """The text so that none of its characters is a mark, on one line."""
    return text.replace("\r\n", "\n").translate(_ESCAPE)


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it stands in the file, its escapes hidden, and its format, blank where none is named."""

    text: str
    format: str = ""

    def to_markdown(self, usual: str = "moodle") -> str:
        """The text as Markdown; ``usual`` is the format where none is named."""
        kind = self.format or usual
        if kind == "markdown":
            return show_escapes(self.text).strip()
        folded = _SPACES.sub(" ", self.text)
        if kind == "plain":
            return escape_markdown(show_escapes(folded))
        shown = folded.replace(_LINE_FEED, "<br>" if kind == "moodle" else " ")
        return to_markdown(show_escapes(shown))

    def to_plain(self, usual: str = "moodle") -> str:
        """The text as it stands, on one line; ``usual`` is the format of the question it belongs to."""
        if usual == "markdown":
            return show_escapes(_LINE_ENDS.sub(" ", self.text)).strip()
        return " ".join(html.unescape(show_escapes(self.text)).split())


def read_format(text: str) -> Written:
    """A text with the format that it begins with."""
    text = text.strip()
    found = _FORMAT.match(text)
    return Written(text[found.end() :], found[1]) if found else Written(text)


def read_weight(text: str) -> tuple[Decimal | None, str]:
    """The weight in percent that a text begins with, None where there is none, and the rest."""
    found = _WEIGHT.match(text)
    if not found:
        return None, text
    weight = Decimal(f"{found[2]}{found[3] or ''}")
    return (-weight if found[1] else weight), text[found.end() :].strip()

"""What the readers of texts share: what they give back, and how they refuse."""

from dataclasses import dataclass
from typing import Literal

from quizapp.core.errors import Invalid
from quizapp.core.messages import Message, say

MOST_LINES = 50_000
PieceKind = Literal["heading", "paragraph", "item", "quote", "code"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text as found, before it is written as Markdown.

    ``text`` is plain; a line feed in it is a line break that a reader should see. ``level`` is a heading's, 1 to 6, or
    how deep an item of a list lies, from 0. ``mark`` is an item's: ``-``, or a number with a full stop.
    """

    kind: PieceKind
    text: str
    level: int = 0
    mark: str = "-"


@dataclass(frozen=True, slots=True)
class About:
    """What a file says about its text; blank where it says nothing. ``published`` is a year, month or day."""

    title: str = ""
    language: str = ""
    author: str = ""
    published: str = ""
    url: str = ""
    license: str = ""


@dataclass(frozen=True, slots=True)
class ImportedText:
    """A text as read, cleaned.

    ``body`` is its Markdown, without a front matter. ``remarks`` say, for people, what was guessed and what was left
    out; ``dropped`` are the words left out, as they stood.
    """

    about: About
    body: str
    remarks: tuple[Message, ...] = ()
    dropped: tuple[str, ...] = ()


def refuse(message: Message) -> Invalid:
    """The error to raise for a file that cannot be read at all: one sentence or two, said beside the field ``file``."""
    return Invalid(message, {"file": message})


def refuse_size() -> Invalid:
    """The error to raise for a text over 2 MB."""
    return refuse(say("This text is longer than 2 MB, more than a thick book. Split it into several texts."))


def refuse_lines() -> Invalid:
    """The error to raise for a text of more lines, paragraphs or items than anybody reads."""
    return refuse(say("This text has more than %(most)s lines. Split it into several texts.", most=MOST_LINES))

"""What an exam or an assignment is about: whole decks, themes, tags, and paragraphs of texts, in any mix."""

import re
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, ValidationError

from quizapp.core.errors import Invalid
from quizapp.core.messages import say

MOST_RANGES = 100
_RANGE = re.compile(r"§*\s*(\d{1,4})\s*(?:[-‐‑‒–—]\s*(\d{1,4})\s*)?")
_BETWEEN = re.compile(r"[,;\n]")

Range = tuple[int, int]
"""The first and the last paragraph, both counted from 1."""


class TextPart(BaseModel):
    """Paragraphs of one text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    ranges: tuple[Range, ...]

    def holds(self, paragraph: int) -> bool:
        """Whether a paragraph is among them."""
        return any(first <= paragraph <= last for first, last in self.ranges)


class ExamScope(BaseModel):
    """Decks and texts by their ids, themes and tags as words. A card belongs to the scope that meets any of these."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    parts: tuple[TextPart, ...] = ()
    themes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was chosen."""
        return not (self.decks or self.tags or self.parts or self.themes)

    def to_json(self) -> str:
        """One line that ``from_json`` reads; the same for equal scopes."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str) -> "ExamScope":
        """Read what ``to_json`` wrote. Raises Invalid for anything else."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise Invalid(say("This is not the scope of an exam as Quizapp writes it.")) from error


def _read_range(text: str) -> Range:
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        raise Invalid(say("“%(text)s” is not understood. Write paragraphs like this: 3-5, 8", text=text.strip()[:40]))
    first = int(found[1])
    last = int(found[2] or found[1])
    if not 1 <= first <= last:
        raise Invalid(
            say("“%(text)s”: paragraphs count from 1, and the smaller number comes first.", text=text.strip())
        )
    return first, last


def _join(ranges: Iterable[Range]) -> tuple[Range, ...]:
    joined: list[Range] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def parse_ranges(text: str) -> tuple[Range, ...]:
    """The paragraphs that a text such as ``3-5, 8`` names, in order and without overlaps; none where it is blank.

    Raises Invalid for anything that is no range of paragraphs, and for more than a hundred of them.
    """
    pieces = [piece for piece in _BETWEEN.split(text) if piece.strip()]
    if len(pieces) > MOST_RANGES:
        raise Invalid(say("These are more than %(most)s ranges of paragraphs.", most=MOST_RANGES))
    return _join(_read_range(piece) for piece in pieces)


def write_ranges(ranges: Iterable[Range]) -> str:
    """The text that ``parse_ranges`` reads: ``3-5, 8``."""
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)

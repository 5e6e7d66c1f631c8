"""What drafting works on and what it finds."""

from dataclasses import dataclass
from typing import Literal

from quizapp.core.deck.schema import Card

Kind = Literal["date", "name", "motive"]
KINDS: tuple[Kind, ...] = ("date", "name", "motive")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paragraph: ``start`` is its offset there; every white space of ``text`` is a single space."""

    paragraph: int
    start: int
    text: str

    @property
    def end(self) -> int:
        """The offset behind its last character, in the paragraph."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph to draft from: its number in the source, its plain text, its sentences."""

    number: int
    text: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A date, a name or a motive in a sentence.

    ``start`` and ``end`` are offsets in the sentence. ``sort`` is finer than ``kind``: ``year``, ``person``,
    ``purpose`` and so on. ``thing`` is the same for what is the same person, state, year or event. ``cue`` are the
    words that tell a motive, ``reason`` what follows them.
    """

    kind: Kind
    sort: str
    start: int
    end: int
    text: str
    thing: str
    cue: str = ""
    reason: str = ""

    def overlaps(self, other: "Finding") -> bool:
        """Whether the two share a character of their sentence."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Located:
    """A finding and its sentence."""

    finding: Finding
    sentence: Sentence

    @property
    def start(self) -> int:
        """The offset in the paragraph."""
        return self.sentence.start + self.finding.start

    @property
    def end(self) -> int:
        """The offset behind its last character, in the paragraph."""
        return self.sentence.start + self.finding.end


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A card that a teacher may take, change or leave.

    ``key`` stays the same for the same finding in the same sentence, so that what was left stays left. ``start`` and
    ``end`` are the finding's place in the plain text of paragraph ``paragraph``; ``sentence`` is the whole sentence,
    and ``at`` where in it the finding begins.
    """

    key: str
    kind: Kind
    sort: str
    paragraph: int
    start: int
    end: int
    sentence: str
    at: int
    card: Card

    @property
    def parts(self) -> tuple[str, str, str]:
        """The sentence before the finding, the finding, and the sentence behind it."""
        behind = min(self.at + self.end - self.start, len(self.sentence))
        return self.sentence[: self.at], self.sentence[self.at : behind], self.sentence[behind:]

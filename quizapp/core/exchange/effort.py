"""How much work a file of others may make: a text, its tags and its questions each take some time to read."""

from dataclasses import dataclass
from typing import Final

LONGEST_TEXT: Final = 100_000
"""Characters of one field that are read: no card holds as many."""

# What a mark costs to take apart or to escape, in characters of plain text.
_TAG: Final = 80
_MARKS: Final = (
    ("<", _TAG),
    ("[", 160),
    ("\\(", 150),
    ("\\", 10),
    ("&", 20),
    ("`", 20),
    ("*", 20),
    ("_", 20),
    ("$", 20),
)
_QUESTION: Final = 500
_WRITTEN: Final = 400


@dataclass(slots=True)
class Effort:
    """What may still be read, in characters or as much time as they take: some 5,000 questions as teachers write them.

    More than that is refused, so that a file made to keep a reader busy does so for seconds at most.
    """

    left: int = 10_000_000

    def cut(self, markup: str) -> str:
        """A text, cut where it is longer than any card."""
        text = markup[:LONGEST_TEXT]
        self.left -= len(text) + sum(cost * text.count(mark) for mark, cost in _MARKS)
        return text

    def start(self) -> bool:
        """Whether another question may be read."""
        self.left -= _QUESTION
        return self.left > 0

    def recall(self, lines: int) -> None:
        """Note carried lines that are to be compared with what stands in the question."""
        self.left -= _WRITTEN * lines

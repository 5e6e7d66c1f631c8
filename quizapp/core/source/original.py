"""Original texts in plain text: their paragraphs, in the numbering that a study edition keeps.

The rule, made for what people save from web pages and word processors:

- Every line is a block. Only in a hard-wrapped text, one that has blank lines between its lines and no line over 120
  characters, a block is what stands between blank lines.
- A block is a heading, and not counted, when it begins with ``#``, or when it has at most 12 words and does not end as
  a sentence does: with one of ``. ! … : ; ,``, a closing quotation mark or bracket aside. Headings often ask, so a
  question mark does not make a sentence.
- All other blocks are paragraphs, numbered from 1. A title on the first line is a heading like any other.
"""

import hashlib
import re
from dataclasses import dataclass

from quizapp.core.deck.text import decode_text
from quizapp.core.problem import Problem
from quizapp.core.source.document import LARGEST_SOURCE

_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANK_LINES = re.compile(r"\n\s*\n")
_LONGEST_WRAPPED = 120
_LONGEST_HEADING_WORDS = 12
_SENTENCE_ENDS = tuple(".!…:;,。！：；")
CLOSERS = "\"'”’»)]"


@dataclass(frozen=True, slots=True)
class OriginalText:
    """An original: its file name, the SHA-256 of its bytes in hexadecimal digits, and its paragraphs in order."""

    file: str
    sha256: str
    paragraphs: tuple[str, ...]


def _split_blocks(text: str) -> list[str]:
    lines = [line.strip() for line in _LINE_END.split(text)]
    joined = "\n".join(lines).strip("\n")
    is_wrapped = _BLANK_LINES.search(joined) and max(map(len, lines)) <= _LONGEST_WRAPPED
    blocks = _BLANK_LINES.split(joined) if is_wrapped else lines
    return [" ".join(block.split()) for block in blocks if block]


def is_heading(block: str) -> bool:
    """Whether a block is a heading by the rule above."""
    if block.startswith("#"):
        return True
    return len(block.split()) <= _LONGEST_HEADING_WORDS and not block.rstrip(CLOSERS).endswith(_SENTENCE_ENDS)


def read_original(data: bytes, file: str) -> OriginalText | tuple[Problem, ...]:
    """Read a plain text by the rule above; problems where it is not UTF-8 or is over 2 MiB.

    Hidden characters are no problem here: nobody can mend another's text, so they count as spaces.
    """
    text, problems = decode_text(data, file, LARGEST_SOURCE)
    if text is None:
        return tuple(problems)
    paragraphs = tuple(block for block in _split_blocks(text) if not is_heading(block))
    return OriginalText(file, hashlib.sha256(data).hexdigest(), paragraphs)

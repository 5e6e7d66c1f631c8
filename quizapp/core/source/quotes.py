"""Finding a quote in a text, and finding it again after the text has changed.

Two texts count as the same where they differ only in curly or straight quotation marks, in runs of white space (a
no-break space is one), in characters that nobody sees (soft hyphen, zero-width space), in letters that are printed
joined (ﬁ for fi, as copied from a PDF) or in how an accent is encoded. Other letters, dashes, case and punctuation must
agree.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz

_UNSEEN = "\u00ad\u200b\u2060\ufeff"
# All but single spaces between words.
_IRREGULAR = re.compile(rf"[\s{_UNSEEN}]{{2,}}|[^\S ]|[{_UNSEEN}]")
_STRAIGHT = str.maketrans(dict.fromkeys("‘’‚‛", "'") | dict.fromkeys("“”„‟", '"'))
# Joined letters of print, and the letters they stand for.
_LIGATURES = {sign: unicodedata.normalize("NFKC", chr(sign)) for sign in range(0xFB00, 0xFB07)}
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_JAMO = range(0x1160, 0x1200)
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_NAME = 4  # letters
_SAME_NAME = 80.0  # how like, of 100: “Reports” and “report”, but not “West” and “East”
_SPILL = 24  # characters by which the likest place may miss the end of its words
# “Not” and its kin in the languages of many schools: with one more or less a sentence says the opposite.
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|nicht|kein\w*|nie|niemals|ohne|pas|jamais|sans|"
    r"nunca|jamás|sin|non|mai|senza)\b|n['’]t\b",
    re.IGNORECASE,
)

CLOSE_ENOUGH = 70.0
CLOSE_ENOUGH_ELSEWHERE = 85.0
SHORTEST_CLOSE = 8


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a text: its characters from ``start`` up to, not including, ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Relocated:
    """Where a quote stands in a changed text.

    ``kind`` is ``exact`` where it stands word for word in its paragraph, ``moved`` where it does so in another, and
    ``close`` where letters have changed. ``paragraph`` counts from 1; ``span`` is in that paragraph's text; ``score``
    is the likeness, 100 for the same.
    """

    paragraph: int
    span: Span
    kind: Literal["exact", "moved", "close"]
    score: float


def _split_clusters(text: str) -> Iterator[tuple[int, int]]:
    """A letter with the marks that join it, as start and end."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not (unicodedata.combining(text[at]) or ord(text[at]) in _JAMO):
            yield start, at
            start = at


def _is_plain(text: str) -> bool:
    """Whether each letter is one character, and each character one letter."""
    return unicodedata.is_normalized("NFC", text) and not _LIGATURE.search(text)


class _Folded:
    """A text in the form in which it is compared, and which characters of the text each of its own stands for."""

    __slots__ = ("_ends", "_starts", "text")

    def __init__(self, text: str) -> None:
        self._starts, self._ends = array("I"), array("I")
        self.text = text.translate(_STRAIGHT)
        if not _IRREGULAR.search(text) and _is_plain(self.text):
            return  # each character stands for itself
        parts: list[str] = []
        at = 0
        for match in _IRREGULAR.finditer(text):
            parts.append(self._take(text, at, match.start()))
            at = match.end()
            if any(map(str.isspace, match[0])):
                parts.append(" ")
                self._starts.append(match.start())
                self._ends.append(at)
        parts.append(self._take(text, at, len(text)))
        self.text = "".join(parts)

    def _take(self, text: str, start: int, end: int) -> str:
        piece = text[start:end].translate(_STRAIGHT)
        if _is_plain(piece):
            self._starts.extend(range(start, end))
            self._ends.extend(range(start + 1, end + 1))
            return piece
        parts = []
        for first, last in _split_clusters(piece):
            parts.append(unicodedata.normalize("NFC", piece[first:last].translate(_LIGATURES)))
            self._starts.extend([start + first] * len(parts[-1]))
            self._ends.extend([start + last] * len(parts[-1]))
        return "".join(parts)

    def get_span(self, start: int, end: int) -> Span:
        return Span(self._starts[start], self._ends[end - 1]) if self._starts else Span(start, end)

    def holds_words(self, start: int, end: int) -> bool:
        """Whether no word is cut at either end."""
        return not self.cuts_word(start) and not self.cuts_word(end)

    def cuts_word(self, at: int) -> bool:
        return 0 < at < len(self.text) and self.text[at - 1].isalnum() and self.text[at].isalnum()

    def find(self, quote: str) -> list[tuple[int, int]]:
        places = []
        at = self.text.find(quote)
        while at >= 0:
            places.append((at, at + len(quote)))
            at = self.text.find(quote, at + 1)
        return [place for place in places if self.holds_words(*place)] or places


@lru_cache(maxsize=4096)
def _fold(text: str) -> _Folded:
    return _Folded(text)


def fold_text(text: str) -> str:
    """The form in which texts are compared: straight quotation marks, single spaces, nothing unseen."""
    return _Folded(text).text.strip()


def find_quote(text: str, quote: str) -> tuple[Span, ...]:
    """All places of a quote in a plain text, as spans of that text.

    Places that cut a word (“Iran” in “Iranian”) count only where there is no other, as in scripts without spaces.
    """
    words = fold_text(quote)
    folded = _fold(text)
    return tuple(folded.get_span(*place) for place in folded.find(words)) if words else ()


def _lower(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _align(words: str, folded: _Folded, enough: float) -> tuple[float, int, int] | None:
    """The place of the paragraph that is likest to the words and how like it is; None where that is not enough."""
    text = _lower(folded.text)
    if len(text) <= len(words):
        score = fuzz.ratio(_lower(words), text)
        return (score, 0, len(text)) if score >= enough else None
    found = fuzz.partial_ratio_alignment(_lower(words), text, score_cutoff=enough)
    if found is None:
        return None
    start, end = found.dest_start, found.dest_end
    while folded.cuts_word(start):
        start -= 1
    while folded.cuts_word(end):
        end += 1
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return found.score, start, end


def _has_name(name: str, words: list[str]) -> bool:
    """Whether a name stands among some words, if need be with another ending: “Iran” and “Iranian”."""
    low = name.lower()
    return any(word.lower().startswith(low) or fuzz.ratio(low, word.lower()) >= _SAME_NAME for word in words)


def _says_the_same(quote: str, found: str, around: str) -> bool:
    """Whether a close place holds the quote's numbers and is negated as it is, and the quote's names are around it."""
    if not set(_DIGITS.findall(quote)) <= set(_DIGITS.findall(found)):
        return False
    if len(_NEGATION.findall(quote)) != len(_NEGATION.findall(found)):
        return False
    words = _WORD.findall(around)
    names = (word for word in _WORD.findall(quote) if word[0].isupper() and len(word) >= _SHORTEST_NAME)
    return all(_has_name(name, words) for name in names)


def _find_close(paragraphs: Sequence[str], words: str, number: int, enough: float) -> Relocated | None:
    folded = _fold(paragraphs[number - 1])
    place = _align(words, folded, enough)
    if place is None:
        return None
    score, start, end = place
    around = folded.text[max(0, start - _SPILL) : end + _SPILL]
    if not _says_the_same(words, folded.text[start:end], around):
        return None
    return Relocated(number, folded.get_span(start, end), "close", score)


def relocate(paragraphs: Sequence[str], quote: str, paragraph: int) -> Relocated | None:
    """Find a quote again in a changed text; None where it is lost.

    ``paragraphs`` are the plain texts in order, ``paragraph`` (from 1) where the quote stood. First word for word in
    that paragraph, then word for word in the others, nearest first; then by closeness: rapidfuzz's partial ratio,
    letter case aside, of at least 70 of 100 in its own paragraph, else of at least 85 in another, the likest and then
    the nearest first. A close place must hold every number of the quote and its negations, and its names must stand
    there; quotes under eight characters are never close: a wrong place would prove a wrong thing, a lost one only waits
    for a teacher.
    """
    words = fold_text(quote)
    nearest = sorted(range(1, len(paragraphs) + 1), key=lambda number: (abs(number - paragraph), number))
    for number in nearest if words else ():
        if spans := find_quote(paragraphs[number - 1], words):
            return Relocated(number, spans[0], "exact" if number == paragraph else "moved", 100.0)
    if len(words) < SHORTEST_CLOSE:
        return None
    if nearest[:1] == [paragraph] and (own := _find_close(paragraphs, words, paragraph, CLOSE_ENOUGH)):
        return own
    others = (_find_close(paragraphs, words, number, CLOSE_ENOUGH_ELSEWHERE) for number in nearest)
    return max((found for found in others if found), key=lambda found: found.score, default=None)

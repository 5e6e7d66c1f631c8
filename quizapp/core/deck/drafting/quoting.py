"""The words that prove a card: at most 12, verbatim, and in their paragraph only once."""

import re
from collections.abc import Iterator, Sequence

from quizapp.core.deck.drafting.model import Passage
from quizapp.core.deck.schema import LONGEST_QUOTE_WORDS
from quizapp.core.source.quotes import Span, find_quote

_WORD = re.compile(r"\S+")
_QUOTED = re.compile(r"“([^“”]{3,600})”")
_SHORTEST = 4  # words that a good quote has at least
_GOOD = 9  # words to which a quote grows, so that it can be understood
_EDGES = ' ,;:([—–-"“”‘'
_LONGEST_TEXT = 20_000  # characters of a paragraph in which quotes are looked for


def list_quoted(passage: Passage) -> tuple[Span, ...]:
    """What stands between curly quotation marks: in a study edition, the original's own words."""
    return tuple(Span(*match.span(1)) for match in _QUOTED.finditer(passage.text))


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES + ".!?)":
        end -= 1
    return start, end


def _list_windows(words: Sequence[tuple[int, int]], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Runs of words around those from ``first`` to ``last``, or of the first 12 of them, the good lengths first."""
    core = min(last - first + 1, LONGEST_QUOTE_WORDS)
    lengths = [*range(max(core, _GOOD), LONGEST_QUOTE_WORDS + 1), *range(min(_GOOD, LONGEST_QUOTE_WORDS), core - 1, -1)]
    for length in dict.fromkeys(lengths):
        spare = length - core
        for before in sorted(range(spare + 1), key=lambda left: (abs(2 * left - spare), left)):
            start = min(max(0, first - before), max(0, len(words) - length))
            yield start, min(start + length, len(words)) - 1


def find_proof(passage: Passage, start: int, end: int, within: Span) -> str | None:
    """The quote that proves what stands from ``start`` to ``end`` of the paragraph; None where no words do.

    ``within`` is the sentence, or the part of it that may be quoted. A quote that the paragraph has twice proves no
    place, so it grows or moves until it is unique.
    """
    if len(passage.text) > _LONGEST_TEXT:
        return None
    words = [(match.start(), match.end()) for match in _WORD.finditer(passage.text, within.start, within.end)]
    touched = [index for index, (first, last) in enumerate(words) if first < end and start < last]
    if not touched:
        return None
    fallback = None
    for first, last in _list_windows(words, touched[0], touched[-1]):
        left, right = _strip(passage.text, words[first][0], words[last][1])
        quote = " ".join(passage.text[left:right].split())
        if len(find_quote(passage.text, quote)) != 1:
            continue
        if len(quote.split()) >= _SHORTEST:
            return quote
        fallback = fallback or quote
    return fallback

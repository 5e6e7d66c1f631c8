"""Siblings: cards that are proved by the same words. Answering one gives the other away, so they are kept apart."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, TypeVar

from quizapp.core.source.quotes import Span, fold_text

FEWEST_SHARED_WORDS = 2
"""One word that ends one quote and starts another says nothing; two do."""
MOST_SIBLINGS = 6

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Passage:
    """The place that a citation names: a source, a paragraph (from 1), the quote, and its span where it is known."""

    source: str
    paragraph: int
    quote: str
    span: Span | None = None


def _split_words(quote: str) -> list[str]:
    return fold_text(quote).casefold().split()


def _runs_into(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether ``one`` ends with the words that ``other`` starts with."""
    longest = min(len(one), len(other))
    return any(one[-count:] == other[:count] for count in range(FEWEST_SHARED_WORDS, longest + 1))


def _holds(one: Sequence[str], other: Sequence[str]) -> bool:
    starts = range(len(one) - len(other) + 1)
    return bool(other) and any(one[start : start + len(other)] == other for start in starts)


def _share_words(a: Sequence[str], b: Sequence[str]) -> bool:
    return _holds(a, b) or _holds(b, a) or _runs_into(a, b) or _runs_into(b, a)


def _meet(one: Passage, other: Passage, words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two passages of one paragraph share words of the text."""
    if one.span and other.span:
        return one.span.start < other.span.end and other.span.start < one.span.end
    return _share_words(words, others)


def overlap(one: Passage, other: Passage) -> bool:
    """Whether two passages share words of a text.

    Spans decide where both are known. Else the quotes do: one holds the other, or ends with two or more words that the
    other starts with.
    """
    if (one.source, one.paragraph) != (other.source, other.paragraph):
        return False
    return _meet(one, other, _split_words(one.quote), _split_words(other.quote))


class _Paragraph:
    """The passages of one paragraph, with the cards that cite each."""

    def __init__(self) -> None:
        self.cards: dict[Passage, list[Any]] = defaultdict(list)

    def find_overlaps(self) -> dict[Passage, list[Passage]]:
        """For each passage those that overlap it, in the order in which they were met, itself included.

        Only passages with two words in a row in common, or a quote of one word, are compared: in a paragraph that ten
        thousand cards cite, comparing all would take minutes.
        """
        words = {passage: _split_words(passage.quote) for passage in self.cards}
        alone = {quote[0] for quote in words.values() if len(quote) == 1}
        near: dict[Hashable, list[Passage]] = defaultdict(list)
        for passage, quote in words.items():
            for key in {*pairwise(quote), *alone.intersection(quote), passage.span is not None}:
                near[key].append(passage)
        found: dict[Passage, list[Passage]] = {passage: [passage] for passage in self.cards}
        seen: set[tuple[Passage, Passage]] = set()
        for key, passages in near.items():
            if key is False:
                continue  # without a span, words alone can bring passages together
            for one, other in combinations(passages, 2):
                if (one, other) in seen:
                    continue
                seen.add((one, other))
                if _meet(one, other, words[one], words[other]):
                    found[one].append(other)
                    found[other].append(one)
        return found

    def neighbours(self, most: int) -> Iterator[tuple[Any, list[Any]]]:
        """Each card with up to ``most`` others on the passages that overlap one it cites here: those that follow it."""
        for passage, overlapping in self.find_overlaps().items():
            # A card counts once, however many of its passages overlap: else it would crowd others out.
            ring = list(dict.fromkeys(card for each in overlapping for card in self.cards[each]))
            steps = range(1, min(most, len(ring) - 1) + 1)
            for at, card in enumerate(self.cards[passage]):
                yield card, [ring[(at + step) % len(ring)] for step in steps]


def find_siblings(cards: Mapping[Key, Sequence[Passage]], most: int = MOST_SIBLINGS) -> dict[Key, frozenset[Key]]:
    """For every card, the cards that share a passage with it; none is its own sibling.

    Of a card with more than ``most`` siblings at one passage only so many are given: where dozens of cards ask for the
    same words, no order of days could keep all of them apart.
    """
    paragraphs: dict[tuple[str, int], _Paragraph] = defaultdict(_Paragraph)
    for card, passages in cards.items():
        for passage in dict.fromkeys(passages):
            paragraphs[passage.source, passage.paragraph].cards[passage].append(card)
    found: dict[Key, set[Key]] = {card: set() for card in cards}
    for paragraph in paragraphs.values():
        for card, others in paragraph.neighbours(most):
            found[card].update(others)
    return {card: frozenset(others - {card}) for card, others in found.items()}

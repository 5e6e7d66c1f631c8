"""Siblings: cards that are proved by the same words. Answering one gives the other away, so they are kept apart."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from quizapp.core.source.quotes import Span, fold_text

FEWEST_SHARED_WORDS = 2
"""One word that ends one quote and starts another says nothing; two do."""

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


def _share_words(one: str, other: str) -> bool:
    a, b = _split_words(one), _split_words(other)
    return _holds(a, b) or _holds(b, a) or _runs_into(a, b) or _runs_into(b, a)


def overlap(one: Passage, other: Passage) -> bool:
    """Whether two passages share words of a text.

    Spans decide where both are known. Else the quotes do: one holds the other, or ends with two or more words that the
    other starts with.
    """
    if (one.source, one.paragraph) != (other.source, other.paragraph):
        return False
    if one.span and other.span:
        return one.span.start < other.span.end and other.span.start < one.span.end
    return _share_words(one.quote, other.quote)


def _list_pairs(places: Mapping[Passage, Sequence[Key]]) -> Iterator[tuple[Sequence[Key], Sequence[Key]]]:
    """The cards of every two passages that overlap, each passage with itself included."""
    passages = list(places)
    for at, one in enumerate(passages):
        yield places[one], places[one]
        for other in passages[at + 1 :]:
            if overlap(one, other):
                yield places[one], places[other]


def find_siblings(cards: Mapping[Key, Sequence[Passage]]) -> dict[Key, frozenset[Key]]:
    """For every card, the cards that share a passage with it; none is its own sibling."""
    paragraphs: dict[tuple[str, int], dict[Passage, list[Key]]] = defaultdict(lambda: defaultdict(list))
    for card, passages in cards.items():
        for passage in passages:
            paragraphs[passage.source, passage.paragraph][passage].append(card)
    found: dict[Key, set[Key]] = {card: set() for card in cards}
    for places in paragraphs.values():
        for some, others in _list_pairs(places):
            for card in some:
                found[card].update(others)
            for card in others:
                found[card].update(some)
    return {card: frozenset(others - {card}) for card, others in found.items()}

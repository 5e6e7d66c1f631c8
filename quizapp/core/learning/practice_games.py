"""Games with cards: pairs short enough to lie on tiles, and cards quick enough for a round against the clock."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from quizapp.core.deck.schema import Card, Choice, Match, Short, option_key
from quizapp.core.markup import plain_text

PAIRS = 6
FEWEST_PAIRS = 2
_Tile = TypeVar("_Tile")
LONGEST_LEFT = 140
LONGEST_RIGHT = 60
QUICK_TYPES = frozenset({"choice", "multiple", "truefalse", "short", "cloze"})
"""The types answered in one go: no lines to move, no sides to pair, nothing to rate."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together, in Markdown."""

    left: str
    right: str


def find_pairs(card: Card) -> tuple[Pair, ...]:
    """The pairs that a card holds: those of ``match``, or the prompt and the answer of ``short`` and ``choice``.

    Texts too long for a tile, or of several lines, are left out.
    """
    match card:
        case Match():
            pairs = tuple(Pair(left, right) for left, right in card.pairs)
        case Choice() | Short():
            pairs = (Pair(card.prompt, card.answer),)
        case _:
            return ()
    return tuple(one for one in pairs if _fits(one.left, LONGEST_LEFT) and _fits(one.right, LONGEST_RIGHT))


def _fits(markdown: str, most: int) -> bool:
    text = plain_text(markdown)
    return 0 < len(text) <= most and "\n" not in text


def are_alike(one: str, other: str) -> bool:
    """Whether two tiles say the same, so that either may be taken."""
    return option_key(one) == option_key(other)


def choose_pairs(pairs: Iterable[tuple[tuple[int, int], Pair]]) -> list[tuple[int, int]]:
    """The names of the first ``PAIRS`` pairs of which no two share a side, so that each has one partner only."""
    chosen: list[tuple[int, int]] = []
    seen: set[tuple[str, str]] = set()
    for name, pair in pairs:
        sides = {("left", option_key(pair.left)), ("right", option_key(pair.right))}
        if seen.isdisjoint(sides):
            seen |= sides
            chosen.append(name)
        if len(chosen) == PAIRS:
            break
    return chosen


def shuffle_places(count: int, seed: bytes, purpose: str) -> tuple[int, ...]:
    """The numbers below ``count`` in an order that hangs on the seed and the purpose alone."""

    def rank(number: int) -> bytes:
        return hmac.digest(seed, f"{purpose} {number}".encode(), hashlib.sha256)

    return tuple(sorted(range(count), key=rank))


def lay_out(tiles: Sequence[_Tile], seed: bytes, purpose: str) -> tuple[_Tile, ...]:
    """What stands on the tiles of one side, in the order in which they lie."""
    return tuple(tiles[number] for number in shuffle_places(len(tiles), seed, purpose))

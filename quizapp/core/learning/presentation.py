"""A card as it is asked: everything needed to answer it, and nothing that gives the answer away."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import Card, Choice, Cloze, Match, Multiple, Order, option_key


@dataclass(frozen=True, slots=True)
class AskedCard:
    """What a learner sees before answering.

    ``options`` are the texts to choose from (``choice``, ``multiple``) or to put in order (``order``). ``pieces`` is
    the text of a ``cloze`` around its blanks: one piece more than ``blanks``. ``left`` and ``right`` are the sides of
    a ``match``, each in an order of its own, a right side that serves several left ones only once.
    """

    type: str
    prompt: str
    hint_available: bool
    options: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    blanks: int = 0
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()


def _shuffle(texts: Sequence[str], seed: bytes, purpose: str) -> tuple[str, ...]:
    """An order that depends on the seed, the purpose and the number of texts, not on what they say."""

    def rank(number: int) -> bytes:
        return hmac.digest(seed, f"{purpose} {number}".encode(), hashlib.sha256)

    return tuple(texts[number] for number in sorted(range(len(texts)), key=rank))


def _distinct(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple({option_key(text): text for text in reversed(texts)}.values())


def ask(card: Card, seed: bytes) -> AskedCard:
    """The card as it is asked, shuffled by ``seed``; equal seeds give equal cards.

    Whoever knows the seed can undo the shuffling, so it is to be derived from a secret. An ``order`` may come in its
    right order: if it never did, two items would give the answer away.
    """
    options: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    match card:
        case Choice() | Multiple():
            options = _shuffle(card.options, seed, f"{card.id} options")
        case Order():
            options = _shuffle(card.items, seed, f"{card.id} order")
        case Cloze():
            pieces = parse_cloze(card.text).pieces
        case Match():
            left = _shuffle([one for one, _ in card.pairs], seed, f"{card.id} left")
            right = _shuffle(_distinct([other for _, other in card.pairs]), seed, f"{card.id} right")
    return AskedCard(
        type=card.type,
        prompt=card.prompt,
        hint_available=bool(card.hint),
        options=options,
        pieces=pieces,
        blanks=max(len(pieces) - 1, 0),
        left=left,
        right=right,
    )

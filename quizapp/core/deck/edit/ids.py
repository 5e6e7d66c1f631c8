"""Ids for decks and cards, made of their words."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from quizapp.core.deck.schema import Card

_LONGEST_MADE = 48
_LONGEST = 80
_GAP = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def make_slug(text: str, fallback: str) -> str:
    """The words of a text as an id: small letters, digits and hyphens, whole words up to 48 characters.

    ``fallback``, an id itself, serves where the text has no letter of the Latin alphabet and no digit.
    """
    plain = unicodedata.normalize("NFKD", text[:1000].casefold().translate(_LETTERS))
    words = _GAP.sub("-", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip("-")
    if len(words) > _LONGEST_MADE:
        words = words[: _LONGEST_MADE + 1].rpartition("-")[0] or words[:_LONGEST_MADE]
    return words.strip("-") or fallback


def make_unique(slug: str, taken: Collection[str]) -> str:
    """The id, or with the first number behind it that makes it differ from all that are taken."""
    made, number = slug, 1
    while made in taken:
        number += 1
        made = f"{slug[: _LONGEST - len(str(number)) - 1].rstrip('-')}-{number}"
    return made


def name_cards(cards: Iterable[Card], taken: Iterable[str]) -> Sequence[Card]:
    """The cards, each with its own id where that is free, else with the next one that is."""
    used, named = set(taken), []
    for card in cards:
        unique = make_unique(card.id, used)
        used.add(unique)
        named.append(card if unique == card.id else card.model_copy(update={"id": unique}))
    return named

"""What is right and what is wrong, card by card: read from deck files by a way of the tests' own."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

NONSENSE = "qqxqq"
KNOWN, FORGOTTEN = 3, 1
"""How a flashcard is rated where a right, or a wrong, answer is wanted."""


@dataclass(frozen=True, eq=False)
class Entry:
    """A card with a right and a wrong response to it, as the API takes them; a flashcard has ratings instead.

    There is one of each card: two are the same only where they are one.
    """

    deck: str
    id: str
    type: str
    right: Any
    wrong: Any
    explanation: str
    hint: str
    quotes: tuple[str, ...]
    places: tuple[tuple[str, int], ...]

    @property
    def ref(self) -> str:
        return f"{self.deck}/{self.id}"


def _blanks(text: str) -> list[list[str]]:
    return [inside.split("|") for inside in re.findall(r"\{\{(.*?)\}\}", text, re.DOTALL)]


def _texts(options: Iterable[str | Mapping[str, str]]) -> list[str]:
    return [option if isinstance(option, str) else option["text"] for option in options]


def _mismatch(pairs: list[list[str]]) -> dict[str, str]:
    rights = [right for _, right in pairs]
    return {left: next(other for other in rights if other != right) for left, right in pairs}


def _find_right(card: Mapping[str, Any]) -> Any:
    match card["type"]:
        case "flashcard":
            return KNOWN
        case "multiple":
            return card["answers"]
        case "truefalse":
            return card["answer"].lower() == "true"
        case "cloze":
            return [wordings[0].strip() for wordings in _blanks(card["text"])]
        case "order":
            return card["items"]
        case "match":
            return dict(card["pairs"])
        case _:
            return card["answer"]


def _find_wrong(card: Mapping[str, Any]) -> Any:
    match card["type"]:
        case "flashcard":
            return FORGOTTEN
        case "choice":
            return _texts(card["wrong"])[0]
        case "multiple":
            return _texts(card["wrong"])
        case "truefalse":
            return card["answer"].lower() != "true"
        case "cloze":
            return [NONSENSE for _ in _blanks(card["text"])]
        case "order":
            return card["items"][::-1]
        case "match":
            return _mismatch(card["pairs"])
        case _:
            return NONSENSE


def read_key(text: str | bytes) -> dict[str, Entry]:
    """The entries of a deck file, by the ids of the cards."""
    deck = yaml.BaseLoader(text).get_single_data()  # nothing but texts, lists and mappings
    return {
        card["id"]: Entry(
            deck=deck["id"],
            id=card["id"],
            type=card["type"],
            right=_find_right(card),
            wrong=_find_wrong(card),
            explanation=card.get("explanation", ""),
            hint=card.get("hint", ""),
            quotes=tuple(citation["quote"] for citation in card["citations"]),
            places=tuple((citation["source"], int(citation["paragraph"])) for citation in card["citations"]),
        )
        for card in deck["cards"]
    }

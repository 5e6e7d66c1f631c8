"""What a deck says of itself, as one line for a comment of another format, and back."""

import json
from typing import Final

from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.decoding import mend

_TEXTS: Final = ("id", "title", "description", "language", "theme", "author", "license")
_LISTS: Final = ("sources", "tags")
_LONGEST = 100_000


def write_head(deck: Deck) -> str:
    """The head of a deck as one line of JSON, without what is empty."""
    said: dict[str, object] = {name: getattr(deck, name) for name in _TEXTS if getattr(deck, name)}
    said |= {name: list(getattr(deck, name)) for name in _LISTS if getattr(deck, name)}
    if deck.waive:
        said["waive"] = deck.waive
    return json.dumps(said, ensure_ascii=True)


def read_head(line: str) -> dict[str, object]:
    """What such a line says; nothing where it is not one. Never raises; the schema checks the values."""
    try:
        said = json.loads(line[:_LONGEST])
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    found: dict[str, object] = {name: mend(said[name]) for name in _TEXTS if isinstance(said.get(name), str)}
    for name in _LISTS:
        entries = said.get(name)
        if isinstance(entries, list) and all(isinstance(entry, str) for entry in entries):
            found[name] = list(map(mend, entries))
    if isinstance(said.get("waive"), dict):
        found["waive"] = {mend(key): mend(str(reason)) for key, reason in said["waive"].items()}
    return found

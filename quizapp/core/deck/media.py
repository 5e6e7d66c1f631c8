"""What a deck says in Markdown, text by text, and the pictures and sounds that it asks for."""

from collections.abc import Iterable, Iterator

from quizapp.core.deck.schema import Card
from quizapp.core.markup import list_embedded

_Path = tuple[str | int, ...]


def _list_sides(card: Card) -> Iterator[tuple[_Path, str]]:
    """The answers, options, items and sides of a card."""
    if card.type in ("flashcard", "choice", "short"):
        yield ("answer",), card.answer
    if card.type == "multiple":
        yield from ((("answers", index), text) for index, text in enumerate(card.answers))
    if card.type == "choice" or card.type == "multiple":
        for index, option in enumerate(card.wrong):
            yield ("wrong", index, "text"), option.text
            yield ("wrong", index, "why"), option.why
    if card.type == "order":
        yield from ((("items", index), text) for index, text in enumerate(card.items))
    if card.type == "match":
        for index, pair in enumerate(card.pairs):
            yield from ((("pairs", index, side), text) for side, text in enumerate(pair))
    if card.type == "cloze":
        yield ("text",), card.text


def list_texts(card: Card) -> Iterator[tuple[_Path, str]]:
    """All that a card shows, each with its path in the card; what is not written is blank or left out."""
    yield ("prompt",), card.prompt
    yield from _list_sides(card)
    yield ("explanation",), card.explanation
    yield ("note",), card.note
    yield ("hint",), card.hint


def list_media_names(cards: Iterable[Card]) -> frozenset[str]:
    """The names of the pictures and sounds that cards ask for."""
    texts = (text for card in cards for _, text in list_texts(card))
    return frozenset(embedded.name for text in texts for embedded in list_embedded(text))

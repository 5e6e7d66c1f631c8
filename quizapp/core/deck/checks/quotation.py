"""Quotation marks that a teacher did not mean to show: one left over, or a pair that a word processor made curly."""

from collections.abc import Iterator

from quizapp.core.deck.checks.desk import CardView, Finding
from quizapp.core.deck.schema import Card
from quizapp.core.deck.text import shorten
from quizapp.core.messages import say

_PARTNERS = {"„": "“”", "“": "”", "”": "”", "«": "»", "»": "«"}
_MARKS = '"„“”«»'
_Path = tuple[str | int, ...]


def _list_short_texts(card: Card) -> Iterator[tuple[_Path, str]]:
    """The answers, options, items and sides of a card, with their paths."""
    if card.type in ("flashcard", "choice", "short"):
        yield ("answer",), card.answer
    if card.type == "multiple":
        yield from ((("answers", index), text) for index, text in enumerate(card.answers))
    if card.type == "choice" or card.type == "multiple":
        yield from ((("wrong", index, "text"), option.text) for index, option in enumerate(card.wrong))
    if card.type == "short":
        yield from ((("accept", index), text) for index, text in enumerate(card.accept))
    if card.type == "order":
        yield from ((("items", index), text) for index, text in enumerate(card.items))
    if card.type == "match":
        for index, pair in enumerate(card.pairs):
            yield from ((("pairs", index, side), text) for side, text in enumerate(pair))


def _is_stray(text: str) -> bool:
    """Whether a text ends with a straight quotation mark that nothing opens; behind a digit it means inches."""
    return text.endswith('"') and not any(mark in text[:-1] for mark in f"{_MARKS}`") and not text[-2:-1].isdigit()


def _is_enclosed(text: str) -> bool:
    return len(text) > 2 and text[-1] in _PARTNERS.get(text[0], "") and not any(mark in text[1:-1] for mark in _MARKS)


def check_quotation(view: CardView) -> Iterator[Finding]:
    """The rules ``stray-quote`` and ``quotes-around-all``, each told once a card."""
    card = view.card
    short = list(_list_short_texts(card))
    long = [(("prompt",), card.prompt), (("hint",), card.hint), (("explanation",), card.explanation)]
    if stray := next(((path, text) for path, text in (*short, *long) if _is_stray(text)), None):
        message = say("“%(stray)s” ends with a quotation mark that nothing opens.", stray=shorten(stray[1]))
        fix = say("Delete it, or open the text with one too.")
        yield Finding("stray-quote", message, fix, view.number, stray[0])
    if enclosed := next(((path, text) for path, text in short if _is_enclosed(text)), None):
        message = say(
            "Quotation marks stand around the whole of %(enclosed)s, and learners see them.",
            enclosed=shorten(enclosed[1]),
        )
        fix = say("Delete them; where YAML needs some, only the straight ones \" and ' count.")
        yield Finding("quotes-around-all", message, fix, view.number, enclosed[0])

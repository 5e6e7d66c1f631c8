"""Cards and answers as the cells of a report."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlmodel import Session

from quizapp.core.analysis.items.misconceptions import list_wrong_parts
from quizapp.core.analysis.items.model import Options
from quizapp.core.deck.schema import Card, Choice, Multiple, TrueFalse
from quizapp.core.errors import Invalid
from quizapp.core.learning.grading import parse_response
from quizapp.core.reports.cells import clean_text
from quizapp.core.reports.columns import Row
from quizapp.services.grading import grade_any
from quizapp.services.results import find_right_answer, read_card
from quizapp.store import reports as store
from quizapp.store.reports import RevisionText

BETWEEN = " | "
"""What parts the parts of an answer."""


@dataclass(frozen=True, slots=True)
class CardCells:
    """A card at a revision with what reports tell of it, cell by cell.

    ``item`` are the columns from ``item_id`` to ``type``; ``tags``, ``prompt`` and ``right`` are texts; ``proof`` is
    the first citation: source, paragraph and quote.
    """

    revision: RevisionText
    card: Card
    item: Row
    tags: str
    prompt: str
    right: str
    proof: Row

    @property
    def options(self) -> Options | None:
        """What can be chosen; None where the answer is not a choice."""
        match self.card:
            case Choice():
                return Options(self.card.options, frozenset({self.card.answer}))
            case Multiple():
                return Options(self.card.options, frozenset(self.card.answers))
            case TrueFalse():
                return Options(("true", "false"), frozenset({str(self.card.answer).lower()}))
        return None


def _say(part: object) -> str:
    return str(part).lower() if isinstance(part, bool) else str(part)


@lru_cache(4096)
def show_response(response: str) -> str:
    """An answer (JSON, in the shape of Contracts 3.4) as a text on one line; blank where nothing was answered."""
    return show_answer(json.loads(response)) if response else ""


def show_answer(answer: object) -> str:
    """The same for an answer that is read."""
    if answer is None:
        return ""
    if isinstance(answer, dict):
        return clean_text(BETWEEN.join(f"{left} → {right}" for left, right in answer.items()))
    return clean_text(BETWEEN.join(map(_say, answer)) if isinstance(answer, list) else _say(answer))


def show_card(revision: RevisionText) -> CardCells:
    """A card as the cells of a report."""
    card = read_card(revision.body)
    cited = card.citations[0] if card.citations else None
    return CardCells(
        revision=revision,
        card=card,
        item=(f"{revision.deck}/{revision.card}", revision.number, clean_text(revision.title), revision.type),
        tags=clean_text(", ".join(card.tags)),
        prompt=clean_text(" ".join((card.prompt or getattr(card, "text", "")).split())),
        right=show_answer(find_right_answer(card)),
        proof=(None, None, None) if cited is None else (cited.source, cited.paragraph, clean_text(cited.quote)),
    )


class CardShelf:
    """The cards that a report has met so far, each read once."""

    def __init__(self) -> None:
        self._cards: dict[int, CardCells] = {}

    def fetch(self, session: Session, revisions: Iterable[int]) -> dict[int, CardCells]:
        """These revisions and all that were asked for before, by id."""
        missing = set(revisions) - self._cards.keys()
        if missing:
            self._cards |= {one: show_card(text) for one, text in store.list_revisions(session, missing).items()}
        return self._cards


def list_chosen(response: str) -> tuple[str, ...]:
    """The options that an answer (JSON) to a card with options takes."""
    answer = json.loads(response) if response else []
    return tuple(map(_say, answer if isinstance(answer, list) else [answer]))


@lru_cache(4096)
def list_wrong(revision: RevisionText, response: str) -> tuple[str, ...]:
    """What is wrong in an answer (JSON), as texts; nothing for a flashcard, which holds no answer."""
    card = read_card(revision.body)
    if card.type == "flashcard" or not response:
        return ()
    try:
        given = parse_response(card, json.loads(response))
    except Invalid:  # what an older release took and this one would not: one odd answer must not end a report
        return ()
    return list_wrong_parts(grade_any(card, given, revision.language).parts)

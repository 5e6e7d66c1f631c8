"""A card that is being written: what the checks say of it, and how students will see it."""

from dataclasses import dataclass

from sqlmodel import Session

from quizapp.core.deck.edit.content import Content
from quizapp.core.deck.schema import Card
from quizapp.core.learning.presentation import AskedCard, ask
from quizapp.core.problem import Problem
from quizapp.services.authoring.checking import find_findings
from quizapp.services.results import CitedPassage, RightAnswer, find_right_answer, show_passages

_SEED = b"preview"
_NEW = "this-new-card"


@dataclass(frozen=True, slots=True)
class CardPreview:
    """A card as students see it, before and after they answer, with what the checks say of it."""

    card: Card
    asked: AskedCard
    right: RightAnswer
    passages: tuple[CitedPassage, ...]
    findings: tuple[Problem, ...]


def preview_card(session: Session, content: Content, card: Card, card_id: str | None) -> CardPreview:
    """A card within its deck, whether it is new (no ``card_id``) or in the place of the one with that id."""
    named = card.model_copy(update={"id": card_id or _NEW})
    others = [named if one.id == card_id else one for one in content.cards]
    cards = others if any(one is named for one in others) else [*others, named]
    found = find_findings(session, content.with_cards(cards)).cards.get(named.id, ())
    passages = show_passages(session, card.citations)
    return CardPreview(card, ask(named, _SEED), find_right_answer(card), passages, found)

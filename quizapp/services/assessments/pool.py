"""The cards that a test may ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from quizapp.core.assessments.draw import PoolCard, find_pool
from quizapp.core.assessments.plan import Plan
from quizapp.services.results import read_card
from quizapp.store import assessments_pool as store
from quizapp.store.assessments_pool import PoolRecord


@dataclass(frozen=True, slots=True)
class PoolEntry:
    """A card for a draw, with its words as JSON."""

    card: PoolCard
    body: str
    language: str


def _read(record: PoolRecord) -> PoolEntry:
    card = read_card(record.body)
    return PoolEntry(
        PoolCard(
            card_id=record.card_id,
            revision_id=record.revision_id,
            ref=f"{record.deck_slug}/{record.slug}",
            type=record.type,
            theme=record.theme,
            tags=frozenset((*record.deck_tags, *card.tags)),
            difficulty=card.difficulty or "",
            passages=frozenset((citation.source, citation.paragraph) for citation in card.citations),
        ),
        record.body,
        record.language,
    )


def list_pool(session: Session, assessment_id: int) -> list[PoolEntry]:
    """The cards in use that a test may ask, as written down when it was saved."""
    return [_read(record) for record in store.list_pool(session, assessment_id)]


def search_pool(session: Session, plan: Plan) -> list[PoolEntry]:
    """All cards in use that a plan could ask."""
    decks: Sequence[str] | None = [ref.partition("/")[0] for ref in plan.cards]
    themes: list[str] = []
    for draw in plan.draws:
        if not draw.decks and not draw.themes:
            decks = None
            break
        decks = [*(decks or ()), *draw.decks]
        themes += () if draw.decks else draw.themes
    entries = [_read(record) for record in store.list_all(session, decks, themes)]
    wanted = {card.card_id for card in find_pool(plan, [entry.card for entry in entries])}
    return [entry for entry in entries if entry.card.card_id in wanted]

"""The history of one card: what it said from when on, how it did, and what was decided about old answers."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.deck.edit.compare import FieldChange, compare_models
from quizapp.core.deck.schema import Card
from quizapp.core.errors import NotFound
from quizapp.core.messages import say
from quizapp.services.authoring.drafts import Author, load_draft
from quizapp.services.authoring.pages import ENOUGH, show_words
from quizapp.services.authoring.regrading import Regraded, list_regrades
from quizapp.services.results import read_card
from quizapp.store import authoring_effects as store
from quizapp.store import decks as deck_store
from quizapp.store.authoring_effects import CardFigures
from quizapp.store.sources import list_titles


@dataclass(frozen=True, slots=True)
class CardVersion:
    """A card as students met it from a time on, how it differs from the one before, and how it did since."""

    number: int
    since: datetime
    fields: tuple[FieldChange, ...]
    answers: int
    facility: float | None


@dataclass(frozen=True, slots=True)
class CardHistory:
    """All that became of a card; ``pending`` differs between what students have and the draft."""

    id: str
    words: str
    figures: CardFigures
    versions: tuple[CardVersion, ...]
    regrades: tuple[Regraded, ...]
    pending: tuple[FieldChange, ...]
    in_deck: bool


def _list_versions(session: Session, row: int) -> tuple[CardVersion, ...]:
    rows = store.list_card_revisions(session, row)
    did = store.count_by_revision(session, row)
    cards: list[Card | None] = [read_card(body) for _, body, _ in rows]
    titles = list_titles(session)
    versions = []
    for (number, _, since), card, before in zip(rows, cards, [*cards[1:], None], strict=True):
        answers, score = did.get(number, (0, 0.0))
        facility = score / answers if answers >= ENOUGH else None
        versions.append(CardVersion(number, since, compare_models(before, card, titles), answers, facility))
    return tuple(versions)


def load_card_history(session: Session, author: Author, slug: str, card_id: str, secret: bytes) -> CardHistory:
    """The history of a card of a draft, one that is retired too. ``secret`` is the installation's. Raises NotFound."""
    draft = load_draft(session, author, slug)
    now_says, found = draft.content.find(card_id), deck_store.find_deck(session, slug)
    stored = store.list_revisions(session, found.id).get(card_id) if found else None
    if now_says is None and stored is None:
        raise NotFound(say("There is no such card in this deck."))
    if stored is None or found is None:
        return CardHistory(card_id, show_words(now_says) if now_says else "", CardFigures(), (), (), (), in_deck=True)
    published = read_card(stored.body)
    return CardHistory(
        id=card_id,
        words=show_words(now_says or published),
        figures=store.count_figures(session, found.id).get(stored.card_id, CardFigures()),
        versions=_list_versions(session, stored.card_id),
        regrades=tuple(list_regrades(session, author, stored.card_id, secret)),
        pending=compare_models(published, now_says, list_titles(session)) if now_says else (),
        in_deck=now_says is not None,
    )

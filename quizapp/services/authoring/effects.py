"""What a new version of a deck means for those who study it: card by card, for how many."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from quizapp.core.deck.edit.compare import FieldChange, Titles, changes_answer, compare_models
from quizapp.core.deck.schema import Card, Deck, Flashcard
from quizapp.services.results import read_card
from quizapp.store import authoring_effects as store
from quizapp.store import decks as deck_store
from quizapp.store.assessments_regrading import count_uncounted
from quizapp.store.authoring_effects import CardFigures, StoredRevision
from quizapp.store.sources import list_titles


class Effect(StrEnum):
    """What happens to a card: ``answer`` is changed too where ``wording`` alone is not all."""

    NEW = "new"
    BACK = "back"
    WORDING = "wording"
    ANSWER = "answer"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class CardEffect:
    """What happens to a card, and to how many learners' progress with it.

    ``row`` is the card's in the database, 0 for a new one; ``old`` what it says now, None for a new one.
    ``in_tests`` counts questions of tests that may be graded by the card and are not in the log of answers.
    ``can_regrade`` says that old answers could be graded again.
    """

    id: str
    effect: Effect
    card: Card
    old: Card | None
    row: int
    figures: CardFigures
    fields: tuple[FieldChange, ...]
    in_tests: int = 0

    @property
    def can_regrade(self) -> bool:
        """Whether there are old answers that the program can grade again; a flashcard's learners rated themselves."""
        alike = self.old is not None and self.old.type == self.card.type
        answered = self.figures.answers + self.in_tests > 0
        return self.effect is Effect.ANSWER and alike and answered and not isinstance(self.card, Flashcard)


_NOBODY = CardFigures()


def _describe(
    card: Card, stored: StoredRevision | None, figures: CardFigures, in_tests: int, titles: Titles
) -> CardEffect | None:
    if stored is None:
        return CardEffect(card.id, Effect.NEW, card, None, 0, _NOBODY, compare_models(None, card, titles))
    old = read_card(stored.body)
    fields = compare_models(old, card, titles)
    if changes_answer(old, card):
        effect = Effect.ANSWER
    elif stored.retired:
        effect = Effect.BACK
    elif fields:
        effect = Effect.WORDING
    else:
        return None
    return CardEffect(card.id, effect, card, old, stored.card_id, figures, fields, in_tests)


def list_effects(session: Session, deck: Deck) -> Iterator[CardEffect]:
    """What happens to each card that changes once students study this deck, in its order, retired ones last."""
    found = deck_store.find_deck(session, deck.id)
    stored = store.list_revisions(session, found.id) if found else {}
    figures = store.count_figures(session, found.id) if found else {}
    in_tests = count_uncounted(session, found.id) if found else {}
    titles = list_titles(session)
    for card in deck.cards:
        known = stored.get(card.id)
        row = known.card_id if known else 0
        effect = _describe(card, known, figures.get(row, _NOBODY), in_tests.get(row, 0), titles)
        if effect is not None:
            yield effect
    wanted = {card.id for card in deck.cards}
    for slug, one in stored.items():
        if slug not in wanted and not one.retired:
            old = read_card(one.body)
            yield CardEffect(slug, Effect.RETIRED, old, old, one.card_id, figures.get(one.card_id, _NOBODY), ())


def count_learners(session: Session, effects: list[CardEffect]) -> int:
    """How many learners have progress on any of these cards."""
    return store.count_people(session, [effect.row for effect in effects if effect.row])

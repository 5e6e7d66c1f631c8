"""What a learner chose for studying, and what forecasts of their work are made from: queries that never commit."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.learning.habits import Tally
from quizapp.core.learning.memory import Phase
from quizapp.store.states import RESTING
from quizapp.store.tables import CardStateRow, DeckRow, FitRow, LearnerRow, ReviewRow, table_of

_state, _deck = table_of(CardStateRow), table_of(DeckRow)
_fit, _learner, _review = table_of(FitRow), table_of(LearnerRow), table_of(ReviewRow)


@dataclass(frozen=True, slots=True)
class BegunCard:
    """A card in use that the learner has answered."""

    deck_id: int
    stability: float
    difficulty: float
    last_review: datetime
    due: datetime
    in_steps: bool


@dataclass(frozen=True, slots=True)
class BegunDeck:
    """A deck of which the learner has answered a card in use: ``cards`` in use, of which ``seen`` were answered.

    ``parameters`` are those fitted to the deck, as JSON; blank where there are none.
    """

    id: int
    slug: str
    title: str
    language: str
    cards: int
    seen: int
    parameters: str


@dataclass(frozen=True, slots=True)
class DoneToday:
    """What was done of a deck on one study day: new cards, and answers to cards out of their steps."""

    deck_id: int
    new: int
    reviews: int


def read_choices(session: Session, learner_id: int) -> str:
    """What a learner chose, as JSON; blank where nothing was chosen."""
    found = session.execute(sa.select(_learner.c.choices).where(_learner.c.id == learner_id))
    return str(found.scalar_one())


def write_choices(session: Session, learner_id: int, choices: str) -> None:
    """Put these choices in the place of the learner's. Lock the learner first."""
    session.execute(sa.update(_learner).where(_learner.c.id == learner_id).values(choices=choices))


def list_begun_cards(session: Session, learner_id: int) -> list[BegunCard]:
    """All cards in use that the learner has answered, by the time of the last answer."""
    rows = session.execute(
        sa.select(
            _state.c.deck_id,
            _state.c.stability,
            _state.c.difficulty,
            _state.c.last_review,
            _state.c.due,
            _state.c.phase != Phase.REVIEW.value,
        )
        .where(_state.c.learner_id == learner_id, _state.c.queue < RESTING)
        .order_by(_state.c.last_review)
    )
    return [BegunCard(*row) for row in rows]


def list_begun_decks(session: Session, learner_id: int) -> list[BegunDeck]:
    """The decks of which the learner has answered a card in use, by title."""
    seen = (
        sa.select(_state.c.deck_id, sa.func.count().label("seen"))
        .where(_state.c.learner_id == learner_id, _state.c.queue < RESTING)
        .group_by(_state.c.deck_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(
            _deck.c.id,
            _deck.c.slug,
            _deck.c.title,
            _deck.c.language,
            _deck.c.cards,
            seen.c.seen,
            sa.func.coalesce(_fit.c.parameters, ""),
        )
        .select_from(_deck)
        .join(seen, seen.c.deck_id == _deck.c.id)
        .outerjoin(_fit, _fit.c.id == _deck.c.fit_id)
        .order_by(_deck.c.title, _deck.c.id)
    )
    return [BegunDeck(*row) for row in rows]


def count_done(session: Session, learner_id: int, study_day: int) -> list[DoneToday]:
    """What was done on a study day (its ordinal), deck by deck."""
    rows = session.execute(
        sa.select(
            _review.c.deck_id,
            sa.func.count().filter(_review.c.phase_before == ""),
            sa.func.count().filter(_review.c.phase_before == Phase.REVIEW.value),
        )
        .where(_review.c.learner_id == learner_id, _review.c.study_day == study_day, _review.c.undone_at.is_(None))
        .group_by(_review.c.deck_id)
    )
    return [DoneToday(*row) for row in rows]


def tally_answers(session: Session, learner_id: int, first: int, last: int, longest_ms: int) -> list[Tally]:
    """The answers of the study days from one ordinal to another, by kind; each takes ``longest_ms`` at most."""
    taken = sa.case((_review.c.shown_ms > longest_ms, longest_ms), else_=_review.c.shown_ms)
    rows = session.execute(
        sa.select(
            _review.c.phase_before,
            _review.c.rating,
            sa.func.count(),
            sa.func.count(_review.c.shown_ms),
            sa.func.coalesce(sa.func.sum(taken), 0),
        )
        .where(
            _review.c.learner_id == learner_id,
            _review.c.study_day.between(first, last),
            _review.c.undone_at.is_(None),
        )
        .group_by(_review.c.phase_before, _review.c.rating)
    )
    return [Tally(phase, rating, answers, timed, int(millis)) for phase, rating, answers, timed, millis in rows]


def count_begun(session: Session, learner_id: int, first: int, last: int) -> dict[int, int]:
    """How many new cards were begun on each study day from one ordinal to another; days without any are left out."""
    rows = session.execute(
        sa.select(_review.c.study_day, sa.func.count())
        .where(
            _review.c.learner_id == learner_id,
            _review.c.study_day.between(first, last),
            _review.c.undone_at.is_(None),
            _review.c.phase_before == "",
        )
        .group_by(_review.c.study_day)
    )
    return {int(day): int(cards) for day, cards in rows}

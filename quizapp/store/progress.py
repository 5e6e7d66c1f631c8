"""What a learner's progress is counted from: grouped by the database, never committed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.analysis.progress import DayWork
from quizapp.core.learning.memory import Phase
from quizapp.store.states import RESTING
from quizapp.store.tables import CardStateRow, DeckRow, FitRow, ReviewRow, table_of


@dataclass(frozen=True, slots=True)
class StateRecord:
    """The part of a card's memory state that says what is remembered and when the card is due."""

    deck_id: int
    stability: float
    last_review: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class DeckRecord:
    """A deck by name, language and theme; ``parameters`` are those fitted to it as JSON, blank where there are none."""

    id: int
    slug: str
    title: str
    language: str
    theme: str
    parameters: str


@dataclass(frozen=True, slots=True)
class RetentionRecord:
    """So many first answers of a study day to cards in review, of which ``recalled`` were remembered.

    ``mature``: the break before was long. ``recent``: the answers are from the later part of the time asked for.
    """

    mature: bool
    recent: bool
    answers: int
    recalled: int


def list_states(session: Session, learner_id: int) -> list[StateRecord]:
    """The states of all cards in use that the learner has answered, by the time of the last answer."""
    state = table_of(CardStateRow).c
    rows = session.execute(
        sa.select(state.deck_id, state.stability, state.last_review, state.due)
        .where(state.learner_id == learner_id, state.queue < RESTING)
        .order_by(state.last_review)
    )
    return [StateRecord(*row) for row in rows]


def list_decks(session: Session, ids: Sequence[int]) -> list[DeckRecord]:
    """These decks, by title."""
    deck, fit = table_of(DeckRow).c, table_of(FitRow).c
    rows = session.execute(
        sa.select(deck.id, deck.slug, deck.title, deck.language, deck.theme, sa.func.coalesce(fit.parameters, ""))
        .select_from(table_of(DeckRow))
        .outerjoin(table_of(FitRow), fit.id == deck.fit_id)
        .where(deck.id.in_(ids))
        .order_by(deck.title, deck.id)
    )
    return [DeckRecord(*row) for row in rows]


def list_days(session: Session, learner_id: int, first: int, last: int, longest_ms: int) -> list[DayWork]:
    """The learner's study days from one ordinal to another, with what was answered; an answer takes ``longest_ms`` at
    most, however long its page stood open."""
    review = table_of(ReviewRow).c
    taken = sa.case((review.shown_ms > longest_ms, longest_ms), else_=review.shown_ms)
    rows = session.execute(
        sa.select(
            review.study_day,
            sa.func.count(),
            sa.func.count().filter(review.rating > 1),
            sa.func.count(review.shown_ms),
            sa.func.coalesce(sa.func.sum(taken), 0),
        )
        .where(review.learner_id == learner_id, review.study_day.between(first, last), review.undone_at.is_(None))
        .group_by(review.study_day)
        .order_by(review.study_day)
    )
    return [DayWork(*(int(value) for value in row)) for row in rows]


def count_retention(
    session: Session, learner_id: int, first: int, last: int, recent: int, mature_days: int
) -> list[RetentionRecord]:
    """How the first answers of each study day to cards in review went, from one ordinal to another.

    Answers from the ordinal ``recent`` on are counted apart, and so are those after a break that was planned for
    ``mature_days`` study days or more.
    """
    review = table_of(ReviewRow).c
    place = sa.func.row_number().over(partition_by=(review.study_day, review.card_id), order_by=review.seq)
    log = (
        sa.select(review.phase_before, review.interval_before, review.study_day, review.rating, place.label("place"))
        .where(review.learner_id == learner_id, review.study_day.between(first, last), review.undone_at.is_(None))
        .subquery()
    )
    mature, late = (log.c.interval_before >= mature_days), (log.c.study_day >= recent)
    rows = session.execute(
        sa.select(mature, late, sa.func.count(), sa.func.count().filter(log.c.rating > 1))
        .where(log.c.place == 1, log.c.phase_before == Phase.REVIEW.value)
        .group_by(mature, late)
    )
    return [RetentionRecord(bool(old), bool(new), answers, recalled) for old, new, answers, recalled in rows]

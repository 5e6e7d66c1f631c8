"""What a learner's progress is counted from: grouped by the database, never committed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.analysis.progress import DayWork
from quizapp.core.learning.memory import Phase
from quizapp.store.tables import CardRow, CardStateRow, DeckRow, ReviewRow, table_of

_DAY_MS = 24 * 60 * 60 * 1000
# A memory state is text. SQLite reads JSON out of text; PostgreSQL wants it cast, and a blank is no JSON.
_JSON = sa.JSON().with_variant(sa.Text(), "sqlite")


@dataclass(frozen=True, slots=True)
class StateRecord:
    """The part of a card's memory state that says what is remembered and when the card is due."""

    deck_id: int
    stability: float
    last_review: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class DeckRecord:
    """A deck by name, language and theme."""

    id: int
    slug: str
    title: str
    language: str
    theme: str


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
    state, card = table_of(CardStateRow).c, table_of(CardRow).c
    rows = session.execute(
        sa.select(state.deck_id, state.stability, state.last_review, state.due)
        .join_from(table_of(CardStateRow), table_of(CardRow), card.id == state.card_id)
        .where(state.learner_id == learner_id, card.retired_at.is_(None))
        .order_by(state.last_review)
    )
    return [StateRecord(*row) for row in rows]


def list_decks(session: Session, ids: Sequence[int]) -> list[DeckRecord]:
    """These decks, by title."""
    deck = table_of(DeckRow).c
    rows = session.execute(
        sa.select(deck.id, deck.slug, deck.title, deck.language, deck.theme)
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

    Answers from the ordinal ``recent`` on are counted apart, and so are those after a break of ``mature_days`` or more.
    A break ends at the start of a study day, so that of 21 days is a little shorter than 21 times 24 hours.
    """
    review = table_of(ReviewRow).c
    place = sa.func.row_number().over(partition_by=(review.study_day, review.card_id), order_by=review.seq)
    log = (
        sa.select(review.study_day, review.rating, review.state_before, place.label("place"))
        .where(review.learner_id == learner_id, review.study_day.between(first, last), review.undone_at.is_(None))
        .subquery()
    )
    before = sa.cast(sa.func.nullif(log.c.state_before, ""), _JSON)
    due, reviewed = (sa.cast(before[name].as_string(), sa.BigInteger) for name in ("due", "last_review"))
    answer = (
        sa.select(
            (due - reviewed > (mature_days - 1) * _DAY_MS).label("mature"),
            (log.c.study_day >= recent).label("recent"),
            log.c.rating,
        )
        .where(log.c.place == 1, before["phase"].as_string() == Phase.REVIEW.value)
        .subquery()
    )
    rows = session.execute(
        sa.select(
            answer.c.mature, answer.c.recent, sa.func.count(), sa.func.count().filter(answer.c.rating > 1)
        ).group_by(answer.c.mature, answer.c.recent)
    )
    return [RetentionRecord(bool(mature), bool(late), answers, recalled) for mature, late, answers, recalled in rows]

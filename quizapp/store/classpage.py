"""What the page of a class is counted from: grouped by the database, never committed.

Each query goes by the students of one class and by an index, so that a long history costs nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.recalls import Curves, list_studying, plan_passes
from quizapp.store.states import STEPS
from quizapp.store.tables import (
    AttemptRow,
    CardRevisionRow,
    CardRow,
    CardStateRow,
    ClassMemberRow,
    DeckRow,
    DismissedSignRow,
    DueCountRow,
    ReviewRow,
    table_of,
)

_member = table_of(ClassMemberRow)
_review, _state, _due = table_of(ReviewRow), table_of(CardStateRow), table_of(DueCountRow)
_deck, _card, _revision = table_of(DeckRow), table_of(CardRow), table_of(CardRevisionRow)
_attempt, _dismissed = table_of(AttemptRow), table_of(DismissedSignRow)


@dataclass(frozen=True, slots=True)
class WorkRecord:
    """What a student answered on one study day (an ordinal)."""

    learner_id: int
    day: int
    answers: int
    right: int
    millis: int


@dataclass(frozen=True, slots=True)
class RecallRecord:
    """What a student remembers of the cards of a deck that were met; ``in_steps`` of them wait in their first steps."""

    learner_id: int
    deck_id: int
    cards: int
    recall: float
    in_steps: int


def list_last_days(session: Session, class_id: int) -> dict[int, int]:
    """The study day on which each student last answered."""
    last = (
        sa.select(sa.func.max(_review.c.study_day))
        .where(_review.c.learner_id == _member.c.learner_id, _review.c.undone_at.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(_member.c.learner_id, last).where(_member.c.class_id == class_id, _member.c.left_at.is_(None))
    )
    return {learner: day for learner, day in rows if day is not None}


def list_work(session: Session, class_id: int, since: int) -> list[WorkRecord]:
    """What the students answered on each study day from one on."""
    rows = session.execute(
        sa.select(
            _review.c.learner_id,
            _review.c.study_day,
            sa.func.count(),
            sa.func.sum(sa.case((_review.c.rating > 1, 1), else_=0)),
            sa.func.coalesce(sa.func.sum(_review.c.shown_ms), 0),
        )
        .where(
            _review.c.learner_id.in_(list_studying(class_id)),
            _review.c.study_day >= since,
            _review.c.undone_at.is_(None),
        )
        .group_by(_review.c.learner_id, _review.c.study_day)
    )
    return [WorkRecord(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in rows]


def list_stuck(session: Session, class_id: int, since: int, times: int) -> list[tuple[int, int, int]]:
    """The cards that students did not know at least so often since a study day: learner, card, how often."""
    rows = session.execute(
        sa.select(_review.c.learner_id, _review.c.card_id, sa.func.count())
        .where(
            _review.c.learner_id.in_(list_studying(class_id)),
            _review.c.study_day >= since,
            _review.c.rating == 1,
            _review.c.undone_at.is_(None),
        )
        .group_by(_review.c.learner_id, _review.c.card_id)
        .having(sa.func.count() >= times)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def list_due(session: Session, class_id: int, now: datetime) -> dict[int, int]:
    """How many cards wait for review by each student now; those in their steps are counted by ``list_recalls``."""
    rows = session.execute(
        sa.select(_due.c.learner_id, sa.func.sum(_due.c.cards))
        .where(_due.c.learner_id.in_(list_studying(class_id)), _due.c.due <= now)
        .group_by(_due.c.learner_id)
    )
    return {learner: int(cards) for learner, cards in rows if cards}


def list_recalls(
    session: Session, class_id: int, now: datetime, day_ends: datetime, curves: Curves
) -> list[RecallRecord]:
    """The mean recall of each student in each deck on the study day that ends then; without what is in use no more."""
    in_steps = sa.case(((_state.c.queue == STEPS) & (_state.c.due <= now), 1), else_=0)
    whose = (_state.c.learner_id, _state.c.deck_id)
    recalls: list[RecallRecord] = []
    for one in plan_passes(class_id, curves, day_ends):
        counted = sa.select(*whose, sa.func.count(), sa.func.avg(one.recall), sa.func.sum(in_steps))
        rows = session.execute(counted.select_from(one.tables).where(one.condition).group_by(*whose))
        recalls += [RecallRecord(row[0], row[1], row[2], float(row[3]), int(row[4])) for row in rows]
    return recalls


def list_open_attempts(session: Session, class_id: int) -> dict[int, datetime]:
    """The students with a test that is not handed in, and since when."""
    rows = session.execute(
        sa.select(_attempt.c.learner_id, sa.func.min(_attempt.c.started_at))
        .where(_attempt.c.learner_id.in_(list_studying(class_id)), _attempt.c.ended_at.is_(None))
        .group_by(_attempt.c.learner_id)
    )
    return {row[0]: row[1] for row in rows}


def list_decks(session: Session, ids: Collection[int]) -> list[tuple[int, str, str, str]]:
    """Decks by title: id, slug, title, language."""
    rows = session.execute(
        sa.select(_deck.c.id, _deck.c.slug, _deck.c.title, _deck.c.language)
        .where(_deck.c.id.in_(ids))
        .order_by(_deck.c.title, _deck.c.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def list_cards(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """Cards by id: the deck's slug and language, and the card as JSON."""
    current = sa.and_(_revision.c.card_id == _card.c.id, _revision.c.number == _card.c.revision)
    rows = session.execute(
        sa.select(_card.c.id, _deck.c.slug, _deck.c.language, _revision.c.body)
        .join(_revision, current)
        .join(_deck, _deck.c.id == _card.c.deck_id)
        .where(_card.c.id.in_(ids))
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def list_dismissed(session: Session, class_id: int, since: datetime) -> set[tuple[int, str]]:
    """The signs that were seen to since a moment: learner and sign."""
    rows = session.execute(
        sa.select(_dismissed.c.learner_id, _dismissed.c.sign).where(
            _dismissed.c.class_id == class_id, _dismissed.c.dismissed_at >= since
        )
    )
    return {(row[0], row[1]) for row in rows}


def dismiss_sign(
    session: Session, class_id: int, learner_id: int, sign: str, account_id: int | None, now: datetime
) -> None:
    """Write down that a sign was seen to."""
    session.merge(
        DismissedSignRow(
            class_id=class_id, learner_id=learner_id, sign=sign, dismissed_at=now, by_account_id=account_id
        )
    )
    session.flush()

"""What the page of a class is counted from: grouped by the database, never committed.

Each query goes by the students of one class and by an index, so that a long history costs nothing; all are prepared,
since a page asks a dozen of them.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.engine import Instant
from quizapp.store.listed import is_listed, write_list
from quizapp.store.prepared import Prepared
from quizapp.store.recalls import PASSES, Curves, list_studying
from quizapp.store.states import STEPS
from quizapp.store.tables import (
    AttemptRow,
    CardRevisionRow,
    CardRow,
    CardStateRow,
    ClassMemberRow,
    DeckRow,
    DismissedSignRow,
    ReviewRow,
    table_of,
)

_member = table_of(ClassMemberRow)
_review, _state = table_of(ReviewRow), table_of(CardStateRow)
_deck, _card, _revision = table_of(DeckRow), table_of(CardRow), table_of(CardRevisionRow)
_attempt, _dismissed = table_of(AttemptRow), table_of(DismissedSignRow)
_MINUTE_MS, _MOMENT = 60_000, timedelta(milliseconds=1)
_CLASS, _NOW = sa.bindparam("class", type_=sa.Integer), sa.bindparam("now", type_=Instant())
_LAST = sa.bindparam("last", type_=Instant())
_SINCE, _TODAY = sa.bindparam("since", type_=sa.Integer), sa.bindparam("today", type_=sa.Integer)
_STUDYING = list_studying(_CLASS)
_SINCE_THEN = (_review.c.study_day >= _SINCE) & _review.c.undone_at.is_(None)


class WorkRecord(NamedTuple):
    """What a student answered in some days: ``week`` in all, ``today`` on the last of them, ``missed`` not known.

    ``last_day`` is when the student last answered. A plain tuple, as ``RecallRecord``: there are thousands of them.
    """

    learner_id: int
    last_day: int
    week: int
    today: int
    today_right: int
    missed: int


class RecallRecord(NamedTuple):
    """What a student remembers of the cards of a deck that were met; ``due`` of them wait.

    Those in their first steps wait from their moment on, all others from the beginning of their study day.
    """

    learner_id: int
    deck_id: int
    cards: int
    recall: float
    due: int


_last_day = sa.func.max(_review.c.study_day)
_LAST_DAYS = Prepared(
    sa.select(
        _member.c.learner_id,
        sa.select(_last_day)
        .where(_review.c.learner_id == _member.c.learner_id, _review.c.undone_at.is_(None))
        .scalar_subquery(),
    ).where(_member.c.class_id == _CLASS, is_listed(_member.c.learner_id, "learners"))
)


def list_last_days(session: Session, class_id: int, learners: Collection[int]) -> dict[int, int]:
    """The study day on which each of these students of a class last answered, of those who ever did."""
    rows = _LAST_DAYS.all(session, {"class": class_id, "learners": write_list(learners)}) if learners else ()
    return {learner: day for learner, day in rows if day is not None}


def _count(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count(sa.case((which, 1)))


_is_today = _review.c.study_day == _TODAY
_WORK = Prepared(
    sa.select(
        _review.c.learner_id,
        _last_day,
        sa.func.count(),
        _count(_is_today),
        _count(_is_today & (_review.c.rating > 1)),
        _count(_review.c.rating == 1),
    )
    .where(_review.c.learner_id.in_(_STUDYING), _SINCE_THEN)
    .group_by(_review.c.learner_id)
)


def list_work(session: Session, class_id: int, since: int, today: int) -> list[WorkRecord]:
    """What the students answered from a study day on, who did at all: all of it stands in an index."""
    values = {"class": class_id, "since": since, "today": today}
    return [WorkRecord._make(row) for row in _WORK.all(session, values)]


_MINUTES = Prepared(
    sa.select(_review.c.learner_id, sa.func.coalesce(sa.func.sum(_review.c.shown_ms), 0))
    .where(is_listed(_review.c.learner_id, "learners"), _SINCE_THEN)
    .group_by(_review.c.learner_id)
)


def sum_minutes(session: Session, learners: Collection[int], since: int) -> dict[int, float]:
    """How many minutes the answers of these students took from a study day on, as far as it is known."""
    rows = _MINUTES.all(session, {"learners": write_list(learners), "since": since})
    return {learner: int(millis) / _MINUTE_MS for learner, millis in rows}


_STUCK = Prepared(
    sa.select(_review.c.learner_id, _review.c.card_id, sa.func.count())
    .where(is_listed(_review.c.learner_id, "learners"), _SINCE_THEN, _review.c.rating == 1)
    .group_by(_review.c.learner_id, _review.c.card_id)
    .having(sa.func.count() >= sa.bindparam("times", type_=sa.Integer))
)


def list_stuck(session: Session, learners: Collection[int], since: int, times: int) -> list[tuple[int, int, int]]:
    """The cards that these students did not know at least so often since a study day: learner, card, how often."""
    rows = _STUCK.all(session, {"learners": write_list(learners), "since": since, "times": times})
    return [(row[0], row[1], row[2]) for row in rows]


_whose = (_state.c.learner_id, _state.c.deck_id)
_waits = _state.c.due <= sa.case((_state.c.queue == STEPS, _NOW), else_=_LAST)
_RECALLS = tuple(
    Prepared(
        sa.select(*_whose, sa.func.count(), sa.func.avg(one.recall), _count(_waits))
        .select_from(one.tables)
        .where(one.condition)
        .group_by(*_whose)
    )
    for one in PASSES
)


def list_recalls(
    session: Session, class_id: int, now: datetime, day_ends: datetime, curves: Curves
) -> list[RecallRecord]:
    """The mean recall of each student in each deck on the study day that ends then; without what is in use no more."""
    values = curves.values(day_ends) | {"class": class_id, "now": now, "last": day_ends - _MOMENT}
    return [RecallRecord._make(row) for place in curves.places() for row in _RECALLS[place].all(session, values)]


_OPEN_ATTEMPTS = Prepared(
    sa.select(_attempt.c.learner_id, sa.func.min(_attempt.c.started_at, type_=Instant()))
    .where(_attempt.c.learner_id.in_(_STUDYING), _attempt.c.ended_at.is_(None))
    .group_by(_attempt.c.learner_id)
)


def list_open_attempts(session: Session, class_id: int) -> dict[int, datetime]:
    """The students with a test that is not handed in, and since when."""
    return {row[0]: row[1] for row in _OPEN_ATTEMPTS.all(session, {"class": class_id})}


_DECKS = Prepared(
    sa.select(_deck.c.id, _deck.c.slug, _deck.c.title, _deck.c.language)
    .where(is_listed(_deck.c.id, "decks"))
    .order_by(_deck.c.title, _deck.c.id)
)


def list_decks(session: Session, ids: Collection[int]) -> list[tuple[int, str, str, str]]:
    """Decks by title: id, slug, title, language."""
    return [(row[0], row[1], row[2], row[3]) for row in _DECKS.all(session, {"decks": write_list(ids)})]


_current = (_revision.c.card_id == _card.c.id) & (_revision.c.number == _card.c.revision)
_CARDS = Prepared(
    sa.select(_card.c.id, _deck.c.slug, _deck.c.language, _revision.c.body)
    .join(_revision, _current)
    .join(_deck, _deck.c.id == _card.c.deck_id)
    .where(is_listed(_card.c.id, "cards"))
)


def list_cards(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str, str]]:
    """Cards by id: the deck's slug and language, and the card as JSON."""
    rows = _CARDS.all(session, {"cards": write_list(ids)}) if ids else ()
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


_DISMISSED = Prepared(
    sa.select(_dismissed.c.learner_id, _dismissed.c.sign).where(
        _dismissed.c.class_id == _CLASS, _dismissed.c.dismissed_at >= _NOW
    )
)


def list_dismissed(session: Session, class_id: int, since: datetime) -> set[tuple[int, str]]:
    """The signs that were seen to since a moment: learner and sign."""
    return {(row[0], row[1]) for row in _DISMISSED.all(session, {"class": class_id, "now": since})}


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

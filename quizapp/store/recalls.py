"""What the students of a class remember, counted by the database: each by the forgetting curve they study by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.learning.memory import to_millis
from quizapp.core.learning.scheduling import REFERENCE_RECALL
from quizapp.store.states import RESTING
from quizapp.store.tables import CardStateRow, ClassMemberRow, DeckRow, FitRow, LearnerRow, table_of

_member, _learner, _fit = table_of(ClassMemberRow), table_of(LearnerRow), table_of(FitRow)
_state, _deck = table_of(CardStateRow), table_of(DeckRow)
_DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Curves:
    """How fast is forgotten: ``decay`` by the school's parameters, by a deck's, by a learner's own, which go first."""

    decay: float
    of_deck: Mapping[int, float] = field(default_factory=dict)
    of_learner: Mapping[int, float] = field(default_factory=dict)


def list_studying(class_id: int) -> sa.Select[tuple[int]]:
    """The query for the students who are in a class now."""
    return sa.select(_member.c.learner_id).where(_member.c.class_id == class_id, _member.c.left_at.is_(None))


def list_own_curves(session: Session, class_id: int) -> dict[int, str]:
    """The students who study with parameters of their own, as JSON."""
    rows = session.execute(
        sa.select(_learner.c.id, _fit.c.parameters)
        .join(_fit, _fit.c.id == _learner.c.fit_id)
        .where(_learner.c.id.in_(list_studying(class_id)))
    )
    return {row[0]: row[1] for row in rows}


def list_deck_curves(session: Session) -> dict[int, str]:
    """The decks with parameters of their own, as JSON."""
    rows = session.execute(sa.select(_deck.c.id, _fit.c.parameters).join(_fit, _fit.c.id == _deck.c.fit_id))
    return {row[0]: row[1] for row in rows}


def _factor_of(decay: float) -> float:
    """What makes the recall after as many days as the stability counts 90 %: ``REFERENCE_RECALL``."""
    return float(REFERENCE_RECALL ** (-1 / decay) - 1)


@dataclass(frozen=True, slots=True)
class Pass:
    """A part of what a class remembers: the ``recall`` of each state in ``tables`` that meets ``condition``."""

    recall: sa.ColumnElement[float]
    tables: sa.FromClause
    condition: sa.ColumnElement[bool]


def _find_recall(
    decay: sa.ColumnElement[Any], factor: sa.ColumnElement[Any], ends: datetime
) -> sa.ColumnElement[float]:
    """``(1 + factor·days/stability)^-decay``, days being those between the last review and the study day's end."""
    last_ms = sa.literal(to_millis(ends) - 1, sa.BigInteger)
    days = (last_ms - sa.type_coerce(_state.c.last_review, sa.BigInteger)) // _DAY_MS
    return sa.func.power(1.0 + factor * sa.cast(days, sa.Float) / _state.c.stability, -decay)


def _choose(of_deck: Mapping[int, float], usual: float) -> sa.ColumnElement[Any]:
    plain = sa.literal(usual, sa.Float)
    return sa.case(of_deck, value=_state.c.deck_id, else_=plain) if of_deck else plain


def plan_passes(class_id: int, curves: Curves, day_ends: datetime, learner_id: int | None = None) -> tuple[Pass, ...]:
    """How to count what a class (or one student of it) remembers on the study day that ends then.

    One pass over the index for all who study by the school's parameters or a deck's, and one from student to student
    for those with their own: with both in one the database would look through a list for each of many states.
    """
    factors = {deck: _factor_of(decay) for deck, decay in curves.of_deck.items()}
    decay, factor = _choose(curves.of_deck, curves.decay), _choose(factors, _factor_of(curves.decay))
    this = _state.c.queue < RESTING
    if learner_id is not None:
        this &= _state.c.learner_id == learner_id
    usual = list_studying(class_id).join(_learner, _learner.c.id == _member.c.learner_id)
    usual = usual.where(_learner.c.fit_id.is_(None))
    first = Pass(_find_recall(decay, factor, day_ends), _state, this & _state.c.learner_id.in_(usual))
    if not curves.of_learner:
        return (first,)
    columns = sa.column("id", sa.Integer), sa.column("factor", sa.Float), sa.column("decay", sa.Float)
    rows = [(one, _factor_of(own), own) for one, own in curves.of_learner.items()]
    own = sa.values(*columns, name="own").data(rows).cte("own")
    tables = own.join(_state, _state.c.learner_id == own.c.id)
    return first, Pass(_find_recall(own.c.decay, own.c.factor, day_ends), tables, this)

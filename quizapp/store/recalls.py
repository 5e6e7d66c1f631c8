"""What the students of a class remember, counted by the database: each by the forgetting curve they study by.

The statements are prepared: there are four of them whatever the class, and no list ever stands in one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session

from quizapp.core.learning.memory import to_millis
from quizapp.core.learning.scheduling import DECAY, REFERENCE_RECALL
from quizapp.store.prepared import Prepared
from quizapp.store.states import RESTING
from quizapp.store.tables import CardStateRow, ClassMemberRow, DeckRow, FitRow, LearnerRow, table_of

_member, _learner, _fit = table_of(ClassMemberRow), table_of(LearnerRow), table_of(FitRow)
_state, _deck = table_of(CardStateRow), table_of(DeckRow)
_DAY_MS = 24 * 60 * 60 * 1000


class _DecayIn(FunctionElement[float]):
    """How fast is forgotten by parameters kept as JSON."""

    inherit_cache = True
    type = sa.Float()
    name = "decay_in"


@compiles(_DecayIn)
def _write_decay(element: _DecayIn, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_extract({compiler.process(element.clauses, **more)}, '$[{DECAY}]')"


@compiles(_DecayIn, "postgresql")
def _write_decay_postgresql(element: _DecayIn, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST(CAST({compiler.process(element.clauses, **more)} AS json) ->> {DECAY} AS double precision)"


def list_studying(class_id: int | sa.BindParameter[int]) -> sa.Select[tuple[int]]:
    """The query for the students who are in a class now."""
    return sa.select(_member.c.learner_id).where(_member.c.class_id == class_id, _member.c.left_at.is_(None))


def find_factor(decay: float) -> float:
    """What makes the recall after as many days as the stability counts 90 %: ``REFERENCE_RECALL``."""
    return float(REFERENCE_RECALL ** (-1 / decay) - 1)


def _find_recall(decay: Any, factor: Any) -> sa.ColumnElement[float]:
    """``(1 + factor·days/stability)^-decay``, days being those between the last review and the study day's end."""
    last_ms = sa.bindparam("last_ms", type_=sa.BigInteger)
    days = (last_ms - sa.type_coerce(_state.c.last_review, sa.BigInteger)) // _DAY_MS
    return sa.func.power(1.0 + factor * sa.cast(days, sa.Float) / _state.c.stability, -decay)


@dataclass(frozen=True, slots=True)
class Pass:
    """A part of what a class remembers: the ``recall`` of each state in ``tables`` that meets ``condition``.

    Its named values are those of ``Curves.values`` and ``class``, the class's id.
    """

    recall: sa.ColumnElement[float]
    tables: sa.FromClause
    condition: sa.ColumnElement[bool]


_CLASS = sa.bindparam("class", type_=sa.Integer)
_THIS = _state.c.queue < RESTING
_USUAL_LEARNER = _state.c.learner_id.in_(
    list_studying(_CLASS).join(_learner, _learner.c.id == _member.c.learner_id).where(_learner.c.fit_id.is_(None))
)
_DECKS_OF_THEIR_OWN = sa.select(_deck.c.id).where(_deck.c.fit_id.is_not(None))


def _own_curves(owner: sa.Table, owners: sa.Select[tuple[int]]) -> sa.CTE:
    """The learners or decks with parameters of their own: id, ``decay`` and ``factor``, each read once."""
    decay = _DecayIn(_fit.c.parameters)
    factor = sa.func.power(REFERENCE_RECALL, -1.0 / decay) - 1.0
    rows = sa.select(owner.c.id, decay.label("decay"), factor.label("factor")).join(_fit, _fit.c.id == owner.c.fit_id)
    return rows.where(owner.c.id.in_(owners)).cte("own").prefix_with("MATERIALIZED")


def _plan_usual() -> Pass:
    usual = sa.bindparam("decay", type_=sa.Float), sa.bindparam("factor", type_=sa.Float)
    return Pass(_find_recall(*usual), _state, _THIS & _USUAL_LEARNER)


def _plan_own(owner: sa.Table, column: sa.ColumnElement[int], who: sa.ColumnElement[bool], owners: Any) -> Pass:
    own = _own_curves(owner, owners)
    return Pass(_find_recall(own.c.decay, own.c.factor), own.join(_state, column == own.c.id), _THIS & who)


_USUAL = _plan_usual()
_BUT_DECKS = Pass(_USUAL.recall, _USUAL.tables, _USUAL.condition & _state.c.deck_id.not_in(_DECKS_OF_THEIR_OWN))
_OF_DECKS = _plan_own(_deck, _state.c.deck_id, _USUAL_LEARNER, _DECKS_OF_THEIR_OWN)
_OF_LEARNERS = _plan_own(_learner, _state.c.learner_id, sa.true(), list_studying(_CLASS))
PASSES = (_USUAL, _BUT_DECKS, _OF_DECKS, _OF_LEARNERS)
"""All there are; which of them make up a class is known by ``Curves``.

One goes over the index for all who study by the school's parameters, one for decks and one for students that have their
own: with all in one the database would choose among curves for each of many states.
"""


@dataclass(frozen=True, slots=True)
class Curves:
    """How fast is forgotten: ``decay`` by the school's parameters; decks and learners may have parameters of their own,
    those of a learner go first. ``of_decks``: some deck has.
    """

    decay: float
    of_decks: bool = False

    def values(self, day_ends: datetime) -> dict[str, Any]:
        """The named values of the passes on the study day that ends then."""
        return {"decay": self.decay, "factor": find_factor(self.decay), "last_ms": to_millis(day_ends) - 1}

    def places(self) -> tuple[int, ...]:
        """The places in ``PASSES`` of those that together hold each state of a class once."""
        return (1, 2, 3) if self.of_decks else (0, 3)


_ANY_DECK = Prepared(_DECKS_OF_THEIR_OWN.limit(1))


def has_deck_curves(session: Session) -> bool:
    """Whether any deck has parameters of its own."""
    return _ANY_DECK.first(session, {}) is not None

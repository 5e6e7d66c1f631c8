"""Cards moved to other days, not by an answer, and back again. Queries that never commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.learning.memory import MemoryState
from quizapp.core.learning.rescheduling import Move
from quizapp.store.states import REVIEWS, STATE_COLUMNS, recount_learner, state_of
from quizapp.store.tables import CardRow, CardStateRow, DeckRow, FitRow, RescheduledCardRow, RescheduleRow, table_of

MEMORY = "memory"
"""The reason of a reschedule after other parameters or another desired recall."""

_state, _card, _deck, _fit = table_of(CardStateRow), table_of(CardRow), table_of(DeckRow), table_of(FitRow)
_reschedule, _moved = table_of(RescheduleRow), table_of(RescheduledCardRow)


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """A card that waits for review: its name, the parameters fitted to its deck (JSON or blank), and its state."""

    card_id: int
    ref: str
    parameters: str
    state: MemoryState


@dataclass(frozen=True, slots=True)
class RescheduleRecord:
    """A reschedule: how many cards it moved, and how many of them nobody has touched since."""

    number: int
    created_at: datetime
    undone_at: datetime | None
    cards: int
    untouched: int


def list_waiting(session: Session, learner_id: int) -> list[WaitingCard]:
    """The learner's cards out of their steps, retired ones left out."""
    rows = session.execute(
        sa.select(
            *(_state.c.card_id, _deck.c.slug, _card.c.slug, sa.func.coalesce(_fit.c.parameters, "")), *STATE_COLUMNS
        )
        .join(_card, _card.c.id == _state.c.card_id)
        .join(_deck, _deck.c.id == _state.c.deck_id)
        .outerjoin(_fit, _fit.c.id == _deck.c.fit_id)
        .where(_state.c.learner_id == learner_id, _state.c.queue == REVIEWS)
        .order_by(_state.c.card_id)
    )
    return [
        WaitingCard(card_id, f"{deck}/{card}", parameters, state_of(tuple(state)))
        for card_id, deck, card, parameters, *state in rows
    ]


def _write_dues(session: Session, learner_id: int, dues: Sequence[tuple[int, datetime]]) -> None:
    write = sa.update(_state).where(_state.c.learner_id == learner_id, _state.c.card_id == sa.bindparam("card"))
    if dues:
        rows = [{"card": card_id, "moved": due} for card_id, due in dues]
        session.execute(write.values(due=sa.bindparam("moved")), rows)
    recount_learner(session, learner_id)


def add_reschedule(session: Session, learner_id: int, reason: str, moves: Sequence[Move], now: datetime) -> int:
    """Move these cards, and write it down; gives its number. Lock the learner first."""
    highest = sa.select(sa.func.coalesce(sa.func.max(_reschedule.c.number), 0))
    number = int(session.execute(highest.where(_reschedule.c.learner_id == learner_id)).scalar_one()) + 1
    session.execute(sa.insert(_reschedule).values(learner_id=learner_id, number=number, reason=reason, created_at=now))
    rows = [
        {
            "learner_id": learner_id,
            "number": number,
            "card_id": move.card_id,
            "reps": move.reps,
            "last_review": move.last_review,
            "due_before": move.before,
            "due_after": move.after,
        }
        for move in moves
    ]
    session.execute(sa.insert(_moved), rows)
    _write_dues(session, learner_id, [(move.card_id, move.after) for move in moves])
    return number


def _untouched(learner_id: int, number: int) -> sa.Select[tuple[int, datetime]]:
    """The cards of a reschedule that still are where it put them, and where they were before."""
    return (
        sa.select(_moved.c.card_id, _moved.c.due_before)
        .join(_state, (_state.c.learner_id == _moved.c.learner_id) & (_state.c.card_id == _moved.c.card_id))
        .where(
            _moved.c.learner_id == learner_id,
            _moved.c.number == number,
            _state.c.reps == _moved.c.reps,
            sa.or_(_moved.c.last_review.is_(None), _state.c.last_review == _moved.c.last_review),
            _state.c.due == _moved.c.due_after,
        )
        .order_by(_moved.c.card_id)
    )


def find_last(session: Session, learner_id: int, reason: str, *, in_force: bool = False) -> RescheduleRecord | None:
    """The last reschedule with this reason; with ``in_force`` the last that was not taken back."""
    query = sa.select(_reschedule.c.number, _reschedule.c.created_at, _reschedule.c.undone_at).where(
        _reschedule.c.learner_id == learner_id, _reschedule.c.reason == reason
    )
    if in_force:
        query = query.where(_reschedule.c.undone_at.is_(None))
    row = session.execute(query.order_by(_reschedule.c.number.desc()).limit(1)).first()
    if row is None:
        return None
    of_it = (_moved.c.learner_id == learner_id, _moved.c.number == row.number)
    cards = session.execute(sa.select(sa.func.count()).select_from(_moved).where(*of_it)).scalar_one()
    untouched = len(session.execute(_untouched(learner_id, row.number)).all()) if row.undone_at is None else 0
    return RescheduleRecord(row.number, row.created_at, row.undone_at, cards, untouched)


def take_back(session: Session, learner_id: int, number: int, now: datetime) -> int:
    """Put the cards back that nobody has touched since; gives how many. Lock the learner first."""
    back = [(card_id, due) for card_id, due in session.execute(_untouched(learner_id, number))]
    _write_dues(session, learner_id, back)
    session.execute(
        sa.update(_reschedule)
        .where(_reschedule.c.learner_id == learner_id, _reschedule.c.number == number)
        .values(undone_at=now)
    )
    return len(back)

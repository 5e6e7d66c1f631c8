"""Cards moved to the days of another time zone, written down as a reschedule: queries that never commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.learning.memory import Phase
from quizapp.store.states import recount_learner
from quizapp.store.tables import CardStateRow, RescheduledCardRow, RescheduleRow, table_of

ZONE = "zone"
"""The reason of such a reschedule."""

_state, _reschedule, _moved = table_of(CardStateRow), table_of(RescheduleRow), table_of(RescheduledCardRow)


@dataclass(frozen=True, slots=True)
class PlannedCard:
    """A card out of its steps: when it is due, and the reviews before."""

    card_id: int
    reps: int
    due: datetime
    last_review: datetime


@dataclass(frozen=True, slots=True)
class CardMove:
    """A card that is due at another moment from now on."""

    card: PlannedCard
    due: datetime


def list_planned(session: Session, learner_id: int) -> list[PlannedCard]:
    """The learner's cards out of their steps, those that are retired too."""
    rows = session.execute(
        sa.select(_state.c.card_id, _state.c.reps, _state.c.due, _state.c.last_review)
        .where(_state.c.learner_id == learner_id, _state.c.phase == Phase.REVIEW.value)
        .order_by(_state.c.card_id)
    )
    return [PlannedCard(*row) for row in rows]


def write_moves(session: Session, learner_id: int, moves: Sequence[CardMove], now: datetime) -> None:
    """Move these cards, and write down that and why. Lock the learner first."""
    if not moves:
        return
    highest = sa.select(sa.func.coalesce(sa.func.max(_reschedule.c.number), 0))
    number = int(session.execute(highest.where(_reschedule.c.learner_id == learner_id)).scalar_one()) + 1
    session.execute(sa.insert(_reschedule).values(learner_id=learner_id, number=number, reason=ZONE, created_at=now))
    session.execute(
        sa.insert(_moved),
        [
            {
                "learner_id": learner_id,
                "number": number,
                "card_id": move.card.card_id,
                "reps": move.card.reps,
                "due_before": move.card.due,
                "due_after": move.due,
            }
            for move in moves
        ],
    )
    session.execute(
        sa.update(_state)
        .where(_state.c.learner_id == learner_id, _state.c.card_id == sa.bindparam("card"))
        .values(due=sa.bindparam("moved")),
        [{"card": move.card.card_id, "moved": move.due} for move in moves],
    )
    recount_learner(session, learner_id)

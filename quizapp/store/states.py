"""Memory states, and the counts that are kept beside them so that no answer has to count anything.

How many cards a learner has seen of a deck, and how many wait from which day on, is written down with every change of a
state. All changes therefore go through ``write_state``, one learner's at a time (``study.lock_learner``); whatever
touches many at once counts anew (``recount_deck``, ``recount_learner``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.learning.memory import MemoryState, Phase
from quizapp.store.engine import Instant
from quizapp.store.prepared import Prepared
from quizapp.store.tables import CardRow, CardStateRow, DeckProgressRow, DeckRow, DueCountRow, table_of

STEPS, REVIEWS, RESTING = 0, 1, 2
"""The queues of ``card_state``: cards in their steps, cards out of them, and retired cards, which wait for nothing."""

_state, _card, _deck = table_of(CardStateRow), table_of(CardRow), table_of(DeckRow)
_progress, _due = table_of(DeckProgressRow), table_of(DueCountRow)
STATE_FIELDS = tuple(field.name for field in fields(MemoryState))
STATE_COLUMNS = tuple(_state.c[name] for name in STATE_FIELDS)
"""The columns of a memory state, in the order of its fields."""


@dataclass(frozen=True, slots=True)
class CardPlace:
    """One learner's card: where it belongs, and whether it is retired."""

    learner_id: int
    deck_id: int
    card_id: int
    position: int
    retired: bool


_PHASES: dict[object, Phase] = {phase.value: phase for phase in Phase}


def state_of(columns: Sequence[object]) -> MemoryState:
    """The memory state that ``STATE_COLUMNS`` hold."""
    phase, *rest = columns
    return MemoryState(_PHASES[phase], *rest)  # type: ignore[arg-type]  # the database keeps to its column types


def queue_of(state: MemoryState, *, retired: bool) -> int:
    """Where a card waits."""
    if retired:
        return RESTING
    return REVIEWS if state.phase is Phase.REVIEW else STEPS


_this_state = (_state.c.learner_id == sa.bindparam("learner")) & (_state.c.card_id == sa.bindparam("card"))
_VALUES: dict[str, Any] = {name: sa.bindparam(name) for name in (*STATE_FIELDS, "queue")}
_WHOSE: dict[str, Any] = {name: sa.bindparam(name) for name in ("learner_id", "card_id", "deck_id")}
_FIND = Prepared(sa.select(*STATE_COLUMNS).where(_this_state))
_INSERT = Prepared(sa.insert(_state).values(_WHOSE | _VALUES))
_UPDATE = Prepared(sa.update(_state).where(_this_state).values(_VALUES))
_DELETE = Prepared(sa.delete(_state).where(_this_state))


def find_state(session: Session, learner_id: int, card_id: int) -> MemoryState | None:
    """What the model holds of a card; None for one never answered. Lock the learner before writing what follows."""
    row = _FIND.first(session, {"learner": learner_id, "card": card_id})
    return None if row is None else state_of(row)


def write_state(session: Session, place: CardPlace, before: MemoryState | None, after: MemoryState | None) -> None:
    """Put ``after`` in the place of ``before``, as it was found (None: no state), and keep the counts."""
    this = {"learner": place.learner_id, "card": place.card_id}
    if after is None:
        _DELETE.run(session, this)
    else:
        values = {name: getattr(after, name) for name in STATE_FIELDS}
        values |= {"phase": after.phase.value, "queue": queue_of(after, retired=place.retired)}
        if before is None:
            whose = {"learner_id": place.learner_id, "card_id": place.card_id, "deck_id": place.deck_id}
            _INSERT.run(session, whose | values)
        else:
            _UPDATE.run(session, this | values)
    _count_due(session, place, before, after)
    if (before is None) != (after is None) and not place.retired:
        _count_seen(session, place, added=before is None)


# Both databases understand these words; the dialects' own insert constructs would be two statements to keep equal.
_ADD_DUE = Prepared(
    sa.text(
        "INSERT INTO due_count (learner_id, due, deck_id, cards) VALUES (:learner, :due, :deck, :cards)"
        " ON CONFLICT (learner_id, due, deck_id) DO UPDATE SET cards = due_count.cards + excluded.cards"
    ).bindparams(sa.bindparam("due", type_=Instant()))
)
# The frontier is the first card in use that has no state yet, looked for from where it was; one past this card where
# all have one. A new row begins at the first card: too low does no harm, and the next answer mends it.
_ADD_SEEN = Prepared(
    sa.text(
        "INSERT INTO deck_progress (learner_id, deck_id, seen, frontier) VALUES (:learner, :deck, 1, 0)"
        " ON CONFLICT (learner_id, deck_id) DO UPDATE SET seen = deck_progress.seen + 1,"
        " frontier = CASE WHEN deck_progress.frontier > :position THEN deck_progress.frontier"
        " ELSE COALESCE((SELECT position FROM card WHERE card.deck_id = :deck"
        " AND card.position >= deck_progress.frontier AND card.retired_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM card_state"
        " WHERE card_state.learner_id = :learner AND card_state.card_id = card.id)"
        " ORDER BY card.position, card.id LIMIT 1), :position + 1) END"
    )
)
_TAKE_SEEN = Prepared(
    sa.text(
        "UPDATE deck_progress SET seen = seen - 1, frontier = CASE WHEN frontier > :position THEN :position"
        " ELSE frontier END WHERE learner_id = :learner AND deck_id = :deck"
    )
)


def _count_due(session: Session, place: CardPlace, before: MemoryState | None, after: MemoryState | None) -> None:
    changes: dict[datetime, int] = {}
    for state, cards in ((before, -1), (after, 1)):
        if state is not None and queue_of(state, retired=place.retired) == REVIEWS:
            changes[state.due] = changes.get(state.due, 0) + cards
    for due, cards in changes.items():
        if cards:
            this = {"learner": place.learner_id, "deck": place.deck_id, "due": due, "cards": cards}
            _ADD_DUE.run(session, this)


def _count_seen(session: Session, place: CardPlace, *, added: bool) -> None:
    this = {"learner": place.learner_id, "deck": place.deck_id, "position": place.position}
    (_ADD_SEEN if added else _TAKE_SEEN).run(session, this)


def _insert_counts(session: Session, condition: sa.ColumnElement[bool]) -> None:
    """Count the states that meet a condition into the two tables, which hold nothing of them."""
    whose = (_state.c.learner_id, _state.c.deck_id)
    seen = sa.select(*whose, sa.func.count(), sa.literal(0)).where(condition, _state.c.queue < RESTING).group_by(*whose)
    session.execute(sa.insert(_progress).from_select(["learner_id", "deck_id", "seen", "frontier"], seen))
    waits = (_state.c.learner_id, _state.c.due, _state.c.deck_id)
    due = sa.select(*waits, sa.func.count()).where(condition, _state.c.queue == REVIEWS).group_by(*waits)
    session.execute(sa.insert(_due).from_select(["learner_id", "due", "deck_id", "cards"], due))


def recount_deck(session: Session, deck_id: int) -> None:
    """Count anew what is kept of a deck, after cards were added, moved, retired or taken in again."""
    in_use = sa.select(sa.func.count()).where(_card.c.deck_id == deck_id, _card.c.retired_at.is_(None))
    session.execute(sa.update(_deck).where(_deck.c.id == deck_id).values(cards=in_use.scalar_subquery()))
    retired = sa.select(_card.c.id).where(_card.c.deck_id == deck_id, _card.c.retired_at.is_not(None))
    queue = sa.case(
        (_state.c.card_id.in_(retired), RESTING), (_state.c.phase == Phase.REVIEW.value, REVIEWS), else_=STEPS
    )
    session.execute(sa.update(_state).where(_state.c.deck_id == deck_id, _state.c.queue != queue).values(queue=queue))
    session.execute(sa.delete(_progress).where(_progress.c.deck_id == deck_id))
    session.execute(sa.delete(_due).where(_due.c.deck_id == deck_id))
    _insert_counts(session, _state.c.deck_id == deck_id)


def recount_learner(session: Session, learner_id: int) -> None:
    """Count anew what is kept of a learner, after many states were written at once. Lock the learner first."""
    session.execute(sa.delete(_progress).where(_progress.c.learner_id == learner_id))
    session.execute(sa.delete(_due).where(_due.c.learner_id == learner_id))
    _insert_counts(session, _state.c.learner_id == learner_id)


def find_miscounts(session: Session) -> int:
    """How many of the kept counts are not what the states say. Counts of nothing, and a frontier too low, are right."""
    whose = (_state.c.learner_id, _state.c.deck_id)
    seen = sa.select(*whose, sa.func.count().label("n")).where(_state.c.queue < RESTING).group_by(*whose)
    kept_seen = sa.select(_progress.c.learner_id, _progress.c.deck_id, _progress.c.seen).where(_progress.c.seen != 0)
    waits = (_state.c.learner_id, _state.c.due, _state.c.deck_id)
    due = sa.select(*waits, sa.func.count().label("n")).where(_state.c.queue == REVIEWS).group_by(*waits)
    kept_due = sa.select(_due.c.learner_id, _due.c.due, _due.c.deck_id, _due.c.cards).where(_due.c.cards != 0)
    differ = [
        sa.select(sa.func.count()).select_from(one.except_(other).subquery())
        for one, other in ((seen, kept_seen), (kept_seen, seen), (due, kept_due), (kept_due, due))
    ]
    return sum(int(session.execute(count).scalar_one()) for count in differ) + _count_wrong_frontiers(session)


def _count_wrong_frontiers(session: Session) -> int:
    """Frontiers with a card below them that was never answered."""
    has_state = (_state.c.learner_id == _progress.c.learner_id) & (_state.c.card_id == _card.c.id)
    skipped = (
        sa.select(_card.c.id)
        .where(
            _card.c.deck_id == _progress.c.deck_id,
            _card.c.retired_at.is_(None),
            _card.c.position < _progress.c.frontier,
            ~sa.exists().where(has_state),
        )
        .exists()
    )
    return int(session.execute(sa.select(sa.func.count()).select_from(_progress).where(skipped)).scalar_one())

"""What waits for a learner, by index ranges and kept counts: a deck of a million cards costs what a small one does.

Queries that never commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.learning.memory import MemoryState
from quizapp.store.prepared import Prepared
from quizapp.store.states import REVIEWS, STATE_COLUMNS, STEPS, state_of
from quizapp.store.tables import (
    CardRow,
    CardStateRow,
    DeckProgressRow,
    DeckRow,
    DueCountRow,
    ReviewRow,
    table_of,
)

MOST_COUNTED = 9_999
"""Steps are counted up to here; nobody takes more in a day."""
NEARBY = 200
"""Another new card is looked for among so many that follow: where few are left, they may lie far apart."""
LONGEST_WAITING = 500
"""So many due reviews, those waiting longest, are put into the order of their overdueness."""

_state, _card, _deck = table_of(CardStateRow), table_of(CardRow), table_of(DeckRow)
_progress, _due, _review = table_of(DeckProgressRow), table_of(DueCountRow), table_of(ReviewRow)


@dataclass(frozen=True, slots=True)
class DueCard:
    """A card that waits: its id and memory state."""

    card_id: int
    state: MemoryState


@dataclass(frozen=True, slots=True)
class DayTotals:
    """A learner's answers on one study day: all, those rated better than Again, those to new cards and to reviews."""

    answered: int = 0
    right: int = 0
    new: int = 0
    reviews: int = 0


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """What waits in a deck: cards never seen, cards in learning steps until the day ends, reviews due now."""

    new: int
    learning: int
    due: int


_learner: sa.BindParameter[int] = sa.bindparam("learner")
_in_deck: sa.BindParameter[int] = sa.bindparam("deck")
_waits = (_state.c.learner_id == _learner) & (_state.c.deck_id == _in_deck) & (_state.c.due <= sa.bindparam("now"))
_STEPS_DUE = Prepared(
    sa.select(_state.c.card_id, *STATE_COLUMNS)
    .where(_waits, _state.c.queue == STEPS)
    .order_by(_state.c.due, _state.c.card_id)
    .limit(sa.bindparam("limit"))
)
_longest_waiting = (
    sa.select(_state.c.card_id, *STATE_COLUMNS)
    .where(_waits, _state.c.queue == REVIEWS)
    .order_by(_state.c.due)
    .limit(LONGEST_WAITING)
    .subquery()
)
# As in core.learning.queue.overdueness; instants are counted in milliseconds.
_late = sa.type_coerce(sa.bindparam("now"), _state.c.due.type) - _longest_waiting.c.due
_interval = sa.cast(_longest_waiting.c.due, sa.BigInteger) - sa.cast(_longest_waiting.c.last_review, sa.BigInteger)
_overdueness = sa.cast(_late, sa.Float) / sa.case((_interval > 1, _interval), else_=1)
_REVIEWS_DUE = Prepared(
    sa.select(*_longest_waiting.c)
    .order_by(_overdueness.desc(), _longest_waiting.c.card_id)
    .limit(sa.bindparam("limit"))
)
_LATEST_DUE = Prepared(
    sa.select(_state.c.card_id, *STATE_COLUMNS)
    .where(_waits, _state.c.queue == REVIEWS)
    .order_by(_state.c.due.desc(), _state.c.card_id)
    .limit(sa.bindparam("limit"))
)


def _list(session: Session, statement: Prepared, values: Mapping[str, object]) -> list[DueCard]:
    return [DueCard(card_id, state_of(state)) for card_id, *state in statement.all(session, values)]


def list_steps_due(session: Session, learner_id: int, deck_id: int, now: datetime, limit: int) -> list[DueCard]:
    """Cards whose learning step has come, the longest waiting first."""
    return _list(session, _STEPS_DUE, {"learner": learner_id, "deck": deck_id, "now": now, "limit": limit})


def list_reviews_due(session: Session, learner_id: int, deck_id: int, now: datetime, limit: int) -> list[DueCard]:
    """Cards due for review, the most overdue first, of the ``LONGEST_WAITING`` that wait longest."""
    return _list(session, _REVIEWS_DUE, {"learner": learner_id, "deck": deck_id, "now": now, "limit": limit})


def list_latest_due(session: Session, learner_id: int, deck_id: int, now: datetime, limit: int) -> list[DueCard]:
    """Cards due for review, those that became due last first."""
    return _list(session, _LATEST_DUE, {"learner": learner_id, "deck": deck_id, "now": now, "limit": limit})


_has_state = sa.exists().where(_state.c.learner_id == _learner, _state.c.card_id == _card.c.id)
_frontier = (
    sa.select(_progress.c.frontier)
    .where(_progress.c.learner_id == _learner, _progress.c.deck_id == _in_deck)
    .scalar_subquery()
)
_first = (
    sa.select(_card.c.id)
    .where(_card.c.deck_id == _in_deck, _card.c.retired_at.is_(None))
    .order_by(_card.c.position, _card.c.id)
    .limit(sa.bindparam("limit"))
)
_FIRST = Prepared(_first)
_NEW = Prepared(_first.where(_card.c.position >= sa.func.coalesce(_frontier, 0), ~_has_state))


_NEARBY = Prepared(
    _first.where(
        _card.c.position.between(sa.bindparam("first"), sa.bindparam("last")),
        ~_has_state,
    )
)
_POSITION = Prepared(sa.select(_card.c.position).where(_card.c.id == sa.bindparam("card")))


def list_new_after(session: Session, learner_id: int, deck_id: int, card_id: int, limit: int) -> list[int]:
    """Cards in use never answered by the learner that follow another one closely, in the deck's order."""
    position = _POSITION.value(session, {"card": card_id})
    values = {"first": position + 1, "last": position + NEARBY, "limit": limit}
    rows = _NEARBY.all(session, values | {"learner": learner_id, "deck": deck_id})
    return [found for (found,) in rows]


def list_new(session: Session, learner_id: int | None, deck_id: int, limit: int) -> list[int]:
    """Cards in use never answered by the learner (None: a visitor), in the deck's order."""
    values = {"deck": deck_id, "limit": limit}
    if learner_id is None:
        return [card_id for (card_id,) in _FIRST.all(session, values)]
    return [card_id for (card_id,) in _NEW.all(session, values | {"learner": learner_id})]


_seen = (
    sa.select(_progress.c.seen)
    .where(_progress.c.learner_id == _learner, _progress.c.deck_id == _deck.c.id)
    .scalar_subquery()
)
_in_steps = (
    sa.select(sa.literal(1))
    .where(
        _state.c.learner_id == _learner,
        _state.c.deck_id == _in_deck,
        _state.c.queue == STEPS,
        _state.c.due < sa.bindparam("day_ends"),
    )
    .limit(MOST_COUNTED)
    .subquery()
)
_due_in_deck = (
    sa.select(sa.func.sum(_due.c.cards))
    .where(_due.c.learner_id == _learner, _due.c.due <= sa.bindparam("now"), _due.c.deck_id == _in_deck)
    .scalar_subquery()
)
_due_in_all = sa.select(sa.func.coalesce(sa.func.sum(_due.c.cards), 0)).where(
    _due.c.learner_id == _learner, _due.c.due <= sa.bindparam("now")
)
_COUNT = Prepared(
    sa.select(
        _deck.c.cards - sa.func.coalesce(_seen, 0),
        sa.select(sa.func.count()).select_from(_in_steps).scalar_subquery(),
        sa.func.coalesce(_due_in_deck, 0),
        _due_in_all.scalar_subquery(),
    ).where(_deck.c.id == _in_deck)
)
_COUNT_DUE_IN_DECK = Prepared(_due_in_all.where(_due.c.deck_id == _in_deck))


def count_queue(
    session: Session, learner_id: int | None, deck_id: int, now: datetime, day_ends: datetime
) -> tuple[QueueCounts, int]:
    """What waits in a deck for a learner (None: a visitor, for whom all is new), and the reviews due in all decks."""
    whose = -1 if learner_id is None else learner_id
    values = {"learner": whose, "deck": deck_id, "now": now, "day_ends": day_ends}
    new, learning, due, everywhere = _COUNT.first(session, values) or (0, 0, 0, 0)
    return QueueCounts(new, learning, int(due)), int(everywhere)


def count_due(session: Session, learner_id: int, until: datetime, deck_id: int) -> int:
    """How many reviews of a deck are due until then."""
    return int(_COUNT_DUE_IN_DECK.value(session, {"learner": learner_id, "now": until, "deck": deck_id}))


_LOAD = Prepared(
    sa.select(_due.c.due, sa.func.sum(_due.c.cards))
    .where(_due.c.learner_id == _learner, _due.c.due >= sa.bindparam("first"), _due.c.due < sa.bindparam("end"))
    .group_by(_due.c.due)
)


def list_load(session: Session, learner_id: int, first: datetime, end: datetime) -> list[tuple[datetime, int]]:
    """How many cards of all decks come back at each moment from ``first`` to before ``end``."""
    rows = _LOAD.all(session, {"learner": learner_id, "first": first, "end": end})
    return [(due, int(cards)) for due, cards in rows]


_NEXT = Prepared(
    sa.select(_state.c.due)
    .where(
        _state.c.learner_id == _learner,
        _state.c.deck_id == _in_deck,
        _state.c.queue == sa.bindparam("queue"),
        _state.c.due > sa.bindparam("now"),
    )
    .order_by(_state.c.due)
    .limit(1)
)


def find_next_due(session: Session, learner_id: int, deck_id: int, after: datetime) -> datetime | None:
    """When the next card of a deck comes back."""
    values = {"learner": learner_id, "deck": deck_id, "now": after}
    found = [_NEXT.value(session, values | {"queue": queue}) for queue in (STEPS, REVIEWS)]
    return min((due for due in found if due is not None), default=None)


_counted = (
    sa.func.count(),
    sa.func.count().filter(_review.c.rating > 1),
    sa.func.count().filter(_review.c.phase_before == ""),
    sa.func.count().filter(_review.c.phase_before == "review"),
)
_DAY = Prepared(  # by deck, as the index is, so that nothing has to be sorted
    sa.select(_review.c.deck_id, *_counted)
    .where(_review.c.learner_id == _learner, _review.c.study_day == sa.bindparam("day"), _review.c.undone_at.is_(None))
    .group_by(_review.c.deck_id)
)


def count_day(session: Session, learner_id: int, deck_id: int, day: date) -> tuple[DayTotals, DayTotals]:
    """A learner's answers on one study day: those in a deck, and those in all decks."""
    rows = _DAY.all(session, {"learner": learner_id, "day": day.toordinal()})
    by_deck = {found: counts for found, *counts in rows}
    everywhere = [sum(counts) for counts in zip(*by_deck.values(), strict=True)]
    return DayTotals(*by_deck.get(deck_id, ())), DayTotals(*everywhere)

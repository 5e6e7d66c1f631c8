"""All that the log knows of a learner's cards, so that their states can be counted again: queries that never commit."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.learning.memory import MemoryState
from quizapp.store.states import STATE_COLUMNS, CardPlace, state_of
from quizapp.store.tables import (
    AnonymousLearnerRow,
    CardRow,
    CardStateRow,
    DeckRow,
    FitRow,
    LearnerRow,
    RescheduledCardRow,
    RescheduleRow,
    ReviewRow,
    SchedulingRow,
    table_of,
)

_learner, _card, _deck, _fit = table_of(LearnerRow), table_of(CardRow), table_of(DeckRow), table_of(FitRow)
_state, _review = table_of(CardStateRow), table_of(ReviewRow)
_nobody = table_of(AnonymousLearnerRow)
_reschedule, _moved = table_of(RescheduleRow), table_of(RescheduledCardRow)


@dataclass(frozen=True, slots=True)
class ReplayAnswer:
    """An answer that counts: its rating, its time, and the model that scheduled it."""

    rating: int
    at: datetime
    model: str


@dataclass(frozen=True, slots=True)
class Move:
    """A card was moved from one day to another at ``at``, not by an answer; ``undone``: and back again.

    It had been answered ``reps`` times, at ``last_review`` for the last time (None: not noted).
    """

    reps: int
    last_review: datetime | None
    at: datetime
    before: datetime
    due: datetime
    undone: bool


@dataclass(frozen=True, slots=True)
class ReplayCard:
    """A card of a learner: its answers in their order, where the last one put it, and all its moves in their order.

    ``parameters`` are those fitted to its deck, as JSON, blank where there are none. ``put`` is the state after the
    last answer, as JSON, blank where no answer counts.
    """

    place: CardPlace
    ref: str
    parameters: str
    answers: tuple[ReplayAnswer, ...]
    put: str
    moves: tuple[Move, ...]
    stored: MemoryState | None


def list_schedulings(session: Session, cards: Iterable[ReplayCard]) -> dict[str, str]:
    """What the models that these cards' answers name stand for, as JSON, by their names."""
    table = table_of(SchedulingRow)
    models = {answer.model for card in cards for answer in card.answers}
    rows = session.execute(sa.select(table.c.model, table.c.settings).where(table.c.model.in_(models)))
    return {row.model: row.settings for row in rows}


def list_learners(session: Session) -> list[tuple[int, str]]:
    """The id and handle of everybody who has answered a card, or has the state of one.

    Of the deleted, only what the figures of a class need is kept, and no memory of any card: they are left out.
    """
    has = sa.exists().where(_review.c.learner_id == _learner.c.id) | sa.exists().where(
        _state.c.learner_id == _learner.c.id
    )
    is_somebody = ~sa.exists().where(_nobody.c.learner_id == _learner.c.id)
    rows = session.execute(sa.select(_learner.c.id, _learner.c.handle).where(has, is_somebody).order_by(_learner.c.id))
    return [(learner_id, handle) for learner_id, handle in rows]


def _list_answers(
    session: Session, learner_id: int, some: sa.ColumnElement[bool]
) -> tuple[dict[int, list[ReplayAnswer]], dict[int, str]]:
    rows = session.execute(
        sa.select(_review.c.card_id, _review.c.rating, _review.c.answered_at, _review.c.model, _review.c.state_after)
        .where(_review.c.learner_id == learner_id, _review.c.undone_at.is_(None), some)
        .order_by(_review.c.seq)
    )
    answers: dict[int, list[ReplayAnswer]] = defaultdict(list)
    put: dict[int, str] = {}
    for card_id, rating, at, model, after in rows:
        answers[card_id].append(ReplayAnswer(rating, at, model))
        put[card_id] = after
    return answers, put


def _list_moves(session: Session, learner_id: int, some: sa.ColumnElement[bool]) -> dict[int, list[Move]]:
    """The moves of each card in their order."""
    rows = session.execute(
        sa.select(
            *(_moved.c.card_id, _moved.c.reps, _moved.c.last_review, _reschedule.c.created_at),
            *(_moved.c.due_before, _moved.c.due_after, _reschedule.c.undone_at.is_not(None)),
        )
        .join(
            _reschedule,
            (_reschedule.c.learner_id == _moved.c.learner_id) & (_reschedule.c.number == _moved.c.number),
        )
        .where(_moved.c.learner_id == learner_id, some)
        .order_by(_moved.c.number)
    )
    moves: dict[int, list[Move]] = defaultdict(list)
    for card_id, reps, last_review, at, before, due, undone in rows:
        moves[card_id].append(Move(reps, last_review, at, before, due, bool(undone)))
    return moves


def list_cards(session: Session, learner_id: int, card_ids: Collection[int] | None = None) -> list[ReplayCard]:
    """Every card that a learner has answered or has a state of; only these where ``card_ids`` are given."""

    def some(column: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        return sa.true() if card_ids is None else column.in_(card_ids)

    answers, put = _list_answers(session, learner_id, some(_review.c.card_id))
    rows = session.execute(
        sa.select(_state.c.card_id, *STATE_COLUMNS).where(_state.c.learner_id == learner_id, some(_state.c.card_id))
    )
    stored = {card_id: state_of(tuple(state)) for card_id, *state in rows}
    moves = _list_moves(session, learner_id, some(_moved.c.card_id))
    return [
        ReplayCard(*named, tuple(answers.get(one, ())), put.get(one, ""), tuple(moves.get(one, ())), stored.get(one))
        for one, named in _list_places(session, learner_id, card_ids).items()
        if one in answers or one in stored
    ]


def _list_places(
    session: Session, learner_id: int, card_ids: Collection[int] | None
) -> dict[int, tuple[CardPlace, str, str]]:
    """Where cards that a learner met, or these, belong, their names and their decks' parameters, by id and in order."""
    met = sa.union(
        sa.select(_review.c.card_id).where(_review.c.learner_id == learner_id),
        sa.select(_state.c.card_id).where(_state.c.learner_id == learner_id),
    )
    rows = session.execute(
        sa.select(
            *(_card.c.deck_id, _card.c.id, _card.c.position, _card.c.retired_at.is_not(None)),
            *(_deck.c.slug, _card.c.slug, sa.func.coalesce(_fit.c.parameters, "")),
        )
        .join(_deck, _deck.c.id == _card.c.deck_id)
        .outerjoin(_fit, _fit.c.id == _deck.c.fit_id)
        .where(_card.c.id.in_(sa.select(met.subquery()) if card_ids is None else card_ids))
        .order_by(_card.c.id)
    )
    return {
        card_id: (CardPlace(learner_id, deck_id, card_id, position, bool(retired)), f"{deck}/{card}", parameters)
        for deck_id, card_id, position, retired, deck, card, parameters in rows
    }


Print = tuple[MemoryState | None, tuple[int, ...]]
"""What a card's state and its answers are known by: other answers, or other ratings of them, give another print."""


def list_prints(session: Session, learner_id: int) -> dict[int, Print]:
    """The prints of all cards that a learner has answered or has a state of, by id."""
    counted = (sa.func.count(), sa.func.sum(_review.c.seq), sa.func.sum(_review.c.seq * _review.c.rating))
    answers = session.execute(
        sa.select(_review.c.card_id, *counted)
        .where(_review.c.learner_id == learner_id, _review.c.undone_at.is_(None))
        .group_by(_review.c.card_id)
    )
    logged = {card_id: tuple(map(int, figures)) for card_id, *figures in answers}
    rows = session.execute(sa.select(_state.c.card_id, *STATE_COLUMNS).where(_state.c.learner_id == learner_id))
    stored = {card_id: state_of(tuple(state)) for card_id, *state in rows}
    return {one: (stored.get(one), logged.get(one, ())) for one in {*logged, *stored}}


_WRITE_MEMORY = (
    sa.update(_state)
    .where(_state.c.learner_id == sa.bindparam("learner"), _state.c.card_id == sa.bindparam("card"))
    .values(stability=sa.bindparam("new_stability"), difficulty=sa.bindparam("new_difficulty"))
)


def write_memories(session: Session, learner_id: int, memories: dict[int, tuple[float, float]]) -> None:
    """Put these stabilities and difficulties in the place of the cards' own. What waits when is not touched."""
    rows = [
        {"learner": learner_id, "card": card, "new_stability": stability, "new_difficulty": difficulty}
        for card, (stability, difficulty) in memories.items()
    ]
    if rows:
        session.execute(_WRITE_MEMORY, rows)

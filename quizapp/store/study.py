"""Memory states, reviews and what a learner may be asked: queries that never commit."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from quizapp.core.learning.memory import MemoryState, Phase
from quizapp.store.tables import CardRevisionRow, CardRow, CardStateRow, DeckRow, LearnerRow, ReviewRow, table_of

LEARNING_PHASES = (Phase.LEARNING.value, Phase.RELEARNING.value)


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """A card at one revision, with what the page says of its deck. ``body`` is the card as JSON."""

    deck_id: int
    deck_slug: str
    deck_title: str
    language: str
    card_id: int
    card_slug: str
    revision_id: int
    number: int
    body: str

    @property
    def ref(self) -> str:
        """The card's name for people and programs: ``DECK/CARD``."""
        return f"{self.deck_slug}/{self.card_slug}"


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """An answer as stored. ``state_before`` and ``state_after`` are memory states as JSON."""

    learner_id: int
    key: str
    seq: int
    deck_id: int
    card_id: int
    revision_id: int
    answered_at: datetime
    study_day: int
    response: str
    body_digest: str
    score: float
    verdict: str
    rating: int
    hint_used: bool
    confidence: int | None
    shown_ms: int | None
    model: str
    state_before: str
    state_after: str
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueCard:
    """A card that waits: its id and memory state."""

    card_id: int
    state: MemoryState


@dataclass(frozen=True, slots=True)
class DayTotals:
    """How many answers a learner gave on one study day, and how many were right (rated better than Again)."""

    answered: int
    right: int
    new: int


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """What waits in a deck: cards never seen, cards in learning steps until the day ends, reviews due now."""

    new: int
    learning: int
    due: int


def lock_learner(session: Session, learner_id: int) -> None:
    """Let nobody else write for this learner until the transaction ends (SQLite has one writer anyhow)."""
    session.exec(select(LearnerRow.id).where(LearnerRow.id == learner_id).with_for_update()).one()


_REVISION = (
    sa.select(
        col(DeckRow.id),
        col(DeckRow.slug),
        col(DeckRow.title),
        col(DeckRow.language),
        col(CardRow.id),
        col(CardRow.slug),
        col(CardRevisionRow.id),
        col(CardRevisionRow.number),
        col(CardRevisionRow.body),
    )
    .join(CardRow, col(CardRow.deck_id) == col(DeckRow.id))
    .join(CardRevisionRow, col(CardRevisionRow.card_id) == col(CardRow.id))
)


def find_revision(session: Session, deck_slug: str, card_slug: str, number: int) -> RevisionRecord | None:
    """A card of a deck at one revision, whether in use or retired."""
    row = session.execute(
        _REVISION.where(
            col(DeckRow.slug) == deck_slug,
            col(CardRow.slug) == card_slug,
            col(CardRevisionRow.number) == number,
        )
    ).first()
    return None if row is None else RevisionRecord(*row)


def get_current_revision(session: Session, card_id: int) -> RevisionRecord:
    """A card that is there, at its current revision."""
    current = (col(CardRow.id) == card_id, col(CardRevisionRow.number) == col(CardRow.revision))
    return RevisionRecord(*session.execute(_REVISION.where(*current)).one())


def get_revision(session: Session, revision_id: int) -> RevisionRecord:
    """The revision that a review names."""
    return RevisionRecord(*session.execute(_REVISION.where(col(CardRevisionRow.id) == revision_id)).one())


def has_card(session: Session, deck_slug: str, card_slug: str) -> bool:
    """Whether the deck has, or had, this card."""
    found = (
        select(CardRow.id)
        .join(DeckRow, col(DeckRow.id) == col(CardRow.deck_id))
        .where(DeckRow.slug == deck_slug, CardRow.slug == card_slug)
    )
    return session.exec(found).first() is not None


def _state_of(row: CardStateRow) -> MemoryState:
    return MemoryState(
        phase=Phase(row.phase),
        step=row.step,
        stability=row.stability,
        difficulty=row.difficulty,
        due=row.due,
        last_review=row.last_review,
        reps=row.reps,
        lapses=row.lapses,
    )


def find_state(session: Session, learner_id: int, card_id: int) -> MemoryState | None:
    """What the model holds of a card; None for one never answered."""
    row = session.get(CardStateRow, (learner_id, card_id), with_for_update=True)
    return None if row is None else _state_of(row)


def read_state(session: Session, learner_id: int, card_id: int) -> MemoryState | None:
    """Like ``find_state``, without a lock."""
    row = session.get(CardStateRow, (learner_id, card_id))
    return None if row is None else _state_of(row)


def save_state(session: Session, learner_id: int, card_id: int, deck_id: int, state: MemoryState) -> None:
    """Write a card's state, whether it had one or not."""
    values: dict[str, Any] = {
        "deck_id": deck_id,
        "phase": state.phase.value,
        "step": state.step,
        "stability": state.stability,
        "difficulty": state.difficulty,
        "due": state.due,
        "last_review": state.last_review,
        "reps": state.reps,
        "lapses": state.lapses,
    }
    table = table_of(CardStateRow)
    written = session.execute(
        sa.update(table).where(table.c.learner_id == learner_id, table.c.card_id == card_id).values(**values)
    )
    if getattr(written, "rowcount", 0) == 0:
        session.execute(sa.insert(table).values(learner_id=learner_id, card_id=card_id, **values))


def remove_state(session: Session, learner_id: int, card_id: int) -> None:
    """Forget a card's state: it is new again."""
    table = table_of(CardStateRow)
    session.execute(sa.delete(table).where(table.c.learner_id == learner_id, table.c.card_id == card_id))


REVIEW_FIELDS = tuple(ReviewRecord.__dataclass_fields__)
"""The columns of the log, which are the fields of its records."""


def _review_columns() -> list[sa.Column[Any]]:
    table = table_of(ReviewRow)
    return [table.c[name] for name in REVIEW_FIELDS]


def find_review(session: Session, learner_id: int, key: str) -> ReviewRecord | None:
    """A learner's answer by its key, whether it counts or was taken back."""
    table = table_of(ReviewRow)
    row = session.execute(
        sa.select(*_review_columns()).where(table.c.learner_id == learner_id, table.c.key == key)
    ).first()
    return None if row is None else ReviewRecord(*row)


def find_latest_review(session: Session, learner_id: int, deck_id: int) -> ReviewRecord | None:
    """The last answer in a deck that counts."""
    table = table_of(ReviewRow)
    row = session.execute(
        sa.select(*_review_columns())
        .where(table.c.learner_id == learner_id, table.c.deck_id == deck_id, table.c.undone_at.is_(None))
        .order_by(table.c.seq.desc())
        .limit(1)
    ).first()
    return None if row is None else ReviewRecord(*row)


def has_later_review(session: Session, learner_id: int, card_id: int, seq: int) -> bool:
    """Whether a later answer to the same card counts."""
    found = (
        select(ReviewRow.seq)
        .where(
            ReviewRow.learner_id == learner_id,
            ReviewRow.card_id == card_id,
            col(ReviewRow.seq) > seq,
            col(ReviewRow.undone_at).is_(None),
        )
        .limit(1)
    )
    return session.exec(found).first() is not None


def next_seq(session: Session, learner_id: int) -> int:
    """The number of a learner's next answer. Lock the learner first."""
    highest = session.exec(select(sa.func.max(ReviewRow.seq)).where(ReviewRow.learner_id == learner_id)).one()
    return int(highest or 0) + 1


def add_review(session: Session, review: ReviewRecord) -> None:
    """Write an answer into the log."""
    values = {name: getattr(review, name) for name in REVIEW_FIELDS}
    session.execute(sa.insert(table_of(ReviewRow)).values(**values))


def mark_undone(session: Session, learner_id: int, key: str, now: datetime) -> None:
    """Take an answer back: it stays in the log and counts nowhere."""
    table = table_of(ReviewRow)
    session.execute(sa.update(table).where(table.c.learner_id == learner_id, table.c.key == key).values(undone_at=now))


def _due_rows(
    session: Session, learner_id: int, deck_id: int, now: datetime, learning: bool, limit: int
) -> list[DueCard]:
    phase = col(CardStateRow.phase)
    rows = session.exec(
        select(CardStateRow)
        .join(CardRow, col(CardRow.id) == col(CardStateRow.card_id))
        .where(
            CardStateRow.learner_id == learner_id,
            CardStateRow.deck_id == deck_id,
            col(CardStateRow.due) <= now,
            phase.in_(LEARNING_PHASES) if learning else phase.not_in(LEARNING_PHASES),
            col(CardRow.retired_at).is_(None),
        )
        .order_by(col(CardStateRow.due), col(CardStateRow.card_id))
        .limit(limit)
    )
    return [DueCard(row.card_id, _state_of(row)) for row in rows]


def list_learning_due(session: Session, learner_id: int, deck_id: int, now: datetime, limit: int) -> list[DueCard]:
    """Cards whose learning step has come, the longest waiting first."""
    return _due_rows(session, learner_id, deck_id, now, learning=True, limit=limit)


def list_reviews_due(session: Session, learner_id: int, deck_id: int, now: datetime, limit: int) -> list[DueCard]:
    """Cards due for review, the longest waiting first."""
    return _due_rows(session, learner_id, deck_id, now, learning=False, limit=limit)


def list_new(session: Session, learner_id: int | None, deck_id: int, limit: int) -> list[int]:
    """Cards in use never answered by the learner, in the deck's order."""
    seen = (
        sa.select(col(CardStateRow.card_id))
        .where(
            col(CardStateRow.learner_id) == (-1 if learner_id is None else learner_id),
            col(CardStateRow.card_id) == col(CardRow.id),
        )
        .exists()
    )
    rows = session.exec(
        select(CardRow.id)
        .where(CardRow.deck_id == deck_id, col(CardRow.retired_at).is_(None), ~seen)
        .order_by(col(CardRow.position), col(CardRow.id))
        .limit(limit)
    )
    return [card_id for card_id in rows if card_id is not None]


def count_queue(
    session: Session, learner_id: int | None, deck_id: int, now: datetime, day_ends: datetime
) -> QueueCounts:
    """What waits in a deck for a learner (None: a visitor, for whom all is new)."""
    in_use = session.exec(
        select(sa.func.count()).where(CardRow.deck_id == deck_id, col(CardRow.retired_at).is_(None))
    ).one()
    phase = col(CardStateRow.phase)
    seen, learning, due = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count().filter(phase.in_(LEARNING_PHASES) & (col(CardStateRow.due) < day_ends)),
            sa.func.count().filter(phase.not_in(LEARNING_PHASES) & (col(CardStateRow.due) <= now)),
        )
        .join(CardRow, col(CardRow.id) == col(CardStateRow.card_id))
        .where(
            col(CardStateRow.learner_id) == (-1 if learner_id is None else learner_id),
            col(CardStateRow.deck_id) == deck_id,
            col(CardRow.retired_at).is_(None),
        )
    ).one()
    return QueueCounts(in_use - seen, learning, due)


def find_next_due(session: Session, learner_id: int, deck_id: int, after: datetime) -> datetime | None:
    """When the next card of a deck comes back."""
    return session.exec(
        select(CardStateRow.due)
        .join(CardRow, col(CardRow.id) == col(CardStateRow.card_id))
        .where(
            CardStateRow.learner_id == learner_id,
            CardStateRow.deck_id == deck_id,
            col(CardStateRow.due) > after,
            col(CardRow.retired_at).is_(None),
        )
        .order_by(col(CardStateRow.due))
        .limit(1)
    ).first()


def count_day(session: Session, learner_id: int, deck_id: int, day: date) -> DayTotals:
    """A learner's answers in a deck on one study day."""
    row = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count().filter(col(ReviewRow.rating) > 1),
            sa.func.count().filter(col(ReviewRow.state_before) == ""),
        ).where(
            col(ReviewRow.learner_id) == learner_id,
            col(ReviewRow.study_day) == day.toordinal(),
            col(ReviewRow.deck_id) == deck_id,
            col(ReviewRow.undone_at).is_(None),
        )
    ).one()
    return DayTotals(*row)

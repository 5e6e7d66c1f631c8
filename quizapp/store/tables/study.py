"""What learners answered, and what the memory model holds of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant
from quizapp.store.tables.base import one_of

QUEUE_COLUMNS = (
    *("learner_id", "deck_id", "queue", "due", "card_id"),
    *("last_review", "phase", "step", "stability", "difficulty", "reps", "lapses"),
)
"""All that choosing a card asks of its state stands in the index, side by side for cards that wait side by side."""
PHASES = ("learning", "review", "relearning")
VERDICTS = ("right", "almost", "partly", "wrong")


class CardStateRow(SQLModel, table=True):
    """What the memory model holds of one card for one learner. A cache: the review log can rebuild it.

    ``queue`` is where the card waits: 0 in its steps, 1 for review, 2 nowhere, since the card is retired. So what is
    due is one range of the index.
    """

    __tablename__ = "card_state"
    __table_args__ = (
        one_of("phase", PHASES),
        sa.Index("ix_card_state_queue", *QUEUE_COLUMNS),
    )

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    card_id: int = Field(primary_key=True, foreign_key="card.id", ondelete="CASCADE")
    deck_id: int = Field(foreign_key="deck.id", ondelete="CASCADE")
    queue: int = 1
    phase: str = Field(max_length=12)
    step: int | None = None
    stability: float
    difficulty: float
    due: datetime = Field(sa_type=Instant)
    last_review: datetime = Field(sa_type=Instant)
    reps: int
    lapses: int


class ReviewRow(SQLModel, table=True):
    """One answer, kept for ever. ``key`` is the client's own UUID for it; ``seq`` counts a learner's answers from 1.

    ``state_before`` and ``state_after`` are memory states as JSON (blank before a card's first review). What queries
    ask of the state before stands in columns as well: its phase, and the study days between its last review and its
    due day (0 for a card that was new). An answer taken back stays here with ``undone_at`` and counts nowhere. A blank
    ``response`` stands for a review made elsewhere that was imported: it has no answer to show.
    """

    __tablename__ = "review"
    __table_args__ = (
        sa.UniqueConstraint("learner_id", "seq"),
        sa.Index(
            "ix_review_counting",
            "learner_id",
            "deck_id",
            "seq",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
        sa.Index("ix_review_learner_id_card_id_seq", "learner_id", "card_id", "seq"),
        sa.Index(
            "ix_review_day",
            "learner_id",
            "study_day",
            "deck_id",
            "rating",
            "phase_before",
            "undone_at",  # always blank here, but with it a day is counted from the index alone
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
        one_of("verdict", VERDICTS),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name="rating_known"),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name="score_is_a_share"),
    )

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    key: str = Field(primary_key=True, max_length=36)
    seq: int
    deck_id: int = Field(foreign_key="deck.id", ondelete="CASCADE")
    card_id: int = Field(foreign_key="card.id", ondelete="CASCADE")
    revision_id: int = Field(foreign_key="card_revision.id")
    answered_at: datetime = Field(sa_type=Instant)
    study_day: int
    response: str
    body_digest: str = Field(max_length=64)
    score: float
    verdict: str = Field(max_length=12)
    rating: int
    hint_used: bool = False
    confidence: int | None = None
    shown_ms: int | None = None
    model: str = Field(max_length=80)
    phase_before: str = Field(default="", max_length=12)
    interval_before: int = 0
    state_before: str = ""
    state_after: str
    undone_at: datetime | None = Field(default=None, sa_type=Instant)


class DeckProgressRow(SQLModel, table=True):
    """How far a learner has come in a deck: a cache that spares counting.

    ``seen`` counts the cards in use that have a state; every card in use whose position is below ``frontier`` has one.
    """

    __tablename__ = "deck_progress"

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    deck_id: int = Field(primary_key=True, foreign_key="deck.id", ondelete="CASCADE")
    seen: int
    frontier: int


class DueCountRow(SQLModel, table=True):
    """How many cards of a deck wait for review from one moment on, the start of a study day: a cache like the above."""

    __tablename__ = "due_count"

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    due: datetime = Field(primary_key=True, sa_type=Instant)
    deck_id: int = Field(primary_key=True, foreign_key="deck.id", ondelete="CASCADE")
    cards: int

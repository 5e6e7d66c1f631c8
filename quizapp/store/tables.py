"""The tables. Nothing here validates: what comes in was validated by the schemas of core and the forms of web.

Learner-owned tables are keyed by learner first, so that one learner's rows lie together and a large installation can be
distributed by learner. No ``from __future__ import annotations`` here: SQLModel's mapper reads the annotations.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant

SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

ROLES = ("student", "teacher", "admin")
PHASES = ("learning", "review", "relearning")
VERDICTS = ("right", "almost", "partly", "wrong")


def _one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def known_id(row_id: int | None) -> int:
    """The id of a row that is stored; a row that was never flushed has none."""
    if row_id is None:
        raise ValueError("the row was not flushed")
    return row_id


def table_of(model: type[SQLModel]) -> sa.Table:
    """The plain table behind a model, for statements that bypass the session's objects."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


class SourceRow(SQLModel, table=True):
    """A text that decks cite."""

    __tablename__ = "source"

    id: str = Field(primary_key=True, max_length=80)
    title: str
    language: str = Field(max_length=35)
    kind: str = Field(max_length=20)
    author: str = ""
    published: str = ""
    url: str = ""
    license: str = ""
    original_file: str = ""
    original_sha256: str = Field(default="", max_length=64)
    digest: str = Field(max_length=64)
    loaded_at: datetime = Field(sa_type=Instant)


class SourceBlockRow(SQLModel, table=True):
    """A heading or a paragraph of a source, in reading order; only paragraphs are numbered."""

    __tablename__ = "source_block"
    __table_args__ = (
        sa.UniqueConstraint("source_id", "number"),
        sa.CheckConstraint("(kind = 'paragraph') = (number IS NOT NULL)", name="paragraphs_are_numbered"),
    )

    source_id: str = Field(primary_key=True, foreign_key="source.id", ondelete="CASCADE", max_length=80)
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(max_length=20)
    level: int = 0
    number: int | None = None
    text: str


class DeckRow(SQLModel, table=True):
    """A deck as loaded last. ``digest`` is that of its file, so that an unchanged file is known at a glance."""

    __tablename__ = "deck"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=80)
    title: str
    description: str = ""
    language: str = Field(max_length=35)
    theme: str
    author: str = ""
    license: str = ""
    tags: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    sources: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    digest: str = Field(max_length=64)
    loaded_at: datetime = Field(sa_type=Instant)


class CardRow(SQLModel, table=True):
    """A card's identity. Its words are in its revisions; a retired card keeps its history and leaves the queue."""

    __tablename__ = "card"
    __table_args__ = (
        sa.UniqueConstraint("deck_id", "slug"),
        sa.Index("ix_card_deck_id_position", "deck_id", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    deck_id: int = Field(foreign_key="deck.id", ondelete="CASCADE")
    slug: str = Field(max_length=80)
    position: int
    revision: int = Field(ge=1)
    retired_at: datetime | None = Field(default=None, sa_type=Instant)


class CardRevisionRow(SQLModel, table=True):
    """The words of a card at one time. Rows are never changed: reviews name the revision they answered.

    ``body`` is the card as canonical JSON of the deck format, version ``format``.
    """

    __tablename__ = "card_revision"
    __table_args__ = (sa.UniqueConstraint("card_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    card_id: int = Field(foreign_key="card.id", ondelete="CASCADE")
    number: int
    format: int = 1
    type: str = Field(max_length=20)
    digest: str = Field(max_length=64)
    body: str
    created_at: datetime = Field(sa_type=Instant)


class CitationRow(SQLModel, table=True):
    """The passage that proves a revision's answer. ``paragraph`` may be lost when a source is replaced."""

    __tablename__ = "citation"
    __table_args__ = (sa.Index("ix_citation_source_id_paragraph", "source_id", "paragraph"),)

    revision_id: int = Field(primary_key=True, foreign_key="card_revision.id", ondelete="CASCADE")
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source_id: str = Field(foreign_key="source.id", max_length=80)
    paragraph: int
    quote: str


class LearnerRow(SQLModel, table=True):
    """Who studies: a guest, or the holder of an account. ``handle`` is the name that leaves the database."""

    __tablename__ = "learner"

    id: int | None = Field(default=None, primary_key=True)
    handle: str = Field(unique=True, max_length=36)
    created_at: datetime = Field(sa_type=Instant)


class AccountRow(SQLModel, table=True):
    """Who can sign in. ``name_key`` is the name with letter case and Unicode forms set aside."""

    __tablename__ = "account"
    __table_args__ = (_one_of("role", ROLES),)

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int = Field(foreign_key="learner.id", unique=True)
    name: str = Field(max_length=80)
    name_key: str = Field(unique=True, max_length=320)
    role: str = Field(max_length=20)
    password_hash: str = Field(max_length=200)
    created_at: datetime = Field(sa_type=Instant)
    password_changed_at: datetime = Field(sa_type=Instant)


class SignInRow(SQLModel, table=True):
    """One browser that is signed in, or a guest's. Deleting the row ends it at once. Only the token's hash is kept."""

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True, max_length=64)
    learner_id: int = Field(foreign_key="learner.id", ondelete="CASCADE", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)


class AccessTokenRow(SQLModel, table=True):
    """A personal access token for the API. Only its hash is kept."""

    __tablename__ = "access_token"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    label: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class SetupLinkRow(SQLModel, table=True):
    """The one-time link that makes the first teacher. Only its hash is kept."""

    __tablename__ = "setup_link"

    token_hash: str = Field(primary_key=True, max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class ThrottleRow(SQLModel, table=True):
    """A leaking bucket: ``level`` attempts stood in it at ``updated_at``."""

    __tablename__ = "throttle"

    key: str = Field(primary_key=True, max_length=64)
    level: float
    updated_at: datetime = Field(sa_type=Instant, index=True)


class CardStateRow(SQLModel, table=True):
    """What the memory model holds of one card for one learner. A cache: the review log can rebuild it."""

    __tablename__ = "card_state"
    __table_args__ = (
        _one_of("phase", PHASES),
        sa.Index("ix_card_state_learner_id_deck_id_due", "learner_id", "deck_id", "due"),
    )

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    card_id: int = Field(primary_key=True, foreign_key="card.id", ondelete="CASCADE")
    deck_id: int = Field(foreign_key="deck.id", ondelete="CASCADE")
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

    ``state_before`` and ``state_after`` are memory states as JSON (blank before a card's first review). An answer taken
    back stays here with ``undone_at`` and counts nowhere.
    """

    __tablename__ = "review"
    __table_args__ = (
        sa.UniqueConstraint("learner_id", "seq"),
        sa.Index("ix_review_learner_id_card_id_seq", "learner_id", "card_id", "seq"),
        sa.Index("ix_review_learner_id_study_day", "learner_id", "study_day"),
        _one_of("verdict", VERDICTS),
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
    state_before: str = ""
    state_after: str
    undone_at: datetime | None = Field(default=None, sa_type=Instant)

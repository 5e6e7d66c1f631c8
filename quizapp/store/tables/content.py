"""The texts, decks, cards, revisions and citations."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant


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
    """A deck as loaded last. ``digest`` is that of its file, so that an unchanged file is known at a glance.

    ``cards`` counts those in use. ``fit_id`` names the parameters of the memory model for learners without their own.
    """

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
    cards: int = 0
    fit_id: int | None = Field(default=None, foreign_key="fit.id", ondelete="SET NULL")
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


class SiblingRow(SQLModel, table=True):
    """Two cards in use that cite overlapping words of a source. Counted anew whenever one of its decks is loaded."""

    __tablename__ = "sibling"

    card_id: int = Field(primary_key=True, foreign_key="card.id", ondelete="CASCADE")
    sibling_id: int = Field(primary_key=True, foreign_key="card.id", ondelete="CASCADE")
    source_id: str = Field(primary_key=True, foreign_key="source.id", ondelete="CASCADE", max_length=80, index=True)

"""What authors did with suggested cards, and what a school's language model suggested."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant


class SuggestionMarkRow(SQLModel, table=True):
    """A suggestion that is not shown again in a draft: ``left``, or ``taken`` into the deck."""

    __tablename__ = "suggestion_mark"
    __table_args__ = (sa.CheckConstraint("state IN ('left', 'taken')", name="suggestion_state_is_known"),)

    draft_id: int = Field(primary_key=True, foreign_key="draft.id", ondelete="CASCADE")
    source_id: str = Field(primary_key=True, foreign_key="source.id", ondelete="CASCADE", max_length=80, index=True)
    key: str = Field(primary_key=True, max_length=16)
    state: str = Field(max_length=8)
    at: datetime = Field(sa_type=Instant)


class ModelSuggestionRow(SQLModel, table=True):
    """A card that a language model suggested for a draft; ``body`` is the card as JSON of the deck format."""

    __tablename__ = "model_suggestion"

    draft_id: int = Field(primary_key=True, foreign_key="draft.id", ondelete="CASCADE")
    source_id: str = Field(primary_key=True, foreign_key="source.id", ondelete="CASCADE", max_length=80, index=True)
    key: str = Field(primary_key=True, max_length=16)
    kind: str = Field(max_length=8)
    paragraph: int
    body: str
    asked_at: datetime = Field(sa_type=Instant)

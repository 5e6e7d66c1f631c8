"""Texts that teachers uploaded, and cards that rest because a citation was lost."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant


class TextRow(SQLModel, table=True):
    """Whose a source is that came through the browser; a source without such a row came from a folder.

    ``file`` is the name of the file it was read from; blank where it was pasted.
    """

    __tablename__ = "text"

    source_id: str = Field(primary_key=True, foreign_key="source.id", ondelete="CASCADE", max_length=80)
    owner_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    file: str = Field(default="", max_length=255)
    added_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)


class RestedCardRow(SQLModel, table=True):
    """A card that was retired because a source was replaced and no longer holds its quote.

    It rests as long as the card is retired since that very moment: mending it takes it into use again, and whoever
    retires it later does so for a reason of their own.
    """

    __tablename__ = "rested_card"

    card_id: int = Field(primary_key=True, foreign_key="card.id", ondelete="CASCADE")
    source_id: str = Field(foreign_key="source.id", ondelete="CASCADE", max_length=80, index=True)
    since: datetime = Field(sa_type=Instant)

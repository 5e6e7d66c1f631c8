"""Pictures and sounds: what they hold, once each, and what each deck calls them."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant


class MediumRow(SQLModel, table=True):
    """A picture or sound as it is sent to a browser. ``width`` and ``height`` are pixels, 0 for a sound."""

    __tablename__ = "medium"

    digest: str = Field(primary_key=True, max_length=64)
    media_type: str = Field(max_length=20)
    width: int = 0
    height: int = 0
    size: int
    data: bytes = Field(sa_type=sa.LargeBinary)


class DeckMediumRow(SQLModel, table=True):
    """A deck's name for a picture or sound.

    ``deck_slug`` is no foreign key, since a draft has pictures before it is a deck. ``origin`` is the fingerprint of
    the file as it came in, so that the same file is known again without being decoded.
    """

    __tablename__ = "deck_medium"

    deck_slug: str = Field(primary_key=True, max_length=80)
    name: str = Field(primary_key=True, max_length=100)
    digest: str = Field(foreign_key="medium.digest", max_length=64, index=True)
    origin: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=Instant)


class FormerMediumRow(SQLModel, table=True):
    """A picture or sound that a deck called by a name until ``replaced_at``, when another one or none took its place.

    What was saved, asked and answered before then is shown with it.
    """

    __tablename__ = "former_medium"
    __table_args__ = (sa.Index("ix_former_medium_deck_slug_name", "deck_slug", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    deck_slug: str = Field(max_length=80)
    name: str = Field(max_length=100)
    digest: str = Field(foreign_key="medium.digest", max_length=64, index=True)
    origin: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=Instant)
    replaced_at: datetime = Field(sa_type=Instant)

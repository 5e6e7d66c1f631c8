"""Decks that are written in the browser: every save of them, who may write them, and answers that were graded again."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant


class DraftRow(SQLModel, table=True):
    """A deck whose master is here and not in a folder. ``slug`` is the id of the deck that publishing makes of it.

    ``version`` is the number of the last save, ``cards`` how many it holds, ``published`` the number of the save that
    students study (0: none yet). With ``handed_back_at`` the master is a folder again, and this waits with its history
    for whoever takes the deck over next.
    """

    __tablename__ = "draft"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=80)
    title: str
    version: int
    cards: int = 0
    published: int = 0
    created_at: datetime = Field(sa_type=Instant)
    saved_at: datetime = Field(sa_type=Instant)
    handed_back_at: datetime | None = Field(default=None, sa_type=Instant)


class DraftEditorRow(SQLModel, table=True):
    """A teacher who writes a draft; all of them may do the same."""

    __tablename__ = "draft_editor"

    draft_id: int = Field(primary_key=True, foreign_key="draft.id", ondelete="CASCADE")
    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE", index=True)
    added_at: datetime = Field(sa_type=Instant)


class DraftVersionRow(SQLModel, table=True):
    """One save of a draft, kept for ever. ``what`` was done, to which ``cards``; ``digest`` is that of the whole text.

    ``packed`` is the text compressed; against the text of the version ``base``, unless that is 0.
    """

    __tablename__ = "draft_version"

    draft_id: int = Field(primary_key=True, foreign_key="draft.id", ondelete="CASCADE")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    base: int = 0
    packed: bytes = Field(sa_type=sa.LargeBinary)
    digest: str = Field(max_length=64)
    what: str = Field(max_length=20)
    cards: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    by_account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    by_name: str = Field(max_length=80)
    saved_at: datetime = Field(sa_type=Instant)
    published_at: datetime | None = Field(default=None, sa_type=Instant)


class DeckFileRow(SQLModel, table=True):
    """The file from which a deck was loaded last, compressed, so that taking it over keeps its comments and order."""

    __tablename__ = "deck_file"

    deck_id: int = Field(primary_key=True, foreign_key="deck.id", ondelete="CASCADE")
    packed: bytes = Field(sa_type=sa.LargeBinary)


class RegradeRow(SQLModel, table=True):
    """What a teacher decided when the answer of a card was changed: to grade the old answers ``again`` or to keep them.

    ``revision`` is the number of the card's first revision with the new answer; ``changed`` counts the answers that
    are worth something else since.
    """

    __tablename__ = "regrade"

    id: int | None = Field(default=None, primary_key=True)
    card_id: int = Field(foreign_key="card.id", ondelete="CASCADE", index=True)
    revision: int
    again: bool
    changed: int = 0
    by_account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    by_name: str = Field(max_length=80)
    at: datetime = Field(sa_type=Instant)


class RegradedAnswerRow(SQLModel, table=True):
    """An answer that was graded again, with what it was worth before and since.

    There is no foreign key to the review, since merging a guest into an account writes the log anew.
    """

    __tablename__ = "regraded_answer"

    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE")
    review_key: str = Field(primary_key=True, max_length=36)
    regrade_id: int = Field(primary_key=True, foreign_key="regrade.id", ondelete="CASCADE", index=True)
    revision_before: int
    verdict_before: str = Field(max_length=12)
    score_before: float
    rating_before: int
    verdict_after: str = Field(max_length=12)
    score_after: float
    rating_after: int

"""Learners, accounts, and how they are recognised."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant
from quizapp.store.tables.base import one_of

ROLES = ("student", "teacher", "admin")


class LearnerRow(SQLModel, table=True):
    """Who studies: a guest, or the holder of an account. ``handle`` is the name that leaves the database.

    ``choices`` is JSON: what the learner chose for studying; blank where all is as the school has it. ``fit_id`` names
    the parameters of the memory model in use for this learner; none: the deck's, or the defaults.
    """

    __tablename__ = "learner"

    id: int | None = Field(default=None, primary_key=True)
    handle: str = Field(unique=True, max_length=36)
    created_at: datetime = Field(sa_type=Instant)
    choices: str = ""
    fit_id: int | None = Field(default=None, foreign_key="fit.id", ondelete="SET NULL")


class AccountRow(SQLModel, table=True):
    """Who can sign in. ``name_key`` is the name with letter case and Unicode forms set aside."""

    __tablename__ = "account"
    __table_args__ = (one_of("role", ROLES),)

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int = Field(foreign_key="learner.id", unique=True)
    name: str = Field(max_length=80)
    name_key: str = Field(unique=True, max_length=320)
    role: str = Field(max_length=20)
    password_hash: str = Field(max_length=200)
    created_at: datetime = Field(sa_type=Instant)
    password_changed_at: datetime = Field(sa_type=Instant)


class SignInRow(SQLModel, table=True):
    """One browser that is signed in, or a guest's. Deleting the row ends it at once. Only the token's hash is kept.

    ``device`` is what it is in coarse words (``core.devices``); none: signed in before that was written down.
    """

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True, max_length=64)
    learner_id: int = Field(foreign_key="learner.id", ondelete="CASCADE", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)
    device: str | None = Field(default=None, max_length=40)


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

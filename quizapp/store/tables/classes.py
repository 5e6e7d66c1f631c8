"""Classes: who teaches them, who studies in them, how one gets in, and the first passwords that a teacher hands out."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant
from quizapp.store.tables.base import one_of

INVITE_KINDS = ("link", "code")


class ClassRow(SQLModel, table=True):
    """A class of a school. ``handle`` is the name that leaves the database: in addresses, files and the API.

    In a ``pseudonymous`` class nobody but its teachers sees who is behind a pseudonym.
    """

    __tablename__ = "class"

    id: int | None = Field(default=None, primary_key=True)
    handle: str = Field(unique=True, max_length=36)
    name: str = Field(max_length=80)
    pseudonymous: bool = False
    created_at: datetime = Field(sa_type=Instant)
    archived_at: datetime | None = Field(default=None, sa_type=Instant)


class ClassTeacherRow(SQLModel, table=True):
    """A teacher of a class; all of them may do the same."""

    __tablename__ = "class_teacher"

    class_id: int = Field(primary_key=True, foreign_key="class.id", ondelete="CASCADE")
    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE", index=True)
    added_at: datetime = Field(sa_type=Instant)


class ClassMemberRow(SQLModel, table=True):
    """A student of a class. Whoever left keeps the row, so that the class's reports can say so.

    What the school's list says of the student stands here and not with the account: it is this class's business. All of
    it may be blank. The ``pseudonym`` stands in for the name wherever the name is not to be seen.
    """

    __tablename__ = "class_member"
    __table_args__ = (
        sa.UniqueConstraint("class_id", "pseudonym"),
        sa.Index(
            "uq_class_member_external_id",
            "class_id",
            "external_id",
            unique=True,
            sqlite_where=sa.text("external_id <> ''"),
            postgresql_where=sa.text("external_id <> ''"),
        ),
    )

    class_id: int = Field(primary_key=True, foreign_key="class.id", ondelete="CASCADE")
    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE", index=True)
    pseudonym: str = Field(max_length=60)
    external_id: str = Field(default="", max_length=120)
    first_name: str = Field(default="", max_length=80)
    last_name: str = Field(default="", max_length=80)
    email: str = Field(default="", max_length=254)
    joined_at: datetime = Field(sa_type=Instant)
    left_at: datetime | None = Field(default=None, sa_type=Instant)


class ClassRequestRow(SQLModel, table=True):
    """Somebody who came by a short code and waits for a teacher to say yes."""

    __tablename__ = "class_request"

    class_id: int = Field(primary_key=True, foreign_key="class.id", ondelete="CASCADE")
    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE", index=True)
    name: str = Field(default="", max_length=80)
    asked_at: datetime = Field(sa_type=Instant)


class ClassInviteRow(SQLModel, table=True):
    """The open way into a class: a link that lets in at once, or a short code that asks the teacher first.

    The code itself is not kept: it is made from ``nonce`` and the installation's secret, and found by its hash.
    """

    __tablename__ = "class_invite"
    __table_args__ = (one_of("kind", INVITE_KINDS),)

    class_id: int = Field(primary_key=True, foreign_key="class.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True, max_length=8)
    nonce: str = Field(max_length=36)
    code_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class ClassGroupRow(SQLModel, table=True):
    """A group within a class. ``name_key`` is the name with letter case and Unicode forms set aside.

    ``handle`` is the name that leaves the database.
    """

    __tablename__ = "class_group"
    __table_args__ = (sa.UniqueConstraint("class_id", "name_key"),)

    id: int | None = Field(default=None, primary_key=True)
    class_id: int = Field(foreign_key="class.id", ondelete="CASCADE")
    handle: str = Field(unique=True, max_length=36)
    name: str = Field(max_length=80)
    name_key: str = Field(max_length=320)


class ClassGroupMemberRow(SQLModel, table=True):
    """A student in a group of the class."""

    __tablename__ = "class_group_member"

    group_id: int = Field(primary_key=True, foreign_key="class_group.id", ondelete="CASCADE")
    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE", index=True)


class StartPasswordRow(SQLModel, table=True):
    """A start password that a teacher hands out: good once, to choose a password of one's own.

    Like an invite's code it is made from ``nonce`` and the installation's secret; only its hash is kept.
    """

    __tablename__ = "start_password"

    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    nonce: str = Field(max_length=36)
    code_hash: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class PasswordResetRow(SQLModel, table=True):
    """Who gave a student a new start password, and when. Kept as long as the student's account."""

    __tablename__ = "password_reset"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    class_id: int | None = Field(default=None, foreign_key="class.id", ondelete="SET NULL")
    by_account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    by_name: str = Field(max_length=80)
    at: datetime = Field(sa_type=Instant)

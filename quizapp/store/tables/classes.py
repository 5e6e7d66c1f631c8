"""Classes: who teaches them and who studies in them."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant


class ClassRow(SQLModel, table=True):
    """A class of a school. ``handle`` is the name that leaves the database: in addresses, files and the API."""

    __tablename__ = "class"

    id: int | None = Field(default=None, primary_key=True)
    handle: str = Field(unique=True, max_length=36)
    name: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=Instant)
    archived_at: datetime | None = Field(default=None, sa_type=Instant)


class ClassTeacherRow(SQLModel, table=True):
    """A teacher of a class; all of them may do the same."""

    __tablename__ = "class_teacher"

    class_id: int = Field(primary_key=True, foreign_key="class.id", ondelete="CASCADE")
    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE", index=True)
    added_at: datetime = Field(sa_type=Instant)


class ClassMemberRow(SQLModel, table=True):
    """A student of a class. Whoever left keeps the row, so that the class's reports can say so."""

    __tablename__ = "class_member"

    class_id: int = Field(primary_key=True, foreign_key="class.id", ondelete="CASCADE")
    learner_id: int = Field(primary_key=True, foreign_key="learner.id", ondelete="CASCADE", index=True)
    joined_at: datetime = Field(sa_type=Instant)
    left_at: datetime | None = Field(default=None, sa_type=Instant)

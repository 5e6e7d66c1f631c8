"""Reports that were too long to be made while somebody waits: who asked for which, and the files, in pieces."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant


class ReportFileRow(SQLModel, table=True):
    """A report that somebody asked for as a file.

    ``batch`` names the pieces that are the whole file; empty until it is made. ``failure`` says in one word why there
    will be none. ``sees_names``: the file calls students by name. ``size`` is in bytes, as it is sent.
    """

    __tablename__ = "report_file"

    id: int | None = Field(default=None, primary_key=True)
    handle: str = Field(max_length=36, unique=True)
    class_id: int = Field(foreign_key="class.id", ondelete="CASCADE", index=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    kind: str = Field(max_length=20)
    format: str = Field(max_length=8)
    bom: bool = False
    sort: str = Field(default="", max_length=300)
    language: str = Field(max_length=35)
    asked_at: datetime = Field(sa_type=Instant)
    made_at: datetime | None = Field(default=None, sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)
    failure: str = Field(default="", max_length=20)
    sees_names: bool = False
    name: str = Field(default="", max_length=120)
    size: int = 0
    batch: str = Field(default="", max_length=36)


class ReportPieceRow(SQLModel, table=True):
    """A piece of such a file, packed (zlib). Pieces of a batch that no file names were left by an attempt that died."""

    __tablename__ = "report_piece"

    file_id: int = Field(primary_key=True, foreign_key="report_file.id", ondelete="CASCADE")
    batch: str = Field(primary_key=True, max_length=36)
    number: int = Field(primary_key=True)
    packed: bytes = Field(sa_type=sa.LargeBinary)


class ErasedRow(SQLModel, table=True):
    """Somebody who was deleted, as a fingerprint of the random handle they had: a backup from before is known by it."""

    __tablename__ = "erased"

    digest: str = Field(primary_key=True, max_length=64)
    erased_at: datetime = Field(sa_type=Instant)

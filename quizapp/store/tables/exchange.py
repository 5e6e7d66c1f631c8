"""Files of other systems that a teacher has uploaded and is looking at, before anything is made of them."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant


class UploadRow(SQLModel, table=True):
    """A file as it came, kept for a day at most; ``handle`` is its name in addresses."""

    __tablename__ = "upload"

    handle: str = Field(primary_key=True, max_length=36)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    name: str = Field(max_length=200)
    data: bytes = Field(sa_type=sa.LargeBinary)
    uploaded_at: datetime = Field(sa_type=Instant, index=True)

"""Who somebody is at the school's own sign-in server."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant


class IdentityRow(SQLModel, table=True):
    """The holder of an account, as a sign-in server knows them: its address, and its name for them.

    ``made_account``: the account was made at the first sign-in by way of the server, and follows its word on the role.
    """

    __tablename__ = "identity"

    issuer: str = Field(primary_key=True, max_length=255)
    subject: str = Field(primary_key=True, max_length=255)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", unique=True)
    made_account: bool = False
    created_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)

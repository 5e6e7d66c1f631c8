"""The second factor of an account: codes that change every 30 seconds, and codes for when the telephone is lost."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from quizapp.store.engine import Instant


class SecondFactorRow(SQLModel, table=True):
    """The key that an account shares with an app that shows codes. It asks for codes only once it is confirmed.

    ``secret`` is encrypted under the installation's secret key. ``last_step`` is the last period of 30 seconds whose
    code was used: neither it nor an older one counts again.
    """

    __tablename__ = "second_factor"

    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    secret: str = Field(max_length=200)
    last_step: int = 0
    begun_at: datetime = Field(sa_type=Instant)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)


class RecoveryCodeRow(SQLModel, table=True):
    """A code that counts once in the place of one from the app. Only its hash is kept."""

    __tablename__ = "recovery_code"

    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    code_hash: str = Field(primary_key=True, max_length=64)


class PendingSignInRow(SQLModel, table=True):
    """Somebody whose password fitted, and whose code is still to come. Only the hash of its token is kept."""

    __tablename__ = "pending_sign_in"

    token_hash: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    expires_at: datetime = Field(sa_type=Instant, index=True)

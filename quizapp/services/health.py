"""Whether the database answers, and what it means where it does not."""

from enum import Enum, auto

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.damage import is_damage, is_failing_disk, is_full


class Trouble(Enum):
    """Why a database did not do as asked."""

    SILENT = auto()
    """It is away, or busy for too long."""
    FULL = auto()
    """There is no room left on its disk: it can be read."""
    DAMAGED = auto()
    """Its file is broken: it is only read, as far as it can be."""
    DISK = auto()
    """Its disk could not be read or written."""


def check(session: Session) -> None:
    """Ask the database the smallest question. Raises SQLAlchemy's errors where it does not answer."""
    session.execute(sa.text("SELECT 1"))


def explain(error: BaseException) -> Trouble:
    """What a database error means for whoever runs the server."""
    if is_damage(error):
        return Trouble.DAMAGED
    if is_full(error):
        return Trouble.FULL
    return Trouble.DISK if is_failing_disk(error) else Trouble.SILENT

"""Whether the database answers."""

import sqlalchemy as sa
from sqlmodel import Session


def check(session: Session) -> None:
    """Ask the database the smallest question. Raises SQLAlchemy's errors where it does not answer."""
    session.execute(sa.text("SELECT 1"))

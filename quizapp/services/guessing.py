"""Limits on guessing, held in the database so that all workers count together.

Thirty pupils behind one school address sign in at eight o'clock: so failures are counted for each name *from* each
address strictly, for a name or an address alone generously, and a sign-in that succeeds is not counted at all.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from quizapp.core.errors import TooManyAttempts
from quizapp.core.messages import say
from quizapp.store.throttles import Limit, give_back_attempt, take_attempt

NAME_AT_ADDRESS = Limit("sign-in-name-address", burst=10, per=timedelta(minutes=5))
NAME = Limit("sign-in-name", burst=50, per=timedelta(minutes=15))
ADDRESS = Limit("sign-in-address", burst=200, per=timedelta(minutes=5))
SIGN_UPS = Limit("sign-up-address", burst=100, per=timedelta(hours=1))


def _count(session: Session, limit: Limit, who: str, now: datetime) -> None:
    wait = take_attempt(session, limit, who, now)
    if wait is not None:
        session.rollback()
        seconds = max(int(wait.total_seconds()) + 1, 1)
        minutes = -(-seconds // 60)
        raise TooManyAttempts(say("That was tried too often. Try again in %(minutes)s min.", minutes=minutes), seconds)


def _buckets(key: str, address: str) -> tuple[tuple[Limit, str], ...]:
    return (NAME_AT_ADDRESS, f"{key}\0{address}"), (NAME, key), (ADDRESS, address)


def count_sign_in(session: Session, key: str, address: str, now: datetime) -> None:
    """Count an attempt to sign in as ``key`` from ``address``. Raises TooManyAttempts; does not commit."""
    for limit, who in _buckets(key, address):
        _count(session, limit, who, now)


def forgive_sign_in(session: Session, key: str, address: str) -> None:
    """The attempt was rightful: take it out of the count. Does not commit."""
    for limit, who in _buckets(key, address):
        give_back_attempt(session, limit, who)


def count_sign_up(session: Session, address: str, now: datetime) -> None:
    """Count a new account from ``address``. Raises TooManyAttempts; does not commit."""
    _count(session, SIGN_UPS, address, now)

"""Limits on guessing, held in the database so that all workers count together.

Thirty pupils behind one school address sign in at eight o'clock: so failures are counted for each name *from* each
address strictly, for a name or an address alone generously, and a sign-in that succeeds is not counted at all. Who
guesses at a name from many addresses must not lock its owner out: from an address where the owner has signed in before,
the guesses made elsewhere do not count.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from sqlmodel import Session

from quizapp.core.errors import TooManyAttempts
from quizapp.core.messages import say
from quizapp.store.throttles import Limit, give_back_attempt, remember_place, remove_empty, take_attempt, was_here

NAME_AT_ADDRESS = Limit("sign-in-name-address", burst=10, per=timedelta(minutes=5))
NAME = Limit("sign-in-name", burst=50, per=timedelta(minutes=15))
ADDRESS = Limit("sign-in-address", burst=200, per=timedelta(minutes=5))
SIGN_UPS = Limit("sign-up-address", burst=100, per=timedelta(hours=1))
JOINS = Limit("join-address", burst=40, per=timedelta(minutes=10))
GUESTS = Limit("guest-address", burst=600, per=timedelta(hours=1))
CODES = Limit("second-factor", burst=10, per=timedelta(hours=1))
RETURNS = Limit("sign-in-server-address", burst=200, per=timedelta(minutes=5))
FORGOTTEN_AFTER = timedelta(days=90)


def _count(session: Session, limit: Limit, who: str, now: datetime) -> None:
    wait = take_attempt(session, limit, who, now)
    if wait is not None:
        session.rollback()
        seconds = max(int(wait.total_seconds()) + 1, 1)
        minutes = -(-seconds // 60)
        raise TooManyAttempts(say("That was tried too often. Try again in %(minutes)s min.", minutes=minutes), seconds)


def _place_of(address: str) -> str:
    """What counts as one address: of IPv6 the first 64 bits, since the rest is anybody's to choose."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Network((parsed, 64), strict=False))
    return address


def _buckets(session: Session, key: str, address: str) -> list[tuple[Limit, str]]:
    place = _place_of(address)
    buckets = [(NAME_AT_ADDRESS, f"{key}\0{place}"), (ADDRESS, place)]
    return buckets if was_here(session, f"{key}\0{place}") else [*buckets, (NAME, key)]


def count_sign_in(session: Session, key: str, address: str, now: datetime) -> None:
    """Count an attempt to sign in as ``key`` from ``address``. Raises TooManyAttempts; does not commit."""
    for limit, who in _buckets(session, key, address):
        _count(session, limit, who, now)


def forgive_sign_in(session: Session, key: str, address: str, now: datetime) -> None:
    """The attempt was rightful: take it out of the count, and know the place from now on. Does not commit."""
    for limit, who in _buckets(session, key, address):
        give_back_attempt(session, limit, who)
    remember_place(session, f"{key}\0{_place_of(address)}", now)


def count_sign_up(session: Session, address: str, now: datetime) -> None:
    """Count a new account from ``address``. Raises TooManyAttempts; does not commit."""
    _count(session, SIGN_UPS, _place_of(address), now)


def count_guest(session: Session, address: str, now: datetime) -> None:
    """Count a new guest from ``address``. Raises TooManyAttempts; does not commit."""
    _count(session, GUESTS, _place_of(address), now)


def count_join(session: Session, address: str, now: datetime) -> None:
    """Count a code to join a class that was tried from ``address``. Raises TooManyAttempts; does not commit."""
    _count(session, JOINS, _place_of(address), now)


def forgive_join(session: Session, address: str) -> None:
    """The code was good: take it out of the count. Does not commit."""
    give_back_attempt(session, JOINS, _place_of(address))


def count_code(session: Session, account_id: int, now: datetime) -> None:
    """Count a code that is tried for an account, wherever from: a code has a million values, and three of them fit.

    Raises TooManyAttempts; does not commit.
    """
    _count(session, CODES, str(account_id), now)


def forgive_code(session: Session, account_id: int) -> None:
    """The code was right: take it out of the count. Does not commit."""
    give_back_attempt(session, CODES, str(account_id))


def count_return(session: Session, address: str, now: datetime) -> None:
    """Count somebody who comes back from the school's sign-in server. Raises TooManyAttempts; does not commit."""
    _count(session, RETURNS, _place_of(address), now)


def forgive_return(session: Session, address: str) -> None:
    """It was somebody: take it out of the count. Does not commit."""
    give_back_attempt(session, RETURNS, _place_of(address))


def forget_old(session: Session, now: datetime) -> None:
    """Forget counts and places that have not been seen for long. Does not commit."""
    remove_empty(session, now - FORGOTTEN_AFTER)

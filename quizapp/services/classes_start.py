"""Start passwords: what a teacher hands out on a slip of paper, good once, to choose a password of one's own.

A start password has 67 bits, so a fast hash keeps it as safely as argon2 keeps a chosen one; that is what lets 300 be
made in a moment. It is made from the installation's secret and a nonce, so that a slip can be printed again, and it
never opens anything by itself: it only lets its holder choose a password, once, while it is not too old.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from quizapp.core.errors import Conflict, Invalid
from quizapp.core.messages import say
from quizapp.core.rosters.codes import LINK_SIGNS, hash_code, make_code, read_code
from quizapp.store import accounts as store

START_LASTS = timedelta(days=60)
NOTHING_FITS = "-"
"""Kept in the place of a password's hash where there is only a start password: nothing that is typed fits it."""


class ChooseOwnPassword(Conflict):
    """Name and start password fit: now a password of one's own is to be chosen."""


def make_start_code(secret: bytes, nonce: str) -> str:
    """The start password of a nonce."""
    return make_code(secret, "start", nonce, LINK_SIGNS)


def check_start_password(session: Session, account_id: int, typed: str, now: datetime) -> str | None:
    """The hash of what was typed, where it is the account's start password. Raises Invalid where that is too old."""
    code_hash = hash_code(read_code(typed))
    expires_at = store.find_start_password(session, account_id, code_hash)
    if expires_at is None:
        return None
    if expires_at <= now:
        message = say("This start password is too old. Ask your teacher for a new one.")
        raise Invalid(message, {"password": message})
    return code_hash

"""The step between a password that fits and a sign-in, for accounts with a second factor."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel import Session

from quizapp.core.errors import Conflict
from quizapp.core.messages import say
from quizapp.store import two_factor as store

PENDING_LASTS = timedelta(minutes=5)


class AskForCode(Conflict):
    """The password fits; now a code is wanted. ``token`` stands for the one who waits (``services.two_factor``)."""

    def __init__(self, token: str) -> None:
        super().__init__(say("Now type the code that your app shows."))
        self.token = token


def digest_of(token: str) -> str:
    """What is kept of the token of somebody who waits. It is long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def ask_for_code(session: Session, account_id: int, now: datetime) -> None:
    """Where the account has a second factor: commit what was done, and raise AskForCode. Else do nothing."""
    if store.is_on(session, account_id):
        token = secrets.token_urlsafe(32)
        store.add_pending(session, digest_of(token), account_id, now, now + PENDING_LASTS)
        session.commit()
        raise AskForCode(token)

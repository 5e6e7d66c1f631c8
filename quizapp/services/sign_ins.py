"""Where the holder of an account is signed in, seen and ended; and what only a fresh proof of who it is allows.

Every function owns one transaction.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from quizapp.core.devices import name_device
from quizapp.core.errors import Forbidden, Invalid, NotFound
from quizapp.core.messages import Message, say
from quizapp.services import accounts
from quizapp.services.accounts import Viewer
from quizapp.services.accounts_codes import digest_of
from quizapp.services.privacy.proving import asks_password, prove
from quizapp.store import accounts as store

FRESH = timedelta(minutes=10)
"""For so long a sign-in proves who it is, where there is no password to ask for."""


@dataclass(frozen=True, slots=True)
class SignInShown:
    """A sign-in as its holder sees it. ``handle`` is its name in addresses; ``here``: it is this browser's.

    ``seen`` is at most an hour behind: uses are written down so coarsely.
    """

    handle: str
    device: Message
    since: datetime
    seen: datetime
    here: bool


def _require_account(viewer: Viewer | None) -> int:
    if viewer is None or viewer.account_id is None:
        raise Forbidden(say("Only the holder of an account can do this. Sign in first."))
    return viewer.account_id


def _handle_of(token_hash: str) -> str:
    """A name that leads to no cookie and is not what stands in the database either."""
    return hashlib.sha256(f"sign-in\0{token_hash}".encode()).hexdigest()[:32]


def list_sign_ins(session: Session, viewer: Viewer | None, token: str, now: datetime) -> tuple[SignInShown, ...]:
    """Where the viewer is signed in; the browser whose cookie holds ``token`` first. Raises Forbidden for a guest."""
    here = digest_of(token)
    shown = [
        SignInShown(
            _handle_of(found.token_hash),
            name_device(found.device),
            found.created,
            found.seen,
            here=found.token_hash == here,
        )
        for found in store.list_sign_ins(session, _require_account(viewer), now)
    ]
    return tuple(sorted(shown, key=lambda sign_in: not sign_in.here))


def end_sign_in(session: Session, viewer: Viewer | None, handle: str, token: str, now: datetime) -> None:
    """End one of the viewer's other sign-ins: that browser is signed out at once.

    Raises NotFound where the viewer has no other one of this name, Forbidden for a guest.
    """
    for found in store.list_sign_ins(session, _require_account(viewer), now):
        if _handle_of(found.token_hash) == handle and found.token_hash != digest_of(token):
            store.remove_sign_in(session, found.token_hash)
            session.commit()
            return
    raise NotFound(say("That device is signed out already."))


def end_other_sign_ins(session: Session, viewer: Viewer | None, token: str) -> int:
    """End all sign-ins of the viewer save this browser's; gives how many there were. Raises Forbidden for a guest."""
    ended = store.remove_other_sign_ins(session, _require_account(viewer), digest_of(token))
    session.commit()
    return ended


def is_fresh(session: Session, viewer: Viewer | None, token: str, now: datetime) -> bool:
    """Whether this browser signed in so lately that this proves who it is. Raises Forbidden for a guest."""
    here = digest_of(token)
    found = store.list_sign_ins(session, _require_account(viewer), now)
    return any(each.token_hash == here and now - each.created <= FRESH for each in found)


@dataclass(frozen=True, slots=True)
class Proof:
    """What comes with a wish that wants a proof: the password as typed, where from, and the browser's sign-in."""

    password: str
    address: str
    token: str


def make_token(session: Session, viewer: Viewer, label: str, proof: Proof, now: datetime) -> str:
    """Make an access token for the viewer: it outlives the browser, so a browser left open is not enough.

    The password is asked for; where the account has none, a sign-in of the last ten minutes does. Raises Forbidden for
    a guest, Invalid (fields ``label``, ``password``), TooManyAttempts.
    """
    _require_account(viewer)
    if asks_password(session, viewer):
        prove(session, viewer, proof.password, proof.address, now)
    elif not is_fresh(session, viewer, proof.token, now):
        raise Invalid(say("Sign in once more, then make the token within ten minutes."))
    return accounts.create_token(session, viewer, label, now)

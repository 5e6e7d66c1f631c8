"""Signing in by way of the school's own sign-in server (OpenID Connect), for schools that have one.

Who somebody is, is the server's address with its name for them, never an address of e-mail: those change hands. An
identity opens an account that it made itself at the first sign-in, or one whose holder linked the two while signed in.
Every function owns one transaction, and none is open while the server is asked.
"""

import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from quizapp.core.errors import Conflict, Forbidden
from quizapp.core.identities import Identity, TeacherMark
from quizapp.core.messages import say
from quizapp.core.names import LONGEST_NAME, name_key
from quizapp.later import load_later
from quizapp.services import accounts, guessing
from quizapp.services.accounts import NewSignIn, Role, Viewer
from quizapp.services.classes_start import NOTHING_FITS
from quizapp.services.privacy.proving import asks_password, prove
from quizapp.store import accounts as account_store
from quizapp.store import identities as store
from quizapp.store.accounts import AccountRecord
from quizapp.store.identities import IdentityRecord

if TYPE_CHECKING:
    from quizapp.services import oidc_provider
else:
    oidc_provider = load_later("quizapp.services.oidc_provider")

ATTEMPT_LASTS = timedelta(minutes=10)
_USUAL_NAME = "Student"
_MOST_NAMESAKES = 30


class ProviderAway(Exception):
    """The sign-in server gives no answer that can be used. The text is for the log."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Where the server is, who we are there, where it sends people back to, and who is a teacher."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    home: str
    mark: TeacherMark | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to the server and back, known to the browser that began it alone.

    ``account_id`` is set where an identity is to be linked to that account.
    """

    state: str
    nonce: str
    verifier: str
    began_at: int
    wanted: str = ""
    account_id: int | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it began less than ten minutes ago."""
        return 0 <= now.timestamp() - self.began_at <= ATTEMPT_LASTS.total_seconds()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser brings back from the server: a code, and who gave it where the server says so."""

    code: str
    issuer: str | None = None


class Provider(Protocol):
    """The sign-in server (``services.oidc_provider``)."""

    def start(self, attempt: Attempt) -> str:
        """Where to send the browser. Raises ProviderAway."""

    def finish(self, answer: Answer, attempt: Attempt, now: datetime) -> Identity:
        """Who came back. Raises Mistrusted, ProviderAway."""

    def find_sign_out(self) -> str | None:
        """Where somebody signs out of the server, too. Raises ProviderAway."""


@dataclass(frozen=True, slots=True)
class Link:
    """What the holder of an account sees: whether it is linked, since when, and whether there is a password besides."""

    linked: bool
    since: datetime | None
    has_password: bool


def connect(settings: ProviderSettings) -> Provider:
    """The school's sign-in server. Its libraries are large, so they are loaded only where it is set."""
    return oidc_provider.SchoolProvider(settings)


def begin(now: datetime, wanted: str = "", account_id: int | None = None) -> Attempt:
    """Begin a way to the server: what comes back must know all three secrets."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Attempt(state, nonce, verifier, int(now.timestamp()), wanted, account_id)


def count_return(session: Session, address: str, now: datetime) -> None:
    """Count somebody who comes back from the server, before it is asked. Raises TooManyAttempts."""
    guessing.count_return(session, address, now)
    session.commit()


def _choose_names(name: str) -> list[str]:
    """The names to try, the given one first."""
    base = name or _USUAL_NAME
    numbered = (
        f"{base[: LONGEST_NAME - len(str(number)) - 1].rstrip()} {number}" for number in range(2, _MOST_NAMESAKES)
    )
    return [base, *numbered, f"{base[: LONGEST_NAME - 9].rstrip()} {secrets.token_hex(4)}"]


def _make_account(session: Session, identity: Identity, now: datetime) -> IdentityRecord:
    """An account without a password, opened by this identity alone. Raises IntegrityError where somebody was faster."""
    names = _choose_names(identity.name)
    free = next(name for name in names if account_store.find_account_by_name(session, name_key(name)) is None)
    learner_id = account_store.add_learner(session, str(uuid.uuid4()), now)
    account_id = account_store.add_account(
        session,
        learner_id=learner_id,
        name=free,
        name_key=name_key(free),
        role=(Role.TEACHER if identity.is_teacher else Role.STUDENT).value,
        password_hash=NOTHING_FITS,
        now=now,
    )
    store.add_identity(session, identity.issuer, identity.subject, account_id, made_account=True, now=now)
    return IdentityRecord(identity.issuer, identity.subject, account_id, True, now, None)


def _follow_role(
    session: Session, identity: Identity, found: IdentityRecord, account: AccountRecord, now: datetime
) -> AccountRecord:
    """The server's word on who teaches counts for the accounts that it made; administrators are made here alone.

    With the role, all other ways in end: a teacher may have handed out a start password while it was a student's.
    """
    if identity.is_teacher is None or not found.made_account or account.role == Role.ADMIN.value:
        return account
    wanted = (Role.TEACHER if identity.is_teacher else Role.STUDENT).value
    if wanted != account.role:
        store.replace_role(session, account.id, wanted)
        account_store.replace_password(session, account.id, NOTHING_FITS, now)
        account_store.remove_sign_ins(session, account.id)
        account_store.remove_tokens(session, account.id)
    return replace(account, role=wanted)


def _find_or_make(session: Session, identity: Identity, now: datetime) -> IdentityRecord:
    found = store.find_identity(session, identity.issuer, identity.subject)
    if found is not None:
        return found
    try:
        return _make_account(session, identity, now)
    except IntegrityError:
        session.rollback()  # the same person in two windows, or somebody who took the name this moment
    return store.find_identity(session, identity.issuer, identity.subject) or _make_account(session, identity, now)


def sign_in(session: Session, identity: Identity, address: str, now: datetime, device: str = "") -> NewSignIn:
    """Sign in who came back from the server; the first time, an account is made."""
    found = _find_or_make(session, identity, now)
    account = account_store.find_account(session, found.account_id)
    if account is None:
        raise Conflict(say("Your account was deleted a moment ago. Sign in again to get a new one."))
    account = _follow_role(session, identity, found, account, now)
    store.touch_identity(session, identity.issuer, identity.subject, now)
    guessing.forgive_return(session, address)
    guessing.forget_old(session, now)
    account_store.remove_expired_sign_ins(session, now)
    opened = accounts.open_for_account(session, account, now, device)
    session.commit()
    return opened


def _require_holder(viewer: Viewer | None) -> tuple[Viewer, int]:
    if viewer is None or viewer.account_id is None:
        raise Forbidden(say("Only the holder of an account can do this. Sign in first."))
    return viewer, viewer.account_id


def view_link(session: Session, viewer: Viewer | None) -> Link:
    """How the viewer's account and the server go together. Raises Forbidden for a guest."""
    holder, account_id = _require_holder(viewer)
    found = store.find_identity_of(session, account_id)
    return Link(found is not None, None if found is None else found.created, asks_password(session, holder))


def allow_link(session: Session, viewer: Viewer | None, password: str, address: str, now: datetime) -> int:
    """The account that may be linked now, because its holder just typed its password.

    Raises Invalid (field ``password``), TooManyAttempts, Conflict where it is linked already, Forbidden for a guest.
    """
    holder, account_id = _require_holder(viewer)
    link = view_link(session, holder)
    if link.linked or not link.has_password:
        raise Conflict(say("This account is linked already."))
    prove(session, holder, password, address, now)
    return account_id


def link(session: Session, viewer: Viewer | None, identity: Identity, account_id: int, now: datetime) -> None:
    """Let an identity open the account of whoever looks, who asked for it as holder of ``account_id``.

    Raises Forbidden where somebody else is signed in meanwhile, Conflict where either is linked already.
    """
    _, own = _require_holder(viewer)
    if own != account_id:
        raise Forbidden(say("Somebody else has signed in meanwhile. Nothing was linked."))
    found = store.find_identity(session, identity.issuer, identity.subject)
    if found is not None and found.account_id != own:
        raise Conflict(say("You sign in to another account with it already. Nothing was linked."))
    if found is None:
        try:
            store.add_identity(session, identity.issuer, identity.subject, own, made_account=False, now=now)
        except IntegrityError as error:
            session.rollback()
            raise Conflict(say("This account is linked already.")) from error
    session.commit()


def unlink(session: Session, viewer: Viewer | None, password: str, address: str, now: datetime) -> None:
    """Take the link off the viewer's account, whose password is asked for. Doing it again changes nothing.

    Raises Invalid (field ``password``), TooManyAttempts, Forbidden for a guest, Conflict where there is no password:
    nobody could come in any more.
    """
    holder, account_id = _require_holder(viewer)
    if not asks_password(session, holder):
        raise Conflict(say("Without it you could not sign in any more: this account has no password."))
    prove(session, holder, password, address, now)
    store.remove_identity(session, account_id)
    session.commit()

"""Who is who: guests, accounts, sign-ins, passwords and access tokens.

Secrets (sign-in cookies, tokens) leave here once and are kept as hashes. Every function owns one transaction.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from quizapp.core.errors import Forbidden, Invalid, NotFound
from quizapp.core.messages import say
from quizapp.core.names import clean_name, name_key
from quizapp.services import guessing
from quizapp.services.accounts_codes import ask_for_code, digest_of
from quizapp.services.classes_start import NOTHING_FITS, ChooseOwnPassword, check_start_password
from quizapp.services.passwords import check_password, hash_password, verify_password
from quizapp.store import accounts as store
from quizapp.store.accounts import SignInOwner, TokenRecord

SIGN_IN_LASTS = timedelta(days=30)
LONGEST_SIGN_IN = timedelta(days=180)
GUEST_LASTS = timedelta(days=365)
TOUCH_AFTER = timedelta(hours=1)
LONGEST_LABEL = 80


class Role(StrEnum):
    """What an account may do."""

    STUDENT = "student"
    TEACHER = "teacher"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: the holder of an account, or a guest (then ``account_id``, ``name`` and ``role`` are None)."""

    learner_id: int
    handle: str
    account_id: int | None = None
    name: str | None = None
    role: Role | None = None

    @property
    def kind(self) -> str:
        """``guest``, or the role."""
        return "guest" if self.role is None else self.role.value

    @property
    def signed_in(self) -> bool:
        """Whether this is the holder of an account."""
        return self.account_id is not None


@dataclass(frozen=True, slots=True)
class NewSignIn:
    """A sign-in just made: the cookie's secret, and until when it holds."""

    viewer: Viewer
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What the holder of an account sees of it."""

    name: str
    role: Role
    created: datetime
    tokens: tuple[TokenRecord, ...]


def new_secret() -> str:
    """A cookie's, a token's or a link's secret: 256 random bits."""
    return secrets.token_urlsafe(32)


def _viewer_of(account: store.AccountRecord) -> Viewer:
    return Viewer(account.learner_id, account.handle, account.id, account.name, Role(account.role))


def open_sign_in(session: Session, viewer: Viewer, now: datetime, device: str = "") -> NewSignIn:
    """Sign a browser in, which is of the kind ``device`` (``core.devices``). Does not commit."""
    token = new_secret()
    expires_at = now + (SIGN_IN_LASTS if viewer.signed_in else GUEST_LASTS)
    who = SignInOwner(viewer.learner_id, viewer.account_id, device)
    store.add_sign_in(session, token_hash=digest_of(token), owner=who, now=now, expires_at=expires_at)
    return NewSignIn(viewer, token, expires_at)


def open_for_account(session: Session, account: store.AccountRecord, now: datetime, device: str = "") -> NewSignIn:
    """Sign the holder of an account in, whose password and code fitted. Does not commit."""
    return open_sign_in(session, _viewer_of(account), now, device)


def recognise(session: Session, token: str, now: datetime) -> tuple[Viewer, bool] | None:
    """Who is behind a sign-in cookie, and whether the sign-in wants to be touched (see ``keep_alive``)."""
    found = store.find_sign_in(session, digest_of(token), now)
    if found is None:
        return None
    role = None if found.role is None else Role(found.role)
    viewer = Viewer(found.learner_id, found.handle, found.account_id, found.name, role)
    return viewer, now - found.seen_at > TOUCH_AFTER


def keep_alive(session: Session, viewer: Viewer, token: str, now: datetime, device: str = "") -> datetime:
    """Let a sign-in that is in use live on, an account's for half a year in all; gives its new end."""
    expires_at = now + (SIGN_IN_LASTS if viewer.signed_in else GUEST_LASTS)
    if viewer.signed_in:
        expires_at = min(expires_at, store.find_sign_in_start(session, digest_of(token), now) + LONGEST_SIGN_IN)
    store.touch_sign_in(session, digest_of(token), now, expires_at, device)
    session.commit()
    return expires_at


def recognise_token(session: Session, token: str, now: datetime) -> tuple[Viewer, bool] | None:
    """Who is behind a personal access token, and whether its use wants to be noted (see ``note_token``)."""
    found = store.find_account_by_token(session, digest_of(token))
    if found is None:
        return None
    account, used = found
    return _viewer_of(account), used is None or now - used > TOUCH_AFTER


def note_token(session: Session, token: str, now: datetime) -> None:
    """Note that an access token was used."""
    store.touch_token(session, digest_of(token), now)
    session.commit()


def start_guest(session: Session, address: str, now: datetime, device: str = "") -> NewSignIn:
    """Make a guest: a learner without an account, whose progress lives behind a cookie.

    Raises TooManyAttempts for very many guests from one address.
    """
    guessing.count_guest(session, address, now)
    handle = str(uuid.uuid4())
    viewer = Viewer(store.add_learner(session, handle, now), handle)
    sign_in = open_sign_in(session, viewer, now, device)
    session.commit()
    return sign_in


def add_account(
    session: Session, name: str, role: Role, password_hash: str, now: datetime, guest: Viewer | None = None
) -> Viewer:
    """An account of this name, of a guest where there is one. Raises Invalid for a taken name. Does not commit."""
    learner_id, handle = (guest.learner_id, guest.handle) if guest else (None, str(uuid.uuid4()))
    try:
        if learner_id is None:
            learner_id = store.add_learner(session, handle, now)
        account_id = store.add_account(
            session,
            learner_id=learner_id,
            name=name,
            name_key=name_key(name),
            role=role.value,
            password_hash=password_hash,
            now=now,
        )
    except IntegrityError as error:
        session.rollback()
        raise Invalid(
            say("That name is taken."), {"name": say("Somebody has this name already. Choose another.")}
        ) from error
    return Viewer(learner_id, handle, account_id, name, role)


def add_user(session: Session, name: str, role: Role, password: str, now: datetime) -> Viewer:
    """Make an account, as an administrator at the command line does.

    Raises Invalid for a bad or taken name or a weak password.
    """
    cleaned = clean_name(name)
    check_password(password, cleaned)
    viewer = add_account(session, cleaned, role, hash_password(password), now)
    session.commit()
    return viewer


def sign_up(
    session: Session, name: str, password: str, guest: Viewer | None, address: str, now: datetime, device: str = ""
) -> NewSignIn:
    """Make a student's account and sign in; a guest's progress becomes the account's.

    Raises Invalid for a bad or taken name or a weak password, TooManyAttempts for many new accounts from one address.
    """
    cleaned = clean_name(name)
    check_password(password, cleaned)
    kept = hash_password(password)  # before the transaction: it takes long
    guessing.count_sign_up(session, address, now)
    viewer = add_account(session, cleaned, Role.STUDENT, kept, now, None if guest and guest.signed_in else guest)
    if guest is not None:
        store.remove_guest_sign_ins(session, guest.learner_id)
    sign_in = open_sign_in(session, viewer, now, device)
    session.commit()
    return sign_in


def _refuse_sign_in() -> Invalid:
    message = say("Name and password do not fit together. Check both and try again.")
    return Invalid(message, {"password": message})


def sign_in(session: Session, name: str, password: str, address: str, now: datetime, device: str = "") -> NewSignIn:
    """Sign in. Raises Invalid where name and password do not fit, TooManyAttempts after many failures.

    Raises ChooseOwnPassword where the password is a start password, AskForCode where there is a second factor.
    """
    key = name_key(name)
    guessing.count_sign_in(session, key, address, now)
    account = store.find_account_by_name(session, key)
    session.commit()  # the count of attempts holds even if the process dies now; and hashing wants no open transaction
    if account is not None and check_start_password(session, account.id, password, now):
        guessing.forgive_sign_in(session, key, address, now)
        session.commit()
        raise ChooseOwnPassword(say("Now choose a password of your own."))
    session.commit()
    kept = None if account is None or account.password_hash == NOTHING_FITS else account.password_hash
    fits = verify_password(kept, password)
    if account is None or not fits:
        raise _refuse_sign_in()
    guessing.forgive_sign_in(session, key, address, now)
    guessing.forget_old(session, now)
    store.remove_expired_sign_ins(session, now)
    ask_for_code(session, account.id, now)
    opened = open_for_account(session, account, now, device)
    session.commit()
    return opened


def use_start_password(
    session: Session, name: str, start: str, new: str, address: str, now: datetime, device: str = ""
) -> NewSignIn:
    """Use a start password up: the account has the new password from now on, and this browser is signed in.

    Raises Invalid (fields ``password``: the start password does not fit or was used; ``new``: the new one is weak),
    TooManyAttempts, AskForCode.
    """
    key = name_key(name)
    check_password(new, clean_name(name), field="new")
    guessing.count_sign_in(session, key, address, now)
    account = store.find_account_by_name(session, key)
    code_hash = None if account is None else check_start_password(session, account.id, start, now)
    session.commit()
    if account is None or code_hash is None:
        raise _refuse_sign_in()
    if check_start_password(session, account.id, new, now):
        raise Invalid(say("The password cannot be used."), {"new": say("This is the start password. Choose another.")})
    kept = hash_password(new)
    if not store.take_start_password(session, account.id, code_hash):
        raise _refuse_sign_in()
    guessing.forgive_sign_in(session, key, address, now)
    store.replace_password(session, account.id, kept, now)
    ask_for_code(session, account.id, now)
    opened = open_for_account(session, account, now, device)
    session.commit()
    return opened


def sign_out(session: Session, token: str) -> None:
    """End a sign-in. Doing it again changes nothing."""
    store.remove_sign_in(session, digest_of(token))
    session.commit()


def change_password(
    session: Session, viewer: Viewer, current: str, new: str, address: str, now: datetime, device: str = ""
) -> NewSignIn:
    """Set a new password, end every sign-in and access token of the account, and sign this browser in anew.

    Raises Invalid (fields ``current``, ``new``), TooManyAttempts after many wrong guesses of the current one.
    """
    account = _load_account(session, viewer)
    check_password(new, account.name, field="new")
    guessing.count_sign_in(session, name_key(account.name), address, now)
    session.commit()
    if not verify_password(account.password_hash, current):
        raise Invalid(say("The password was not changed."), {"current": say("This is not your current password.")})
    kept = hash_password(new)
    guessing.forgive_sign_in(session, name_key(account.name), address, now)
    store.replace_password(session, account.id, kept, now)
    store.remove_sign_ins(session, account.id)
    store.remove_tokens(session, account.id)
    opened = open_for_account(session, account, now, device)
    session.commit()
    return opened


def _load_account(session: Session, viewer: Viewer) -> store.AccountRecord:
    account = None if viewer.account_id is None else store.find_account(session, viewer.account_id)
    if account is None:
        raise Forbidden(say("Only the holder of an account can do this. Sign in first."))
    return account


def view_account(session: Session, viewer: Viewer) -> AccountPage:
    """The account's page. Raises Forbidden for a guest."""
    account = _load_account(session, viewer)
    tokens = tuple(store.list_tokens(session, account.id))
    return AccountPage(account.name, Role(account.role), account.created_at, tokens)


def create_token(session: Session, viewer: Viewer, label: str, now: datetime) -> str:
    """Make a personal access token for the API; gives the secret, which is shown once.

    Raises Invalid for a missing or long label, Forbidden for a guest.
    """
    account = _load_account(session, viewer)
    cleaned = " ".join(label.split())
    if not 0 < len(cleaned) <= LONGEST_LABEL or not cleaned.isprintable():
        raise Invalid(
            say("The token needs a name."),
            {"label": say("Say what it is for, in 1 to %(count)s characters.", count=LONGEST_LABEL)},
        )
    token = f"quizapp_{new_secret()}"
    store.add_token(session, token_hash=digest_of(token), account_id=account.id, label=cleaned, now=now)
    session.commit()
    return token


def create_token_for(session: Session, name: str, label: str, now: datetime) -> str:
    """Make an access token for the account of this name, as the command line does. Raises NotFound."""
    account = store.find_account_by_name(session, name_key(name))
    if account is None:
        raise NotFound(say("There is no account named “%(name)s”.", name=name))
    return create_token(session, _viewer_of(account), label, now)


def revoke_token(session: Session, viewer: Viewer, token_id: int) -> None:
    """End an access token at once. Raises NotFound where it is not this account's."""
    account = _load_account(session, viewer)
    if not store.remove_token(session, account.id, token_id):
        raise NotFound(say("There is no such token."))
    session.commit()


def set_password(session: Session, name: str, password: str, now: datetime) -> None:
    """Give an account a new password, as an administrator at the command line does, and end all its sign-ins.

    Raises NotFound for an unknown name, Invalid for a weak password.
    """
    account = store.find_account_by_name(session, name_key(name))
    if account is None:
        raise NotFound(say("There is no account named “%(name)s”.", name=name))
    check_password(password, account.name)
    store.replace_password(session, account.id, hash_password(password), now)
    store.remove_sign_ins(session, account.id)
    store.remove_tokens(session, account.id)
    session.commit()


def count_guest_answers(session: Session, viewer: Viewer | None) -> int:
    """How many answers a guest would keep by signing up."""
    return 0 if viewer is None or viewer.signed_in else store.count_answers(session, viewer.learner_id)

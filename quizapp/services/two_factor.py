"""The second factor of teachers and administrators: codes of an app (RFC 6238), and recovery codes.

The key is kept encrypted under the installation's secret key: who gets hold of the database alone can make no codes.
Where that secret is changed, keys cannot be read any more; then recovery codes still work, and an administrator can
take the second factor off. Every function owns one transaction.
"""

import base64
import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pyotp
from sqlmodel import Session

from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.messages import say
from quizapp.core.names import name_key
from quizapp.later import load_later
from quizapp.services import accounts, guessing
from quizapp.services.accounts import NewSignIn, Role, Viewer
from quizapp.services.accounts_codes import digest_of
from quizapp.services.passwords import verify_password
from quizapp.services.privacy.proving import prove, require_somebody
from quizapp.store import accounts as account_store
from quizapp.store import two_factor as store

if TYPE_CHECKING:
    from cryptography import fernet
else:
    fernet = load_later("cryptography.fernet")

log = logging.getLogger("quizapp")

STEP = 30
RECOVERY_CODES = 10
_SIGNS = "0123456789"  # a telephone shows digits alone for this field
_RECOVERY_LENGTH = 36  # 119 bits: from 112 on a fast hash is enough (OWASP ASVS 5.0, 6.5.2)
SETUP_LASTS = timedelta(minutes=10)
"""Time after the password was given within which the key is shown and can be confirmed."""
_GRACE = (0, -1, 1)
"""The periods of 30 seconds whose codes are taken: clocks differ, and typing takes time (RFC 6238, section 5.2)."""


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """What the holder of an account sees: whether codes are asked for, and how many recovery codes are left."""

    begun: bool
    on: bool
    recovery_codes: int


@dataclass(frozen=True, slots=True)
class Setup:
    """A key still to be confirmed: to be typed, and as the address that apps read from a picture."""

    key: str
    uri: str


@dataclass(frozen=True, slots=True)
class TurnedOn:
    """The recovery codes, shown once, and the new sign-in of this browser: all others are ended."""

    codes: tuple[str, ...]
    opened: NewSignIn


def _cipher(secret: bytes) -> "fernet.Fernet":
    return fernet.Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second factor\0" + secret).digest()))


def _clean(code: str) -> str:
    """A code without the spaces and hyphens that make it readable."""
    return "".join(sign for sign in code.lower() if sign.isalnum())[:100]


def _load_staff(session: Session, viewer: Viewer | None) -> account_store.AccountRecord:
    account = None
    if viewer is not None and viewer.account_id is not None and viewer.role in (Role.TEACHER, Role.ADMIN):
        account = account_store.find_account(session, viewer.account_id)
    if account is None:
        raise NotFound(say("Codes at the sign-in are for teachers and administrators."))
    return account


def _decrypt(record: store.FactorRecord, secret: bytes) -> str | None:
    try:
        return _cipher(secret).decrypt(record.secret.encode()).decode()
    except fernet.InvalidToken:
        log.warning("a second factor cannot be read: the secret key of the installation is another one")
        return None


def _fits_app(session: Session, account_id: int, code: str, secret: bytes, now: datetime) -> bool:
    record = store.find_factor(session, account_id)
    key = None if record is None else _decrypt(record, secret)
    if key is None:
        return False
    step = int(now.timestamp()) // STEP
    shown = pyotp.TOTP(key)
    fitting = [step + away for away in _GRACE if hmac.compare_digest(shown.generate_otp(step + away), code)]
    return bool(fitting) and store.take_step(session, account_id, fitting[0])


def _take_code(session: Session, account_id: int, typed: str, secret: bytes, now: datetime) -> None:
    """Use a code of the app or a recovery code up. Raises Invalid (field ``otp``), TooManyAttempts. Does not commit."""
    guessing.count_code(session, account_id, now)
    session.commit()  # the count holds even if the process dies now
    code = _clean(typed)
    fits = code.isascii() and (
        _fits_app(session, account_id, code, secret, now)
        or store.take_recovery_code(session, account_id, digest_of(code))
    )
    if not fits:
        message = say("This code does not fit, or was used already. Wait for the next one, and check the clock.")
        raise Invalid(message, {"otp": message})
    guessing.forgive_code(session, account_id)


def _is_open(record: store.FactorRecord | None, now: datetime) -> bool:
    """Whether a key was begun a moment ago, and waits for its first code."""
    return record is not None and record.confirmed_at is None and now - record.begun_at < SETUP_LASTS


def _open_alone(session: Session, account: account_store.AccountRecord, now: datetime, device: str) -> NewSignIn:
    """End all sign-ins of an account, and sign this browser in anew. Does not commit."""
    account_store.remove_sign_ins(session, account.id)
    return accounts.open_for_account(session, account, now, device)


def view_factor(session: Session, viewer: Viewer | None, now: datetime) -> SecondFactor:
    """How it stands with the viewer's second factor. Raises NotFound for students and visitors."""
    account = _load_staff(session, viewer)
    record = store.find_factor(session, account.id)
    on = record is not None and record.confirmed_at is not None
    return SecondFactor(_is_open(record, now), on, store.count_recovery_codes(session, account.id))


def begin(session: Session, viewer: Viewer | None, password: str, address: str, secret: bytes, now: datetime) -> None:
    """Make a key, to be confirmed by a code within ten minutes. An older one that was never confirmed is forgotten.

    Wants the password: a browser left open must not be enough to lock its owner out. Raises NotFound for students,
    Conflict where codes are asked for already, Invalid (field ``password``), TooManyAttempts.
    """
    account, holder = _load_staff(session, viewer), require_somebody(viewer)
    if store.is_on(session, account.id):
        raise Conflict(say("Codes are asked for already. Turn them off first, to use another telephone."))
    prove(session, holder, password, address, now)
    store.remove_factor(session, account.id)
    kept = _cipher(secret).encrypt(pyotp.random_base32().encode()).decode()
    store.add_factor(session, account.id, kept, now)
    session.commit()


def view_setup(session: Session, viewer: Viewer | None, secret: bytes, now: datetime) -> Setup:
    """The key that is to be confirmed.

    Raises NotFound where there is none: once it is confirmed, or older than ten minutes, it is never shown again.
    """
    account = _load_staff(session, viewer)
    record = store.find_factor(session, account.id)
    key = _decrypt(record, secret) if record is not None and _is_open(record, now) else None
    if key is None:
        raise NotFound(say("There is no key to confirm. Begin again."))
    return Setup(key, pyotp.TOTP(key).provisioning_uri(name=account.name, issuer_name="Quizapp"))


def confirm(
    session: Session, viewer: Viewer | None, typed: str, secret: bytes, now: datetime, device: str = ""
) -> TurnedOn:
    """Ask for codes from now on, and end all sign-ins of the account save this browser's.

    Raises NotFound where nothing is to be confirmed, Invalid (field ``otp``), TooManyAttempts.
    """
    account = _load_staff(session, viewer)
    view_setup(session, viewer, secret, now)
    _take_code(session, account.id, typed, secret, now)
    codes = tuple("".join(secrets.choice(_SIGNS) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    store.confirm_factor(session, account.id, now, [digest_of(code) for code in codes])
    opened = _open_alone(session, account, now, device)
    session.commit()
    shown = ("-".join(code[at : at + 4] for at in range(0, _RECOVERY_LENGTH, 4)) for code in codes)
    return TurnedOn(tuple(shown), opened)


def turn_off(
    session: Session,
    viewer: Viewer | None,
    password: str,
    typed: str,
    address: str,
    secret: bytes,
    now: datetime,
    device: str = "",
) -> NewSignIn:
    """Ask for codes no more, and end all sign-ins of the account save this browser's. Wants the password and a code.

    Raises NotFound where it is off, Invalid (fields ``current``, ``otp``), TooManyAttempts.
    """
    account = _load_staff(session, viewer)
    if not store.is_on(session, account.id):
        raise NotFound(say("No codes are asked for."))
    key = name_key(account.name)
    guessing.count_sign_in(session, key, address, now)
    session.commit()
    if not verify_password(account.password_hash, password):
        raise Invalid(say("Nothing was changed."), {"current": say("This is not your current password.")})
    guessing.forgive_sign_in(session, key, address, now)
    _take_code(session, account.id, typed, secret, now)
    store.remove_factor(session, account.id)
    opened = _open_alone(session, account, now, device)
    session.commit()
    return opened


def finish_sign_in(
    session: Session, token: str, typed: str, secret: bytes, now: datetime, device: str = ""
) -> NewSignIn:
    """Sign in whose password fitted less than five minutes ago, with a code of the app or a recovery code.

    Raises NotFound where that is too long ago, Invalid (field ``otp``), TooManyAttempts.
    """
    account_id = store.find_pending(session, digest_of(token), now)
    if account_id is None:
        raise NotFound(say("That took too long. Sign in again with your password."))
    _take_code(session, account_id, typed, secret, now)
    account = account_store.find_account(session, account_id)
    if account is None or not store.take_pending(session, digest_of(token)):
        raise NotFound(say("That took too long. Sign in again with your password."))
    opened = accounts.open_for_account(session, account, now, device)
    session.commit()
    return opened


def reset(session: Session, name: str) -> bool:
    """Take the second factor off an account, as an administrator at the command line does; says whether there was one.

    Raises NotFound for an unknown name.
    """
    account = account_store.find_account_by_name(session, name_key(name))
    if account is None:
        raise NotFound(say("There is no account named “%(name)s”.", name=name))
    had_one = store.remove_factor(session, account.id)
    account_store.remove_sign_ins(session, account.id)
    session.commit()
    log.warning("the second factor of account %s was taken off at the command line", account.id)
    return had_one

"""Making sure that it is really the person, before everything about them is handed out or deleted."""

from datetime import datetime

from sqlmodel import Session

from quizapp.core.errors import Forbidden, Invalid, NotFound
from quizapp.core.messages import say
from quizapp.core.names import name_key
from quizapp.services import guessing
from quizapp.services.accounts import Role, Viewer
from quizapp.services.classes_start import NOTHING_FITS
from quizapp.services.passwords import verify_password
from quizapp.store import accounts as account_store


def require_somebody(viewer: Viewer | None) -> Viewer:
    """Whoever looks, guests too. Raises Forbidden for a visitor, of whom nothing is kept."""
    if viewer is None:
        raise Forbidden(say("Nothing is kept of you: you have not studied here, or you are not signed in."))
    return viewer


def require_admin(viewer: Viewer | None) -> Viewer:
    """Whoever looks, if they are an administrator. Raises NotFound: what there is for them is not there for others."""
    if viewer is None or viewer.role is not Role.ADMIN:
        raise NotFound(say("There is nothing at this address, or it is not yours to see."))
    return viewer


def asks_password(session: Session, viewer: Viewer) -> bool:
    """Whether a password proves who it is; guests and those who sign in by way of the school have none."""
    account = None if viewer.account_id is None else account_store.find_account(session, viewer.account_id)
    return account is not None and account.password_hash != NOTHING_FITS


def prove(session: Session, viewer: Viewer, password: str, address: str, now: datetime) -> None:
    """Check the password of whoever looks; a guest's browser is all the proof there is.

    Who has an account without a password types the account's name. Commits the count of tries. Raises Invalid (field
    ``password``), TooManyAttempts after many wrong ones.
    """
    account = None if viewer.account_id is None else account_store.find_account(session, viewer.account_id)
    if account is None:
        return
    key = name_key(account.name)
    guessing.count_sign_in(session, key, address, now)
    session.commit()
    if account.password_hash == NOTHING_FITS:
        fits, complaint = name_key(password) == key, say("This is not the name of your account.")
    else:
        fits, complaint = verify_password(account.password_hash, password), say("This is not your password.")
    if not fits:
        raise Invalid(say("Nothing was done."), {"password": complaint})
    guessing.forgive_sign_in(session, key, address, now)
    session.commit()

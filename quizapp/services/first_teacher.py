"""The first teacher of an installation: whoever opens the link that is printed when the server starts for nobody yet.

The link's secret leaves here once and is kept as a hash. Every function owns one transaction.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from quizapp.core.errors import Conflict, NotFound
from quizapp.core.messages import say
from quizapp.core.names import clean_name
from quizapp.services.accounts import NewSignIn, Role, add_account, new_secret, open_sign_in
from quizapp.services.accounts_codes import digest_of
from quizapp.services.passwords import check_password, hash_password
from quizapp.store import accounts as store

SETUP_LINK_LASTS = timedelta(hours=24)


def offer_first_teacher(session: Session, now: datetime) -> str | None:
    """The secret of a new one-time link that makes the first teacher; None where there is a teacher already."""
    if store.has_staff(session):
        return None
    token = new_secret()
    store.replace_setup_link(session, digest_of(token), now, now + SETUP_LINK_LASTS)
    session.commit()
    return token


def check_setup_link(session: Session, token: str, now: datetime) -> None:
    """Raise NotFound unless this link can still make the first teacher."""
    if store.has_staff(session):
        raise NotFound(say("There is a teacher already, so this link makes none any more. Sign in instead."))
    if not store.has_setup_link(session, digest_of(token), now):
        raise NotFound(
            say("This link is not the newest, or older than a day. Start the server again to get a new one.")
        )


def make_first_teacher(
    session: Session, token: str, name: str, password: str, now: datetime, device: str = ""
) -> NewSignIn:
    """Use the one-time link up: make the first teacher and sign in.

    Raises NotFound for a used or old link, Invalid for a bad name or password (the link stays good then).
    """
    cleaned = clean_name(name)
    check_password(password, cleaned)
    kept = hash_password(password)
    check_setup_link(session, token, now)
    if not store.take_setup_link(session, digest_of(token), now):
        raise Conflict(say("This link was used a moment ago."))
    viewer = add_account(session, cleaned, Role.TEACHER, kept, now)
    opened = open_sign_in(session, viewer, now, device)
    session.commit()
    return opened

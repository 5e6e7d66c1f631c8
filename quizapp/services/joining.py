"""Getting into a class: by a link that lets in at once, or by a short code to which a teacher says yes.

The link's code has 67 bits, the short one 40, and that one only puts a name on the teacher's list. Both run out, can be
closed, and are made from the installation's secret, so that they can be shown again and are not in the database.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from quizapp.core.errors import Forbidden, Invalid, NotFound
from quizapp.core.messages import say
from quizapp.core.rosters.cells import clean_cell
from quizapp.core.rosters.codes import LINK_SIGNS, SPOKEN_SIGNS, hash_code, make_code, read_code
from quizapp.services import guessing
from quizapp.services.accounts import Role, Viewer
from quizapp.services.classes import TaughtClass, load_open_class, load_taught_class
from quizapp.store import classes as class_store
from quizapp.store import classes_joining as store

LASTS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
"""How long an invite may hold."""
LONGEST_GIVEN_NAME = 60
_SIGNS = {"link": LINK_SIGNS, "code": SPOKEN_SIGNS}


@dataclass(frozen=True, slots=True)
class Invite:
    """An open way into a class, for its teachers to hand out."""

    kind: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits for a teacher's yes."""

    handle: str
    name: str
    has_account: bool
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody with a good code sees of the class. ``standing``: ``member``, ``waiting``, or blank."""

    class_handle: str
    class_name: str
    teachers: tuple[str, ...]
    kind: str
    pseudonymous: bool
    standing: str


def _make_code(secret: bytes, kind: str, nonce: str) -> str:
    return make_code(secret, f"join-{kind}", nonce, _SIGNS[kind])


def open_invite(
    session: Session, viewer: Viewer | None, handle: str, kind: str, lasts: str, secret: bytes, now: datetime
) -> None:
    """Open a new link (``kind`` link) or short code (``code``) for a time of ``LASTS``; the older one is closed.

    Raises Invalid for another kind or time, else as ``load_open_class``.
    """
    taught = load_open_class(session, viewer, handle)
    if kind not in _SIGNS or lasts not in LASTS:
        raise Invalid(say("Choose for how long it holds."), {"lasts": say("Choose one of the times.")})
    nonce = str(uuid.uuid4())
    code_hash = hash_code(_make_code(secret, kind, nonce))
    expires_at = now + LASTS[lasts]
    store.replace_invite(session, taught.id, kind, nonce=nonce, code_hash=code_hash, now=now, expires_at=expires_at)
    session.commit()


def close_invite(session: Session, viewer: Viewer | None, handle: str, kind: str) -> None:
    """Close the link or the short code at once. Doing it again changes nothing."""
    store.remove_invite(session, load_taught_class(session, viewer, handle).id, kind)
    session.commit()


def list_invites(session: Session, taught: TaughtClass, secret: bytes, now: datetime) -> dict[str, Invite]:
    """The open invites of a class, by kind. One made under another secret cannot be shown, and is left out."""
    found = {}
    for record in store.list_invites(session, taught.id, now):
        code = _make_code(secret, record.kind, record.nonce)
        if hash_code(code) == record.code_hash:
            found[record.kind] = Invite(record.kind, code, record.expires_at)
    return found


def list_waiting(session: Session, taught: TaughtClass) -> list[Waiting]:
    """Who waits to be let in, the longest first; nobody's name where names are not to be seen."""
    return [
        Waiting(
            record.handle,
            (record.account_name or record.name) if taught.sees_names else "",
            record.account_name is not None,
            record.asked_at,
        )
        for record in store.list_requests(session, taught.id)
    ]


def settle_request(
    session: Session, viewer: Viewer | None, handle: str, learner_handle: str, *, let_in: bool, now: datetime
) -> None:
    """Let somebody in who waits, or not. Raises NotFound for who does not wait (any more)."""
    taught = load_open_class(session, viewer, handle)
    waiting = store.list_requests(session, taught.id)
    record = next((one for one in waiting if one.handle == learner_handle), None)
    if record is None:
        raise NotFound(say("Nobody of that name waits any more."))
    store.remove_request(session, taught.id, record.learner_id)
    if let_in:
        _put_in(session, taught.id, taught.handle, record.learner_id, record.handle, record.name, now)
    session.commit()


def _put_in(
    session: Session, class_id: int, class_handle: str, learner_id: int, handle: str, name: str, now: datetime
) -> None:
    class_store.add_member(session, class_id, learner_id, f"{class_handle}|{handle}", now, name=name)


def _find_invite(session: Session, code: str, address: str, now: datetime) -> store.InviteRecord:
    """The invite of a code. Raises NotFound, and TooManyAttempts after many codes that were none; commits the count."""
    guessing.count_join(session, address, now)
    found = store.find_invite(session, hash_code(read_code(code)), now)
    if found is not None:
        guessing.forgive_join(session, address)
    session.commit()
    if found is None:
        raise NotFound(say("This code opens no class: it is mistyped, or its time is over. Ask your teacher."))
    return found


def view_invitation(session: Session, viewer: Viewer | None, code: str, address: str, now: datetime) -> Invitation:
    """The class behind a code. Raises NotFound for a wrong or old code, TooManyAttempts after many."""
    invite = _find_invite(session, code, address, now)
    record = class_store.get_class(session, invite.class_id)
    standing = ""
    if viewer is not None and class_store.is_member(session, record.id, viewer.learner_id):
        standing = "member"
    elif invite.kind == "code" and viewer is not None and store.has_request(session, record.id, viewer.learner_id):
        standing = "waiting"
    teachers = tuple(teacher.name for teacher in class_store.list_teachers(session, record.id))
    return Invitation(record.handle, record.name, teachers, invite.kind, record.pseudonymous, standing)


def check_given_name(name: str) -> str:
    """The name that a guest goes by, as it is kept. Raises Invalid (field ``name``)."""
    cleaned = clean_cell(name)
    if not 0 < len(cleaned) <= LONGEST_GIVEN_NAME or not any(sign.isalnum() for sign in cleaned):
        raise Invalid(say("Your teacher needs a name."), {"name": say("Write your name, in 1 to 60 characters.")})
    return cleaned


def join(session: Session, viewer: Viewer, code: str, name: str, address: str, now: datetime) -> Invitation:
    """Come into a class, or onto its list of those who wait; again changes nothing. Gives the class as it now stands.

    A guest says a ``name``. Raises NotFound for a wrong or old code, Forbidden for teachers, Invalid for a guest
    without a name, TooManyAttempts after many wrong codes.
    """
    if viewer.role in (Role.TEACHER, Role.ADMIN):
        raise Forbidden(say("This is how students join. Teachers are added by a teacher of the class."))
    invite = _find_invite(session, code, address, now)
    record = class_store.get_class(session, invite.class_id)
    if not class_store.is_member(session, record.id, viewer.learner_id):
        given = "" if viewer.signed_in else check_given_name(name)
        if invite.kind == "code":
            store.add_request(session, record.id, viewer.learner_id, given, now)
        else:
            _put_in(session, record.id, record.handle, viewer.learner_id, viewer.handle, given, now)
            store.remove_request(session, record.id, viewer.learner_id)
        session.commit()
    return view_invitation(session, viewer, code, address, now)

"""Sign-in slips, and new passwords for students who have forgotten theirs.

A teacher never sees or sets a student's password: a reset ends the student's sign-ins and makes a start password, once,
to choose a new one. Every reset is written down. Only students of the class, and never teachers or administrators.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.errors import Forbidden, NotFound
from quizapp.core.messages import say
from quizapp.core.privacy.acts import Act, Way
from quizapp.core.rosters.codes import hash_code
from quizapp.services.accounts import Role, Viewer
from quizapp.services.classes import Member, TaughtClass, list_members, load_open_class
from quizapp.services.classes_start import NOTHING_FITS, START_LASTS, make_start_code
from quizapp.services.privacy.audit import write_down
from quizapp.store import accounts as account_store
from quizapp.store import classes as class_store
from quizapp.store import rosters as store
from quizapp.store.classes import MemberRecord
from quizapp.store.rosters import ResetRecord


@dataclass(frozen=True, slots=True)
class Slip:
    """What a student needs to sign in for the first time. ``code`` is blank where it is too old, or cannot be shown."""

    member: Member
    code: str
    expires_at: datetime


def _require_names(taught: TaughtClass) -> None:
    if not taught.sees_names:
        raise Forbidden(say("Only the teachers of this class see who is in it, so only they do this."))


def list_slips(session: Session, taught: TaughtClass, secret: bytes, now: datetime) -> list[Slip]:
    """The slips of those who have no password of their own yet, by name. Raises Forbidden without sight of names."""
    _require_names(taught)
    records = {record.learner_id: record for record in class_store.list_members(session, taught.id)}
    starts = store.list_start_passwords(session, taught.id)
    slips = []
    for member in list_members(session, taught):
        start = starts.get(records[member.learner_id].account_id or 0)
        if start is not None:
            code = make_start_code(secret, start.nonce)
            is_good = start.expires_at > now and hash_code(code) == start.code_hash
            slips.append(Slip(member, code if is_good else "", start.expires_at))
    return slips


def _find_pupil(session: Session, taught: TaughtClass, learner_handle: str) -> tuple[MemberRecord, int]:
    """The student and the id of the account. Raises NotFound, Forbidden."""
    records = class_store.list_members(session, taught.id, learner_handle=learner_handle)
    if not records or records[0].account_id is None:
        raise NotFound(say("There is no such student with an account in this class."))
    if records[0].account_role != Role.STUDENT.value:
        raise Forbidden(say("Only students’ passwords can be reset here."))
    return records[0], records[0].account_id


def _reset(
    session: Session,
    taught: TaughtClass,
    pupil: tuple[MemberRecord, int],
    viewer: Viewer | None,
    secret: bytes,
    now: datetime,
) -> None:
    record, account_id = pupil
    write_down(session, Act.RESET, Way.PAGE, viewer, now, class_id=taught.id, learner_id=record.learner_id)
    nonce = str(uuid.uuid4())
    account_store.replace_password(session, account_id, NOTHING_FITS, now)
    account_store.remove_sign_ins(session, account_id)
    account_store.remove_tokens(session, account_id)
    store.replace_start_password(
        session,
        account_id,
        nonce=nonce,
        code_hash=hash_code(make_start_code(secret, nonce)),
        now=now,
        expires_at=now + START_LASTS,
    )
    store.add_reset(
        session,
        account_id=account_id,
        class_id=taught.id,
        by_account_id=viewer.account_id if viewer else None,
        by_name=(viewer.name if viewer else None) or "",
        now=now,
    )


def reset_password(
    session: Session, viewer: Viewer | None, handle: str, learner_handle: str, secret: bytes, now: datetime
) -> None:
    """Give a student of the class a new start password; sign-ins and access tokens end at once.

    Raises as ``load_open_class``; NotFound for who is not in the class or has no account; Forbidden for accounts of
    teachers and administrators, and where names are not to be seen.
    """
    taught = load_open_class(session, viewer, handle)
    _require_names(taught)
    _reset(session, taught, _find_pupil(session, taught, learner_handle), viewer, secret, now)
    session.commit()


def renew_slips(session: Session, viewer: Viewer | None, handle: str, secret: bytes, now: datetime) -> int:
    """Make new start passwords in the place of those that are too old; gives their number. Raises as the reset does."""
    taught = load_open_class(session, viewer, handle)
    old = [slip.member.handle for slip in list_slips(session, taught, secret, now) if not slip.code]
    for learner_handle in old:
        _reset(session, taught, _find_pupil(session, taught, learner_handle), viewer, secret, now)
    session.commit()
    return len(old)


def list_resets(session: Session, taught: TaughtClass, learner_handle: str) -> list[ResetRecord]:
    """Who gave the student new start passwords and when, the newest first; nothing for who has no account."""
    records = class_store.list_members(session, taught.id, learner_handle=learner_handle)
    account_id = records[0].account_id if records else None
    return [] if account_id is None else store.list_resets(session, account_id)

"""A class's name, pseudonyms, teachers, groups, details of its students, and its archive."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.core.messages import say
from quizapp.core.rosters.cells import clean_cell
from quizapp.core.rosters.model import Pupil
from quizapp.core.rosters.pupils import find_complaint
from quizapp.services.accounts import Viewer
from quizapp.services.classes import (
    TaughtClass,
    clean_class_name,
    find_teacher_account,
    list_members,
    load_member,
    load_open_class,
    load_taught_class,
)
from quizapp.store import classes as store
from quizapp.store import classes_joining as joining_store
from quizapp.store import rosters as roster_store

MOST_GROUPS = 200
_EDITED = ("first_name", "last_name", "email", "external_id")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a class; ``members`` are the handles of its students."""

    handle: str
    name: str
    members: frozenset[str]


def _load_teaching(session: Session, viewer: Viewer | None, handle: str) -> TaughtClass:
    """The class for who may change who sees names: its teachers, and administrators unless it is pseudonymous."""
    taught = load_open_class(session, viewer, handle)
    if not taught.sees_names:
        raise Forbidden(say("Only the teachers of this class see who is in it, so only they do this."))
    return taught


def change_class(session: Session, viewer: Viewer | None, handle: str, name: str, *, pseudonymous: bool) -> None:
    """Give a class another name, and say whether its students go by pseudonyms.

    Raises Invalid (field ``name``); Forbidden where an administrator would lift the pseudonyms of others' students.
    """
    taught = load_open_class(session, viewer, handle)
    if taught.pseudonymous and not pseudonymous:
        _load_teaching(session, viewer, handle)
    store.change_class(session, taught.id, name=clean_class_name(name), pseudonymous=pseudonymous)
    session.commit()


def add_teacher(session: Session, viewer: Viewer | None, handle: str, name: str, now: datetime) -> str:
    """Let another teacher teach the class too, by the name of the account; gives that name.

    Raises Invalid (field ``name``) where no teacher has it; Forbidden for an administrator before a pseudonymous class.
    """
    taught = _load_teaching(session, viewer, handle)
    account_id, account_name = find_teacher_account(session, name)
    store.add_teacher(session, taught.id, account_id, now)
    session.commit()
    return account_name


def remove_teacher(session: Session, viewer: Viewer | None, handle: str, teacher_handle: str) -> None:
    """Take the class from a teacher, perhaps oneself. Raises Conflict for the last one, NotFound for who is none."""
    taught = load_open_class(session, viewer, handle)
    teachers = store.list_teachers(session, taught.id)
    found = next((teacher for teacher in teachers if teacher.handle == teacher_handle), None)
    if found is None:
        raise NotFound(say("There is no such teacher in this class."))
    if len(teachers) == 1:
        raise Conflict(say("A class needs a teacher. Add another one first, or archive the class."))
    store.remove_teacher(session, taught.id, found.account_id)
    session.commit()


def archive_class(session: Session, viewer: Viewer | None, handle: str, now: datetime) -> None:
    """Put a class away: nothing is lost, its ways in are closed, students see it no more. Again changes nothing."""
    taught = load_taught_class(session, viewer, handle)
    if taught.archived_at is None:
        store.set_archived(session, taught.id, now)
        joining_store.remove_invite(session, taught.id)
    session.commit()


def restore_class(session: Session, viewer: Viewer | None, handle: str) -> None:
    """Bring a class back from the archive. Again changes nothing."""
    store.set_archived(session, load_taught_class(session, viewer, handle).id, None)
    session.commit()


def list_groups(session: Session, taught: TaughtClass) -> list[Group]:
    """The groups of a class, by name."""
    handles = {member.learner_id: member.handle for member in list_members(session, taught)}
    return [
        Group(group.handle, group.name, frozenset(handles[one] for one in group.members if one in handles))
        for group in roster_store.list_groups(session, taught.id)
    ]


def add_group(session: Session, viewer: Viewer | None, handle: str, name: str) -> str:
    """Make a group; gives its handle. Raises Invalid (field ``name``) for a bad or taken name."""
    taught = load_open_class(session, viewer, handle)
    cleaned = clean_class_name(name)
    if len(roster_store.list_groups(session, taught.id)) >= MOST_GROUPS:
        raise Invalid(say("There are enough groups."), {"name": say("Remove a group before you make another.")})
    group_handle = str(uuid.uuid4())
    try:
        roster_store.add_group(session, taught.id, group_handle, cleaned)
        session.commit()
    except IntegrityError as error:
        session.rollback()
        message = say("The class has a group of this name.")
        raise Invalid(message, {"name": message}) from error
    return group_handle


def _find_group(session: Session, taught: TaughtClass, group_handle: str) -> int:
    for group in roster_store.list_groups(session, taught.id):
        if group.handle == group_handle:
            return group.id
    raise NotFound(say("There is no such group in this class."))


def remove_group(session: Session, viewer: Viewer | None, handle: str, group_handle: str) -> None:
    """Remove a group; its students stay in the class. Raises NotFound."""
    taught = load_open_class(session, viewer, handle)
    roster_store.remove_group(session, _find_group(session, taught, group_handle))
    session.commit()


def set_group_members(
    session: Session, viewer: Viewer | None, handle: str, group_handle: str, learner_handles: Collection[str]
) -> None:
    """Let a group have these students of the class and no others; who is not in the class is passed over."""
    taught = load_open_class(session, viewer, handle)
    group_id = _find_group(session, taught, group_handle)
    chosen = set(learner_handles)
    members = [member.learner_id for member in list_members(session, taught) if member.handle in chosen]
    roster_store.set_group_members(session, group_id, members)
    session.commit()


def _check_details(details: dict[str, str]) -> None:
    """Hold each detail to the rules for a line of a list. Raises Invalid with the field at fault."""
    alone = {
        "first_name": Pupil(0, first_name=details["first_name"] or "x"),
        "last_name": Pupil(0, first_name="x", last_name=details["last_name"]),
        "email": Pupil(0, first_name="x", email=details["email"]),
        "external_id": Pupil(0, first_name="x", external_id=details["external_id"]),
    }
    for name, pupil in alone.items():
        complaint = find_complaint(pupil)
        if complaint:
            raise Invalid(complaint.reason, {name: complaint.reason})


def change_member(
    session: Session, viewer: Viewer | None, handle: str, learner_handle: str, details: dict[str, str]
) -> None:
    """Put right what is known of a student: ``first_name``, ``last_name``, ``email``, ``external_id``.

    Each may be blank. Raises Invalid with the field at fault, NotFound, Forbidden where names are not to be seen.
    """
    taught = _load_teaching(session, viewer, handle)
    member = load_member(session, taught, learner_handle)
    cells = {name: clean_cell(details.get(name, "")) for name in _EDITED}
    _check_details(cells)
    try:
        roster_store.change_member(
            session,
            taught.id,
            member.learner_id,
            **cells,
        )
        session.commit()
    except IntegrityError as error:
        session.rollback()
        message = say("Another student of the class has this number.")
        raise Invalid(message, {"external_id": message}) from error

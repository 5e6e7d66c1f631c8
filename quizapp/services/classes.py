"""Classes: who teaches one, who is in it, and who may see what of it.

One function loads and authorises: ``load_taught_class`` for the teachers of a class (and administrators),
``load_own_class`` for its students. Whatever else a use case does with a class begins with one of the two.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.core.messages import say
from quizapp.core.names import name_key
from quizapp.core.rosters.cells import clean_cell
from quizapp.services.accounts import Role, Viewer
from quizapp.store import accounts as account_store
from quizapp.store import classes as store
from quizapp.store.classes import ClassRecord, MemberRecord, TeacherRecord

LONGEST_CLASS_NAME = 80


@dataclass(frozen=True, slots=True)
class TaughtClass:
    """A class as one of its teachers, or an administrator, has it before them.

    ``sees_names`` is false where the class is pseudonymous and the viewer does not teach it.
    """

    id: int
    handle: str
    name: str
    created_at: datetime
    archived_at: datetime | None
    pseudonymous: bool
    sees_names: bool


@dataclass(frozen=True, slots=True)
class TaughtLine:
    """A class in a teacher's list."""

    handle: str
    name: str
    members: int
    archived: bool
    id: int


@dataclass(frozen=True, slots=True)
class OwnClass:
    """A class as one of its students sees it: nothing of the other students."""

    id: int
    handle: str
    name: str
    teachers: tuple[str, ...]
    groups: tuple[str, ...]
    joined_at: datetime
    pseudonym: str
    pseudonymous: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A student of a class, as far as whoever asked may know: without names only handle, pseudonym and groups.

    ``name`` is what to show: the name in the school's list, else the account's, else the pseudonym.
    ``sign_in_name`` is None for a guest, and where names are not to be seen.
    """

    learner_id: int
    handle: str
    name: str
    pseudonym: str
    sign_in_name: str | None
    external_id: str
    first_name: str
    last_name: str
    email: str
    groups: tuple[str, ...]
    joined_at: datetime
    left_at: datetime | None
    has_account: bool


def _is_staff(viewer: Viewer) -> bool:
    return viewer.role in (Role.TEACHER, Role.ADMIN)


def require_person(viewer: Viewer | None) -> Viewer:
    """Whoever looks, if they are signed in. Raises Forbidden for a visitor or a guest."""
    if viewer is None or not viewer.signed_in:
        raise Forbidden(say("Only the holder of an account can do this. Sign in first."))
    return viewer


def _make_taught(record: ClassRecord, *, teaches: bool) -> TaughtClass:
    return TaughtClass(
        record.id,
        record.handle,
        record.name,
        record.created_at,
        record.archived_at,
        record.pseudonymous,
        teaches or not record.pseudonymous,
    )


def load_taught_class(session: Session, viewer: Viewer | None, handle: str) -> TaughtClass:
    """The class, for its teachers and for administrators. Raises Forbidden for who is not signed in, else NotFound."""
    person = require_person(viewer)
    record = store.find_class(session, handle)
    teaches = record is not None and store.is_teacher(session, record.id, person.account_id or 0)
    if record is None or not _is_staff(person) or not (teaches or person.role is Role.ADMIN):
        raise NotFound(say("There is no such class, or it is not yours."))
    return _make_taught(record, teaches=teaches)


def load_open_class(session: Session, viewer: Viewer | None, handle: str) -> TaughtClass:
    """Like ``load_taught_class``, for a change: raises Conflict where the class is archived."""
    taught = load_taught_class(session, viewer, handle)
    if taught.archived_at is not None:
        raise Conflict(say("This class is archived. Bring it back first; then it can be changed."))
    return taught


def find_class(session: Session, handle: str) -> TaughtClass:
    """The class, for the command line, which asks nobody's leave; pseudonyms stay. Raises NotFound."""
    record = store.find_class(session, handle)
    if record is None:
        raise NotFound(say("There is no class “%(handle)s”.", handle=handle))
    return _make_taught(record, teaches=False)


def load_own_class(session: Session, viewer: Viewer | None, handle: str) -> OwnClass:
    """The class, for one of its students (guests too). Raises NotFound; an archived class is not shown to them."""
    if viewer is not None:
        for own in list_classes_of(session, viewer.learner_id):
            if own.handle == handle:
                return own
    raise NotFound(say("There is no such class, or it is not yours."))


def clean_class_name(name: str) -> str:
    """The name of a class as it is kept. Raises Invalid (field ``name``)."""
    cleaned = clean_cell(name)
    if not 0 < len(cleaned) <= LONGEST_CLASS_NAME or not any(sign.isalnum() for sign in cleaned):
        raise Invalid(
            say("The class needs a name."),
            {"name": say("Give the class a name of 1 to %(count)s characters.", count=LONGEST_CLASS_NAME)},
        )
    return cleaned


def create_class(session: Session, viewer: Viewer | None, name: str, now: datetime) -> TaughtClass:
    """Make a class that the viewer teaches. Raises Forbidden for who is no teacher, Invalid for a bad name."""
    person = require_person(viewer)
    if not _is_staff(person) or person.account_id is None:
        raise Forbidden(say("Only teachers make classes."))
    record = store.add_class(session, handle=str(uuid.uuid4()), name=clean_class_name(name), now=now)
    store.add_teacher(session, record.id, person.account_id, now)
    session.commit()
    return _make_taught(record, teaches=True)


def list_taught_classes(session: Session, viewer: Viewer | None) -> list[TaughtLine]:
    """The classes that the viewer teaches, archived ones last; for an administrator all there are."""
    if viewer is None or not _is_staff(viewer):
        return []
    records = store.list_classes_by_teacher(session, None if viewer.role is Role.ADMIN else viewer.account_id)
    counts = store.count_members(session, [record.id for record in records])
    lines = [
        TaughtLine(record.handle, record.name, counts.get(record.id, 0), record.archived_at is not None, record.id)
        for record in records
    ]
    return sorted(lines, key=lambda line: (line.archived, name_key(line.name)))


def list_classes_of(session: Session, learner_id: int) -> list[OwnClass]:
    """The classes in which a learner studies now, without archived ones."""
    found = store.list_memberships(session, learner_id)
    teachers = store.list_teachers_of(session, [membership.taken.id for membership in found])
    return [
        OwnClass(
            membership.taken.id,
            membership.taken.handle,
            membership.taken.name,
            tuple(teacher.name for teacher in teachers.get(membership.taken.id, [])),
            membership.groups,
            membership.joined_at,
            membership.pseudonym,
            membership.taken.pseudonymous,
        )
        for membership in found
    ]


def list_teachers(session: Session, taught: TaughtClass) -> list[TeacherRecord]:
    """The teachers of a class, in the order in which they came."""
    return store.list_teachers(session, taught.id)


def _show_member(record: MemberRecord, *, with_names: bool) -> Member:
    listed = f"{record.first_name} {record.last_name}".strip()
    name = (listed or record.account_name or record.pseudonym) if with_names else record.pseudonym
    return Member(
        learner_id=record.learner_id,
        handle=record.handle,
        name=name,
        pseudonym=record.pseudonym,
        sign_in_name=record.account_name if with_names else None,
        external_id=record.external_id if with_names else "",
        first_name=record.first_name if with_names else "",
        last_name=record.last_name if with_names else "",
        email=record.email if with_names else "",
        groups=record.groups,
        joined_at=record.joined_at,
        left_at=record.left_at,
        has_account=record.account_id is not None,
    )


def _in_order(member: Member) -> tuple[str, str, str]:
    return name_key(member.last_name or member.name), name_key(member.name), member.handle


def list_members(session: Session, taught: TaughtClass, *, with_left: bool = False) -> list[Member]:
    """The students of a class by name, with real names only where ``taught.sees_names``."""
    records = store.list_members(session, taught.id, with_left=with_left)
    return sorted((_show_member(record, with_names=taught.sees_names) for record in records), key=_in_order)


def load_member(session: Session, taught: TaughtClass, learner_handle: str) -> Member:
    """One student of a class. Raises NotFound for who is not in it now."""
    records = store.list_members(session, taught.id, learner_handle=learner_handle)
    if not records:
        raise NotFound(say("There is no such student in this class."))
    return _show_member(records[0], with_names=taught.sees_names)


def add_member(session: Session, taught: TaughtClass, learner_id: int, handle: str, now: datetime) -> bool:
    """Put a learner (id and handle) into a class loaded for its teacher; says whether that changed anything."""
    changed = store.add_member(session, taught.id, learner_id, f"{taught.handle}|{handle}", now)
    session.commit()
    return changed


def remove_member(session: Session, viewer: Viewer | None, handle: str, learner_handle: str, now: datetime) -> None:
    """Take a student out of a class. Raises NotFound, Forbidden, Conflict."""
    taught = load_open_class(session, viewer, handle)
    store.end_membership(session, taught.id, load_member(session, taught, learner_handle).learner_id, now)
    session.commit()


def leave(session: Session, viewer: Viewer | None, handle: str, now: datetime) -> None:
    """Let a student leave a class. Raises NotFound for who is not in it."""
    own = load_own_class(session, viewer, handle)
    store.end_membership(session, own.id, viewer.learner_id if viewer else 0, now)
    session.commit()


def find_teacher_account(session: Session, name: str) -> tuple[int, str]:
    """The account of a teacher by name. Raises Invalid (field ``name``): who is no teacher is as unknown as nobody."""
    account = account_store.find_account_by_name(session, name_key(name))
    if account is None or account.role not in (Role.TEACHER.value, Role.ADMIN.value):
        raise Invalid(
            say("There is no such teacher."),
            {"name": say("No teacher signs in with the name “%(name)s”. Check how it is written.", name=name.strip())},
        )
    return account.id, account.name

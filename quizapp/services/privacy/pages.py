"""What the pages about privacy show: to a person, to the teachers of a class, to administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from quizapp.core.privacy.choices import WARN, find_cut, find_end, settle_choices
from quizapp.services.accounts import Role, Viewer
from quizapp.services.classes import TaughtClass, list_members
from quizapp.services.privacy import audit
from quizapp.services.privacy.audit import Acts
from quizapp.services.privacy.exporting import count_kept
from quizapp.services.privacy.proving import asks_password, require_admin, require_somebody
from quizapp.store import privacy as store
from quizapp.store.privacy import RequestRecord


@dataclass(frozen=True, slots=True)
class OwnPage:
    """What somebody sees of what is kept of them.

    ``ends_at`` is when they would be deleted for not coming again; None where nobody is. ``days`` is how long people
    of their kind are kept.
    """

    kept: Mapping[str, int]
    request: RequestRecord | None
    wait: int
    days: int
    ends_at: datetime | None
    by_password: bool
    teaches: bool
    is_admin: bool
    tell: bool


@dataclass(frozen=True, slots=True)
class Student:
    """A student who will be deleted: by what name the teacher knows them, and when."""

    name: str
    handle: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClassPage:
    """A class: what was done with it, and which of its students will be deleted."""

    taught: TaughtClass
    acts: Acts
    asked: tuple[Student, ...]
    unseen: tuple[Student, ...]


@dataclass(frozen=True, slots=True)
class SchoolPage:
    """What administrators decide: who asked to be deleted, and how long things are kept."""

    requests: tuple[RequestRecord, ...]
    choices: Mapping[str, int]


def view_own(session: Session, viewer: Viewer | None, now: datetime) -> OwnPage:
    """The page of whoever looks. Raises Forbidden for a visitor."""
    person = require_somebody(viewer)
    choices = settle_choices(store.list_choices(session))
    days = {None: choices["guests"], Role.STUDENT: choices["learners"]}.get(person.role, 0)
    return OwnPage(
        kept=count_kept(session, person),
        request=store.find_request(session, person.learner_id),
        wait=choices["wait"],
        days=days,
        ends_at=find_end(days, now),
        by_password=asks_password(session, person),
        teaches=person.role in (Role.TEACHER, Role.ADMIN),
        is_admin=person.role is Role.ADMIN,
        tell=bool(choices["tell"]),
    )


def view_class(
    session: Session, viewer: Viewer | None, handle: str, now: datetime, act: str = "", before: int | None = None
) -> ClassPage:
    """The page of a class for its teachers. Raises as ``load_taught_class``."""
    taught, acts = audit.list_class_acts(session, viewer, handle, act, before)
    choices = settle_choices(store.list_choices(session))
    members = {member.learner_id: member for member in list_members(session, taught)}
    asked = store.list_requests(session, taught.id) if choices["tell"] else []
    days = choices["learners"]
    cut = find_cut(days, now + WARN)
    late = [] if cut is None else store.list_unseen_members(session, taught.id, cut)
    return ClassPage(
        taught,
        acts,
        tuple(Student(members[one.learner_id].name, one.handle, one.due_at) for one in asked),
        tuple(
            Student(members[learner_id].name, members[learner_id].handle, at + timedelta(days=days))
            for learner_id, at in late
        ),
    )


def view_school(session: Session, viewer: Viewer | None) -> SchoolPage:
    """The page of the school for administrators. Raises NotFound for all others."""
    require_admin(viewer)
    requests = tuple(store.list_requests(session))
    return SchoolPage(requests, settle_choices(store.list_choices(session)))

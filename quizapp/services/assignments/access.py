"""Who may see an assignment: one function loads it for its teachers, one for the students who are asked."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.errors import Conflict, Forbidden, NotFound
from quizapp.core.messages import Message, say
from quizapp.services.accounts import Viewer
from quizapp.services.assignments.asked import Asked, list_asked
from quizapp.services.classes import TaughtClass, load_taught_class, require_person
from quizapp.store import assignments as store
from quizapp.store.assignments import AssignmentRecord
from quizapp.store.assignments_asked import Asking

_HANDLE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class TaughtAssignment:
    """An assignment, and its class, as a teacher of the class has them before them."""

    record: AssignmentRecord
    taught: TaughtClass


@dataclass(frozen=True, slots=True)
class OwnAssignment:
    """An assignment as a student has it before them, who is asked to do it."""

    record: AssignmentRecord
    asked: Asked


def is_handle(text: str) -> bool:
    """Whether this can be the name of an assignment in an address."""
    return _HANDLE.fullmatch(text) is not None


def _missing() -> Message:
    return say("There is no such assignment, or it is not yours.")


def _find(session: Session, handle: str) -> AssignmentRecord:
    record = store.find_assignment(session, handle) if is_handle(handle) else None
    if record is None:
        raise NotFound(_missing())
    return record


def load_taught(session: Session, viewer: Viewer | None, handle: str) -> TaughtAssignment:
    """The assignment, for the teachers of its class and administrators.

    Raises Forbidden for who is not signed in, NotFound for all others.
    """
    require_person(viewer)
    record = _find(session, handle)
    try:
        return TaughtAssignment(record, load_taught_class(session, viewer, record.class_handle))
    except NotFound as error:
        raise NotFound(_missing()) from error


def load_open(session: Session, viewer: Viewer | None, handle: str) -> TaughtAssignment:
    """Like ``load_taught``, for a change: raises Conflict where the class is archived."""
    found = load_taught(session, viewer, handle)
    if found.taught.archived_at is not None:
        raise Conflict(say("This class is archived. Bring it back first; then it can be changed."))
    return found


def find_taught(session: Session, viewer: Viewer | None, handle: str) -> TaughtAssignment | None:
    """The assignment, for its teachers; None for all others."""
    try:
        return load_taught(session, viewer, handle)
    except (NotFound, Forbidden):
        return None


def load_own(session: Session, viewer: Viewer | None, handle: str, now: datetime) -> OwnAssignment:
    """The assignment, for a student of the class who is asked to do it, guests too. Raises NotFound."""
    record = _find(session, handle)
    if viewer is not None:
        asking = Asking(learner_id=viewer.learner_id, assignment_id=record.id)
        for asked in list_asked(session, asking, now):
            return OwnAssignment(record, asked)
    raise NotFound(_missing())

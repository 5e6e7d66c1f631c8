"""Who looked at, took away or changed what is kept of whom: written down as it happens, shown to those concerned."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.errors import NotFound
from quizapp.core.messages import say
from quizapp.core.privacy.acts import ACTS, Act, Way, name_person, write_act
from quizapp.services.accounts import Viewer
from quizapp.services.classes import TaughtClass, list_members, load_taught_class
from quizapp.services.privacy.proving import require_admin, require_somebody
from quizapp.store import privacy_audit as store
from quizapp.store.privacy_audit import PAGE, ActRecord, NewAct, Search


@dataclass(frozen=True, slots=True)
class Names:
    """Handles as they stand in an address: of a class, a test or an assignment; of a student, or an attempt."""

    taken: str = ""
    test: str = ""
    assignment: str = ""
    learner: str = ""
    attempt: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An act in words. ``whose`` is blank where it was about a whole class, or about whoever looks."""

    at: datetime
    what: str
    detail: str
    way: str
    who: str
    whose: str
    class_name: str
    class_handle: str


@dataclass(frozen=True, slots=True)
class Acts:
    """A page of acts, the newest first; ``older`` is where the next page begins, None at the end."""

    lines: tuple[Line, ...]
    older: int | None
    act: str


def write_down(
    session: Session,
    act: Act,
    way: Way,
    by: Viewer | None,
    now: datetime,
    *,
    class_id: int | None = None,
    learner_id: int | None = None,
    detail: str = "",
    file_format: str = "",
) -> None:
    """Write an act down; ``by`` is None for the school itself (its server's command line). Does not commit."""
    account_id, role = (by.account_id, by.kind) if by else (None, "")
    done = NewAct(act.value, way.value, detail[:80], file_format[:12], class_id, learner_id, account_id, role)
    store.add_act(session, done, now)


def write_down_by_names(
    session: Session,
    act: Act,
    way: Way,
    by: Viewer | None,
    now: datetime,
    names: Names,
    *,
    detail: str = "",
    file_format: str = "",
) -> None:
    """The same, with those concerned by the names that stand in an address; nothing for what is one's own. Commits."""
    learner_id = None
    if names.attempt:
        learner_id = store.find_attempt_learner(session, names.attempt)
    elif names.learner:
        learner_id = store.find_learner_id(session, names.learner)
    if by is not None and learner_id == by.learner_id:
        return
    class_id = store.find_class_id(session, taken=names.taken, test=names.test, assignment=names.assignment)
    write_down(
        session, act, way, by, now, class_id=class_id, learner_id=learner_id, detail=detail, file_format=file_format
    )
    session.commit()


def _read_search(act: str, before: int | None) -> Search:
    """Raises NotFound for a kind of act that there is not."""
    if act and act not in ACTS:
        raise NotFound(say("There is no such kind of act."))
    return Search(act, before)


def _say_detail(record: ActRecord) -> str:
    return ", ".join(part for part in (record.detail, record.format) if part)


def _make_line(record: ActRecord, who: str, whose: str) -> Line:
    what, way = write_act(record.act, record.way)
    name, handle = record.class_name or "", record.class_handle or ""
    return Line(record.at, what, _say_detail(record), way, who, whose, name, handle)


def _make_page(records: list[ActRecord], lines: list[Line], act: str) -> Acts:
    older = records[PAGE - 1].id if len(records) > PAGE else None
    return Acts(tuple(lines[:PAGE]), older, act)


def list_own_acts(session: Session, viewer: Viewer | None, act: str = "", before: int | None = None) -> Acts:
    """What was done with whoever looks; teachers by name, other students' parts are left out.

    Raises Forbidden for a visitor, NotFound for a kind of act that there is not.
    """
    person = require_somebody(viewer)
    records = store.list_about(session, person.learner_id, _read_search(act, before))
    lines = []
    for record in records:
        own = record.by_account_id is not None and record.by_account_id == person.account_id
        who = say("you") if own or record.by_role == "guest" else _name_actor(record)
        lines.append(_make_line(record, who, ""))
    return _make_page(records, lines, act)


def _name_actor(record: ActRecord) -> str:
    return name_person(record.by_name, record.by_code, record.by_role)


def list_class_acts(
    session: Session, viewer: Viewer | None, handle: str, act: str = "", before: int | None = None
) -> tuple[TaughtClass, Acts]:
    """What was done with a class and its students, for its teachers and administrators.

    Raises as ``load_taught_class``; NotFound for a kind of act that there is not.
    """
    taught = load_taught_class(session, viewer, handle)
    names = {member.learner_id: member.name for member in list_members(session, taught, with_left=True)}
    records = store.list_of_class(session, taught.id, _read_search(act, before))
    lines = []
    for record in records:
        about = record.learner_id is not None or record.pupil_code
        known = names.get(record.learner_id) if record.learner_id is not None else None
        whose = name_person(known, record.pupil_code, "student") if about else ""
        lines.append(_make_line(record, _name_actor(record), whose))
    return taught, _make_page(records, lines, act)


def list_all_acts(session: Session, viewer: Viewer | None, act: str = "", before: int | None = None) -> Acts:
    """What was done with anybody, for administrators; in a class that goes by pseudonyms, students have no name.

    Raises NotFound for all others, and for a kind of act that there is not.
    """
    require_admin(viewer)
    records = store.list_all(session, _read_search(act, before))
    lines = []
    for record in records:
        about = record.learner_id is not None or record.pupil_code
        known = None if record.pseudonymous else record.pupil
        whose = name_person(known, record.pupil_code, "student") if about else ""
        lines.append(_make_line(record, _name_actor(record), whose))
    return _make_page(records, lines, act)

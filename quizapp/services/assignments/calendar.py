"""Calendar feeds: one private address for each person, with what is due in the classes they study in or teach.

The address is made from the installation's secret and a nonce, 256 bits; the database holds only its hash. Whoever has
the address sees the names and dates, so it can be taken back at any time, and made anew.
"""

import hashlib
import hmac
import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assessments.plan import Plan
from quizapp.core.assessments.timing import Terms, Window
from quizapp.core.assignments.calendar import DueDate, write_calendar
from quizapp.core.assignments.standing import Standing
from quizapp.core.errors import NotFound
from quizapp.core.messages import say
from quizapp.services.accounts import Viewer
from quizapp.services.assignments.access import find_taught, load_own
from quizapp.services.assignments.asked import Asked, list_asked
from quizapp.store import assignments_calendar as store
from quizapp.store.assignments_asked import Asking
from quizapp.store.assignments_calendar import DueRecord, LooseTest

NAME = "Quizapp"
_TOKEN = re.compile(r"[0-9a-f]{64}")


def _make_token(secret: bytes, nonce: str) -> str:
    return hmac.digest(secret, f"calendar|{nonce}".encode(), "sha256").hex()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_token(session: Session, viewer: Viewer, secret: bytes) -> str:
    """The secret part of the address of somebody's calendar; blank where there is none."""
    nonce = store.find_feed(session, viewer.learner_id)
    return "" if nonce is None else _make_token(secret, nonce)


def make_feed(session: Session, viewer: Viewer, secret: bytes, now: datetime) -> str:
    """Give somebody a calendar with a new address; an older one leads nowhere from then on."""
    nonce = str(uuid.uuid4())
    token = _make_token(secret, nonce)
    store.replace_feed(session, viewer.learner_id, nonce, _hash(token), now)
    session.commit()
    return token


def end_feed(session: Session, viewer: Viewer) -> None:
    """End somebody's calendar. Again changes nothing."""
    store.remove_feed(session, viewer.learner_id)
    session.commit()


def _of_asked(asked: Asked) -> DueDate | None:
    record, at = asked.record, asked.dates.due or asked.dates.closes
    if at is None or asked.standing is Standing.EXCUSED:
        return None
    return DueDate(record.handle, record.title, at, record.created_at, record.changed_at)


def _of_record(record: DueRecord) -> DueDate | None:
    at = record.due_at or record.closes_at
    return None if at is None else DueDate(record.handle, record.title, at, record.created_at, record.changed_at)


def _of_loose(loose: LooseTest) -> DueDate | None:
    record = loose.due
    window = Window(None, loose.own_due_at or record.due_at, loose.own_closes_at or record.closes_at)
    terms = Terms(window, Plan.model_validate_json(loose.plan).limit_minutes, loose.time_percent)
    at = terms.due or terms.closes
    return None if at is None else DueDate(record.handle, record.title, at, record.created_at, record.changed_at)


def _list_dues(session: Session, learner_id: int, account_id: int | None, now: datetime) -> Iterator[DueDate | None]:
    yield from (_of_asked(one) for one in list_asked(session, Asking(learner_id=learner_id), now))
    yield from (_of_loose(one) for one in store.list_loose_tests(session, learner_id))
    if account_id is not None:
        yield from (_of_record(one) for one in store.list_taught(session, account_id))
        yield from (_of_record(one) for one in store.list_taught_tests(session, account_id))


def _once(dues: Iterable[DueDate | None]) -> list[DueDate]:
    """Each once, by date: a teacher who also studies in the class has the student's date."""
    found: dict[str, DueDate] = {}
    for due in dues:
        if due is not None:
            found.setdefault(due.handle, due)
    return sorted(found.values(), key=lambda due: (due.at, due.handle))


def write_feed(session: Session, token: str, now: datetime) -> bytes:
    """The calendar behind an address. Raises NotFound for an address that was never made, or taken back."""
    owner = store.find_owner(session, _hash(token)) if _TOKEN.fullmatch(token) else None
    if owner is None:
        raise NotFound(say("There is no such calendar."))
    return write_calendar(NAME, _once(_list_dues(session, *owner, now)))


def write_one(session: Session, viewer: Viewer | None, handle: str, now: datetime) -> bytes:
    """One assignment as a calendar, for its teachers and the students who are asked. Raises NotFound.

    Without due date and closing it holds no event.
    """
    found = find_taught(session, viewer, handle)
    if found is None:
        due = _of_asked(load_own(session, viewer, handle, now).asked)
    else:
        due = _of_record(store.find_due(session, found.record.id))
    return write_calendar(NAME, _once([due]))

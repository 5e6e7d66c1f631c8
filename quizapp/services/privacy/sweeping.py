"""Keeping nothing longer than the school wants: each night, by the working process, or at the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.errors import NotFound
from quizapp.core.messages import say
from quizapp.core.privacy.acts import Way
from quizapp.core.privacy.choices import SWEPT, check_days, find_cut, settle_choices
from quizapp.services import jobs
from quizapp.services.accounts import Viewer
from quizapp.services.jobs import Compute, Read, Write
from quizapp.services.privacy import erasing
from quizapp.services.privacy.proving import require_admin
from quizapp.services.rules import StudyRules
from quizapp.store import privacy as store
from quizapp.store import privacy_scrub
from quizapp.store import privacy_sweep as sweep_store
from quizapp.store.engine import Database
from quizapp.store.privacy import PersonRecord

ERASE, EXPIRE, SWEEP = "privacy-erase", "privacy-expire", "privacy-sweep"
NIGHT_HOUR = 3
"""From this hour on (UTC) a day's sweep is due."""
QUIET_HOURS = range(1, 5)
"""By the school's clock: when a large file is written anew."""
_PEOPLE = ("learners", "guests")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """How much goes, or went: by the name of the choice, and how many wishes to be deleted are due."""

    counts: Mapping[str, int]
    due: int


def list_choices(session: Session) -> dict[str, int]:
    """All that the school chose."""
    return settle_choices(store.list_choices(session))


def choose(session: Session, name: str, days: int) -> None:
    """Choose something, as the command line does. Raises Invalid (field: the name)."""
    store.save_choice(session, name, check_days(name, days))
    session.commit()


def choose_all(session: Session, viewer: Viewer | None, chosen: Mapping[str, int]) -> None:
    """Choose several at once, or none of them where one cannot be.

    Raises NotFound for all but administrators, Invalid (field: the name).
    """
    require_admin(viewer)
    for name, days in chosen.items():
        store.save_choice(session, name, check_days(name, days))
    session.commit()


def preview(session: Session, now: datetime) -> Swept:
    """What a sweep would take out now. For a writing session; nothing is kept of it."""
    sweep_store.note_last_seen(session)
    counts = {}
    for name, days in list_choices(session).items():
        cut = find_cut(days, now) if name in SWEPT else None
        if cut is not None:
            counts[name] = _count(session, name, cut)
    due = len(store.list_due(session, now, most=100_000))
    session.rollback()
    return Swept(counts, due)


def _count(session: Session, name: str, cut: datetime) -> int:
    if name in _PEOPLE:
        return sweep_store.count_unseen(session, cut, guests=name == "guests")
    return sweep_store.count_old(session, name, cut)


def _sweep_rows(session: Session, now: datetime) -> Mapping[str, datetime]:
    """Take out old rows; gives the cuts for people, who are deleted one by one."""
    sweep_store.note_last_seen(session)
    cuts = {}
    for name, days in list_choices(session).items():
        cut = find_cut(days, now) if name in SWEPT else None
        if cut is not None and name in _PEOPLE:
            cuts[name] = cut
        elif cut is not None:
            sweep_store.remove_old(session, name, cut)
    return cuts


def sweep(database: Database, school: StudyRules, now: datetime) -> Swept:
    """Sweep at once, people too, each in a transaction of their own; the file is written anew after it."""
    with database.writing() as session:
        found = preview(session, now)
    with database.writing() as session:
        cuts = _sweep_rows(session, now)
        people = [one for name, cut in cuts.items() for one in _list_unseen(session, name, cut, 100_000)]
        due = store.list_due(session, now, most=100_000)
        session.commit()
    for learner_id in dict.fromkeys([*due, *people]):
        with database.writing() as session:
            person = store.find_person(session, learner_id)
            if person is not None:
                erasing.erase(session, person, Way.SELF, None, school, now)
                session.commit()
    scrub(database)
    return found


def scrub(database: Database) -> bool:
    """Write an SQLite file anew, so that nothing can be read of what was deleted; False for other databases."""
    return privacy_scrub.scrub(database.engine)


def _list_unseen(session: Session, name: str, cut: datetime, most: int) -> list[int]:
    return sweep_store.list_unseen(session, cut, most, guests=name == "guests")


def _load(session: Session, subject: str) -> PersonRecord:
    person = store.find_person(session, int(subject))
    if person is None:
        raise NotFound(say("It is no longer there."))
    return person


def _is_due(session: Session, person: PersonRecord, now: datetime) -> bool:
    request = store.find_request(session, person.learner_id)
    return request is not None and request.due_at <= now


def _is_expired(session: Session, person: PersonRecord, now: datetime) -> bool:
    guest = person.account_id is None
    cut = find_cut(list_choices(session)["guests" if guest else "learners"], now)
    return cut is not None and sweep_store.is_unseen(session, person.learner_id, cut, guest=guest)


def _make_erasure(school: StudyRules, *, asked: bool) -> Read:
    """The job that deletes a learner, whose id is the subject, if that is still to be done."""
    still = _is_due if asked else _is_expired

    def read(session: Session, subject: str) -> Compute:
        _load(session, subject)

        def write(session: Session, now: datetime) -> str:
            person = _load(session, subject)
            if not still(session, person, now):
                return say("Nothing was deleted: it is not wanted any more.")
            erasing.erase(session, person, Way.SELF, None, school, now)
            erasing.let_scrub(session, now)
            return say("Deleted.")

        return lambda: write

    return read


def _read_scrub(session: Session, _: str) -> Compute:
    engine = session.get_bind()
    if not isinstance(engine, sa.Engine):
        raise NotFound(say("There is no file to be written anew."))

    def compute() -> Write:
        done = privacy_scrub.scrub(engine)
        return lambda _session, _now: say("Written anew.") if done else say("Nothing to be done.")

    return compute


def _read_sweep(_: Session, __: str) -> Compute:
    def write(session: Session, now: datetime) -> str:
        people = 0
        for name, cut in _sweep_rows(session, now).items():
            for learner_id in _list_unseen(session, name, cut, _AT_ONCE):
                people += jobs.enqueue(session, EXPIRE, str(learner_id), now)
        return say("Swept; %(people)s people are to be deleted.", people=people)

    return lambda: write


def list_kinds(school: StudyRules) -> dict[str, Read]:
    """The jobs about privacy; ``school`` are the rules of the installation."""
    return {
        ERASE: _make_erasure(school, asked=True),
        EXPIRE: _make_erasure(school, asked=False),
        SWEEP: _read_sweep,
        erasing.SCRUB: _read_scrub,
    }


def find_due(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Jobs that should wait: wishes that are due, and once a day a sweep."""
    found = [(ERASE, str(learner_id)) for learner_id in store.list_due(session, now)]
    today = now.date().isoformat()
    if now.hour >= NIGHT_HOUR and not sweep_store.was_swept(session, SWEEP, today):
        found.append((SWEEP, today))
    return found


def find_owed(session: Session, school: StudyRules, now: datetime) -> list[tuple[str, str]]:
    """In the night, the writing anew that a large file was spared by day."""
    quiet = now.astimezone(school.calendar.zone).hour in QUIET_HOURS
    return [(erasing.SCRUB, "all")] if quiet and privacy_scrub.is_owed(session, erasing.SCRUB, now) else []

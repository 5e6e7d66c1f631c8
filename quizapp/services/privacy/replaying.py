"""Deleting again who comes back with a backup from before they were deleted."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from quizapp.core.privacy.acts import Way
from quizapp.services.privacy import erasing
from quizapp.services.privacy.sweeping import scrub
from quizapp.services.rules import StudyRules
from quizapp.store import erased as store
from quizapp.store import privacy
from quizapp.store.engine import Database
from quizapp.store.erased import FILE, Erased


def keep_log(session: Session, folder: Path) -> None:
    """Bring the file in the data directory up to what the database knows; it is only written where that is more."""
    known, kept = store.list_all(session), store.read_log(folder / FILE)
    if not known.keys() <= kept.keys():
        store.write_log(folder / FILE, {**known, **kept}.items())


def gather(folder: Path, *files: Path) -> Erased:
    """Who was deleted, as far as the file in the data directory and these SQLite files know."""
    found = dict(store.read_log(folder / FILE))
    for file in files:
        found |= store.read_database(file)
    return found


def replay(database: Database, erased: Erased, school: StudyRules, now: datetime) -> int:
    """Delete again those of them who are in the database, each in a transaction of their own; says how many.

    Running it again changes nothing. The file is written anew, so that nothing of them can be read from it.
    """
    with database.reading() as session:
        back = store.find_back(session, erased)
    for learner_id in back:
        with database.writing() as session:
            person = privacy.find_person(session, learner_id)
            if person is not None:
                erasing.erase(session, person, Way.SELF, None, school, now)
                session.commit()
    with database.writing() as session:
        store.note_all(session, erased)
        session.commit()
    if back:
        scrub(database)
    return len(back)


def bring_back(database: Database, erased: Erased, folder: Path) -> int:
    """Let those of them who are in the database stay, for good: the file forgets them; says how many."""
    with database.reading() as session:
        back = store.find_back(session, erased)
    kept = {digest: at for digest, at in erased.items() if digest not in back.values()}
    store.write_log(folder / FILE, kept.items())
    return len(back)

"""Deleting a person: asked for, taken back, and done.

Nothing that names them stays in any table. What their classes' figures of the cards count stays as answers of nobody:
on the day, without words of their own, and each class's apart from the others'.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.messages import say
from quizapp.core.names import name_key
from quizapp.core.privacy.acts import Act, Way
from quizapp.core.privacy.choices import settle_choices
from quizapp.services import jobs
from quizapp.services.accounts import Role, Viewer
from quizapp.services.assessments.counting import make_key
from quizapp.services.privacy.audit import write_down
from quizapp.services.privacy.proving import prove, require_admin, require_somebody
from quizapp.services.reports.filing import ERASED
from quizapp.services.rules import StudyRules
from quizapp.store import privacy as store
from quizapp.store import privacy_erasure as erasure
from quizapp.store import reports_tests
from quizapp.store.erased import note
from quizapp.store.locks import lock_decks_of_learners
from quizapp.store.privacy import PersonRecord, RequestRecord
from quizapp.store.privacy_erasure import Leftover
from quizapp.store.privacy_scrub import is_small
from quizapp.store.reports_files import withdraw
from quizapp.store.study import lock_learner

SCRUB = "privacy-scrub"
_EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class Erased:
    """Somebody who was deleted, as the list of acts calls them from now on."""

    code: str


def ask(
    session: Session, viewer: Viewer | None, password: str, address: str, school: StudyRules, now: datetime
) -> RequestRecord:
    """Ask to be deleted; asking again changes nothing. It is done in the night after the school's waiting time.

    Raises Forbidden for a visitor, Invalid (field ``password``), TooManyAttempts.
    """
    person = require_somebody(viewer)
    prove(session, person, password, address, now)
    wait = settle_choices(store.list_choices(session))["wait"]
    calendar = school.calendar
    due_at = calendar.start_of(calendar.day_of(now + timedelta(days=wait)) + timedelta(days=1))
    if store.add_request(session, person.learner_id, now, due_at):
        write_down(session, Act.ASKED, Way.PAGE, person, now, learner_id=person.learner_id)
    session.commit()
    found = store.find_request(session, person.learner_id)
    if found is None:
        raise NotFound(say("You are deleted already."))
    return found


def take_back(session: Session, viewer: Viewer | None, now: datetime) -> None:
    """Take the wish back. Raises Conflict where there is none (any more), Forbidden for a visitor."""
    person = require_somebody(viewer)
    if not store.remove_request(session, person.learner_id):
        raise Conflict(say("You have not asked to be deleted."))
    write_down(session, Act.KEPT, Way.PAGE, person, now, learner_id=person.learner_id)
    session.commit()


def find_request(session: Session, viewer: Viewer) -> RequestRecord | None:
    """Whether somebody asked to be deleted, and when it will be done."""
    return store.find_request(session, viewer.learner_id)


def find_person(session: Session, name: str) -> PersonRecord:
    """The person whose account has this name. Raises NotFound."""
    found = store.find_person_by_name(session, name_key(name))
    if found is None:
        raise NotFound(say("There is no account named “%(name)s”.", name=name.strip()))
    return found


def erase_by_admin(
    session: Session,
    viewer: Viewer | None,
    name: str,
    password: str,
    address: str,
    school: StudyRules,
    now: datetime,
) -> Erased:
    """Delete the person of this name at once. The administrator's own password is asked for.

    Raises NotFound for all others, Invalid (fields ``password``, ``name``), TooManyAttempts.
    """
    admin = require_admin(viewer)
    prove(session, admin, password, address, now)
    person = store.find_person_by_name(session, name_key(name))
    if person is None:
        message = say("Nobody signs in with this name. Check how it is written.")
        raise Invalid(say("Nothing was done."), {"name": message})
    if person.role == Role.ADMIN.value:
        message = say("Administrators are deleted at the command line: quizapp privacy erase NAME.")
        raise Invalid(say("Nothing was done."), {"name": message})
    return erase_now(session, person, Way.PAGE, admin, school, now)


def erase_now(
    session: Session, person: PersonRecord, way: Way, by: Viewer | None, school: StudyRules, now: datetime
) -> Erased:
    """Delete a person in one transaction, and let the file be written anew after it: a large one in the night."""
    erased = erase(session, person, way, by, school, now)
    let_scrub(session, now)
    session.commit()
    return erased


def let_scrub(session: Session, now: datetime) -> None:
    """Let the file be written anew, unless it is large: then ``sweeping.find_owed`` does so in the night."""
    if is_small(session):
        jobs.enqueue(session, SCRUB, _EVERYTHING, now)


def _keep_figures(session: Session, learner_id: int, school: StudyRules, now: datetime) -> None:
    counted = reports_tests.list_counted_questions(session, [learner_id])
    in_tests = {make_key(school.secret, attempt, position) for attempt, position in counted}
    for membership in erasure.list_memberships(session, learner_id):
        found = erasure.find_leftover(session, learner_id, membership)
        # An answer that came from a test is counted with the test, and hides what was answered after it.
        kept = Leftover([row for row in found.reviews if row["key"] not in in_tests], found.attempts)
        handles = [str(uuid.uuid4()) for _ in range(1 + len(kept.attempts))]
        erasure.keep_figures(session, membership, kept, handles, now)


def erase(
    session: Session, person: PersonRecord, way: Way, by: Viewer | None, school: StudyRules, now: datetime
) -> Erased:
    """Delete a person: all or nothing, when the caller commits. Sign-ins and tokens end with it."""
    code = f"person-{secrets.token_hex(4)}"
    lock_decks_of_learners(session, [person.learner_id])
    lock_learner(session, person.learner_id)
    erasure.write_zeros(session)
    themselves = by is not None and by.learner_id == person.learner_id
    write_down(session, Act.ERASED, way, None if themselves else by, now, learner_id=person.learner_id)
    withdraw(session, person.learner_id, ERASED)
    note(session, person.learner_id, now)
    _keep_figures(session, person.learner_id, school, now)
    if person.account_id is not None:
        erasure.erase_account(session, person.account_id, code)
    erasure.erase_learner(session, person.learner_id, code)
    return Erased(code)

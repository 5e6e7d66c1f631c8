"""Importing a school's list of students into a class: first a dry run, then the import of the very same list.

New students get accounts with start passwords (see ``classes_start``). Known ones are matched by the school's number,
by sign-in name, or by name within the class; an account outside the teacher's classes is never taken into one by a
list, since a class's teacher may reset passwords.
"""

import hmac
import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from quizapp.core.errors import Conflict, Forbidden
from quizapp.core.messages import say
from quizapp.core.names import name_key
from quizapp.core.rosters.codes import hash_code
from quizapp.core.rosters.model import ListedClass, Pupil, Roster
from quizapp.core.rosters.plan import Act, ImportPlan, Known, Step, list_wanted_names, plan_import
from quizapp.core.rosters.pseudonyms import choose_pseudonym
from quizapp.core.rosters.reading import read_roster, read_text
from quizapp.core.rosters.writing import write_roster
from quizapp.services.accounts import Role, Viewer
from quizapp.services.classes import TaughtClass, load_open_class
from quizapp.services.classes_start import NOTHING_FITS, START_LASTS, make_start_code
from quizapp.store import classes as class_store
from quizapp.store import rosters as store
from quizapp.store.classes import MemberRecord


@dataclass(frozen=True, slots=True)
class Preview:
    """A dry run: what would happen, and the list in the form in which ``import_roster`` takes it.

    ``classes`` are those among which must be chosen first; ``unlisted`` names who is in the class but not in the list.
    """

    taught: TaughtClass
    plan: ImportPlan
    text: str
    classes: tuple[ListedClass, ...]
    unlisted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: how many students it added, took in, brought back and changed."""

    added: int
    joined: int
    returned: int
    changed: int
    left_out: int

    @property
    def anything(self) -> bool:
        """Whether the import changed anything."""
        return bool(self.added or self.joined or self.returned or self.changed)


def _load(session: Session, viewer: Viewer | None, handle: str) -> TaughtClass:
    taught = load_open_class(session, viewer, handle)
    if not taught.sees_names:
        raise Forbidden(say("Only the teachers of this class see who is in it, so only they import lists."))
    return taught


def _know(record: MemberRecord, *, in_class: bool) -> Known:
    pupil = Pupil(
        0,
        record.external_id,
        record.first_name,
        record.last_name,
        record.email,
        groups=record.groups if in_class else (),
    )
    return Known(record.learner_id, record.account_name, pupil, in_class, in_class and record.left_at is not None)


def _list_known(session: Session, viewer: Viewer | None, taught: TaughtClass) -> list[Known]:
    known = [_know(record, in_class=True) for record in class_store.list_members(session, taught.id, with_left=True)]
    seen = {one.learner_id for one in known}
    account_id = viewer.account_id if viewer else None
    for class_id in store.list_other_classes(session, account_id or 0, taught.id):
        for record in class_store.list_members(session, class_id):
            if record.learner_id not in seen and record.account_role == Role.STUDENT.value:
                seen.add(record.learner_id)
                known.append(_know(record, in_class=False))
    return known


def _plan(session: Session, viewer: Viewer | None, taught: TaughtClass, roster: Roster, secret: bytes) -> ImportPlan:
    # Keyed, so that nobody can try real names until one gives a pseudonym they have seen.
    seed = hmac.digest(secret, f"roster|{taught.handle}".encode(), "sha256").hex()
    wanted = list_wanted_names(roster.pupils, seed, pseudonymous=taught.pseudonymous)
    taken = store.list_taken_names(session, wanted)
    known = _list_known(session, viewer, taught)
    return plan_import(roster, known, taken, seed, pseudonymous=taught.pseudonymous)


def preview_import(
    session: Session, viewer: Viewer | None, handle: str, data: bytes, chosen: str, secret: bytes
) -> Preview:
    """What importing a file (or pasted text, as UTF-8) would do; nothing is stored.

    ``chosen`` is the class of an archive that holds several. Raises as ``load_open_class``, and Forbidden for an
    administrator before a pseudonymous class.
    """
    taught = _load(session, viewer, handle)
    roster = read_roster(data, chosen)
    plan = _plan(session, viewer, taught, roster, secret)
    names = {
        record.learner_id: f"{record.first_name} {record.last_name}".strip() or record.account_name or record.pseudonym
        for record in class_store.list_members(session, taught.id)
    }
    unlisted = tuple(sorted((names[one] for one in plan.unlisted), key=name_key))
    good = {step.pupil.number for step in plan.steps}
    text = write_roster(pupil for pupil in roster.pupils if pupil.number in good)
    return Preview(taught, plan, text, roster.classes, unlisted)


def import_roster(
    session: Session, viewer: Viewer | None, handle: str, text: str, secret: bytes, now: datetime
) -> Imported:
    """Import the list of a preview, all of it in one transaction. The same list again changes nothing.

    Raises as ``preview_import``, and Conflict where somebody took one of the names at this very moment.
    """
    taught = _load(session, viewer, handle)
    plan = _plan(session, viewer, taught, read_text(text), secret)
    try:
        _carry_out(session, taught, plan, secret, now)
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise Conflict(
            say("Somebody else changed the class at this moment. Nothing was imported; try again.")
        ) from error
    added, joined, returned, changed = (plan.count(act) for act in (Act.ADD, Act.JOIN, Act.RETURN, Act.CHANGE))
    return Imported(added, joined, returned, changed, len(plan.problems))


def _carry_out(session: Session, taught: TaughtClass, plan: ImportPlan, secret: bytes, now: datetime) -> None:
    steps = [step for step in plan.steps if step.act is not Act.SAME]
    steps = _add_accounts(session, taught, steps, secret, now)
    for step in steps:
        if step.learner_id is None or step.act is Act.ADD:
            continue
        if step.act in (Act.JOIN, Act.RETURN):
            class_store.add_member(session, taught.id, step.learner_id, f"{taught.handle}|{step.learner_id}", now)
        pupil = step.pupil
        store.change_member(
            session,
            taught.id,
            step.learner_id,
            external_id=pupil.external_id,
            first_name=pupil.first_name,
            last_name=pupil.last_name,
            email=pupil.email,
        )
    _put_into_groups(session, taught.id, steps)


def _add_accounts(session: Session, taught: TaughtClass, steps: list[Step], secret: bytes, now: datetime) -> list[Step]:
    """Make the new students; gives the steps with their ids."""
    handles = {step.sign_in_name: str(uuid.uuid4()) for step in steps if step.act is Act.ADD}
    new = []
    for name, handle in handles.items():
        nonce = str(uuid.uuid4())
        new.append(store.NewPupil(handle, name, NOTHING_FITS, nonce, hash_code(make_start_code(secret, nonce))))
    ids = store.add_pupils(session, new, now, now + START_LASTS)
    done = [
        replace(step, learner_id=ids[handles[step.sign_in_name]]) if step.act is Act.ADD else step for step in steps
    ]
    _add_new_members(session, taught, [step for step in done if step.act is Act.ADD], handles, now)
    return done


def _add_new_members(
    session: Session, taught: TaughtClass, steps: list[Step], handles: dict[str, str], now: datetime
) -> None:
    taken = class_store.list_pseudonyms(session, taught.id)
    rows: list[dict[str, object]] = []
    for step in steps:
        pseudonym = choose_pseudonym(f"{taught.handle}|{handles[step.sign_in_name]}", taken)
        taken.add(pseudonym)
        rows.append(
            {
                "learner_id": step.learner_id,
                "pseudonym": pseudonym,
                "external_id": step.pupil.external_id,
                "first_name": step.pupil.first_name,
                "last_name": step.pupil.last_name,
                "email": step.pupil.email,
                "joined_at": now,
            }
        )
    store.add_members(session, taught.id, rows)


def _put_into_groups(session: Session, class_id: int, steps: list[Step]) -> None:
    groups = {name_key(group.name): (group.id, set(group.members)) for group in store.list_groups(session, class_id)}
    grown: set[str] = set()
    for step in steps:
        for name in step.pupil.groups:
            key = name_key(name)
            if key not in groups:
                groups[key] = (store.add_group(session, class_id, str(uuid.uuid4()), name), set())
            if step.learner_id is not None and step.learner_id not in groups[key][1]:
                groups[key][1].add(step.learner_id)
                grown.add(key)
    for key in grown:
        store.set_group_members(session, *groups[key])

"""The teacher's side: making, changing, copying and deleting assignments."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assignments.dates import Dates
from quizapp.core.assignments.draft import AssignmentDraft, AssignmentOffer, TypedAssignment, read_assignment
from quizapp.core.errors import Conflict, Invalid
from quizapp.core.learning.examdraft import Offered
from quizapp.core.learning.examscope import ExamScope, write_ranges
from quizapp.core.messages import say
from quizapp.services.accounts import Viewer
from quizapp.services.assignments.access import TaughtAssignment, is_handle, load_open, load_taught
from quizapp.services.assignments.changes import dates_facts, note_change
from quizapp.services.classes import TaughtClass, list_members, list_taught_classes, load_open_class
from quizapp.services.classes_settings import Group, list_groups
from quizapp.services.plans import PlanOffer, TaughtChoice, offer_plan
from quizapp.services.rules import StudyRules
from quizapp.store import assignments as store
from quizapp.store import plans_scope as scope_store
from quizapp.store.assignments import AssignmentRecord, TestChoice

MOST_ASSIGNMENTS = 500
"""Assignments that a class may have."""


@dataclass(frozen=True, slots=True)
class StudentChoice:
    """A student who can be asked by name."""

    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class Offer:
    """All that an assignment of a class can be made of, and whom it can be for."""

    taught: TaughtClass
    study: PlanOffer
    themes: tuple[str, ...]
    tests: tuple[TestChoice, ...]
    groups: tuple[Group, ...]
    students: tuple[StudentChoice, ...]

    def to_read(self) -> AssignmentOffer:
        """The same by ids, to read a form by."""
        study = self.study
        return AssignmentOffer(
            Offered(
                {deck.slug for deck in study.decks}, set(study.tags), {text.id: text.paragraphs for text in study.texts}
            ),
            set(self.themes),
            {test.handle: test.title for test in self.tests},
            {group.handle for group in self.groups},
            {student.handle for student in self.students},
        )


def offer_assignment(session: Session, taught: TaughtClass, record: AssignmentRecord | None = None) -> Offer:
    """What an assignment of a class can be made of; ``record`` is the one that is changed, with its test."""
    study = offer_plan(session, None)
    tests = store.list_test_choices(session, taught.id)
    if record is not None and record.assessment_id is not None:
        tests = [TestChoice(record.assessment_id, record.test_handle, record.test_title), *tests]
    return Offer(
        taught,
        study,
        tuple(dict.fromkeys(deck.theme for deck in study.decks)),
        tuple(tests),
        tuple(list_groups(session, taught)),
        tuple(StudentChoice(member.handle, member.name) for member in list_members(session, taught)),
    )


def offer_for_class(session: Session, viewer: Viewer | None, class_handle: str) -> Offer:
    """What a new assignment can be made of. Raises Forbidden, NotFound, Conflict where the class is archived."""
    return offer_assignment(session, load_open_class(session, viewer, class_handle))


def _find_cards(session: Session, scope: ExamScope) -> list[int]:
    cards = [card.id for card in scope_store.list_scope_cards(session, scope)]
    if not cards:
        message = say("No card is in what you chose. Choose more.")
        raise Invalid(say("The assignment is not saved yet."), {"scope": message})
    return cards


def _write_whom(session: Session, assignment_id: int, class_id: int, draft: AssignmentDraft, now: datetime) -> None:
    store.replace_groups(session, assignment_id, store.find_groups(session, class_id, draft.groups))
    store.replace_named(session, assignment_id, store.find_members(session, class_id, draft.students), now)


def _date_values(draft: AssignmentDraft, usual: datetime) -> dict[str, object]:
    """The dates to be stored: none for a test, which has its own; without an opening, study opens at ``usual``."""
    dates = draft.dates if draft.scope is None else replace(draft.dates, opens=draft.dates.opens or usual)
    return {"opens_at": dates.opens, "due_at": dates.due, "closes_at": dates.closes}


def _check_opening(draft: AssignmentDraft, opens: datetime) -> None:
    """What opens at once cannot have been due before."""
    if draft.scope is not None and draft.dates.opens is None:
        ends = {"due": draft.dates.due, "closes": draft.dates.closes}
        gone = say("This has gone by already. Choose a later date, or an opening before it.")
        faults = {name: gone for name, moment in ends.items() if moment is not None and moment < opens}
        if faults:
            raise Invalid(say("The assignment is not saved yet."), faults)


def _read(
    session: Session, offer: Offer, typed: TypedAssignment, rules: StudyRules, opens: datetime
) -> AssignmentDraft:
    draft = read_assignment(typed, offer.to_read(), rules.calendar.zone)
    _check_opening(draft, opens)
    return draft


def _values(draft: AssignmentDraft, offer: Offer, now: datetime) -> dict[str, object]:
    tests = {test.handle: test.id for test in offer.tests}
    return {
        "assessment_id": tests.get(draft.test),
        "title": draft.title,
        "instructions": draft.instructions,
        "scope": "" if draft.scope is None else draft.scope.to_json(),
        "for_class": draft.for_class,
        "changed_at": now,
        **_date_values(draft, now),
    }


def create_assignment(
    session: Session,
    viewer: Viewer | None,
    class_handle: str,
    typed: TypedAssignment,
    rules: StudyRules,
    now: datetime,
    *,
    key: str = "",
) -> str:
    """Make an assignment of a class that one teaches; gives its handle. Without an opening it opens now.

    ``key`` is a UUID of the form's own: the same form sent twice makes one assignment. Raises Invalid with all fields
    at fault, Forbidden, NotFound, Conflict.
    """
    taught = load_open_class(session, viewer, class_handle)
    made = store.find_assignment(session, key) if is_handle(key) else None
    if made is not None and made.class_id == taught.id:
        return made.handle
    offer = offer_assignment(session, taught)
    draft = _read(session, offer, typed, rules, now)
    if store.count_of_class(session, taught.id) >= MOST_ASSIGNMENTS:
        raise Conflict(say("There are %(most)s assignments already. Delete old ones first.", most=MOST_ASSIGNMENTS))
    cards = [] if draft.scope is None else _find_cards(session, draft.scope)
    handle = key if made is None and is_handle(key) else str(uuid.uuid4())
    whose = {"handle": handle, "class_id": taught.id, "created_at": now}
    assignment_id = store.add_assignment(session, whose | _values(draft, offer, now))
    store.replace_cards(session, assignment_id, cards)
    _write_whom(session, assignment_id, taught.id, draft, now)
    note_change(session, viewer, assignment_id, {}, {"made": draft.title}, now)
    session.commit()
    return handle


def _facts(session: Session, record: AssignmentRecord) -> dict[str, str | datetime | None]:
    """What is so of an assignment, for the log."""
    facts: dict[str, str | datetime | None] = {"title": record.title, "instructions": record.instructions}
    if not record.is_test:
        facts |= dates_facts(record.dates)
        facts["material"] = record.scope
    groups = ", ".join(group.name for group in store.list_groups(session, record.id))
    named = ", ".join(sorted(store.list_named(session, record.id)))
    facts["whom"] = "class" if record.for_class else f"groups: {groups}" if groups else f"students: {named}"
    return facts


def change_assignment(
    session: Session,
    viewer: Viewer | None,
    handle: str,
    typed: TypedAssignment,
    version: int,
    rules: StudyRules,
    now: datetime,
) -> None:
    """Write an assignment anew. What it is made of is looked up again where it was chosen anew.

    Study stays study and a test the same test. Raises Invalid with all fields at fault, NotFound, Forbidden, and
    Conflict where the class is archived or somebody else changed the assignment since ``version``.
    """
    found = load_open(session, viewer, handle)
    record = found.record
    kind, test = ("test", record.test_handle) if record.is_test else ("study", "")
    opens = record.opens_at if record.opens_at is not None and record.opens_at <= now else now
    offer = offer_assignment(session, found.taught, record)
    draft = _read(session, offer, replace(typed, kind=kind, test=test), rules, opens)
    before = _facts(session, record)
    values: dict[str, object] = {
        "title": draft.title,
        "instructions": draft.instructions,
        "for_class": draft.for_class,
        "changed_at": now,
    }
    if draft.scope is not None:
        values |= {"scope": draft.scope.to_json()} | _date_values(draft, opens)
        if draft.scope.to_json() != record.scope:
            store.replace_cards(session, record.id, _find_cards(session, draft.scope))
    _write_whom(session, record.id, record.class_id, draft, now)
    if not store.change_assignment(session, record.id, version, values):
        raise Conflict(say("Somebody else has changed this assignment in the meantime. Look at it again first."))
    note_change(session, viewer, record.id, before, _facts(session, load_taught(session, viewer, handle).record), now)
    session.commit()


def list_new_cards(session: Session, record: AssignmentRecord) -> Collection[int]:
    """The cards that came into the material since it was chosen, and are not asked."""
    if record.is_test:
        return ()
    wanted = {card.id for card in scope_store.list_scope_cards(session, ExamScope.from_json(record.scope))}
    return wanted - store.list_cards(session, record.id)


def take_new_cards(session: Session, viewer: Viewer | None, handle: str, now: datetime) -> int:
    """Ask the cards that came into the material since it was chosen, too; gives their number.

    Raises NotFound, Forbidden, Conflict.
    """
    record = load_open(session, viewer, handle).record
    new = list_new_cards(session, record)
    if new:
        store.replace_cards(session, record.id, store.list_cards(session, record.id) | set(new))
        note_change(session, viewer, record.id, {}, {"cards": f"+{len(new)}"}, now)
        store.change_assignment(session, record.id, record.version, {"changed_at": now})
    session.commit()
    return len(new)


def delete_assignment(session: Session, viewer: Viewer | None, handle: str) -> AssignmentRecord:
    """Delete an assignment; the answers stay, and so does its test. Raises NotFound, Forbidden, Conflict."""
    record = load_open(session, viewer, handle).record
    store.remove_assignment(session, record.id)
    session.commit()
    return record


def list_copy_choices(session: Session, viewer: Viewer | None) -> list[TaughtChoice]:
    """The classes that an assignment can be copied to."""
    taught = list_taught_classes(session, viewer)
    return [TaughtChoice(line.handle, line.name) for line in taught if not line.archived]


def type_assignment(session: Session, found: TaughtAssignment, rules: StudyRules) -> TypedAssignment:
    """An assignment as one would type it, for the form that changes or copies it."""
    record = found.record
    scope = ExamScope() if record.is_test else ExamScope.from_json(record.scope)
    dates = Dates() if record.is_test else record.dates
    groups = tuple(group.handle for group in store.list_groups(session, record.id) if group.handle)
    students = tuple(store.list_named(session, record.id))

    def write(moment: datetime | None) -> str:
        return "" if moment is None else moment.astimezone(rules.calendar.zone).strftime("%Y-%m-%dT%H:%M")

    return TypedAssignment(
        title=record.title,
        instructions=record.instructions,
        kind="test" if record.is_test else "study",
        decks=scope.decks,
        themes=scope.themes,
        tags=scope.tags,
        paragraphs={part.source: write_ranges(part.ranges) for part in scope.parts},
        test=record.test_handle,
        opens=write(dates.opens),
        due=write(dates.due),
        closes=write(dates.closes),
        whom="class" if record.for_class else "students" if students and not groups else "groups",
        groups=groups,
        students=students,
    )


def without_people(typed: TypedAssignment) -> TypedAssignment:
    """What was typed, for the whole of another class; a test belongs to its class and stays behind."""
    return replace(typed, whom="class", groups=(), students=(), test="")

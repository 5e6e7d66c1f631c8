"""Plans towards an exam: making, changing, deleting, and finding them."""

import re
import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.core.learning.examdraft import Offered, PlanDraft, TypedPlan, read_plan
from quizapp.core.learning.examplan import ExamGoal
from quizapp.core.learning.examscope import ExamScope, write_ranges
from quizapp.core.messages import say
from quizapp.services.accounts import Viewer
from quizapp.services.classes import list_taught_classes, load_open_class, load_taught_class
from quizapp.services.rules import StudyRules
from quizapp.store import plans as store
from quizapp.store import plans_scope as scope_store
from quizapp.store.plans import PlanRecord
from quizapp.store.plans_scope import DeckChoice, SourceChoice

MOST_PLANS = 50
"""Plans of one's own that a learner may have, and plans that a class may have."""
_HANDLE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class PlanRole(StrEnum):
    """Whose plan it is for who looks: one's own, one's class's, or that of a class one teaches."""

    OWN = "own"
    MEMBER = "member"
    TAUGHT = "taught"


@dataclass(frozen=True, slots=True)
class ScopePart:
    """One part of a scope in words: ``kind`` is deck, theme, tag or text; ``ranges`` are the paragraphs of a text."""

    kind: str
    title: str
    language: str = ""
    ranges: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as somebody has it before them. ``record`` is for the services."""

    record: PlanRecord
    role: PlanRole
    scope: ExamScope
    parts: tuple[ScopePart, ...]

    @property
    def handle(self) -> str:
        """The plan's name in addresses."""
        return self.record.handle

    @property
    def title(self) -> str:
        """What it is called."""
        return self.record.title

    @property
    def day(self) -> date:
        """The exam's study day."""
        return date.fromordinal(self.record.day)

    @property
    def goal(self) -> ExamGoal:
        """What is to be reached."""
        record = self.record
        return ExamGoal(self.day, record.recall, record.minutes_per_day, record.new_per_day)

    @property
    def can_change(self) -> bool:
        """Whether who looks may change and delete it."""
        return self.role is not PlanRole.MEMBER


@dataclass(frozen=True, slots=True)
class PlanLists:
    """The plans that somebody can see: one's own and those of one's classes, and those of classes one teaches."""

    mine: tuple[Plan, ...]
    taught: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class TaughtChoice:
    """A class that a plan may be made for."""

    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """All that a plan can be made of."""

    decks: tuple[DeckChoice, ...]
    tags: tuple[str, ...]
    texts: tuple[SourceChoice, ...]
    classes: tuple[TaughtChoice, ...] = ()


def offer_plan(session: Session, viewer: Viewer | None) -> PlanOffer:
    """What a plan can be made of, and the classes that the viewer can make one for."""
    taught = [line for line in list_taught_classes(session, viewer) if not line.archived]
    return PlanOffer(
        tuple(scope_store.list_deck_choices(session)),
        tuple(scope_store.list_tag_choices(session)),
        tuple(source for source in scope_store.list_source_choices(session) if source.cards),
        tuple(TaughtChoice(line.handle, line.name) for line in taught),
    )


def _read(session: Session, typed: TypedPlan, rules: StudyRules, now: datetime) -> PlanDraft:
    """The plan that was typed; there must be cards in it. Raises Invalid."""
    offer = offer_plan(session, None)
    offered = Offered(
        {deck.slug for deck in offer.decks}, set(offer.tags), {text.id: text.paragraphs for text in offer.texts}
    )
    draft = read_plan(typed, offered, rules.calendar.day_of(now))
    if not scope_store.list_scope_cards(session, draft.scope):
        message = say("No card is about these paragraphs. Choose more of them.")
        raise Invalid(say("The plan is not made yet."), {"scope": message})
    return draft


def _values(draft: PlanDraft) -> dict[str, object]:
    return {
        "title": draft.title,
        "day": draft.goal.day.toordinal(),
        "scope": draft.scope.to_json(),
        "recall": draft.goal.recall,
        "minutes_per_day": draft.goal.minutes_per_day,
        "new_per_day": draft.goal.new_per_day,
    }


def create_plan(
    session: Session,
    viewer: Viewer,
    typed: TypedPlan,
    rules: StudyRules,
    now: datetime,
    *,
    class_handle: str = "",
    key: str = "",
) -> str:
    """Make a plan for oneself, or (``class_handle`` not blank) for a class that one teaches; gives its handle.

    ``key`` is a UUID of the form's own: the same form sent twice makes one plan. Raises Invalid with all fields at
    fault, Forbidden or NotFound for a class that is not the viewer's.
    """
    made = store.find_plan(session, key) if _HANDLE.fullmatch(key) else None
    if made is not None and _find_role(session, viewer, made) not in (None, PlanRole.MEMBER):
        return made.handle
    taught = load_open_class(session, viewer, class_handle) if class_handle else None
    draft = _read(session, typed, rules, now)
    if store.count_plans(session, viewer.learner_id, taught.id if taught else None) >= MOST_PLANS:
        raise Conflict(say("There are %(most)s plans already. Delete one that is over first.", most=MOST_PLANS))
    handle = key if made is None and _HANDLE.fullmatch(key) else str(uuid.uuid4())
    owner = {"class_id": taught.id} if taught else {"learner_id": viewer.learner_id}
    today = rules.calendar.day_of(now).toordinal()
    store.add_plan(session, _values(draft) | owner | {"handle": handle, "planned_from": today, "created_at": now})
    session.commit()
    return handle


def change_plan(
    session: Session, viewer: Viewer | None, handle: str, typed: TypedPlan, rules: StudyRules, now: datetime
) -> None:
    """Give a plan another title, goal or scope. What was planned for days gone by stays.

    Raises Invalid with all fields at fault, NotFound, Forbidden where the plan is one's class's.
    """
    plan = _load_to_change(session, viewer, handle)
    draft = _read(session, typed, rules, now)
    values = _values(draft)
    if replace(draft, title="") != PlanDraft("", plan.scope, plan.goal):
        today = rules.calendar.day_of(now).toordinal()
        values |= {"version": plan.record.version + 1, "planned_from": today}
    store.change_plan(session, plan.record.id, values)
    session.commit()


def delete_plan(session: Session, viewer: Viewer | None, handle: str) -> str:
    """Delete a plan; the answers stay. Gives its title. Raises NotFound, Forbidden where the plan is one's class's."""
    plan = _load_to_change(session, viewer, handle)
    store.remove_plan(session, plan.record.id)
    session.commit()
    return plan.title


def _load_to_change(session: Session, viewer: Viewer | None, handle: str) -> Plan:
    plan = load_plan(session, viewer, handle)
    if not plan.can_change:
        raise Forbidden(say("Your teacher made this plan for the class. Only a teacher of the class can change it."))
    return plan


def _find_role(session: Session, viewer: Viewer, record: PlanRecord) -> PlanRole | None:
    if record.class_id is None:
        return PlanRole.OWN if record.learner_id == viewer.learner_id else None
    try:
        load_taught_class(session, viewer, record.class_handle)
    except (NotFound, Forbidden):
        return PlanRole.MEMBER if store.is_member(session, record.class_id, viewer.learner_id) else None
    return PlanRole.TAUGHT


def describe_scope(session: Session, scope: ExamScope) -> tuple[ScopePart, ...]:
    """The parts of a scope in words; what is gone is named by its id."""
    decks = scope_store.find_deck_titles(session, scope.decks)
    texts = scope_store.find_source_titles(session, [part.source for part in scope.parts])
    return (
        *(ScopePart("deck", *decks.get(slug, (slug, "")), id=slug) for slug in scope.decks),
        *(ScopePart("theme", theme, id=theme) for theme in scope.themes),
        *(ScopePart("tag", tag, id=tag) for tag in scope.tags),
        *(
            ScopePart("text", *texts.get(part.source, (part.source, "")), write_ranges(part.ranges), part.source)
            for part in scope.parts
        ),
    )


def _show(session: Session, record: PlanRecord, role: PlanRole) -> Plan:
    scope = ExamScope.from_json(record.scope)
    return Plan(record, role, scope, describe_scope(session, scope))


def load_plan(session: Session, viewer: Viewer | None, handle: str) -> Plan:
    """A plan, for its owner, the students of its class and their teachers. Raises NotFound for everybody else."""
    record = store.find_plan(session, handle) if _HANDLE.fullmatch(handle) else None
    role = None if record is None or viewer is None else _find_role(session, viewer, record)
    if record is None or role is None:
        raise NotFound(say("There is no such plan, or it is not yours."))
    return _show(session, record, role)


def list_plans(session: Session, viewer: Viewer) -> PlanLists:
    """All plans that somebody can see, by the day of the exam."""
    taught = [line.id for line in list_taught_classes(session, viewer)]
    mine = store.list_plans(session, viewer.learner_id)
    return PlanLists(
        tuple(
            _show(session, record, PlanRole.OWN if record.class_id is None else PlanRole.MEMBER)
            for record in mine
            if record.class_id not in taught
        ),
        tuple(_show(session, record, PlanRole.TAUGHT) for record in store.list_plans_of_classes(session, taught)),
    )


def type_plan(plan: Plan) -> TypedPlan:
    """A plan as one would type it, for the form that changes it."""
    goal = plan.goal
    return TypedPlan(
        plan.title,
        plan.day.isoformat(),
        f"{100 * goal.recall:.6g}",
        f"{goal.minutes_per_day:.6g}",
        str(goal.new_per_day),
        plan.scope.decks,
        plan.scope.tags,
        {part.source: write_ranges(part.ranges) for part in plan.scope.parts},
    )

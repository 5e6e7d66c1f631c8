"""A class's plan as its teacher sees it: how each student stands, from what each one remembers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session

from quizapp.core.learning.examplan import ExamOutline
from quizapp.services.accounts import Viewer
from quizapp.services.classes import Member, TaughtClass, list_members, load_taught_class
from quizapp.services.plans import Plan
from quizapp.services.plans_forecast import Forecaster
from quizapp.services.plans_material import Material, load_material
from quizapp.services.rules import StudyRules, find_rules
from quizapp.store import plans as store
from quizapp.store import plans_scope as scope_store
from quizapp.store.plans import ForecastRecord


class Standing(StrEnum):
    """How a student stands: on the way, out of reach, or nothing to say (no cards, or the exam's day has come)."""

    ON_THE_WAY = "on-the-way"
    OUT_OF_REACH = "out-of-reach"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StudentLine:
    """One student of the class; ``minutes`` are those of the longest day that is left, ``begun`` counts cards."""

    handle: str
    name: str
    groups: tuple[str, ...]
    standing: Standing
    begun: int
    recall: float = 0.0
    low: float = 0.0
    high: float = 0.0
    minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class ClassPlanView:
    """All that a teacher's page says; ``changed`` is to be kept by ``keep_forecasts``."""

    plan: Plan
    taught: TaughtClass
    today: date
    cards: int
    students: tuple[StudentLine, ...]
    changed: tuple[ForecastRecord, ...]

    @property
    def over(self) -> bool:
        """Whether the exam's day has come."""
        return self.today >= self.plan.day

    def count(self, standing: str) -> int:
        """How many students stand so."""
        return sum(student.standing == standing for student in self.students)


def _load(
    session: Session, plan: Plan, members: Sequence[Member], school: StudyRules, now: datetime
) -> tuple[dict[int, Material], Forecaster]:
    rules = {member.learner_id: find_rules(session, school, member.learner_id) for member in members}
    kept = store.list_forecasts(session, plan.record.id)
    changed = any(record.first and record.version != plan.record.version for record in kept.values())
    first_day = min((each.calendar.day_of(now).toordinal() for each in rules.values()), default=0)
    if changed:  # what was planned for days gone by is joined to the plan as it was when it was changed
        first_day = min(first_day, plan.record.planned_from)
    return load_material(session, plan, rules, now, first_day), Forecaster(session, plan, now, kept)


def _describe(member: Member, begun: int, outline: ExamOutline | None) -> StudentLine:
    if outline is None:
        return StudentLine(member.handle, member.name, member.groups, Standing.UNKNOWN, begun)
    return StudentLine(
        handle=member.handle,
        name=member.name,
        groups=member.groups,
        standing=Standing.ON_THE_WAY if outline.feasible else Standing.OUT_OF_REACH,
        begun=begun,
        recall=outline.recall,
        low=outline.low,
        high=outline.high,
        minutes=max(day.minutes for day in outline.days),
    )


def view_class_plan(
    session: Session, plan: Plan, viewer: Viewer, rules: StudyRules, school: StudyRules, now: datetime
) -> ClassPlanView:
    """A plan of a class, for a teacher of the class: ``rules`` are the teacher's, ``school`` those of all.

    Raises NotFound or Forbidden for everybody else.
    """
    taught = load_taught_class(session, viewer, plan.record.class_handle)
    members = list_members(session, taught)
    materials, forecaster = _load(session, plan, members, school, now)
    students = []
    for member in members:
        material = materials[member.learner_id]
        forecast = forecaster.forecast(material, advise=False, roughly=True)
        students.append(_describe(member, len(material.states), None if forecast is None else forecast.outline))
    return ClassPlanView(
        plan=plan,
        taught=taught,
        today=rules.calendar.day_of(now),
        cards=len(scope_store.list_scope_cards(session, plan.scope)),
        students=tuple(students),
        changed=tuple(forecaster.changed),
    )

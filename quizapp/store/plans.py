"""Exam plans, and what was last worked out of them: queries that never commit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.tables import ClassMemberRow, ClassRow, ExamForecastRow, ExamPlanRow, LearnerRow, known_id, table_of

_plan, _forecast = table_of(ExamPlanRow), table_of(ExamForecastRow)
_class, _member, _learner = table_of(ClassRow), table_of(ClassMemberRow), table_of(LearnerRow)


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A plan as stored. ``day`` and ``planned_from`` are ordinals of study days, ``scope`` is JSON.

    A plan of a class names it by id, handle and name; a learner's own has the learner's id.
    """

    id: int
    handle: str
    learner_id: int | None
    class_id: int | None
    title: str
    day: int
    scope: str
    recall: float
    minutes_per_day: float
    new_per_day: int
    version: int
    planned_from: int
    class_handle: str = ""
    class_name: str = ""


@dataclass(frozen=True, slots=True)
class ForecastRecord:
    """What a plan comes to for one learner, as stored; see ``ExamForecastRow``."""

    learner_id: int
    plan_id: int
    version: int
    first_day: int
    first: str
    day: int
    digest: str
    outline: str
    advice: str
    start_by: int | None
    lost_since: int | None


_FORECAST_FIELDS = tuple(ForecastRecord.__dataclass_fields__)
_PLAN_FIELDS = tuple(PlanRecord.__dataclass_fields__)[:-2]
_PLANS = sa.select(
    *(_plan.c[name] for name in _PLAN_FIELDS),
    sa.func.coalesce(_class.c.handle, ""),
    sa.func.coalesce(_class.c.name, ""),
).outerjoin_from(_plan, _class, _class.c.id == _plan.c.class_id)


def add_plan(session: Session, values: dict[str, Any]) -> int:
    """Write a plan down; gives its id."""
    row = ExamPlanRow(**values)
    session.add(row)
    session.flush()
    return known_id(row.id)


def change_plan(session: Session, plan_id: int, values: dict[str, Any]) -> None:
    """Give a plan other values."""
    session.execute(sa.update(_plan).where(_plan.c.id == plan_id).values(**values))


def remove_plan(session: Session, plan_id: int) -> None:
    """Delete a plan with all that was worked out of it."""
    session.execute(sa.delete(_plan).where(_plan.c.id == plan_id))


def find_plan(session: Session, handle: str) -> PlanRecord | None:
    """The plan with this handle, whosoever it is."""
    row = session.execute(_PLANS.where(_plan.c.handle == handle)).first()
    return None if row is None else PlanRecord(*row)


_OWN_CLASSES = (
    sa.select(_member.c.class_id)
    .join(_class, _class.c.id == _member.c.class_id)
    .where(_member.c.learner_id == sa.bindparam("learner"), _member.c.left_at.is_(None), _class.c.archived_at.is_(None))
)


def is_member(session: Session, class_id: int, learner_id: int) -> bool:
    """Whether a learner studies in a class that is not archived."""
    found = session.execute(_OWN_CLASSES.where(_member.c.class_id == class_id), {"learner": learner_id})
    return found.first() is not None


def list_plans(session: Session, learner_id: int) -> list[PlanRecord]:
    """A learner's own plans and those of the classes in which the learner studies now, by the day of the exam."""
    mine = (_plan.c.learner_id == learner_id) | _plan.c.class_id.in_(_OWN_CLASSES)
    rows = session.execute(_PLANS.where(mine).order_by(_plan.c.day, _plan.c.id), {"learner": learner_id})
    return [PlanRecord(*row) for row in rows]


def list_plans_of_classes(session: Session, class_ids: Iterable[int]) -> list[PlanRecord]:
    """The plans of these classes, by the day of the exam."""
    rows = session.execute(_PLANS.where(_plan.c.class_id.in_(list(class_ids))).order_by(_plan.c.day, _plan.c.id))
    return [PlanRecord(*row) for row in rows]


def count_plans(session: Session, learner_id: int, class_id: int | None) -> int:
    """How many plans a class has, or (None) a learner of one's own."""
    owner = _plan.c.learner_id == learner_id if class_id is None else _plan.c.class_id == class_id
    counted = sa.select(sa.func.count()).where(owner)
    return int(session.execute(counted).scalar_one())


def move_plans(session: Session, from_id: int, to_id: int) -> None:
    """Make a guest's plans those of an account; what was worked out of them is worked out anew."""
    session.execute(sa.delete(_forecast).where(_forecast.c.learner_id == from_id))
    session.execute(sa.update(_plan).where(_plan.c.learner_id == from_id).values(learner_id=to_id))


def list_forecasts(session: Session, plan_id: int, learner_id: int | None = None) -> dict[int, ForecastRecord]:
    """What was last worked out of a plan, by learner; of one learner where ``learner_id`` is given."""
    query = sa.select(*(_forecast.c[name] for name in _FORECAST_FIELDS)).where(_forecast.c.plan_id == plan_id)
    if learner_id is not None:
        query = query.where(_forecast.c.learner_id == learner_id)
    records = [ForecastRecord(*row) for row in session.execute(query)]
    return {record.learner_id: record for record in records}


def save_forecasts(session: Session, plan_id: int, version: int, records: Iterable[ForecastRecord]) -> bool:
    """Put these in the place of what was kept of a plan; nothing where the plan was deleted or changed meanwhile."""
    held = sa.select(_plan.c.id).where(_plan.c.id == plan_id, _plan.c.version == version).with_for_update()
    if session.execute(held).first() is None:
        return False
    rows = [{name: getattr(record, name) for name in _FORECAST_FIELDS} for record in records]
    learners = [row["learner_id"] for row in rows]
    present = set(session.execute(sa.select(_learner.c.id).where(_learner.c.id.in_(learners))).scalars())
    session.execute(sa.delete(_forecast).where(_forecast.c.plan_id == plan_id, _forecast.c.learner_id.in_(learners)))
    kept = [row for row in rows if row["learner_id"] in present]
    if kept:
        session.execute(sa.insert(_forecast), kept)
    return True

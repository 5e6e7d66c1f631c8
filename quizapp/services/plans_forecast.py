"""What a plan comes to for each learner: worked out once a day, and again when anything that it hangs on has changed.

A day's plan is made from the memory as it was when the day began. So it stands the whole day, whenever it is looked at
and whatever was answered meanwhile, and the next day's is made from what was really done.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from pydantic import TypeAdapter
from sqlmodel import Session

from quizapp.core.learning.examplan import ExamAdvice, ExamOutline, ExamPlanner, PlannedDay, roll_chances
from quizapp.core.learning.examrun import Chances
from quizapp.core.learning.habits import LONGEST_ANSWER_MS, Habits, weigh_habits
from quizapp.core.learning.studyday import add_days
from quizapp.core.learning.workload import KnownCard
from quizapp.services.plans import Plan
from quizapp.services.plans_material import Material
from quizapp.store import plans as store
from quizapp.store import settings as settings_store
from quizapp.store.plans import ForecastRecord

HABIT_DAYS = 365

_OUTLINE: TypeAdapter[ExamOutline] = TypeAdapter(ExamOutline)
_ADVICE: TypeAdapter[ExamAdvice] = TypeAdapter(ExamAdvice)
_FIRST: TypeAdapter[list[tuple[float, float, float]]] = TypeAdapter(list[tuple[float, float, float]])


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a plan comes to for one learner on one study day.

    ``first`` are the days as they were planned when the plan was made, ``lost_since`` the day since when the goal can
    no longer be reached. ``advice`` is None where it was not asked for.
    """

    outline: ExamOutline
    advice: ExamAdvice | None
    first: tuple[PlannedDay, ...]
    lost_since: date | None


@dataclass(slots=True)
class Forecaster:
    """Makes the forecasts of one plan in one request; ``changed`` are those to be kept.

    Learners who know the same share one: before an exam's first lesson that is a whole class.
    """

    session: Session
    plan: Plan
    now: datetime
    kept: Mapping[int, ForecastRecord]
    changed: list[ForecastRecord] = field(default_factory=list)
    _outlines: dict[str, ExamOutline] = field(default_factory=dict)
    _digests: dict[tuple[int, int], str] = field(default_factory=dict)
    _chances: dict[bytes, tuple[Chances, ...]] = field(default_factory=dict)

    def forecast(self, material: Material, *, advise: bool, roughly: bool = False) -> Forecast | None:
        """The forecast for one learner; None from the exam's day on, and where there are no cards."""
        if not material.cards or material.today >= self.plan.day:
            return None
        today = material.today.toordinal()
        kept = self.kept.get(material.learner_id)
        known, unseen = material.known_at(today)
        digest = self._digest(material, today, known, unseen)
        if kept is not None and kept.digest == digest and (kept.advice or not advise):
            return _show(kept)
        record = self._make(material, kept, (known, unseen), advise=advise, roughly=roughly)
        self.changed.append(record)
        return _show(record)

    def first_plan(self, learner_id: int, forecast: Forecast | None) -> tuple[PlannedDay, ...]:
        """The days as they were planned when the plan was made; also after the exam, when there is no forecast."""
        if forecast is not None:
            return forecast.first
        kept = self.kept.get(learner_id)
        return () if kept is None else _list_first(kept)

    def _digest(self, material: Material, day: int, known: Sequence[KnownCard], unseen: int) -> str:
        place = material.learner_id, day
        if place not in self._digests:
            said = repr((self.plan.handle, self.plan.record.version, day, known, unseen, material.parameters))
            self._digests[place] = hashlib.sha256(said.encode()).hexdigest()
        return self._digests[place]

    def _habits(self, material: Material, day: int) -> Habits:
        """How the learner answered before a study day (its ordinal)."""
        first = day - HABIT_DAYS
        tallies = settings_store.tally_answers(self.session, material.learner_id, first, day - 1, LONGEST_ANSWER_MS)
        return weigh_habits(tallies)

    def _outline(
        self, material: Material, day: int, memory: tuple[list[KnownCard], int], *, roughly: bool
    ) -> tuple[ExamPlanner, ExamOutline]:
        """The plan from a study day (its ordinal) on, with what makes it."""
        habits, seed = self._habits(material, day), f"{self.plan.handle}|{day}".encode()
        if seed not in self._chances:
            self._chances[seed] = roll_chances(seed)
        planner = ExamPlanner(
            *memory,
            self.plan.goal,
            date.fromordinal(day),
            material.parameters,
            habits,
            seed,
            self._chances[seed],
        )
        name = f"{self._digest(material, day, *memory)}|{habits}|{roughly}"
        if name not in self._outlines:
            self._outlines[name] = planner.outline(roughly=roughly)
        return planner, self._outlines[name]

    def _make(
        self,
        material: Material,
        kept: ForecastRecord | None,
        memory: tuple[list[KnownCard], int],
        *,
        advise: bool,
        roughly: bool,
    ) -> ForecastRecord:
        today = material.today.toordinal()
        planner, outline = self._outline(material, today, memory, roughly=roughly)
        advice = planner.advise(outline) if advise else None
        if kept is not None and kept.first and kept.version == self.plan.record.version:
            first_day, first = kept.first_day, kept.first
        elif roughly and not (kept and kept.first):
            first_day, first = today, ""  # made when the learner looks: the log still tells what was known then
        else:
            first_day, first = self._make_first(material, kept, outline)
        if kept is not None and kept.version != self.plan.record.version:
            kept = None
        return ForecastRecord(
            learner_id=material.learner_id,
            plan_id=self.plan.record.id,
            version=self.plan.record.version,
            first_day=first_day,
            first=first,
            day=today,
            digest=self._digest(material, today, *memory),
            outline=_OUTLINE.dump_json(outline).decode(),
            advice="" if advice is None else _ADVICE.dump_json(advice).decode(),
            start_by=_find_start_by(kept, advice),
            lost_since=_find_lost_since(kept, outline, advice, today),
        )

    def _make_first(self, material: Material, kept: ForecastRecord | None, outline: ExamOutline) -> tuple[int, str]:
        """The plan as it was on the day on which it was made or changed, after the days gone by before a change."""
        planned_from = self.plan.record.planned_from
        if planned_from < material.today.toordinal():
            _, outline = self._outline(material, planned_from, material.known_at(planned_from), roughly=True)
        start = outline.days[0].day.toordinal()
        earlier = _FIRST.validate_json(kept.first) if kept is not None and kept.first else []
        gone = [] if kept is None else earlier[: max(start - kept.first_day, 0)]
        days = [(round(day.new, 2), round(day.reviews, 2), round(day.minutes, 2)) for day in outline.days]
        return start - len(gone), json.dumps([*gone, *days])


def _find_start_by(kept: ForecastRecord | None, advice: ExamAdvice | None) -> int | None:
    """The last day on which starting was early enough, as known when it last was."""
    if advice is not None and advice.start_by is not None:
        return advice.start_by.toordinal()
    return None if kept is None else kept.start_by


def _find_lost_since(
    kept: ForecastRecord | None, outline: ExamOutline, advice: ExamAdvice | None, today: int
) -> int | None:
    """Since when the goal can no longer be reached: as was foretold when it still could, else as it would have been."""
    if outline.feasible:
        return None
    if kept is not None and kept.lost_since is not None:
        return kept.lost_since
    if kept is not None and kept.start_by is not None:
        return min(max(kept.start_by, kept.day) + 1, today)
    if advice is not None and advice.delay is not None:
        return today - advice.delay + 1
    return None


def _list_first(record: ForecastRecord) -> tuple[PlannedDay, ...]:
    first_day = date.fromordinal(record.first_day)
    days = _FIRST.validate_json(record.first) if record.first else []
    return tuple(PlannedDay(add_days(first_day, number), *day) for number, day in enumerate(days))


def _show(record: ForecastRecord) -> Forecast:
    return Forecast(
        outline=_OUTLINE.validate_json(record.outline),
        advice=_ADVICE.validate_json(record.advice) if record.advice else None,
        first=_list_first(record),
        lost_since=None if record.lost_since is None else date.fromordinal(record.lost_since),
    )


def keep_forecasts(session: Session, plan: Plan, changed: Sequence[ForecastRecord]) -> None:
    """Keep what was worked out, unless the plan was deleted or changed meanwhile."""
    store.save_forecasts(session, plan.record.id, plan.record.version, changed)
    session.commit()

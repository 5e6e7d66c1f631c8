"""A plan as its learner sees it: what each day brings, what to expect, what was planned and done, and the next card."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from quizapp.core.analysis.plandays import DoneDay
from quizapp.core.learning.examplan import PlannedDay
from quizapp.core.learning.examqueue import ExamCard, ExamMoment, Portion, choose_exam_card, portion_of
from quizapp.core.learning.model import MemoryModel
from quizapp.core.learning.studyday import add_days
from quizapp.services import asking
from quizapp.services.accounts import Viewer
from quizapp.services.asking import Question
from quizapp.services.assessments.holding import list_held_cards
from quizapp.services.plans import Plan
from quizapp.services.plans_forecast import Forecast, Forecaster
from quizapp.services.plans_material import Material, load_material
from quizapp.services.rules import StudyRules
from quizapp.store import plans as store
from quizapp.store import plans_scope as scope_store
from quizapp.store import siblings as sibling_store
from quizapp.store import study as study_store
from quizapp.store.plans import ForecastRecord

_NO_PORTION = Portion()


@dataclass(frozen=True, slots=True)
class PastDay:
    """A day gone by: what was planned at first (None where there was no plan yet), and what was done."""

    day: date
    planned: PlannedDay | None
    done: DoneDay


@dataclass(frozen=True, slots=True)
class PlanView:
    """All that a plan's page says.

    ``forecast`` is None from the exam's day on, and where the scope has no cards any more. ``portion`` is today's,
    ``done`` what was done today. ``past`` are the days since the plan was made, the latest first. ``changed`` is to be
    kept by ``keep_forecasts``.
    """

    plan: Plan
    today: date
    cards: int
    begun: int
    forecast: Forecast | None
    portion: Portion
    done: DoneDay
    past: tuple[PastDay, ...]
    changed: tuple[ForecastRecord, ...]

    @property
    def over(self) -> bool:
        """Whether the exam's day has come."""
        return self.today >= self.plan.day

    @property
    def days_left(self) -> int:
        """The study days up to the eve, today included."""
        return max((self.plan.day - self.today).days, 0)

    @property
    def new_needed(self) -> int:
        """How many new cards a day it takes to begin all of them."""
        unseen = self.cards - self.begun + self.done.new
        return -(-unseen // max(self.days_left, 1))

    @property
    def later_day(self) -> date | None:
        """The first day on which the exam could be reached with the same time a day; None where there is none."""
        advice = None if self.forecast is None else self.forecast.advice
        return None if advice is None or advice.delay is None else add_days(self.plan.day, advice.delay)


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """The card to answer now, or None where today's portion is done; ``left`` is what is left of it.

    ``next_step`` is when a card in its steps comes back, ``undoable`` the learner's last answer where it was one to the
    scope: its deck and key. ``changed`` is to be kept by ``keep_forecasts``.
    """

    plan: Plan
    question: Question | None
    portion: Portion
    left: Portion
    done: DoneDay
    over: bool
    next_step: datetime | None
    undoable: tuple[str, str] | None
    changed: tuple[ForecastRecord, ...]


def _load_own(
    session: Session, plan: Plan, learner_id: int, rules: StudyRules, now: datetime
) -> tuple[Material, Forecaster]:
    kept = store.list_forecasts(session, plan.record.id, learner_id)
    first_day = min([plan.record.planned_from, *(record.first_day for record in kept.values())])
    material = load_material(session, plan, {learner_id: rules}, now, first_day)[learner_id]
    return material, Forecaster(session, plan, now, kept)


def _portion(forecast: Forecast | None) -> Portion:
    return portion_of(forecast.outline.days[0]) if forecast is not None else _NO_PORTION


def _list_past(first: tuple[PlannedDay, ...], material: Material, plan: Plan) -> list[PastDay]:
    """The days before today, the latest first, up to the eve of the exam."""
    planned = {day.day: day for day in first}
    start = min([date.fromordinal(plan.record.planned_from), *planned])
    days = max((min(material.today, plan.day) - start).days, 0)
    done = material.done_days()
    return [
        PastDay(day, planned.get(day), done.get(day.toordinal(), DoneDay()))
        for day in (add_days(start, number) for number in reversed(range(days)))
    ]


def view_plan(session: Session, plan: Plan, learner_id: int, rules: StudyRules, now: datetime) -> PlanView:
    """A plan on the study day of ``now``, counted from the learner's own memory."""
    material, forecaster = _load_own(session, plan, learner_id, rules, now)
    forecast = forecaster.forecast(material, advise=True)
    today = material.today
    return PlanView(
        plan=plan,
        today=today,
        cards=len(material.cards),
        begun=len(material.states),
        forecast=forecast,
        portion=_portion(forecast),
        done=material.done_days().get(today.toordinal(), DoneDay()),
        past=tuple(_list_past(forecaster.first_plan(learner_id, forecast), material, plan)),
        changed=tuple(forecaster.changed),
    )


def _exam_cards(session: Session, material: Material, rules: StudyRules, now: datetime) -> list[ExamCard]:
    held = list_held_cards(session, material.learner_id, now)
    met = sibling_store.find_met(
        session, material.learner_id, [card.id for card in material.cards], rules.day_starts(now)
    )
    cards = []
    for card in material.cards:
        if card.id in held:
            continue  # a test asks it; here it would give itself away
        state = material.states.get(card.id)
        last_day = 0 if state is None else material.days.find(state.last_review)
        cards.append(ExamCard(card.id, state, last_day, card.id in met))
    return cards


def next_plan_question(session: Session, plan: Plan, viewer: Viewer, rules: StudyRules, now: datetime) -> PlanQuestion:
    """The card of the scope, from whatever deck, that serves the exam now, up to today's portion."""
    material, forecaster = _load_own(session, plan, viewer.learner_id, rules, now)
    forecast, today = forecaster.forecast(material, advise=False), material.today.toordinal()
    portion, done = _portion(forecast), material.done_days().get(today, DoneDay())
    moment = ExamMoment(now, today, plan.record.day, plan.record.recall, Portion(done.new, done.reviews))
    choice = choose_exam_card(
        _exam_cards(session, material, rules, now), portion, moment, MemoryModel(material.parameters)
    )
    question = None
    if choice.card_id is not None and today < plan.record.day:
        revision = study_store.get_current_revision(session, choice.card_id)
        question = asking.same_question(
            session, revision.deck_slug, revision.card_slug, revision.number, viewer, rules, now
        )
    return PlanQuestion(
        plan=plan,
        question=question,
        portion=portion,
        left=choice.left,
        done=done,
        over=today >= plan.record.day,
        next_step=choice.next_step,
        undoable=scope_store.find_last_answer(session, viewer.learner_id, {card.id for card in material.cards}),
        changed=tuple(forecaster.changed),
    )

"""What every study use case needs to know of the installation, and of what a learner chose."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlmodel import Session

from quizapp.core.learning.choices import Choices
from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar, add_days
from quizapp.store import rules as store

_REMEMBERED = 1024


@dataclass(frozen=True, slots=True, eq=False)
class StudyRules:
    """The memory model, the study days, and the secret behind every shuffle; with what a learner chose, if anything.

    ``fitted``: the model's parameters are the learner's own, so that those of a deck do not count. ``prior`` multiplies
    the stability after first reviews, by the name of the card (``DECK/CARD``); for all others the factor is 1.
    ``fit_id`` is the fit that both are from, ``school`` what a learner's rules were laid over; None where they are it.

    The secret keeps the order of options from giving the answer away: the program's source is public, so an order that
    anybody could compute would be one that anybody could undo.
    """

    scheduler: Scheduler
    calendar: StudyCalendar
    secret: bytes
    choices: Choices = field(default_factory=Choices)
    fitted: bool = False
    prior: Mapping[str, float] = field(default_factory=dict)
    fit_id: int | None = None
    school: "StudyRules | None" = None

    def shuffle_seed(self, handle: str, ref: str, revision: int, reps: int) -> bytes:
        """The seed for showing a card to a learner (``handle``, blank for a visitor) after ``reps`` reviews."""
        return hmac.digest(self.secret, f"shuffle|{handle}|{ref}|{revision}|{reps}".encode(), "sha256")

    def day_starts(self, now: datetime) -> datetime:
        """When the study day of ``now`` started."""
        return self.calendar.start_of(self.calendar.day_of(now))

    def day_ends(self, now: datetime) -> datetime:
        """When the study day of ``now`` ends."""
        return self.start_of_day_after(self.calendar.day_of(now), 1)

    def start_of_day_after(self, day: date, days: int) -> datetime:
        """When the study day so many days after another starts."""
        return self.calendar.start_of(add_days(day, days))

    def prior_of(self, ref: str) -> float:
        """By what the stability after a first review of this card is multiplied."""
        return self.prior.get(ref, 1.0)

    def in_deck(self, parameters: str) -> "StudyRules":
        """The rules for a deck with these parameters (JSON, blank where it has none)."""
        return self if self.fitted or not parameters else _with_parameters(self, parameters)


def make_school_rules(zone: ZoneInfo, day_start: time, secret: str) -> StudyRules:
    """The study rules of an installation: those of everybody who chose nothing else."""
    calendar = StudyCalendar(zone, day_start)
    return StudyRules(Scheduler(SchedulerSettings(), calendar), calendar, secret.encode())


def _with(rules: StudyRules, parameters: str) -> Scheduler:
    values = tuple(float(value) for value in json.loads(parameters))
    return replace(rules.scheduler, settings=replace(rules.scheduler.settings, parameters=values))


@lru_cache(_REMEMBERED)
def _with_parameters(rules: StudyRules, parameters: str) -> StudyRules:
    return replace(rules, scheduler=_with(rules, parameters))


def rules_over(school: StudyRules, choices: Choices) -> StudyRules:
    """The rules of a learner who chose this."""
    calendar = choices.calendar_over(school.calendar)
    settings = choices.settings_over(school.scheduler.settings)
    return replace(school, scheduler=Scheduler(settings, calendar), calendar=calendar, choices=choices)


@lru_cache(_REMEMBERED)
def _make_rules(school: StudyRules, choices: str, parameters: str, prior: str, fit_id: int | None) -> StudyRules:
    rules = rules_over(school, Choices.from_json(choices)) if choices else school
    if parameters:
        rules = replace(rules, scheduler=_with(rules, parameters), fitted=True)
    if fit_id is not None:
        rules = replace(rules, prior=json.loads(prior) if prior else {}, fit_id=fit_id)
    return rules if rules is school else replace(rules, school=school)


def find_rules(session: Session, school: StudyRules, learner_id: int) -> StudyRules:
    """The rules for a learner: what was chosen, and the parameters in use, laid over what the school has."""
    return _make_rules(school, *store.find_own_rules(session, learner_id))


def follow_fit(session: Session, rules: StudyRules, learner_id: int, fit_id: int | None) -> StudyRules:
    """A learner's rules, found anew where they are not by this fit: another was brought to the learner meanwhile."""
    return rules if rules.fit_id == fit_id else find_rules(session, rules.school or rules, learner_id)

"""What a learner chooses for studying: shown, tried out before it is saved, and saved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from sqlmodel import Session

from quizapp.core.analysis.progress import DayCounter
from quizapp.core.analysis.workloadtomorrow import DeckToday, Limits, Tomorrow, WaitingCard, expect_tomorrow
from quizapp.core.learning.choices import Choices
from quizapp.core.learning.limits import DailyLimits, DayCount
from quizapp.core.learning.rescheduling import Move
from quizapp.core.learning.scheduling import Scheduler
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.core.learning.workload import Workload
from quizapp.core.learning.zones import move_due
from quizapp.services.rules import StudyRules, find_rules, rules_over
from quizapp.services.workload import Situation, adapt_steps, load_situation, prepare_year
from quizapp.store import reschedules
from quizapp.store import settings as store
from quizapp.store.study import lock_learner

ZONE = "zone"
"""The reason of a reschedule after another time zone was chosen."""

_PARTS: Mapping[str, tuple[str, ...]] = {
    "retention": ("desired_retention",),
    "limits": ("limits",),
    "decks": ("decks",),
    "steps": ("learning_steps", "relearning_steps"),
    "longest": ("maximum_interval",),
    "zone": ("timezone",),
    "week": ("week",),
}
"""The parts of the choices, each told of by itself, with the fields that belong to it."""


@dataclass(frozen=True, slots=True)
class DeckLine:
    """A deck that was begun."""

    slug: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """What a learner chose, and the decks that can have limits of their own: those begun."""

    choices: Choices
    decks: tuple[DeckLine, ...]

    @property
    def begun(self) -> bool:
        """Whether there is anything to choose for."""
        return bool(self.decks) or self.choices != Choices()


@dataclass(frozen=True, slots=True)
class Outlook:
    """What tomorrow brings, and a mean day of the coming year."""

    tomorrow: Tomorrow
    year: Workload


@dataclass(frozen=True, slots=True)
class Effect:
    """What choices do: the outlook as it is (``now``) and as it would be (``then``).

    ``parts`` tells of each part that differs what it alone would make of tomorrow.
    """

    now: Outlook
    then: Outlook
    parts: Mapping[str, Tomorrow]

    @property
    def changed(self) -> bool:
        """Whether anything was chosen that is not so already."""
        return bool(self.parts)


def view_settings(session: Session, learner_id: int) -> SettingsPage:
    """What a learner chose so far."""
    return SettingsPage(
        choices=Choices.from_json(store.read_choices(session, learner_id)),
        decks=tuple(
            DeckLine(deck.slug, deck.title, deck.language) for deck in store.list_begun_decks(session, learner_id)
        ),
    )


def _lay_over(school: StudyRules, own: StudyRules, choices: Choices) -> StudyRules:
    """The rules of a learner who chose this, with the parameters that are the learner's own, if any."""
    rules = rules_over(school, choices)
    if own.fitted:
        settings = replace(rules.scheduler.settings, parameters=own.scheduler.settings.parameters)
        rules = replace(rules, scheduler=Scheduler(settings, rules.calendar), fitted=True)
    return replace(rules, prior=own.prior)


class _Forecast:
    """One learner's forecasts, for one set of choices after another."""

    def __init__(self, session: Session, learner_id: int, school: StudyRules, own: StudyRules, now: datetime) -> None:
        self._school, self._own, self._now = school, own, now
        self._session, self._learner_id = session, learner_id
        self._today = own.calendar.day_of(now)

    @cached_property
    def _situation(self) -> Situation:
        return load_situation(self._session, self._learner_id, self._today)

    def look(self, choices: Choices) -> Outlook:
        return Outlook(self.look_at_tomorrow(choices), self._look_at_year(choices))

    def _look_at_year(self, choices: Choices) -> Workload:
        rules = _lay_over(self._school, self._own, choices)
        year = prepare_year(self._situation, rules, self._own.scheduler.settings, self._today)
        return year.play(rules.scheduler.settings.desired_retention)

    def look_at_tomorrow(self, choices: Choices) -> Tomorrow:
        rules = _lay_over(self._school, self._own, choices)
        today = rules.calendar.day_of(self._now)
        habits = adapt_steps(self._situation.habits, self._own.scheduler.settings, rules.scheduler.settings)
        limits = Limits(choices.limits, choices.decks, self._situation.pace)
        return expect_tomorrow(self._list_cards(rules, today), self._list_decks(rules, today), limits, habits)

    def _list_cards(self, rules: StudyRules, today: date) -> list[WaitingCard]:
        slugs = {deck.id: deck.slug for deck in self._situation.decks}
        days, moves = DayCounter(rules.calendar), rules.calendar != self._own.calendar
        cards = []
        for card in self._situation.cards:
            due = card.due
            if moves and not card.in_steps:
                due = move_due(due, card.last_review, self._own.calendar, rules.calendar)
            cards.append(
                WaitingCard(
                    deck=slugs[card.deck_id],
                    stability=card.stability,
                    difficulty=card.difficulty,
                    days_ago=max(today.toordinal() - days.find(card.last_review), 0),
                    due_in=days.find(due) - today.toordinal(),
                    in_steps=card.in_steps,
                )
            )
        return cards

    def _list_decks(self, rules: StudyRules, today: date) -> list[DeckToday]:
        found = store.count_done(self._session, self._learner_id, today.toordinal())
        done = {each.deck_id: DayCount(each.new, each.reviews) for each in found}
        return [
            DeckToday(
                slug=deck.slug,
                unseen=max(deck.cards - deck.seen, 0),
                done=done.get(deck.id, DayCount()),
                settings=rules.in_deck(deck.parameters).scheduler.settings,
            )
            for deck in self._situation.decks
        ]


def _find_parts(before: Choices, after: Choices) -> dict[str, Choices]:
    """The parts in which two choices differ, each with the choices before and this part as after."""
    changes = {
        part: replace(before, **{name: getattr(after, name) for name in names}) for part, names in _PARTS.items()
    }
    return {part: choices for part, choices in changes.items() if choices != before}


def _keep_hidden(page: SettingsPage, chosen: Choices) -> Choices:
    """The choices with the limits of decks begun; those of other decks stay as they were: no page shows them."""
    shown = {deck.slug for deck in page.decks}
    limits = {slug: limits for slug, limits in page.choices.decks.items() if slug not in shown}
    limits |= {slug: limits for slug, limits in chosen.decks.items() if slug in shown and limits != DailyLimits()}
    return replace(chosen, decks=limits)


def _preview(
    session: Session, learner_id: int, school: StudyRules, before: Choices, chosen: Choices, now: datetime
) -> Effect:
    forecast = _Forecast(session, learner_id, school, find_rules(session, school, learner_id), now)
    then = forecast.look(chosen)
    parts = _find_parts(before, chosen)
    return Effect(
        now=forecast.look(before) if parts else then,
        then=then,
        parts={
            part: then.tomorrow if alone == chosen else forecast.look_at_tomorrow(alone)
            for part, alone in parts.items()
        },
    )


def preview_choices(session: Session, learner_id: int, school: StudyRules, choices: Choices, now: datetime) -> Effect:
    """What choices would do to a learner's work. Writes nothing."""
    page = view_settings(session, learner_id)
    return _preview(session, learner_id, school, page.choices, _keep_hidden(page, choices), now)


def preview_reset(session: Session, learner_id: int, school: StudyRules, now: datetime) -> Effect:
    """What it would do to a learner's work to have everything as the school has it. Writes nothing."""
    return _preview(session, learner_id, school, view_settings(session, learner_id).choices, Choices(), now)


def _move_cards(session: Session, learner_id: int, before: StudyCalendar, after: StudyCalendar, now: datetime) -> None:
    """Move the cards that wait to their days in another time zone."""
    moves = []
    for card in reschedules.list_waiting(session, learner_id):
        state = card.state
        due = move_due(state.due, state.last_review, before, after)
        if due != state.due:
            moves.append(Move(card.card_id, state.reps, state.last_review, state.due, due))
    if moves:
        reschedules.add_reschedule(session, learner_id, ZONE, moves, now)


def _save(
    session: Session, learner_id: int, school: StudyRules, before: Choices, chosen: Choices, now: datetime
) -> bool:
    if chosen == before:
        return False
    old, new = before.calendar_over(school.calendar), chosen.calendar_over(school.calendar)
    if old != new:
        _move_cards(session, learner_id, old, new, now)
    store.write_choices(session, learner_id, chosen.to_json())
    session.commit()
    return True


def save_choices(session: Session, learner_id: int, school: StudyRules, choices: Choices, now: datetime) -> bool:
    """Keep what a learner chose, from the next review on; whether anything is other than before.

    With another time zone the cards that wait move to the same study days there.
    """
    lock_learner(session, learner_id)
    page = view_settings(session, learner_id)
    return _save(session, learner_id, school, page.choices, _keep_hidden(page, choices), now)


def reset_choices(session: Session, learner_id: int, school: StudyRules, now: datetime) -> bool:
    """Have everything as the school has it again; whether anything is other than before."""
    lock_learner(session, learner_id)
    return _save(session, learner_id, school, view_settings(session, learner_id).choices, Choices(), now)

"""Offering to move a learner's cards to where new parameters, or another desired recall, would have put them.

New parameters change what is known of the memory at once, and no due date. Moving the cards is the learner's decision:
first a dry run, then all of it in one transaction, and back again at one press.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from quizapp.core.errors import NotFound
from quizapp.core.learning.fuzz import fuzz_seed
from quizapp.core.learning.rescheduling import PlannedCard, Reschedule, plan_reschedule
from quizapp.core.learning.studyday import add_days
from quizapp.core.messages import say
from quizapp.core.names import name_key
from quizapp.services.accounts import Viewer
from quizapp.services.rules import StudyRules
from quizapp.store import reschedules as store
from quizapp.store.accounts import find_account_by_name
from quizapp.store.locks import lock_decks_of_learners
from quizapp.store.reschedules import RescheduleRecord, WaitingCard
from quizapp.store.study import lock_learner

SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True)
class DayLoad:
    """How many cards are due on a study day, before and after; what is overdue counts today."""

    day: date
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ReschedulePreview:
    """What moving the cards would do: of ``cards`` that wait, some come ``earlier`` and some ``later``.

    ``due_today`` of them become due today that were not. ``days`` are the coming thirty.
    """

    cards: int
    earlier: int
    later: int
    due_today: int
    days: tuple[DayLoad, ...]

    @property
    def moved(self) -> int:
        """How many cards move."""
        return self.earlier + self.later


@dataclass(frozen=True, slots=True)
class UndoneReschedule:
    """How many cards went back to their days, and how many were ``kept``: they were answered or moved since."""

    back: int
    kept: int


def find_viewer(session: Session, name: str) -> Viewer:
    """The holder of the account with this name. Raises NotFound."""
    account = find_account_by_name(session, name_key(name))
    if account is None:
        raise NotFound(say("There is no account “%(name)s”.", name=name))
    return Viewer(account.learner_id, account.handle, account.id, account.name)


def _plan(cards: list[WaitingCard], viewer: Viewer, rules: StudyRules, now: datetime) -> Reschedule:
    planned = [
        PlannedCard(
            card.card_id,
            card.state,
            rules.in_deck(card.parameters).scheduler.settings,
            fuzz_seed(viewer.handle, card.ref, card.state.reps),
        )
        for card in cards
    ]
    return plan_reschedule(planned, rules.calendar, now, rules.choices.week)


def _preview(plan: Reschedule) -> ReschedulePreview:
    days = (add_days(plan.today, ahead) for ahead in range(SHOWN_DAYS))
    return ReschedulePreview(
        cards=plan.cards,
        earlier=plan.earlier,
        later=plan.later,
        due_today=plan.due_today,
        days=tuple(DayLoad(day, plan.before.get(day, 0), plan.after.get(day, 0)) for day in days),
    )


def preview_reschedule(session: Session, viewer: Viewer, rules: StudyRules, now: datetime) -> ReschedulePreview:
    """What ``apply_reschedule`` would do on this study day, with the viewer's rules. Changes nothing."""
    return _preview(_plan(store.list_waiting(session, viewer.learner_id), viewer, rules, now))


def apply_reschedule(session: Session, viewer: Viewer, rules: StudyRules, now: datetime) -> ReschedulePreview:
    """Move the viewer's cards, and tell what was done. Doing it again moves nothing more on the same study day."""
    lock_decks_of_learners(session, [viewer.learner_id])
    lock_learner(session, viewer.learner_id)
    plan = _plan(store.list_waiting(session, viewer.learner_id), viewer, rules, now)
    if plan.moves:
        store.add_reschedule(session, viewer.learner_id, store.MEMORY, plan.moves, now)
    session.commit()
    return _preview(plan)


def undo_reschedule(session: Session, viewer: Viewer, now: datetime) -> UndoneReschedule:
    """Take the last reschedule back: cards that were not answered or moved since go to the days they had before.

    Doing it again takes the one before back. Raises NotFound where there is none.
    """
    lock_decks_of_learners(session, [viewer.learner_id])
    lock_learner(session, viewer.learner_id)
    last = store.find_last(session, viewer.learner_id, store.MEMORY, in_force=True)
    if last is None:
        raise NotFound(say("There is no rescheduling to take back."))
    back = store.take_back(session, viewer.learner_id, last.number, now)
    session.commit()
    return UndoneReschedule(back, last.cards - back)


def find_last_reschedule(session: Session, learner_id: int) -> RescheduleRecord | None:
    """The last reschedule of a learner, taken back or not, and how many of its cards could still go back."""
    return store.find_last(session, learner_id, store.MEMORY)

"""What is known of each student of a class today, counted for all of them at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from quizapp.core.analysis.classpage import OVERDUE_DAYS, STUCK_DAYS, STUCK_TIMES, Activity
from quizapp.core.assignments.standing import Standing
from quizapp.services.assignments.asked import list_asked
from quizapp.services.classes import Member, TaughtClass
from quizapp.services.recalls import find_curves
from quizapp.services.rules import StudyRules
from quizapp.store import classpage as store
from quizapp.store.assignments_asked import Asking
from quizapp.store.classpage import RecallRecord, WorkRecord

WEEK = 7
_NOT_DONE = (Standing.OVERDUE, Standing.MISSED)
_NO_WORK = WorkRecord(0, 0, 0, 0, 0, 0)


def _find_stuck(session: Session, work: dict[int, WorkRecord], today: int) -> dict[int, dict[int, int]]:
    """The cards that students are stuck at, looked up of those alone who missed enough cards in the week."""
    may_be = sorted(one.learner_id for one in work.values() if one.missed >= STUCK_TIMES)
    stuck: dict[int, dict[int, int]] = defaultdict(dict)
    for learner_id, card_id, times in store.list_stuck(session, may_be, today - STUCK_DAYS + 1, STUCK_TIMES):
        stuck[learner_id][card_id] = times
    return stuck


def _count_overdue(session: Session, taught: TaughtClass, now: datetime) -> dict[int, int]:
    asking = Asking(class_id=taught.id, due_between=(now - timedelta(days=OVERDUE_DAYS), now))
    found: dict[int, int] = defaultdict(int)
    for one in list_asked(session, asking, now):
        found[one.record.learner_id] += one.standing in _NOT_DONE
    return found


def _sum_recalls(recalls: Sequence[RecallRecord]) -> tuple[int, float | None, int]:
    """How many cards were met, their mean recall, and how many of them wait."""
    cards, recalled, due = 0, 0.0, 0
    for one in recalls:
        cards += one.cards
        recalled += one.recall * one.cards
        due += one.due
    return cards, recalled / cards if cards else None, due


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of the students of a class, by learner: in all, and what each remembers of each deck."""

    activities: Mapping[int, Activity]
    recalls: Mapping[int, Sequence[RecallRecord]]

    @property
    def decks(self) -> frozenset[int]:
        """The decks that anybody has met."""
        return frozenset(one.deck_id for own in self.recalls.values() for one in own)


def read_figures(
    session: Session, taught: TaughtClass, members: Sequence[Member], rules: StudyRules, now: datetime
) -> Figures:
    """What is known of these students of a class. ``rules`` are the school's."""
    day_of = rules.calendar.day_of
    today = day_of(now).toordinal()
    work = {one.learner_id: one for one in store.list_work(session, taught.id, today - WEEK + 1, today)}
    idle = [member.learner_id for member in members if member.learner_id not in work]
    last_days = store.list_last_days(session, taught.id, idle)
    recalls: dict[int, list[RecallRecord]] = defaultdict(list)
    for one in store.list_recalls(session, taught.id, now, rules.day_ends(now), find_curves(session, rules)):
        recalls[one.learner_id].append(one)
    stuck = _find_stuck(session, work, today)
    overdue = _count_overdue(session, taught, now)
    found = {}
    for member in members:
        own = member.learner_id
        done = work.get(own, _NO_WORK)
        cards, recall, due = _sum_recalls(recalls.get(own, ()))
        found[own] = Activity(
            joined_day=day_of(member.joined_at).toordinal(),
            last_day=done.last_day or last_days.get(own),
            today=done.today,
            today_right=done.today_right,
            week=done.week,
            due=due,
            cards=cards,
            recall=recall,
            stuck=stuck.get(own, {}),
            overdue=overdue.get(own, 0),
        )
    return Figures(found, recalls)

"""What already waits on the days to which a card may be moved, for one learner."""

from collections import Counter
from datetime import date, datetime
from functools import cached_property

from sqlmodel import Session

from quizapp.core.learning.balance import Load
from quizapp.core.learning.memory import MemoryState
from quizapp.services.rules import StudyRules
from quizapp.store import queues, siblings


class LearnerLoad:
    """Finds the load for the days among which a review moves a card (``balance.LoadOf``).

    The card itself does not count: where it is due today or later, its place becomes free.
    """

    def __init__(
        self,
        session: Session,
        learner_id: int,
        card_id: int,
        state: MemoryState | None,
        rules: StudyRules,
        now: datetime,
    ) -> None:
        self._session, self._learner_id, self._card_id = session, learner_id, card_id
        self._state, self._rules = state, rules
        self._today = rules.calendar.day_of(now)

    def __call__(self, days: range) -> Load:
        """What waits on these days, counted from today."""
        first, end = (self._rules.start_of_day_after(self._today, day) for day in (days.start, days.stop))
        cards: Counter[date] = Counter()
        for due, count in queues.list_load(self._session, self._learner_id, first, end):
            cards[self._rules.calendar.day_of(due)] += count
        if self._state is not None and cards[own := self._rules.calendar.day_of(self._state.due)]:
            cards[own] -= 1
        return Load(cards, self._rules.choices.week, self._siblings)

    @cached_property
    def _siblings(self) -> frozenset[date]:
        dues = siblings.list_dues(self._session, self._learner_id, self._card_id)
        return frozenset(self._rules.calendar.day_of(due) for due in dues)

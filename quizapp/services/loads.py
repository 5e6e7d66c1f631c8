"""What already waits on the days to which a card may be moved, for one learner."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from quizapp.core.learning.balance import Load
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.services.rules import StudyRules
from quizapp.store import queues, siblings


def find_load(
    session: Session,
    learner_id: int,
    card_id: int,
    state: MemoryState | None,
    ratings: Sequence[Rating],
    rules: StudyRules,
    now: datetime,
    *,
    prior: float = 1.0,
) -> Load | None:
    """The load on the days that reviews now with these ratings could bring; None where they leave no choice of days.

    The card itself does not count: where it is due today or later, its place becomes free.
    """
    today = rules.calendar.day_of(now)
    bands = [band for band in rules.scheduler.bands(state, ratings, now, prior=prior) if len(band) > 1]
    if not bands:
        return None
    cards: Counter[date] = Counter()
    for first, end in _join(bands):
        span = rules.start_of_day_after(today, first), rules.start_of_day_after(today, end)
        for due, count in queues.list_load(session, learner_id, *span):
            cards[rules.calendar.day_of(due)] += count
    if state is not None and cards[own := rules.calendar.day_of(state.due)]:
        cards[own] -= 1
    dues = siblings.list_dues(session, learner_id, card_id)
    return Load(cards, rules.choices.week, frozenset(rules.calendar.day_of(due) for due in dues))


def _join(bands: Sequence[range]) -> list[tuple[int, int]]:
    """The days of these ranges, which come in the order of their starts, as spans that do not overlap."""
    spans: list[tuple[int, int]] = []
    for band in bands:
        if spans and band.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], band.stop))
        else:
            spans.append((band.start, band.stop))
    return spans

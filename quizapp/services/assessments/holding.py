"""Keeping the cards of a test out of study while the test can be sat.

The queues leave them out (``list_held_cards``), and whatever is asked for a card or an answer by name refuses to tell
or take anything of them (``refuse_held``), whichever page or program it is asked by.
"""

from collections import defaultdict
from datetime import datetime

from sqlmodel import Session

from quizapp.core.errors import Conflict
from quizapp.core.messages import say
from quizapp.services.assessments.access import find_terms, has_open, read_assessment
from quizapp.store import assessments as store
from quizapp.store import assessments_attempts as attempts

_NONE: frozenset[int] = frozenset()


class HeldBack(Conflict):
    """The card is in a test of the learner's, and waits until the test is over. Nothing was recorded.

    ``retry_after``, in seconds: an answer that was given before, and comes late, is to be sent again then.
    """

    retry_after = 600

    def __init__(self) -> None:
        super().__init__(say("This card is part of a test of yours. It waits until the test is over."))


def list_held_cards(session: Session, learner_id: int | None, now: datetime) -> frozenset[int]:
    """The ids of the cards that this learner (None: a visitor) must not meet anywhere but in a test, for now.

    They are those of all published tests that the learner may sit or has sat and whose teacher keeps their cards out of
    study: from the opening of the test until the learner can sit it no more and, where feedback comes after the due
    date, until then. For a learner without such tests this is one query.
    """
    holding = [] if learner_id is None else store.list_holding(session, learner_id)
    if not holding or learner_id is None:
        return _NONE
    sat = defaultdict(list)
    for attempt in attempts.list_attempts_of(session, learner_id):
        sat[attempt.assessment_id].append(attempt)
    held = []
    for record in holding:
        assessment, mine = read_assessment(record), sat[record.id]
        terms, most = find_terms(session, assessment, learner_id)
        is_open = has_open(terms, mine, now)
        goes_on = not mine or record.by_link or store.is_given(session, record.id, learner_id)
        left = most - len(mine) if goes_on else 0
        if terms.holds_cards(assessment.plan.feedback, attempts_left=left, open_attempt=is_open, now=now):
            held.append(record.id)
    return store.list_pool_cards(session, held) if held else _NONE


def refuse_held(session: Session, learner_id: int | None, card_id: int, now: datetime) -> None:
    """Raise HeldBack where a learner (None: a visitor) must not meet this card now."""
    if card_id in list_held_cards(session, learner_id, now):
        raise HeldBack


def list_held_refs(session: Session, learner_id: int | None, now: datetime) -> frozenset[str]:
    """The same cards by their names ``DECK/CARD``."""
    held = list_held_cards(session, learner_id, now)
    return store.list_refs(session, held) if held else frozenset()

"""Bringing a learner to the fit that counts for them: their own, else their class's, else none.

All states are counted again from the log with the parameters then in force, apart from the database; when cards are due
stays as it is. What was answered meanwhile is counted in the short transaction that writes.
"""

import json
from collections.abc import Iterable

from sqlmodel import Session

from quizapp.core.errors import Invalid, NotFound
from quizapp.core.messages import say
from quizapp.services.counting import StateCounter
from quizapp.services.jobs import Compute, Read, Write
from quizapp.services.rules import StudyRules
from quizapp.store import fits as store
from quizapp.store import replays
from quizapp.store.replays import Print, ReplayCard
from quizapp.store.study import lock_learner

_Memories = dict[int, tuple[float, float]]


def _count_memories(counter: StateCounter, cards: Iterable[ReplayCard]) -> _Memories:
    """The stability and difficulty of each card that has a state; a log that cannot be read changes nothing."""
    memories = {}
    for card in cards:
        try:
            counted = counter.count(card)
        except Invalid:
            continue
        if counted is not None and card.stored is not None:
            memories[card.place.card_id] = (counted.stability, counted.difficulty)
    return memories


def _adopt(
    session: Session,
    learner_id: int,
    fit_id: int | None,
    counter: StateCounter,
    memories: _Memories,
    seen: dict[int, Print],
) -> str:
    lock_learner(session, learner_id)
    found = replays.list_prints(session, learner_id)
    touched = {card_id for card_id in {*found, *seen} if found.get(card_id) != seen.get(card_id)}
    late = replays.list_cards(session, learner_id, touched)
    counter.learn(replays.list_schedulings(session, late))
    replays.write_memories(
        session,
        learner_id,
        {card_id: memory for card_id, memory in memories.items() if card_id not in touched}
        | _count_memories(counter, late),
    )
    store.set_learner_fit(session, learner_id, fit_id)
    return say("%(count)s states counted again", count=len(memories))


def make_adoption(rules: StudyRules) -> Read:
    """The job that brings a learner, whose id is the subject, to the fit that counts; ``rules`` are the school's."""

    def read(session: Session, subject: str) -> Compute:
        learner_id = int(subject)
        if not store.has_subject(session, "learner", learner_id):
            raise NotFound(say("It is no longer there."))
        fit = store.choose_fit(session, learner_id)
        parameters, prior, fit_id = ("", "", None) if fit is None else (fit.parameters, fit.prior, fit.id)
        cards = replays.list_cards(session, learner_id)
        schedulings = replays.list_schedulings(session, cards)
        counter = StateCounter(schedulings, rules, parameters, json.loads(prior) if prior else {})
        seen = replays.list_prints(session, learner_id)

        def compute() -> Write:
            memories = _count_memories(counter, cards)
            return lambda session, now: _adopt(session, learner_id, fit_id, counter, memories, seen)

        return compute

    return read

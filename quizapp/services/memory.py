"""The memory states as what they are: a cache of the review log, which can be counted again."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from quizapp.core.errors import Invalid
from quizapp.core.learning.memory import MemoryState
from quizapp.services.counting import StateCounter
from quizapp.services.rules import StudyRules
from quizapp.store import replays, states
from quizapp.store import rules as rules_store
from quizapp.store import study as store
from quizapp.store.locks import lock_decks_of_learners
from quizapp.store.replays import ReplayCard


@dataclass(frozen=True, slots=True)
class Difference:
    """A state that is not what the log says: ``stored`` is None where it is missing.

    ``counted`` is None where the log has no answer that counts."""

    handle: str
    ref: str
    stored: MemoryState | None
    counted: MemoryState | None


@dataclass(frozen=True, slots=True)
class Rebuild:
    """How many states were counted again, and which of them differed from what was stored.

    ``miscounts`` is how many of the counts kept beside the states (cards seen, cards due by day) were wrong.
    ``unreadable`` says which logs could not be read: the states of those cards are left as they are.
    """

    states: int
    differences: tuple[Difference, ...] = ()
    miscounts: int = 0
    unreadable: tuple[str, ...] = ()


def _make_counter(session: Session, learner_id: int, rules: StudyRules, cards: Sequence[ReplayCard]) -> StateCounter:
    _, parameters, prior, _ = rules_store.find_own_rules(session, learner_id)
    schedulings = replays.list_schedulings(session, cards)
    return StateCounter(schedulings, rules, parameters, json.loads(prior) if prior else {})


def count_states(
    session: Session, learner_id: int, rules: StudyRules, card_ids: Collection[int]
) -> dict[int, MemoryState | None]:
    """What the log says of these cards of a learner, with the parameters now in force; None: no answer counts.

    Reads only. Raises Invalid where a log cannot be read.
    """
    cards = replays.list_cards(session, learner_id, card_ids)
    counter = _make_counter(session, learner_id, rules, cards)
    found = {card.place.card_id: counter.count(card) for card in cards}
    return {card_id: found.get(card_id) for card_id in card_ids}


def _rebuild_learner(session: Session, learner_id: int, handle: str, rules: StudyRules, *, dry_run: bool) -> Rebuild:
    """Count the states of one learner again; what differs is put right unless in a dry run. Does not commit."""
    if not dry_run:
        lock_decks_of_learners(session, [learner_id])
        store.lock_learner(session, learner_id)
    cards = replays.list_cards(session, learner_id)
    counter = _make_counter(session, learner_id, rules, cards)
    count = 0
    differences, unreadable = [], []
    for card in cards:
        try:
            counted = counter.count(card)
        except Invalid as error:
            unreadable.append(f"{handle} {error.message}")
            continue
        count += counted is not None
        if counted == card.stored:
            continue
        differences.append(Difference(handle, card.ref, card.stored, counted))
        if not dry_run:
            states.write_state(session, card.place, card.stored, counted)
    return Rebuild(count, tuple(differences), unreadable=tuple(unreadable))


def rebuild_states(session: Session, rules: StudyRules, *, dry_run: bool = False) -> Rebuild:
    """Count every memory state again from the log, and the counts kept beside them from the states.

    What differs is told and, unless in a dry run, put right: a transaction for each learner, so that others can study
    meanwhile. ``rules`` are the school's.
    """
    learners = replays.list_learners(session)
    miscounts = states.find_miscounts(session)
    session.commit()
    done = []
    for learner_id, handle in learners:
        done.append(_rebuild_learner(session, learner_id, handle, rules, dry_run=dry_run))
        if miscounts and not dry_run:
            states.recount_learner(session, learner_id)
        session.commit()
    return Rebuild(
        sum(one.states for one in done),
        tuple(difference for one in done for difference in one.differences),
        miscounts,
        tuple(sentence for one in done for sentence in one.unreadable),
    )

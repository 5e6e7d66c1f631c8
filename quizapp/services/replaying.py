"""Counting memories again: after an answer in the log turned out to be worth something else, or others came between."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlmodel import Session

from quizapp.core.learning.fuzz import fuzz_seed
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.core.learning.scheduling import Scheduler
from quizapp.core.learning.schedulings import load_scheduler
from quizapp.services.accounts import Viewer
from quizapp.services.recording import write_states
from quizapp.services.rules import StudyRules
from quizapp.store import claims as store
from quizapp.store import logs, schedulings, states
from quizapp.store.logs import LearnersCard
from quizapp.store.study import ReviewRecord


def _scheduler_of(session: Session, review: ReviewRecord, rules: StudyRules) -> Scheduler:
    """The steps, recall and calendar that a review was scheduled with, and the parameters now in force."""
    written = store.find_scheduling(session, review.model)
    if written is None:
        return rules.scheduler
    made = load_scheduler(written)
    return replace(made, settings=replace(made.settings, parameters=rules.scheduler.settings.parameters))


def replay(
    session: Session, reviews: Sequence[ReviewRecord], ratings: Mapping[str, Rating], ref: str, rules: StudyRules
) -> Iterator[ReviewRecord]:
    """The answers to one card from the first on, as they would have been scheduled with these ratings, by their keys.

    ``ref`` is the card, as ``DECK/CARD``; ``rules`` are the learner's in its deck. A later answer keeps its day where
    that lies in the spread; the first one, whose rating changed, does not.
    """
    first = reviews[0]
    handle = store.find_handle(session, first.learner_id)
    state = MemoryState.from_json(first.state_before) if first.state_before else None
    for review in reviews:
        scheduler = _scheduler_of(session, review, rules)
        due = MemoryState.from_json(review.state_after).due
        rating = ratings.get(review.key, Rating(review.rating))
        after = scheduler.review(
            state,
            rating,
            review.answered_at,
            seed=fuzz_seed(handle, ref, state.reps if state else 0),
            promised=None if review is first else scheduler.calendar.day_of(due),
            prior=rules.prior_of(ref),
        )
        schedulings.keep(session, scheduler)
        yield replace(review, rating=int(rating), model=scheduler.model, **write_states(state, after, rules))
        state = after


def _replay_log(
    session: Session, log: Iterable[ReviewRecord], cards: Mapping[int, LearnersCard], handle: str, rules: StudyRules
) -> tuple[list[ReviewRecord], dict[int, MemoryState]]:
    """The log with the states of these cards counted anew, and the last state of each of them."""
    last: dict[int, MemoryState] = {}
    used: dict[str, Scheduler] = {}
    result = []
    for review in log:
        card = cards.get(review.card_id)
        if card is None or review.undone_at is not None:
            result.append(review)
            continue
        before, scheduler = last.get(review.card_id), rules.in_deck(card.parameters).scheduler
        seed, prior = fuzz_seed(handle, card.ref, before.reps if before else 0), rules.prior_of(card.ref)
        after = scheduler.review(before, Rating(review.rating), review.answered_at, seed=seed, prior=prior)
        last[review.card_id] = after
        used[scheduler.model] = scheduler
        result.append(replace(review, model=scheduler.model, **write_states(before, after, rules)))
    for scheduler in used.values():
        schedulings.keep(session, scheduler)
    return result, last


def rewrite_log(
    session: Session,
    learner: Viewer,
    log: Iterable[ReviewRecord],
    cards: Mapping[int, LearnersCard],
    rules: StudyRules,
) -> None:
    """Put this log, in its order, in the place of a learner's; the memory of ``cards`` is counted again from all of it.

    ``cards`` are those to whose answers others came, by their ids; ``rules`` are the learner's. The caller locks the
    learner and commits.
    """
    replayed, counted = _replay_log(session, log, cards, learner.handle, rules)
    logs.replace_reviews(session, learner.learner_id, replayed)
    for card_id, state in counted.items():
        before = states.find_state(session, learner.learner_id, card_id)
        states.write_state(session, cards[card_id].place, before, state)

"""Counting memories again: after an answer in the log turned out to be worth something else, or others came between."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from heapq import merge
from itertools import accumulate
from operator import itemgetter

from sqlmodel import Session

from quizapp.core.learning.fuzz import fuzz_seed
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.core.learning.scheduling import Scheduler
from quizapp.core.learning.schedulings import load_scheduler
from quizapp.services.accounts import Viewer
from quizapp.services.assessments.counting import list_test_keys
from quizapp.services.memory import count_states
from quizapp.services.recording import write_states
from quizapp.services.rules import StudyRules
from quizapp.store import claims as store
from quizapp.store import logs, schedulings, states
from quizapp.store.logs import LearnersCard
from quizapp.store.states import CardPlace
from quizapp.store.study import ReviewRecord


@dataclass(frozen=True, slots=True)
class _Card:
    """What a learner's card is scheduled by: whose it is, its name and prior, and which reviews were made in tests."""

    handle: str
    ref: str
    prior: float
    tests: frozenset[str]


def _scheduler_of(session: Session, review: ReviewRecord, rules: StudyRules) -> Scheduler:
    """The steps, recall and calendar that a review was scheduled with, and the parameters now in force."""
    written = store.find_scheduling(session, review.model)
    if written is None:
        return rules.scheduler
    made = load_scheduler(written)
    return replace(made, settings=replace(made.settings, parameters=rules.scheduler.settings.parameters))


def _after(
    scheduler: Scheduler, state: MemoryState | None, review: ReviewRecord, rating: Rating, card: _Card, day: date | None
) -> MemoryState:
    """The state after a review of the log: what it was when it was given, by this rating and these parameters."""
    return scheduler.review(
        state,
        rating,
        review.answered_at,
        seed=fuzz_seed(card.handle, card.ref, state.reps if state else 0),
        promised=day,
        prior=card.prior,
        never_sooner=review.key in card.tests,
    )


def replay(
    session: Session, reviews: Sequence[ReviewRecord], ratings: Mapping[str, Rating], ref: str, rules: StudyRules
) -> Iterator[ReviewRecord]:
    """What a learner's answers to one card are with these ratings, by their keys: from the first of them on.

    ``reviews`` are all that count, in their order; ``ref`` is the card, as ``DECK/CARD``; ``rules`` are the learner's
    in its deck. The memory is counted from the very first answer, with the parameters in force: what is written beside
    an older one may be from before they were. A later answer keeps its day where that lies in the spread; the first
    one, whose rating changed, does not.
    """
    learner_id = reviews[0].learner_id
    tests = list_test_keys(session, [learner_id], rules.secret, reviews[0].card_id)
    card = _Card(store.find_handle(session, learner_id), ref, rules.prior_of(ref), tests)
    first = next(number for number, review in enumerate(reviews) if review.key in ratings)
    state: MemoryState | None = None
    for number, review in enumerate(reviews):
        scheduler = _scheduler_of(session, review, rules)
        due = MemoryState.from_json(review.state_after).due
        if number == first and state is not None:
            state = replace(state, due=MemoryState.from_json(review.state_before).due)
        rating = ratings.get(review.key, Rating(review.rating))
        after = _after(
            scheduler, state, review, rating, card, None if number == first else scheduler.calendar.day_of(due)
        )
        if number >= first:
            schedulings.keep(session, scheduler)
            yield replace(review, rating=int(rating), model=scheduler.model, **write_states(state, after, rules))
        state = after


def put_states(session: Session, learner_id: int, places: Iterable[CardPlace], rules: StudyRules) -> None:
    """Bring the states of a learner's cards to what the log says. The caller locks the learner and commits."""
    wanted = {place.card_id: place for place in places}
    for card_id, state in count_states(session, learner_id, rules, list(wanted)).items():
        before = states.find_state(session, learner_id, card_id)
        if state != before:
            states.write_state(session, wanted[card_id], before, state)


def join_logs(own: Sequence[ReviewRecord], added: Sequence[ReviewRecord]) -> list[ReviewRecord]:
    """Two logs as one, in the order of time and numbered anew; of the same moment, ``own`` comes first.

    The answers of each stay in their order, even where a clock jumped between them: memory is counted in it.
    """
    logs = []
    for log in (own, added):
        latest = accumulate((review.answered_at for review in log), max)
        logs.append(list(zip(latest, log, strict=True)))
    both = merge(*logs, key=itemgetter(0))
    return [replace(review, seq=seq) for seq, (_, review) in enumerate(both, start=1)]


def _replay_log(
    log: Iterable[ReviewRecord],
    cards: Mapping[int, LearnersCard],
    handle: str,
    tests: frozenset[str],
    rules: StudyRules,
) -> tuple[list[ReviewRecord], dict[str, Scheduler]]:
    """The log with the states of these cards counted anew, and the schedulers that did so."""
    last: dict[int, MemoryState] = {}
    used: dict[str, Scheduler] = {}
    result = []
    for review in log:
        found = cards.get(review.card_id)
        if found is None or review.undone_at is not None:
            result.append(review)
            continue
        before, scheduler = last.get(review.card_id), rules.in_deck(found.parameters).scheduler
        card = _Card(handle, found.ref, rules.prior_of(found.ref), tests)
        after = last[review.card_id] = _after(scheduler, before, review, Rating(review.rating), card, None)
        used[scheduler.model] = scheduler
        result.append(replace(review, model=scheduler.model, **write_states(before, after, rules)))
    return result, used


def rewrite_log(
    session: Session,
    learner: Viewer,
    log: Iterable[ReviewRecord],
    cards: Mapping[int, LearnersCard],
    rules: StudyRules,
    guest_id: int | None = None,
) -> None:
    """Put this log, in its order, in the place of a learner's; the memory of ``cards`` is counted again from all of it.

    ``cards`` are those to whose answers others came, by their ids; ``rules`` are the learner's; ``guest_id`` is the
    guest, still there, from whom others came. The caller locks the learner and commits.
    """
    learners = [learner.learner_id] if guest_id is None else [learner.learner_id, guest_id]
    tests = list_test_keys(session, learners, rules.secret)
    replayed, used = _replay_log(log, cards, learner.handle, tests, rules)
    logs.replace_reviews(session, learner.learner_id, replayed)
    for scheduler in used.values():
        schedulings.keep(session, scheduler)
    put_states(session, learner.learner_id, [card.place for card in cards.values()], rules)

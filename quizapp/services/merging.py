"""Adding what a guest has learned to an account, when somebody signs in after studying as a guest."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlmodel import Session

from quizapp.core.errors import Forbidden, NotFound
from quizapp.core.learning.fuzz import fuzz_seed
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.core.messages import say
from quizapp.services.accounts import Viewer
from quizapp.services.recording import write_states
from quizapp.services.rules import StudyRules
from quizapp.store import accounts as account_store
from quizapp.store import assessments_attempts as attempt_store
from quizapp.store import authoring_effects as regrade_store
from quizapp.store import claims as claim_store
from quizapp.store import classes as class_store
from quizapp.store import logs, schedulings, states
from quizapp.store import plans as plan_store
from quizapp.store import practice as practice_store
from quizapp.store import study as store
from quizapp.store.logs import LearnersCard
from quizapp.store.study import ReviewRecord

_MOVES = (
    claim_store.move_claims,
    plan_store.move_plans,
    practice_store.move_practice,
    attempt_store.move_attempts,
    regrade_store.move_regraded,
)


def find_guest(session: Session, handle: str) -> tuple[int, int] | None:
    """The learner behind a guest's handle and the answers given, those of practice among them.

    None where there is no such guest, or none of the answers left.
    """
    learner_id = account_store.find_guest(session, handle)
    if learner_id is None:
        return None
    answers = account_store.count_answers(session, learner_id) + practice_store.count_given(session, learner_id)
    return (learner_id, answers) if answers else None


def merge_guest(session: Session, account: Viewer, handle: str, rules: StudyRules) -> int:
    """Make a guest's answers the account's; gives their number.

    Both logs are put in the order of time; the memory of every card that the guest had answered is counted again from
    its whole log, with the spreading of days that goes with the account. What the guest practised, planned, claimed and
    answered in tests goes along, and so do the guest's classes. The guest is gone afterwards. Raises NotFound where
    there is no such guest, Forbidden for a guest.
    """
    if not account.signed_in:
        raise Forbidden(say("Only the holder of an account can do this. Sign in first."))
    found = find_guest(session, handle)
    if found is None:
        raise NotFound(say("There are no answers of a guest to add."))
    guest_id, answers = found
    for learner_id in sorted((guest_id, account.learner_id)):  # one order for all, so that nobody waits in a circle
        store.lock_learner(session, learner_id)
    own, added = logs.list_reviews(session, account.learner_id), logs.list_reviews(session, guest_id)
    known = {review.key for review in own}
    both = [*own, *(review for review in added if review.key not in known)]
    both.sort(key=lambda review: (review.answered_at, review.learner_id, review.seq))
    log = [replace(review, learner_id=account.learner_id, seq=seq) for seq, review in enumerate(both, start=1)]
    cards = logs.list_cards(session, account.learner_id, sorted({review.card_id for review in added}))
    log, counted = _replay(session, log, cards, account.handle, rules)
    logs.replace_reviews(session, account.learner_id, log)
    for card_id, state in counted.items():
        before = states.find_state(session, account.learner_id, card_id)
        states.write_state(session, cards[card_id].place, before, state)
    for move in _MOVES:
        move(session, guest_id, account.learner_id)
    for membership in class_store.list_memberships(session, guest_id):
        taken, joined = membership.taken, membership.joined_at
        class_store.add_member(session, taken.id, account.learner_id, account.handle, joined, name=account.name or "")
    account_store.remove_learner(session, guest_id)
    session.commit()
    return answers


def _replay(
    session: Session, log: Iterable[ReviewRecord], cards: Mapping[int, LearnersCard], handle: str, rules: StudyRules
) -> tuple[list[ReviewRecord], dict[int, MemoryState]]:
    """The log with the states of these cards counted anew, and the last state of each of them."""
    last: dict[int, MemoryState] = {}
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
        schedulings.keep(session, scheduler)
        result.append(replace(review, model=scheduler.model, **write_states(before, after, rules)))
    return result, last

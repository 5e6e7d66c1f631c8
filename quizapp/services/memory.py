"""The memory states as what they are: a cache of the review log, which can be counted again."""

from dataclasses import dataclass

from sqlmodel import Session

from quizapp.core.learning.fuzz import fuzz_seed
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.services.rules import StudyRules
from quizapp.store import study as store
from quizapp.store.logs import LoggedCard, iterate_logged_cards


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
    """How many states were counted again, and which of them differed from what was stored."""

    states: int
    differences: tuple[Difference, ...]


def _count_again(card: LoggedCard, rules: StudyRules) -> MemoryState | None:
    if not card.reviews:
        return None
    log = [(Rating(rating), at) for rating, at in card.reviews]
    return rules.scheduler.replay(log, seed_of=lambda reps: fuzz_seed(card.handle, card.ref, reps))


def rebuild_states(session: Session, rules: StudyRules, *, dry_run: bool = False) -> Rebuild:
    """Count every memory state again from the log; what differs is told and, unless in a dry run, put right."""
    differences = []
    count = 0
    for card in iterate_logged_cards(session):
        counted = _count_again(card, rules)
        count += counted is not None
        if counted == card.stored:
            continue
        differences.append(Difference(card.handle, card.ref, card.stored, counted))
        if dry_run:
            continue
        if counted is None:
            store.remove_state(session, card.learner_id, card.card_id)
        else:
            store.save_state(session, card.learner_id, card.card_id, card.deck_id, counted)
    session.commit()
    return Rebuild(count, tuple(differences))

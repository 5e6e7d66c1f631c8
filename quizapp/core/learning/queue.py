"""Which card next.

Cards in steps come first, since their minutes are short. Then reviews, the most overdue one first, measured by its own
interval: a day late is much for a card of two days and nothing for one of a year. New cards are mixed in among the
reviews, one after every four answers, so that neither has to wait for the end of the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.core.learning.memory import MemoryState

ANSWERS_BETWEEN_NEW_CARDS = 4
_SHORTEST_INTERVAL = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A card that was answered before: its id and memory state."""

    card_id: int
    state: MemoryState


def overdueness(state: MemoryState, now: datetime) -> float:
    """How long a card has been due, as a share of the interval that it was due after; negative before."""
    interval = max(state.due - state.last_review, _SHORTEST_INTERVAL)
    return (now - state.due) / interval


def _is_turn_of_new(answered_today: int) -> bool:
    return answered_today % (ANSWERS_BETWEEN_NEW_CARDS + 1) == ANSWERS_BETWEEN_NEW_CARDS


def choose_next(
    *,
    learning: Sequence[Waiting],
    reviews: Sequence[Waiting],
    new: Sequence[int],
    answered_today: int,
    now: datetime,
) -> int | None:
    """The id of the card to ask, None where nothing is due. Equal arguments give the same card in any order.

    ``learning`` and ``reviews`` hold cards in and out of steps, those not yet due are passed over; ``new`` holds ids in
    the deck's order, of which the first is enough. A caller with many due cards may pass only those due longest.
    """
    steps = [card for card in learning if card.state.due <= now]
    if steps:
        return min(steps, key=lambda card: (card.state.due, card.card_id)).card_id
    due = [card for card in reviews if card.state.due <= now]
    if new and (not due or _is_turn_of_new(answered_today)):
        return new[0]
    if not due:
        return None
    return min(due, key=lambda card: (-overdueness(card.state, now), card.card_id)).card_id

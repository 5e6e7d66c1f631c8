"""Which card next.

Cards in steps come first, since their minutes are short. Then reviews, the most overdue one first, measured by its own
interval: a day late is much for a card of two days and nothing for one of a year. Where more waits than the day takes,
the order is by what a review gains instead (``backlog``). New cards are mixed in among the reviews, one after every
four other answers, so that neither has to wait for the end of the other. Topics are mixed: of the three reviews
whose turn it is most, one that asks about another paragraph than the last card did goes first. New cards keep the order
of their deck, since one may build on another.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from heapq import nsmallest

from quizapp.core.learning.backlog import Waiting, gain
from quizapp.core.learning.limits import Room
from quizapp.core.learning.memory import MemoryState
from quizapp.core.learning.scheduling import DEFAULT_DECAY

__all__ = ["ANSWERS_BETWEEN_NEW_CARDS", "Waiting", "choose_next", "overdueness"]

ANSWERS_BETWEEN_NEW_CARDS = 4
REACH = 3
"""Among so many cards, whose turn it is most, the topic decides."""
_SHORTEST_INTERVAL = timedelta(milliseconds=1)
_NO_LIMITS = Room()


def overdueness(state: MemoryState, now: datetime) -> float:
    """How long a card has been due, as a share of the interval that it was due after; negative before."""
    interval = max(state.due - state.last_review, _SHORTEST_INTERVAL)
    return (now - state.due) / interval


def _is_turn_of_new(answered: int, new: int | None) -> bool:
    """Whether a new card has been earned by the other answers, and not yet been asked.

    Once its turn has come it stays so until a new card was answered: a learning step in between takes nothing away.
    """
    if new is None:
        new = answered // (ANSWERS_BETWEEN_NEW_CARDS + 1)
    return answered - new >= ANSWERS_BETWEEN_NEW_CARDS * (new + 1)


def _mix(card_ids: Sequence[int], same_topic: Collection[int]) -> int:
    """The first of the cards whose turn it is that brings another topic; where none does, the very first."""
    return next((card_id for card_id in card_ids[:REACH] if card_id not in same_topic), card_ids[0])


def choose_next(
    *,
    learning: Sequence[Waiting],
    reviews: Sequence[Waiting],
    new: Sequence[int],
    answered_today: int,
    now: datetime,
    new_today: int | None = None,
    room: Room = _NO_LIMITS,
    decay: float = DEFAULT_DECAY,
    same_topic: Collection[int] = (),
) -> int | None:
    """The id of the card to ask, None where nothing is due. Equal arguments give the same card in any order.

    ``learning`` and ``reviews`` hold cards in and out of steps, those not yet due are passed over; ``new`` holds ids in
    the deck's order, of which the first is enough. A caller with many due cards may pass only the most
    overdue; under a backlog, those due most recently as well, as they gain most.

    ``answered_today`` counts all answers of the day, ``new_today`` those to new cards (None: not known, taken as one in
    five). ``room`` is what the day still takes; steps are asked in any case. ``decay`` weighs the backlog.
    ``same_topic`` are ids of cards about the same topic as the card before.
    """
    steps = [card for card in learning if card.state.due <= now]
    if steps:
        return min(steps, key=lambda card: (card.state.due, card.card_id)).card_id
    due = [card for card in reviews if card.state.due <= now and room.reviews != 0]
    if new and room.new != 0 and (not due or _is_turn_of_new(answered_today, new_today)):
        return new[0]
    if not due:
        return None

    def urgency(card: Waiting) -> float:
        return gain(card.state, now, decay) if room.backlog else overdueness(card.state, now)

    first = nsmallest(REACH, due, key=lambda card: (-urgency(card), card.card_id))
    return _mix([card.card_id for card in first], same_topic)

"""Working off what has piled up: first the cards for which a day's delay costs most, a day's portion at a time.

After a holiday everything is overdue. The longest overdue cards are those least worth hurrying for: most of what could
be lost of them is lost, one day more changes little, and relearning them takes the most time. A card that is just
starting to fade loses more by tomorrow and is saved in a moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.core.errors import Invalid
from quizapp.core.learning.memory import MemoryState
from quizapp.core.learning.scheduling import DEFAULT_DECAY, recall_after
from quizapp.core.messages import say

FORGOTTEN_EFFORT = 3.0
"""A forgotten card takes about three times the time of a known one: the answer, the passage, the relearning steps."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A card that was answered before: its id and memory state."""

    card_id: int
    state: MemoryState


def gain(state: MemoryState, now: datetime, decay: float = DEFAULT_DECAY) -> float:
    """What a review now rather than a day later is worth: the recall that the day would cost, for each unit of effort.

    The effort of a known card is 1. ``decay`` is the forgetting curve's exponent (``SchedulerSettings.decay``).
    """
    days = (now - state.last_review) / _DAY
    recall = recall_after(days, state.stability, decay)
    effort = recall + (1 - recall) * FORGOTTEN_EFFORT
    return (recall - recall_after(max(days, 0) + 1, state.stability, decay)) / effort


def spread_backlog(
    cards: Sequence[Waiting], per_day: int, now: datetime, decay: float = DEFAULT_DECAY
) -> list[tuple[int, ...]]:
    """Which cards to take on which day, from today on: the ids of each day's portion, what gains most first.

    What is left is weighed anew each day. Raises Invalid (field ``reviews``) where a day takes no card at all.
    """
    if per_day < 1:
        message = say("With no reviews a day, what has piled up is never worked off.")
        raise Invalid(message, {"reviews": message})
    left = list(cards)
    days: list[tuple[int, ...]] = []
    while left:
        then = now + len(days) * _DAY
        left.sort(key=lambda card: (-gain(card.state, then, decay), card.card_id))
        days.append(tuple(card.card_id for card in left[:per_day]))
        left = left[per_day:]
    return days

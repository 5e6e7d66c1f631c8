"""Which card of an assignment next: what is not done yet, and nothing else.

Cards in their steps come first, since their minutes are short; then cards that were known once, the longest due first;
then new ones in the order of their decks. Cards that share a passage with one answered today wait behind the others of
their kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.core.learning.memory import MemoryState, Phase


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A card that is not done: what is known of it (None: not begun).

    ``given_away``: another card on the same passage was answered today.
    """

    card_id: int
    state: MemoryState | None = None
    given_away: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The card to ask, None where there is none now; ``next_step`` is when a card in its steps comes back."""

    card_id: int | None
    next_step: datetime | None = None


def choose_card(cards: Sequence[OpenCard], now: datetime) -> Choice:
    """The card to ask now. ``cards`` come in the order in which new ones are begun."""
    begun = [(card, card.state) for card in cards if card.state is not None]
    steps = sorted((state.due, card.card_id) for card, state in begun if state.phase is not Phase.REVIEW)
    if steps and steps[0][0] <= now:
        return Choice(steps[0][1])
    known = sorted((card.given_away, state.due, card.card_id) for card, state in begun if state.phase is Phase.REVIEW)
    new = sorted((card.given_away, place, card.card_id) for place, card in enumerate(cards) if card.state is None)
    lines = [lines[0] for lines in (known, new) if lines]
    if not lines:
        return Choice(None, steps[0][0] if steps else None)
    return Choice(min(lines, key=lambda line: line[0])[2])

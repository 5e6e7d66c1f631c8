"""Proof of what was written: it is read again, and what would not come back as it was is told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from quizapp.core.deck.schema import Card, Deck
from quizapp.core.exchange.model import Exported, Imported, ImportOptions
from quizapp.core.messages import say
from quizapp.core.problem import Problem, Severity

_MOST_PROVED: Final = 2_000
_MOST_TOLD: Final = 50


def _simplify(card: Card | None) -> str:
    """A card as text; line ends are all the same."""
    return "" if card is None else card.model_dump_json().replace("\\r\\n", "\\n").replace("\\r", "\\n")


def _find_changes(deck: Deck, came: Mapping[str, Card]) -> Iterator[str]:
    return (card.id for card in deck.cards if _simplify(came.get(card.id)) != _simplify(card))


def tell_changes(deck: Deck, written: Exported, read: Callable[[bytes, ImportOptions], Imported]) -> Exported:
    """What was written, with a warning for each card that would not come back as it is: in spaces or marks, mostly.

    Decks of more than 2,000 cards are not proved: that would take seconds.
    """
    if len(deck.cards) > _MOST_PROVED:
        return written
    back = read(written.data, ImportOptions(written.file))
    changed = list(_find_changes(deck, {card.id: card for found in back.decks for card in found.cards}))
    fix = say("Keep the deck's own file (YAML) as well.")
    told = [
        Problem(
            written.file,
            *(0, 0, "changes-on-return"),
            say("The card “%(id)s” would not come back from this file exactly as it is here.", id=card_id),
            fix,
            Severity.WARNING,
        )
        for card_id in changed[:_MOST_TOLD]
    ]
    if len(changed) > _MOST_TOLD:
        message = say("So it is with %(number)s further cards.", number=f"{len(changed) - _MOST_TOLD:,}")
        told.append(Problem(written.file, 0, 0, "changes-on-return", message, fix, Severity.WARNING))
    return replace(written, problems=(*written.problems, *told))

"""What a deck file says, be it finished or still without cards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from quizapp.core.deck.places import Places
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Card, Deck, DeckHead
from quizapp.core.deck.text import decode_text
from quizapp.core.deck.tree import read_tree
from quizapp.core.problem import Problem


@dataclass(frozen=True, slots=True)
class Content:
    """The head and the cards of a deck file; there may be none yet. ``file`` is the file as read where there are."""

    head: DeckHead
    cards: tuple[Card, ...]
    file: DeckFile | None = None

    @property
    def deck(self) -> Deck | None:
        """The deck, where there are cards."""
        return self.file.deck if self.file else None

    def find(self, card_id: str) -> Card | None:
        """The card with this id."""
        return next((card for card in self.cards if card.id == card_id), None)

    def with_cards(self, cards: Sequence[Card]) -> "Content":
        """The same deck with other cards."""
        return replace(self, cards=tuple(cards), file=None)

    def says_the_same_as(self, other: "Content") -> bool:
        """Whether both say the same, however it is written."""
        return self.head == other.head and self.cards == other.cards


def head_of(deck: Deck) -> DeckHead:
    """What a deck says before its cards."""
    return DeckHead.model_validate({name: getattr(deck, name) for name in DeckHead.model_fields})


def content_of(deck: Deck) -> Content:
    """What a deck says, for comparing and writing."""
    return Content(head_of(deck), deck.cards, DeckFile(deck, deck.id, Places()))


def _read_head(text: str) -> DeckHead | None:
    """The head of a file that has no cards yet, and nothing else wrong."""
    tree = read_tree(text, "")
    if tree.problems or not isinstance(tree.value, dict) or tree.value.get("cards", "") not in ("", []):
        return None
    try:
        return DeckHead.model_validate({key: value for key, value in tree.value.items() if key != "cards"})
    except ValidationError:
        return None


def read_content(data: bytes, file: str) -> Content | tuple[Problem, ...]:
    """What a deck file says, or all that is wrong with it. Unlike ``read_deck`` takes one whose list of cards is empty.

    Never raises on what the bytes hold.
    """
    found = read_deck(data, file)
    if isinstance(found, DeckFile):
        return Content(head_of(found.deck), found.deck.cards, found)
    text, problems = decode_text(data, file)
    head = None if text is None or problems else _read_head(text)
    return found if head is None else Content(head, ())

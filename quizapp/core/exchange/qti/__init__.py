"""QTI of IMS (1EdTech): 1.2 as Canvas makes it, and 2.1. ``read`` takes any of them, packages and single files."""

from collections.abc import Mapping, Sequence

from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.model import Exported, PastReview
from quizapp.core.exchange.proof import tell_changes
from quizapp.core.exchange.qti.canvas_writing import write_quiz
from quizapp.core.exchange.qti.reading import read
from quizapp.core.exchange.qti.v2_writing import write_items

__all__ = ["read", "write", "write_canvas"]


def write(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = ()) -> Exported:
    """The deck as a package of QTI 2.1. Reviews have no place there, and are not written."""
    return tell_changes(deck, write_items(deck, media), read)


def write_canvas(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = ()) -> Exported:
    """The deck as a package of QTI 1.2 for Canvas. Reviews have no place there, and are not written."""
    return tell_changes(deck, write_quiz(deck, media), read)

"""Moodle XML, the format in which Moodle's question bank keeps most: read and write."""

from collections.abc import Mapping, Sequence

from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.model import Exported, PastReview
from quizapp.core.exchange.moodlexml.reading import read
from quizapp.core.exchange.moodlexml.writing import write_quiz
from quizapp.core.exchange.proof import tell_changes

__all__ = ["read", "write"]


def write(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = ()) -> Exported:
    """The deck as Moodle XML. Reviews have no place there, and are not written."""
    return tell_changes(deck, write_quiz(deck, media), read)

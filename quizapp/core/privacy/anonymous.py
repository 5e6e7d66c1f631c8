"""What is left of an answer when nothing may lead to who gave it.

The class's figures of a card want to know which of its own options was chosen, and never what somebody wrote.
"""

import json
from datetime import UTC, datetime, timedelta

from quizapp.core.learning.memory import MemoryState, Phase

NO_WORDS = "null"
"""An answer (JSON) of which only the grade is left."""


def _list_texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _list_texts(part)]
    return [text for part in value for text in _list_texts(part)] if isinstance(value, list) else []


def strip_words(response: str, body: str) -> str:
    """An answer (JSON) to a card (JSON of the deck format), if it is made of words of the card; else ``NO_WORDS``.

    A blank answer, and one to a card of which everything is written by the learner, has no words.
    """
    if not response:
        return ""
    card = json.loads(body)
    if card.get("type") in ("short", "cloze", "flashcard"):
        return NO_WORDS
    own = set(_list_texts([card.get(key) for key in ("answer", "answers", "wrong", "items", "pairs")]))
    return response if own.issuperset(_list_texts(json.loads(response))) else NO_WORDS


def floor_day(moment: datetime) -> datetime:
    """The beginning of a moment's day in UTC: when exactly somebody answered is nobody's business any more."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def ceil_day(moment: datetime) -> datetime:
    """The beginning of the next day."""
    return floor_day(moment) + timedelta(days=1)


def blank_memory(day: datetime) -> str:
    """A memory state that says nothing, for an answer that belongs to nobody."""
    return MemoryState(Phase.REVIEW, None, 1.0, 5.0, day, day, 1, 0).to_json()

"""Leeches: cards that are forgotten again and again and take more time than they are worth.

More of the same seldom helps such a card; another way to it does. So the learner is told, kindly and not too often:
after eight lapses, and again after every four more.
"""

from enum import StrEnum

from quizapp.core.learning.memory import MemoryState

FIRST_NOTICE = 8
LATER_NOTICES = 4


class Advice(StrEnum):
    """What helps against a leech, the mildest first."""

    REREAD_PASSAGE = "reread-passage"
    TRY_VARIANT = "try-variant"
    TELL_TEACHER = "tell-teacher"


def is_leech(state: MemoryState) -> bool:
    """Whether a card was forgotten at least eight times after it had been learned."""
    return state.lapses >= FIRST_NOTICE


def count_notices(lapses: int) -> int:
    """How often a learner has been told of a card with so many lapses: at 8, 12, 16 and so on."""
    return 0 if lapses < FIRST_NOTICE else 1 + (lapses - FIRST_NOTICE) // LATER_NOTICES


def is_time_to_tell(before: MemoryState | None, after: MemoryState) -> bool:
    """Whether this very review made the card a leech, or is the fourth lapse since the learner was last told."""
    return count_notices(after.lapses) > count_notices(before.lapses if before else 0)


def advise(state: MemoryState) -> tuple[Advice, ...]:
    """What to do about a card, the newest advice last; nothing where it is no leech.

    First read the passage again; if that did not help, try another question about the same passage; then tell the
    teacher, since the card itself may be at fault.
    """
    return tuple(Advice)[: count_notices(state.lapses)]

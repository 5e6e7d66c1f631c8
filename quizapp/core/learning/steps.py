"""Learning steps as people write them: ``1m 10m``, ``30s``, ``1h``; and back."""

import re
from collections.abc import Sequence
from datetime import timedelta

from quizapp.core.errors import Invalid
from quizapp.core.messages import Message, say

NO_STEPS = "none"
"""What stands for no steps at all; a blank field leaves the choice to the school."""

MOST_STEPS = 10
_UNITS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hr": 3600}
_NAMES = ((3600, "h"), (60, "m"), (1, "s"))
_STEP = re.compile(r"([0-9]{1,6})\s*(s|sec|m|min|h|hr)", re.ASCII)
_BETWEEN = re.compile(r"[\s,;]+")


def _refuse(field: str, message: Message) -> Invalid:
    return Invalid(message, {field: message})


def _join_units(text: str) -> str:
    """``1 m, 10 m`` as ``1m,10m``: a unit may stand apart from its number."""
    return re.sub(r"(?<=[0-9])\s+(?=[a-z])", "", text)


def parse_steps(text: str, field: str) -> tuple[timedelta, ...] | None:
    """The steps that somebody wrote; None for a blank text, () for "none".

    Each step is a whole number with its unit (s, m or h); blanks or commas stand between them. Raises Invalid, naming
    ``field``. Whether the steps can be used (length, order) is said by ``SchedulerSettings``.
    """
    said = _join_units(text.strip().lower())
    if not said:
        return None
    if said == NO_STEPS:
        return ()
    steps = []
    for word in filter(None, _BETWEEN.split(said)):
        found = _STEP.fullmatch(word)
        if found is None:
            message = say(
                "“%(word)s” is not a step. Write a number and s, m or h for each, such as 30s, 10m or 1h.",
                word=word[:20],
            )
            raise _refuse(field, message)
        steps.append(timedelta(seconds=int(found[1]) * _UNITS[found[2]]))
    if not steps:
        raise _refuse(field, say("Write a number and s, m or h for each step, such as 1m 10m."))
    if len(steps) > MOST_STEPS:
        raise _refuse(field, say("At most %(most)s steps.", most=MOST_STEPS))
    return tuple(steps)


def write_steps(steps: Sequence[timedelta]) -> str:
    """The steps as ``parse_steps`` reads them, each in the largest unit that holds it whole."""
    words = []
    for step in steps:
        seconds = step // timedelta(seconds=1)
        size, name = next((size, name) for size, name in _NAMES if seconds % size == 0)
        words.append(f"{seconds // size}{name}")
    return " ".join(words) or NO_STEPS

"""What a school chooses about privacy: how long things are kept, and how a wish to be deleted is handled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.core.errors import Invalid
from quizapp.core.messages import Message, say

WARN = timedelta(days=30)
"""So long before people would be deleted for not coming, their teachers are told."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: whole days, from ``least`` to ``most``; 0 where it may stand for “for good” (``off``)."""

    name: str
    default: int
    least: int
    most: int
    off: bool
    label: Message
    help: Message


_TEN_YEARS = 3650
_DAYS = (
    ("learners", 0, 90, True, say("Accounts of students that nobody used for"), say("They are deleted then.")),
    ("guests", 365, 30, True, say("Guests that did not come for"), say("They are deleted then.")),
    ("sign_ins", 7, 1, False, say("Sign-ins that have run out"), say("Browsers that were signed in.")),
    ("audit", 730, 30, True, say("Who looked at or took what"), say("The list of acts.")),
    ("jobs", 30, 1, False, say("Background work that is done"), say("What the server did, and what came of it.")),
    ("throttles", 90, 1, False, say("Counts of failed tries"), say("Fingerprints that slow down guessing.")),
)
CHOICES: Mapping[str, Choice] = {
    name: Choice(name, default, least, _TEN_YEARS, off, label, help_)
    for name, default, least, off, label, help_ in _DAYS
} | {
    "wait": Choice(
        "wait",
        7,
        0,
        90,
        False,
        say("Between a wish to be deleted and the deletion"),
        say("Meanwhile the person can take it back."),
    ),
    "tell": Choice(
        "tell",
        1,
        0,
        1,
        False,
        say("Teachers see which of their students asked to be deleted"),
        say("1 for yes, 0 for no."),
    ),
}
"""All choices by name."""
SWEPT = tuple(name for name in CHOICES if name not in ("wait", "tell"))
"""What a sweep goes by."""


def check_days(name: str, days: int) -> int:
    """The days, where they can be chosen. Raises Invalid (field: the name)."""
    choice = CHOICES.get(name)
    if choice is None:
        raise Invalid(say("There is no such choice: %(name)s. There are: %(all)s.", name=name, all=", ".join(CHOICES)))
    if not (choice.least <= days <= choice.most or (choice.off and days == 0)):
        raise Invalid(
            say("That was not saved."),
            {name: say("Choose a number from %(least)s to %(most)s.", least=choice.least, most=choice.most)},
        )
    return days


def settle_choices(stored: Mapping[str, int]) -> dict[str, int]:
    """All choices: those that were made, and the defaults for the rest."""
    return {name: stored.get(name, choice.default) for name, choice in CHOICES.items()}


def find_cut(days: int, now: datetime) -> datetime | None:
    """What is older than this moment goes; None where all is kept for good."""
    return now - timedelta(days=days) if days else None


def find_end(days: int, seen: datetime) -> datetime | None:
    """When somebody who was last here at ``seen`` would be deleted; None where nobody is."""
    return seen + timedelta(days=days) if days else None

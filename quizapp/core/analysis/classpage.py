"""A class at a glance: who has studied, what each remembers today, and who may need help, by rules that are stated.

Days are study days, counted by their ordinals. Recall is a probability from 0 to 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from quizapp.core.analysis.textmap import find_step

AWAY_DAYS = 7
"""Who has not studied for so many days may need help."""
FORGETS_BELOW = 0.7
FEWEST_CARDS = 10
"""Of fewer cards than this, the mean recall says too little."""
STUCK_TIMES = 4
STUCK_DAYS = 7
"""A card that was not known so often in so many days is one that somebody is stuck at."""
BEHIND_CARDS = 50
"""So many cards that wait are more than an evening's work."""
OVERDUE_DAYS = 28
"""Assigned work that fell due in so many days and is not done; what is older is no news."""
DISMISSED_DAYS = 14
"""A sign that a teacher has seen to stays away for so many days."""


class Sign(StrEnum):
    """Why a student may need help."""

    AWAY = "away"
    FORGETS = "forgets"
    STUCK = "stuck"
    BEHIND = "behind"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class DeckRecall:
    """What a student remembers of a deck: the mean over so many cards that were met."""

    deck: int
    cards: int
    recall: float

    @property
    def step(self) -> int:
        """Its shade, as on the map of a text: from 1 to 5."""
        return find_step(self.recall)


@dataclass(frozen=True, slots=True)
class Activity:
    """What is known of one student.

    ``last_day`` is None where nothing was ever answered; ``joined_day`` is when the class was joined. ``recall`` is the
    mean over so many ``cards`` that were met, None where there are none. ``stuck`` are the cards that somebody is stuck
    at, with how often each was not known. ``overdue`` counts the assigned work that fell due lately and is not done.
    """

    joined_day: int
    last_day: int | None = None
    today: int = 0
    today_right: int = 0
    week: int = 0
    due: int = 0
    cards: int = 0
    recall: float | None = None
    stuck: Mapping[int, int] = field(default_factory=dict)
    overdue: int = 0


def find_signs(activity: Activity, today: int) -> tuple[Sign, ...]:
    """Why this student may need help, by the rules above; nothing of who has joined only now."""
    signs = []
    since = max(activity.last_day or 0, activity.joined_day)
    if today - since >= AWAY_DAYS:
        signs.append(Sign.AWAY)
    if activity.recall is not None and activity.cards >= FEWEST_CARDS and activity.recall < FORGETS_BELOW:
        signs.append(Sign.FORGETS)
    if activity.stuck:
        signs.append(Sign.STUCK)
    if activity.due >= BEHIND_CARDS:
        signs.append(Sign.BEHIND)
    if activity.overdue:
        signs.append(Sign.OVERDUE)
    return tuple(signs)


@dataclass(frozen=True, slots=True)
class Summary:
    """The class in a line: ``studied`` of ``students`` have answered today, ``signs`` have a sign; mean recall."""

    students: int
    studied: int
    answers: int
    signs: int
    recall: float | None


def summarise(activities: Sequence[Activity], signs: Sequence[Sequence[Sign]]) -> Summary:
    """The class in a line. Its recall is the mean over the students who have met any card."""
    recalls = [one.recall for one in activities if one.recall is not None]
    return Summary(
        students=len(activities),
        studied=sum(one.today > 0 for one in activities),
        answers=sum(one.today for one in activities),
        signs=sum(bool(one) for one in signs),
        recall=sum(recalls) / len(recalls) if recalls else None,
    )

"""What is known about one learner's memory of one card, and how to write it down without losing a digit."""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from quizapp.core.errors import Invalid
from quizapp.core.messages import say

LOWEST_DIFFICULTY = 1.0
HIGHEST_DIFFICULTY = 10.0

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FIRST_MILLI = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
_LAST_MILLI = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND


class Phase(StrEnum):
    """``learning`` and ``relearning`` go by steps of minutes, ``review`` by intervals of study days."""

    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


class Rating(IntEnum):
    """How a recall went. All but ``again`` mean that the answer was known."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


def parse_rating(value: object) -> Rating:
    """The rating that a number from 1 to 4 stands for. Raises Invalid for anything else."""
    if isinstance(value, int) and not isinstance(value, bool) and value in tuple(Rating):
        return Rating(value)
    message = say("A rating is 1 (again), 2 (hard), 3 (good) or 4 (easy).")
    raise Invalid(message, {"rating": message})


def to_millis(instant: datetime) -> int:
    """Whole milliseconds since 1970 UTC, rounded down."""
    return (instant - _EPOCH) // _MILLISECOND


def from_millis(millis: int) -> datetime:
    """The instant so many milliseconds after 1970 UTC. Raises OverflowError outside the years 1 to 9999."""
    return _EPOCH + timedelta(milliseconds=millis)


def floor_to_millis(instant: datetime) -> datetime:
    """The same instant in UTC, cut to whole milliseconds: what the log keeps is what the model counts with."""
    return from_millis(min(max(to_millis(instant), _FIRST_MILLI), _LAST_MILLI))


@dataclass(frozen=True, slots=True)
class MemoryState:
    """One learner's memory of one card after a review.

    ``step`` counts the (re)learning steps from 0 and is None in the review phase. ``stability`` is the time in days in
    which the probability of recall falls to 90 %, ``difficulty`` goes from 1 to 10. ``due`` and ``last_review`` are in
    UTC and whole milliseconds. ``reps`` counts all reviews, ``lapses`` those that found a reviewed card forgotten.
    """

    phase: Phase
    step: int | None
    stability: float
    difficulty: float
    due: datetime
    last_review: datetime
    reps: int
    lapses: int

    def to_json(self) -> str:
        """The state as one line of JSON; times in milliseconds since 1970 UTC, numbers to their last digit."""
        fields = {
            "phase": self.phase.value,
            "step": self.step,
            "stability": self.stability,
            "difficulty": self.difficulty,
            "due": to_millis(self.due),
            "last_review": to_millis(self.last_review),
            "reps": self.reps,
            "lapses": self.lapses,
        }
        return json.dumps(fields, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> "MemoryState":
        """Read what ``to_json`` wrote. Raises Invalid where it is anything else."""
        try:
            fields = json.loads(text)
            state = cls(
                phase=Phase(fields["phase"]),
                step=None if fields["step"] is None else _whole(fields["step"]),
                stability=_number(fields["stability"]),
                difficulty=_number(fields["difficulty"]),
                due=from_millis(_integer(fields["due"])),
                last_review=from_millis(_integer(fields["last_review"])),
                reps=_whole(fields["reps"]),
                lapses=_whole(fields["lapses"]),
            )
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            raise Invalid(say("This is not a memory state as Quizapp writes it.")) from error
        _check(state)
        return state


def _integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value


def _whole(value: Any) -> int:
    if _integer(value) < 0:
        raise ValueError("below zero")
    return int(value)


def _number(value: Any) -> float:
    if not isinstance(value, float | int) or isinstance(value, bool) or not math.isfinite(value):
        raise TypeError("not a number")
    return float(value)


def _check(state: MemoryState) -> None:
    fits = (
        state.stability > 0
        and LOWEST_DIFFICULTY <= state.difficulty <= HIGHEST_DIFFICULTY
        and (state.step is None) == (state.phase is Phase.REVIEW)
    )
    if not fits:
        raise Invalid(say("This memory state contradicts itself."))

"""What a learner may choose for studying: how well to remember, how much a day, in which steps, on which days.

What is left open is as the school has it. Choices are kept as one line of JSON, blank where nothing was chosen.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from quizapp.core.errors import Invalid
from quizapp.core.learning.balance import EVEN_WEEK, Load
from quizapp.core.learning.limits import DailyLimits
from quizapp.core.learning.scheduling import SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.core.messages import say

_NO_LIMITS = DailyLimits()
_Chosen = TypeVar("_Chosen")
_STEPS = ("learning_steps", "relearning_steps")


@dataclass(frozen=True, slots=True)
class Choices:
    """A learner's choices; None is the school's. ``decks`` holds limits of single decks, by slug.

    ``week`` holds a weight for each weekday from Monday (``balance.Load``). Raises Invalid, naming the field, for what
    cannot be chosen.
    """

    desired_retention: float | None = None
    learning_steps: tuple[timedelta, ...] | None = None
    relearning_steps: tuple[timedelta, ...] | None = None
    maximum_interval: int | None = None
    timezone: str = ""
    limits: DailyLimits = _NO_LIMITS
    decks: Mapping[str, DailyLimits] = field(default_factory=dict)
    week: tuple[float, ...] = EVEN_WEEK

    def __post_init__(self) -> None:
        self.settings_over(SchedulerSettings())
        Load(week=self.week)
        _find_zone(self.timezone)

    def settings_over(self, school: SchedulerSettings) -> SchedulerSettings:
        """The school's settings with what was chosen in their place."""
        chosen = {
            "desired_retention": self.desired_retention,
            "learning_steps": self.learning_steps,
            "relearning_steps": self.relearning_steps,
            "maximum_interval": self.maximum_interval,
        }
        changes: dict[str, Any] = {name: value for name, value in chosen.items() if value is not None}
        return replace(school, **changes)

    def calendar_over(self, school: StudyCalendar) -> StudyCalendar:
        """The school's calendar, in the learner's own time zone where one was chosen."""
        zone = _find_zone(self.timezone)
        return school if zone is None else StudyCalendar(zone, school.day_start)

    def fill_from(self, other: "Choices") -> "Choices":
        """These choices, and what another made wherever nothing was chosen here; each limit by itself."""
        decks = {slug: _fill_limits(self.decks.get(slug, _NO_LIMITS), limits) for slug, limits in other.decks.items()}
        return Choices(
            desired_retention=_first(self.desired_retention, other.desired_retention),
            learning_steps=_first(self.learning_steps, other.learning_steps),
            relearning_steps=_first(self.relearning_steps, other.relearning_steps),
            maximum_interval=_first(self.maximum_interval, other.maximum_interval),
            timezone=self.timezone or other.timezone,
            limits=_fill_limits(self.limits, other.limits),
            decks={**self.decks, **decks},
            week=other.week if self.week == EVEN_WEEK else self.week,
        )

    def to_json(self) -> str:
        """One line that ``from_json`` reads; the same for equal choices, and blank where nothing was chosen."""
        fields: dict[str, Any] = {
            "desired_retention": self.desired_retention,
            "maximum_interval": self.maximum_interval,
            "timezone": self.timezone or None,
            "limits": _write_limits(self.limits),
            "decks": {slug: _write_limits(limits) for slug, limits in self.decks.items() if limits != _NO_LIMITS},
            "week": None if self.week == EVEN_WEEK else self.week,
        }
        for name in _STEPS:
            steps = getattr(self, name)
            fields[name] = None if steps is None else [step // timedelta(seconds=1) for step in steps]
        said = {name: value for name, value in fields.items() if value is not None and value != {}}
        return json.dumps(said, sort_keys=True, separators=(",", ":"), allow_nan=False) if said else ""

    @classmethod
    def from_json(cls, text: str) -> "Choices":
        """Read what ``to_json`` wrote. Raises Invalid for anything else."""
        try:
            fields = json.loads(text) if text else {}
            for name in _STEPS:
                if name in fields:
                    fields[name] = tuple(timedelta(seconds=seconds) for seconds in fields[name])
            fields["limits"] = DailyLimits(**fields.get("limits", {}))
            fields["decks"] = {slug: DailyLimits(**limits) for slug, limits in fields.get("decks", {}).items()}
            fields["week"] = tuple(fields.get("week", EVEN_WEEK))
            return cls(**fields)
        except (ValueError, TypeError, AttributeError, RecursionError, OverflowError) as error:
            raise Invalid(say("These are not the choices of a learner as Quizapp writes them.")) from error


def _first(own: _Chosen | None, other: _Chosen | None) -> _Chosen | None:
    return other if own is None else own


def _fill_limits(own: DailyLimits, other: DailyLimits) -> DailyLimits:
    return DailyLimits(_first(own.new, other.new), _first(own.reviews, other.reviews))


def _write_limits(limits: DailyLimits) -> dict[str, int]:
    found = {"new": limits.new, "reviews": limits.reviews}
    return {name: limit for name, limit in found.items() if limit is not None}


def _find_zone(name: str) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:  # a folder of zones, a path out of it, no such zone
        message = say("There is no time zone of this name. Write one like Europe/Berlin.")
        raise Invalid(message, {"timezone": message}) from error

"""What a review's ``model`` stands for, written down: the settings and the calendar it was scheduled with.

The log names its model in every review; with this beside it each review can be done again exactly, whatever was chosen
or fitted since.
"""

import json
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from quizapp.core.errors import Invalid
from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.core.messages import say


def to_json(settings: SchedulerSettings, calendar: StudyCalendar) -> str:
    """One line of JSON, the same for equal settings and calendars: steps in seconds, numbers to their last digit."""
    fields = {
        "parameters": settings.parameters,
        "desired_retention": settings.desired_retention,
        "learning_steps": [step.total_seconds() for step in settings.learning_steps],
        "relearning_steps": [step.total_seconds() for step in settings.relearning_steps],
        "maximum_interval": settings.maximum_interval,
        "zone": calendar.zone.key,
        "day_start": calendar.day_start.isoformat(),
    }
    return json.dumps(fields, separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> tuple[SchedulerSettings, StudyCalendar]:
    """Read what ``to_json`` wrote. Raises Invalid where it is anything else, or where the zone is not known here."""
    try:
        fields = json.loads(text)
        settings = SchedulerSettings(
            parameters=tuple(_number(value) for value in fields["parameters"]),
            desired_retention=_number(fields["desired_retention"]),
            learning_steps=_steps(fields["learning_steps"]),
            relearning_steps=_steps(fields["relearning_steps"]),
            maximum_interval=_whole(fields["maximum_interval"]),
        )
        return settings, StudyCalendar(ZoneInfo(fields["zone"]), _time_of_day(fields["day_start"]))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, OSError) as error:
        raise Invalid(say("These are no scheduling settings as Quizapp writes them.")) from error


def load_scheduler(text: str) -> Scheduler:
    """The scheduler that ``to_json`` wrote down: its ``model`` is that of the reviews made with it. Raises Invalid."""
    settings, calendar = from_json(text)
    return Scheduler(settings, calendar)


def _number(value: Any) -> float:
    if not isinstance(value, float | int) or isinstance(value, bool):
        raise TypeError("not a number")
    return value  # whole numbers stay whole: the version is made from how they are written


def _time_of_day(value: Any) -> time:
    found = time.fromisoformat(value)
    if found.tzinfo is not None:
        raise ValueError("a time of day has no zone")
    return found


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value


def _steps(values: Any) -> tuple[timedelta, ...]:
    if not isinstance(values, list):
        raise TypeError("not a list of steps")
    return tuple(timedelta(seconds=_number(value)) for value in values)

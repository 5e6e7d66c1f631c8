import json
from datetime import time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.scheduling import DEFAULT_PARAMETERS, Scheduler, SchedulerSettings
from quizapp.core.learning.schedulings import from_json, load_scheduler, to_json
from quizapp.core.learning.studyday import StudyCalendar

steps = st.lists(st.integers(1, 16 * 3600).map(lambda count: timedelta(seconds=count)), max_size=3).map(
    lambda some: tuple(sorted(some))
)
parameters = st.lists(st.floats(0, 1), min_size=21, max_size=21).map(
    lambda shares: tuple(value * (1 + share / 1000) for value, share in zip(DEFAULT_PARAMETERS, shares, strict=True))
)
settings = st.builds(
    SchedulerSettings,
    parameters=parameters,
    desired_retention=st.floats(0.70, 0.97),
    learning_steps=steps,
    relearning_steps=steps,
    maximum_interval=st.integers(1, 36_500),
)
calendars = st.builds(
    StudyCalendar,
    st.sampled_from(sorted(available_timezones())).map(ZoneInfo),
    st.times().map(lambda found: found.replace(fold=0)),
)
TEXT = to_json(SchedulerSettings(), StudyCalendar(ZoneInfo("Europe/Berlin")))


@given(settings, calendars)
def test_settings_and_calendar_come_back_to_the_last_digit(some: SchedulerSettings, calendar: StudyCalendar):
    assert from_json(to_json(some, calendar)) == (some, calendar)
    assert load_scheduler(to_json(some, calendar)).model == Scheduler(some, calendar).model


def test_whole_numbers_stay_as_they_were_written():
    some = SchedulerSettings(parameters=(*DEFAULT_PARAMETERS[:4], 6, *DEFAULT_PARAMETERS[5:]))
    calendar = StudyCalendar(ZoneInfo("UTC"))
    assert load_scheduler(to_json(some, calendar)).model == Scheduler(some, calendar).model


def test_equal_settings_are_one_text_and_others_another():
    assert to_json(SchedulerSettings(), StudyCalendar(ZoneInfo("Europe/Berlin"), time(4))) == TEXT
    assert to_json(SchedulerSettings(desired_retention=0.91), StudyCalendar(ZoneInfo("Europe/Berlin"))) != TEXT


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("parameters", None),
        ("parameters", [1, 2, 3]),
        ("parameters", ["0.4"] * 21),
        ("parameters", [True] * 21),
        ("desired_retention", 1.5),
        ("desired_retention", None),
        ("learning_steps", 60),
        ("learning_steps", [600, 60]),
        ("learning_steps", [1e300]),
        ("maximum_interval", 0),
        ("maximum_interval", 3.5),
        ("maximum_interval", True),
        ("zone", "Atlantis/Capital"),
        ("zone", "../../etc/passwd"),
        ("zone", 7),
        ("zone", ""),
        ("day_start", "25:00"),
        ("day_start", "04:00+01:00"),
        ("day_start", 4),
    ],
)
def test_what_does_not_fit_is_refused(field: str, value: object):
    with pytest.raises(Invalid):
        from_json(json.dumps(json.loads(TEXT) | {field: value}))


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "{", "7", "[" * 100_000, TEXT.replace("0.9,", "NaN,", 1)])
def test_what_is_no_scheduling_is_refused(text: str):
    with pytest.raises(Invalid):
        from_json(text)

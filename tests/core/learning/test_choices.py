"""What a learner may choose, how it is kept, and what it is laid over."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.choices import Choices
from quizapp.core.learning.limits import DailyLimits
from quizapp.core.learning.scheduling import SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar

LIMITS = st.builds(DailyLimits, st.none() | st.integers(0, 9_999), st.none() | st.integers(0, 9_999))
STEPS = st.lists(st.integers(1, 57_600), max_size=5).map(
    lambda seconds: tuple(timedelta(seconds=each) for each in sorted(seconds))
)


@given(
    st.builds(
        Choices,
        desired_retention=st.none() | st.floats(0.70, 0.97),
        learning_steps=st.none() | STEPS,
        relearning_steps=st.none() | STEPS,
        maximum_interval=st.none() | st.integers(1, 36_500),
        timezone=st.sampled_from(["", "Europe/Berlin", "Asia/Kathmandu"]),
        limits=LIMITS,
        decks=st.dictionaries(st.sampled_from(["dates", "birds"]), LIMITS.filter(lambda each: each != DailyLimits())),
        week=st.tuples(*[st.sampled_from([0.0, 0.5, 1.0])] * 7),
    )
)
def test_what_is_written_is_read_again(choices: Choices) -> None:
    written = choices.to_json()
    assert Choices.from_json(written) == choices
    assert Choices.from_json(written).to_json() == written


def test_who_chose_nothing_has_a_blank_line() -> None:
    assert Choices().to_json() == ""
    assert Choices.from_json("") == Choices()


def test_a_deck_without_a_limit_needs_no_words() -> None:
    assert Choices(decks={"dates": DailyLimits()}).to_json() == ""


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "null",
        "what",
        '{"decks":[1]}',
        '{"week":7}',
        '{"mood":"good"}',
        '{"learning_steps":[1e99]}',
        '{"learning_steps":60}',
        '{"desired_retention":"high"}',
        "[" * 100_000,
    ],
)
def test_what_nobody_wrote_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Choices.from_json(text)


@pytest.mark.parametrize(
    ("field", "choice"),
    [
        ("desired_retention", {"desired_retention": 1.5}),
        ("maximum_interval", {"maximum_interval": 0}),
        ("learning_steps", {"learning_steps": (timedelta(minutes=10), timedelta(minutes=1))}),
        ("relearning_steps", {"relearning_steps": (timedelta(days=2),)}),
        ("timezone", {"timezone": "Mars/Olympus"}),
        ("timezone", {"timezone": "../../etc/passwd"}),
        ("timezone", {"timezone": "Europe"}),
        ("week", {"week": (1.0,)}),
    ],
)
def test_what_cannot_be_chosen_is_named(field: str, choice: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        Choices(**choice)  # type: ignore[arg-type]
    assert field in caught.value.fields


def test_choices_are_laid_over_what_the_school_has() -> None:
    school = SchedulerSettings(desired_retention=0.85, maximum_interval=100)
    own = Choices(desired_retention=0.95).settings_over(school)
    assert own == SchedulerSettings(desired_retention=0.95, maximum_interval=100)
    assert Choices().settings_over(school) == school


def test_an_own_time_zone_keeps_the_start_of_the_day() -> None:
    school = StudyCalendar(ZoneInfo("Europe/Berlin"), time(5))
    assert Choices().calendar_over(school) == school
    assert Choices(timezone="Asia/Tokyo").calendar_over(school) == StudyCalendar(ZoneInfo("Asia/Tokyo"), time(5))


def test_what_was_not_chosen_is_filled_from_another_and_what_was_stays() -> None:
    mine = Choices(
        desired_retention=0.85, limits=DailyLimits(new=5), decks={"dates": DailyLimits(new=1)}, week=(1.0, *[0.5] * 6)
    )
    other = Choices(
        desired_retention=0.95,
        maximum_interval=90,
        learning_steps=(),
        timezone="Asia/Kathmandu",
        limits=DailyLimits(new=50, reviews=0),
        decks={"dates": DailyLimits(new=9, reviews=9), "birds": DailyLimits(reviews=3)},
        week=(0.0, *[1.0] * 6),
    )
    filled = mine.fill_from(other)
    assert (filled.desired_retention, filled.maximum_interval, filled.learning_steps) == (0.85, 90, ())
    assert (filled.timezone, filled.limits, filled.week) == ("Asia/Kathmandu", DailyLimits(5, 0), mine.week)
    assert filled.decks == {"dates": DailyLimits(1, 9), "birds": DailyLimits(reviews=3)}
    assert Choices().fill_from(other) == other
    assert mine.fill_from(Choices()) == mine
    assert filled.fill_from(other) == filled

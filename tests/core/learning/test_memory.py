import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.memory import (
    MemoryState,
    Phase,
    Rating,
    floor_to_millis,
    from_millis,
    parse_rating,
    to_millis,
)

NOW = datetime(2026, 11, 22, 12, 0, 0, 123_000, tzinfo=UTC)
STATE = MemoryState(
    phase=Phase.RELEARNING,
    step=0,
    stability=53.626902917141365,
    difficulty=6.357487083997829,
    due=NOW + timedelta(minutes=10),
    last_review=NOW,
    reps=12,
    lapses=3,
)

moments = st.datetimes(timezones=st.just(UTC)).map(floor_to_millis)
states = st.builds(
    MemoryState,
    phase=st.just(Phase.REVIEW),
    step=st.none(),
    stability=st.floats(0.001, 36_500),
    difficulty=st.floats(1, 10),
    due=moments,
    last_review=moments,
    reps=st.integers(0),
    lapses=st.integers(0),
)


@given(states)
def test_a_state_comes_back_from_json_to_the_last_digit(state: MemoryState):
    assert MemoryState.from_json(state.to_json()) == state


def test_a_state_in_steps_comes_back_from_json():
    assert MemoryState.from_json(STATE.to_json()) == STATE


def test_json_holds_times_in_whole_milliseconds():
    assert json.loads(STATE.to_json())["last_review"] == 1_795_348_800_123


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phase", "sleeping"),
        ("phase", "review"),  # which has no step
        ("step", None),  # which only a reviewed card may lack
        ("step", -1),
        ("step", 0.5),
        ("stability", 0),
        ("stability", True),
        ("stability", "1"),
        ("stability", float("inf")),
        ("stability", float("nan")),
        ("difficulty", 0.5),
        ("difficulty", 10.5),
        ("due", "2026-11-22"),
        ("due", 1e300),
        ("due", 10**30),
        ("reps", -1),
        ("reps", True),
        ("lapses", None),
    ],
)
def test_a_state_that_was_tampered_with_is_refused(field: str, value: object):
    text = json.dumps(json.loads(STATE.to_json()) | {field: value})
    with pytest.raises(Invalid):
        MemoryState.from_json(text)


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '"x"', "[" * 100_000])
def test_a_text_that_is_no_state_is_refused(text: str):
    with pytest.raises(Invalid):
        MemoryState.from_json(text)


def test_ratings_are_the_numbers_from_one_to_four():
    assert [parse_rating(number) for number in (1, 2, 3, 4)] == list(Rating)


@pytest.mark.parametrize("value", [0, 5, -1, True, 3.0, "3", None, [3]])
def test_anything_else_is_no_rating(value: object):
    with pytest.raises(Invalid) as caught:
        parse_rating(value)
    assert "rating" in caught.value.fields


@given(moments)
def test_milliseconds_come_back_as_the_same_instant(moment: datetime):
    assert from_millis(to_millis(moment)) == moment


def test_instants_are_cut_to_milliseconds_at_both_ends_of_the_calendar_too():
    assert floor_to_millis(NOW.replace(microsecond=123_999)) == NOW
    before_1970 = datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert floor_to_millis(before_1970).microsecond == 999_000
    assert floor_to_millis(datetime.min.replace(tzinfo=UTC)) == datetime.min.replace(tzinfo=UTC)
    assert floor_to_millis(datetime.max.replace(tzinfo=UTC)).year == 9999

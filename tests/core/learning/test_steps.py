"""Learning steps as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.steps import parse_steps, write_steps

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("1m 10m", (MINUTE, 10 * MINUTE)),
        ("30s", (30 * SECOND,)),
        ("1h", (HOUR,)),
        ("1 M, 10 min; 2 hr", (MINUTE, 10 * MINUTE, 2 * HOUR)),
        ("  5sec\t90s\n", (5 * SECOND, 90 * SECOND)),
        ("none", ()),
        (" None ", ()),
        ("", None),
        ("   ", None),
    ],
)
def test_steps_are_read_as_they_are_meant(text: str, steps: tuple[timedelta, ...] | None):
    assert parse_steps(text, "learning_steps") == steps


@pytest.mark.parametrize(
    "text",
    [
        "10",
        "m",
        "1m 10",
        "1x",
        "-1m",
        "1.5m",
        "１m",
        "1m10m",
        "abc",
        ",",
        "; ,",
        "none 1m",
        "1d",
        "9999999s",
        "1m " * 11,
    ],
)
def test_what_is_no_step_is_said_beside_its_field(text: str):
    with pytest.raises(Invalid) as caught:
        parse_steps(text, "relearning_steps")
    assert list(caught.value.fields) == ["relearning_steps"]


def test_a_word_without_end_is_not_said_back_in_full():
    with pytest.raises(Invalid) as caught:
        parse_steps("x" * 100_000, "learning_steps")
    assert len(caught.value.message) < 200


def test_a_step_is_written_in_the_largest_unit_that_holds_it_whole():
    assert write_steps((30 * SECOND, MINUTE, 90 * SECOND, HOUR, 90 * MINUTE)) == "30s 1m 90s 1h 90m"
    assert write_steps(()) == "none"


@given(st.lists(st.integers(1, 57_600), max_size=10))
def test_what_is_written_is_read_again(seconds: list[int]):
    steps = tuple(each * SECOND for each in seconds)
    assert parse_steps(write_steps(steps), "learning_steps") == steps

"""The time of answers that were given without network."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.arrival import LONGEST_AWAY, believe_time
from quizapp.core.learning.memory import to_millis

NOW = datetime(2026, 11, 22, 12, 0, 0, 123_000, tzinfo=UTC)
HOUR, MILLISECOND = timedelta(hours=1), timedelta(milliseconds=1)


def test_a_time_between_the_last_answer_and_now_is_believed() -> None:
    for ago in (timedelta(0), MILLISECOND, HOUR, LONGEST_AWAY):
        assert believe_time(to_millis(NOW - ago), None, NOW) == NOW - ago
    assert believe_time(to_millis(NOW - HOUR), NOW - HOUR, NOW) == NOW - HOUR


def test_without_a_time_an_answer_is_given_when_it_arrives() -> None:
    assert believe_time(None, None, NOW) == NOW
    assert believe_time(None, NOW - HOUR, NOW) == NOW


def test_a_clock_that_runs_ahead_or_stands_long_ago_is_not_believed() -> None:
    year = timedelta(days=365)
    for moment in (NOW + MILLISECOND, NOW + year, NOW - LONGEST_AWAY - MILLISECOND, NOW - year):
        assert believe_time(to_millis(moment), None, NOW) == NOW


def test_seconds_instead_of_milliseconds_are_not_believed() -> None:
    assert believe_time(to_millis(NOW) // 1000, None, NOW) == NOW
    assert believe_time(0, None, NOW) == NOW


def test_an_answer_from_before_the_cards_last_one_is_given_when_it_arrives() -> None:
    assert believe_time(to_millis(NOW - HOUR), NOW - HOUR + MILLISECOND, NOW) == NOW


def test_numbers_beyond_the_calendar_do_no_harm() -> None:
    for number in (-(10**18), 10**15, 10**30):
        assert believe_time(number, None, NOW) == NOW


@given(st.integers(), st.none() | st.integers(min_value=-(10**10), max_value=10**8))
def test_the_time_is_never_after_now_and_never_before_a_last_answer_that_lies_before_now(
    given_at: int, last: int | None
) -> None:
    last_review = None if last is None else NOW + timedelta(milliseconds=min(last, 0))
    when = believe_time(given_at, last_review, NOW)
    assert when <= NOW
    assert last_review is None or when >= last_review
    assert NOW - when <= LONGEST_AWAY

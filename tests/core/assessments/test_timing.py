"""When a test can be sat, until when an answer is taken, and when its result may be seen."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.assessments.plan import Feedback
from quizapp.core.assessments.timing import GRACE, Phase, Terms, Window, check_window

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
DATES = Window(NOON, NOON + HOUR, NOON + 2 * HOUR)


@pytest.mark.parametrize(
    ("after", "phase"),
    [
        (-SECOND, Phase.BEFORE),
        (timedelta(0), Phase.OPEN),
        (HOUR, Phase.OPEN),
        (HOUR + SECOND, Phase.LATE),
        (2 * HOUR, Phase.CLOSED),
    ],
)
def test_a_test_opens_is_late_and_closes(after: timedelta, phase: Phase) -> None:
    assert Terms(DATES).phase(NOON + after) is phase


def test_without_dates_a_test_is_always_open_and_never_ends() -> None:
    terms = Terms(Window())
    assert terms.phase(NOON) is Phase.OPEN
    assert terms.deadline(NOON) is None
    assert terms.takes_answers(NOON, NOON + 10_000 * HOUR)


def test_own_dates_take_the_place_of_the_classes_one_by_one() -> None:
    own = DATES.override(Window(due=NOON + 3 * HOUR))
    assert own == Window(DATES.opens, NOON + 3 * HOUR, DATES.closes)


def test_the_limit_is_multiplied_and_dates_move_with_it() -> None:
    terms = Terms(DATES, limit_minutes=20, time_percent=150)
    assert terms.limit == 30 * MINUTE
    assert terms.due == NOON + HOUR + 10 * MINUTE
    assert terms.closes == NOON + 2 * HOUR + 10 * MINUTE
    assert terms.deadline(NOON) == NOON + 30 * MINUTE
    assert terms.deadline(NOON + 2 * HOUR - 20 * MINUTE) == NOON + 2 * HOUR + 10 * MINUTE


def test_closing_cuts_an_attempt_that_began_too_late() -> None:
    assert Terms(DATES, limit_minutes=20).deadline(NOON + 2 * HOUR - MINUTE) == NOON + 2 * HOUR


def test_answers_under_way_at_the_end_are_taken_for_a_few_seconds() -> None:
    terms = Terms(Window(), limit_minutes=1)
    assert terms.takes_answers(NOON, NOON + MINUTE + GRACE)
    late = NOON + MINUTE + GRACE + timedelta(milliseconds=1)
    assert not terms.takes_answers(NOON, late)
    assert terms.is_over(NOON, late)


@given(st.integers(1, 1440), st.integers(100, 1000), st.integers(0, 10_000))
def test_more_time_never_ends_sooner(minutes: int, percent: int, began: int) -> None:
    started = NOON + timedelta(minutes=began)
    plain = Terms(Window(closes=NOON + 100 * HOUR), minutes).deadline(started)
    more = Terms(Window(closes=NOON + 100 * HOUR), minutes, percent).deadline(started)
    assert plain is not None
    assert more is not None
    assert more >= plain


ENDED = NOON + HOUR / 2


@pytest.mark.parametrize(
    ("feedback", "ended", "at", "shown"),
    [
        (Feedback.AT_END, None, NOON, False),
        (Feedback.AT_ONCE, None, NOON, False),
        (Feedback.AT_END, ENDED, ENDED, True),
        (Feedback.AT_ONCE, ENDED, ENDED, True),
        (Feedback.AFTER_DUE, ENDED, NOON + HOUR, False),
        (Feedback.AFTER_DUE, ENDED, NOON + HOUR + SECOND, True),
        (Feedback.AFTER_DUE, None, NOON + 3 * HOUR, False),
        (Feedback.NEVER, ENDED, NOON + 99 * HOUR, False),
    ],
)
def test_a_result_is_seen_when_the_settings_say_so(
    feedback: Feedback, ended: datetime | None, at: datetime, shown: bool
) -> None:
    assert Terms(DATES).shows_result(feedback, ended, at, open_attempt=False) is shown


@given(st.sampled_from([Feedback.AFTER_DUE, Feedback.NEVER]), st.none() | st.integers(-9, 9), st.integers(-9, 99))
def test_while_an_attempt_is_open_nothing_is_shown_that_waits_for_the_due_date(
    feedback: Feedback, due: int | None, at: int
) -> None:
    terms = Terms(Window(due=None if due is None else NOON + due * HOUR))
    assert not terms.shows_result(feedback, ENDED, NOON + at * HOUR, open_attempt=True)
    assert not terms.is_final(feedback, ENDED, NOON + at * HOUR, open_attempt=True)
    shown = terms.shows_result(feedback, ENDED, NOON + at * HOUR, open_attempt=False)
    assert shown is (feedback is Feedback.AFTER_DUE and due is not None and at > due)


def test_without_a_due_date_feedback_after_it_is_not_given() -> None:
    assert not Terms(Window()).shows_result(Feedback.AFTER_DUE, ENDED, NOON + 99 * HOUR, open_attempt=False)


def test_where_nothing_is_ever_shown_the_result_is_final_once_the_test_has_closed() -> None:
    assert not Terms(DATES).is_final(Feedback.NEVER, ENDED, NOON + 2 * HOUR, open_attempt=False)
    assert Terms(DATES).is_final(Feedback.NEVER, ENDED, NOON + 2 * HOUR + SECOND, open_attempt=False)
    assert not Terms(Window()).is_final(Feedback.NEVER, ENDED, NOON + 99 * HOUR, open_attempt=False)
    assert not Terms(DATES).is_final(Feedback.NEVER, None, NOON + 99 * HOUR, open_attempt=False)
    assert Terms(DATES).is_final(Feedback.AT_END, ENDED, ENDED, open_attempt=False)


@pytest.mark.parametrize(
    ("feedback", "left", "is_open", "at", "held"),
    [
        (Feedback.AT_END, 1, False, NOON - SECOND, False),
        (Feedback.AT_END, 1, False, NOON, True),
        (Feedback.AT_END, 0, False, NOON, False),
        (Feedback.AT_END, 0, True, NOON, True),
        (Feedback.AT_END, 1, False, NOON + 2 * HOUR, False),
        (Feedback.AFTER_DUE, 0, False, NOON + HOUR, True),
        (Feedback.AFTER_DUE, 0, False, NOON + HOUR + SECOND, False),
        (Feedback.NEVER, 0, False, NOON + HOUR, True),
        (Feedback.NEVER, 0, False, NOON + 2 * HOUR, False),
    ],
)
def test_cards_are_held_while_the_test_can_be_sat_and_until_its_answers_may_be_seen(
    feedback: Feedback, left: int, is_open: bool, at: datetime, held: bool
) -> None:
    assert Terms(DATES).holds_cards(feedback, attempts_left=left, open_attempt=is_open, now=at) is held


def test_without_dates_cards_are_held_no_longer_than_the_attempts_last() -> None:
    for feedback in (Feedback.NEVER, Feedback.AFTER_DUE):
        assert not Terms(Window()).holds_cards(feedback, attempts_left=0, open_attempt=False, now=NOON)


@pytest.mark.parametrize(
    ("window", "fields"),
    [
        (DATES, []),
        (Window(), []),
        (Window(opens=NOON, due=NOON), ["due"]),
        (Window(opens=NOON, due=NOON - HOUR), ["due"]),
        (Window(opens=NOON, closes=NOON), ["closes"]),
        (Window(due=NOON, closes=NOON - SECOND), ["closes"]),
        (Window(due=NOON, closes=NOON), []),
    ],
)
def test_dates_come_in_their_order(window: Window, fields: list[str]) -> None:
    assert list(check_window(window)) == fields

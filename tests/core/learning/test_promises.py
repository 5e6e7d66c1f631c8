"""Days that were shown come back as a short text, and nothing else is taken for one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.memory import Phase, Rating
from quizapp.core.learning.promises import read_promise, write_promises
from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar

CALENDAR = StudyCalendar(ZoneInfo("Asia/Tokyo"))
SCHEDULER = Scheduler(SchedulerSettings(), CALENDAR)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@given(st.lists(st.tuples(st.sampled_from(Rating), st.integers(0, 40)), min_size=1, max_size=6))
def test_what_was_promised_is_read_for_each_rating(history: list[tuple[Rating, int]]) -> None:
    state, now = None, NOON
    for rating, days in history:
        now += timedelta(days=days)
        state = SCHEDULER.review(state, rating, now)
    preview = SCHEDULER.preview(state, now)
    text = write_promises(preview, CALENDAR)
    for rating, after in preview.items():
        expected = CALENDAR.day_of(after.due) if after.phase is Phase.REVIEW else None
        assert read_promise(text, rating) == expected


def test_steps_of_minutes_promise_no_day() -> None:
    assert write_promises(SCHEDULER.preview(None, NOON), CALENDAR).startswith("4:")


@pytest.mark.parametrize(
    "text",
    ["", "3", "3:", "3:0", "3:x", "3:٣", "3: 739900", "5:739900", "3:9999999", "3:" + "7" * 20, "3:739900," * 50],
)
def test_a_text_that_was_not_written_here_promises_nothing(text: str) -> None:
    assert read_promise(text, Rating.GOOD) is None


@given(st.text(max_size=40), st.sampled_from(Rating))
def test_no_text_is_an_error(text: str, rating: Rating) -> None:
    promised = read_promise(text, rating)
    assert promised is None or isinstance(promised, date)

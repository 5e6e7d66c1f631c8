"""Cards that wait while their learner flies around the world."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.studyday import StudyCalendar
from quizapp.core.learning.zones import find_day, move_due

ZONES = sorted(available_timezones())
CALENDARS = st.builds(
    StudyCalendar, st.sampled_from(ZONES).map(ZoneInfo), st.sampled_from([time(0), time(4), time(12)])
)
MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
TOKYO, LOS_ANGELES, BERLIN = (
    StudyCalendar(ZoneInfo(name)) for name in ("Asia/Tokyo", "America/Los_Angeles", "Europe/Berlin")
)


def test_a_card_keeps_its_day_and_starts_it_in_the_new_zone():
    due, answered = BERLIN.start_of(datetime(2026, 12, 1).date()), datetime(2026, 11, 22, 12, tzinfo=UTC)
    moved = move_due(due, answered, BERLIN, TOKYO)
    assert moved == datetime(2026, 11, 30, 19, tzinfo=UTC)
    assert TOKYO.day_of(moved) == BERLIN.day_of(due)


def test_what_was_answered_in_the_part_of_a_day_lived_twice_waits_for_the_next():
    answered = datetime(
        2026, 11, 22, 3, tzinfo=UTC
    )  # the evening of the 21st in Los Angeles, noon of the 22nd in Tokyo
    due = LOS_ANGELES.start_of(datetime(2026, 11, 22).date())
    assert find_day(due, answered, LOS_ANGELES, TOKYO) == datetime(2026, 11, 23).date()


def test_a_card_that_waited_before_still_waits():
    due, answered = BERLIN.start_of(datetime(2026, 11, 20).date()), datetime(2026, 11, 10, 12, tzinfo=UTC)
    assert move_due(due, answered, BERLIN, LOS_ANGELES) < datetime(2026, 11, 22, tzinfo=UTC)


@given(CALENDARS, CALENDARS, MOMENTS, st.integers(1, 400), st.integers(0, 200))
def test_in_no_zone_a_card_answered_today_becomes_due_today(
    before: StudyCalendar, after: StudyCalendar, answered: datetime, days: int, hours_later: int
):
    due = before.start_of(before.day_of(answered) + timedelta(days=days))
    moved = move_due(due, answered, before, after)
    now = answered + timedelta(hours=hours_later)
    if after.day_of(answered) == after.day_of(now):
        assert moved > now
    assert moved >= after.start_of(before.day_of(due))


@given(CALENDARS, MOMENTS, st.integers(1, 400))
def test_to_stay_where_one_is_moves_nothing(calendar: StudyCalendar, answered: datetime, days: int):
    due = calendar.start_of(calendar.day_of(answered) + timedelta(days=days))
    if due > calendar.start_of(calendar.day_of(answered)):
        assert move_due(due, answered, calendar, calendar) == due


@pytest.mark.parametrize("home", ["Pacific/Kiritimati", "Europe/Berlin", "Etc/GMT+12"])
def test_wherever_one_goes_what_was_answered_an_hour_ago_is_not_due_again_today(home: str):
    before = StudyCalendar(ZoneInfo(home))
    for hour in range(0, 24, 3):
        now = datetime(2026, 11, 22, hour, 30, tzinfo=UTC)
        answered = now - timedelta(hours=1)
        due = before.start_of(before.day_of(answered) + timedelta(days=1))
        for name in ZONES:
            after = StudyCalendar(ZoneInfo(name))
            same_day = after.day_of(answered) == after.day_of(now)
            assert not same_day or move_due(due, answered, before, after) >= after.start_of(
                after.day_of(now) + timedelta(days=1)
            )

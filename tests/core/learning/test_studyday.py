from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.studyday import StudyCalendar, add_days, add_time

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
BERLIN = StudyCalendar(ZoneInfo("Europe/Berlin"))

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
day_starts = st.sampled_from([time(4), time(0), time(2, 30), time(23, 59)])
calendars = st.builds(StudyCalendar, zones, day_starts)
instants = st.datetimes(timezones=st.just(UTC))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def changes_of_clock(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The instants at which the zone's offset changes, found by stepping and halving."""
    step = timedelta(days=20)
    while first < last:
        before, after = first, first + step
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            while after - before > SECOND:
                middle = before + (after - before) // SECOND // 2 * SECOND
                same = middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset()
                before, after = (middle, after) if same else (before, middle)
            yield after
        first += step


def assert_day_is_sound(calendar: StudyCalendar, day: date) -> None:
    """A study day starts when the wall clock first shows its start, follows the day before, and holds its instants."""
    start, end = calendar.start_of(day), calendar.start_of(day + DAY)
    planned = datetime.combine(day, calendar.day_start)
    assert start <= end
    assert wall(start, calendar.zone) >= planned
    assert wall(start - SECOND, calendar.zone) < planned
    assert calendar.day_of(start - SECOND) < day
    assert calendar.day_of(start) >= day
    if start < end:
        assert calendar.day_of(start) == day
        assert calendar.day_of(end - SECOND) == day


def test_the_day_starts_at_four_in_the_morning():
    assert BERLIN.day_of(utc("2026-01-10T02:59:59")) == date(2026, 1, 9)
    assert BERLIN.day_of(utc("2026-01-10T03:00:00")) == date(2026, 1, 10)
    assert BERLIN.start_of(date(2026, 1, 10)) == utc("2026-01-10T03:00:00")


def test_an_instant_may_come_in_any_zone():
    same_instant = datetime(2026, 1, 9, 19, 0, tzinfo=timezone(timedelta(hours=-8)))
    assert BERLIN.day_of(same_instant) == date(2026, 1, 10)


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        BERLIN.day_of(datetime(2026, 1, 10))


def test_a_start_that_summer_time_skips_is_the_moment_of_the_change():
    calendar = StudyCalendar(ZoneInfo("Europe/Berlin"), time(2, 30))
    assert calendar.start_of(date(2026, 3, 29)) == utc("2026-03-29T01:00:00")
    assert_day_is_sound(calendar, date(2026, 3, 29))


def test_a_start_that_comes_twice_is_the_first():
    calendar = StudyCalendar(ZoneInfo("Europe/Berlin"), time(2, 30))
    assert calendar.start_of(date(2026, 10, 25)) == utc("2026-10-25T00:30:00")
    second_time_before_the_start = utc("2026-10-25T01:10:00")
    assert wall(second_time_before_the_start, calendar.zone) == datetime(2026, 10, 25, 2, 10)
    assert calendar.day_of(second_time_before_the_start) == date(2026, 10, 25)


def test_the_day_that_samoa_left_out_is_short_with_a_start_at_four_and_empty_at_midnight():
    early = StudyCalendar(ZoneInfo("Pacific/Apia"))
    change = utc("2011-12-30T10:00:00")
    assert early.start_of(date(2011, 12, 30)) == change
    assert early.day_of(change) == date(2011, 12, 30)
    assert early.day_of(change + timedelta(hours=4)) == date(2011, 12, 31)

    midnight = StudyCalendar(ZoneInfo("Pacific/Apia"), time(0))
    assert midnight.start_of(date(2011, 12, 30)) == midnight.start_of(date(2011, 12, 31)) == change
    assert midnight.day_of(change) == date(2011, 12, 31)


def test_a_day_that_comes_twice_is_one_long_day():
    alaska = StudyCalendar(ZoneInfo("America/Juneau"))
    [change] = changes_of_clock(alaska.zone, utc("1867-01-01T00:00:00"), utc("1868-01-01T00:00:00"))
    days = [alaska.day_of(change + timedelta(hours=hours)) for hours in range(-48, 49)]
    assert days == sorted(days)
    assert max(days.count(day) for day in days) >= 47


def test_days_are_sound_around_the_changes_of_the_clock_in_every_zone_of_the_database():
    seen: set[tuple[object, ...]] = set()
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        changes = tuple(changes_of_clock(zone, utc("1995-01-01T00:00:00"), utc("2030-01-01T00:00:00")))[:20]
        shifts = tuple((change, change.astimezone(zone).utcoffset()) for change in changes)
        if shifts in seen:
            continue
        seen.add(shifts)
        for number, change in enumerate(changes):
            calendar = StudyCalendar(zone, (time(4), time(0), time(2, 30))[number % 3])
            assert_day_is_sound(calendar, calendar.day_of(change))
            assert_day_is_sound(calendar, calendar.day_of(change) + DAY)


@given(calendars, st.dates(date(1840, 1, 1), date(2100, 1, 1)))
def test_every_day_is_sound(calendar: StudyCalendar, day: date):
    assert_day_is_sound(calendar, day)


@given(calendars, instants, instants)
def test_days_never_run_backwards(calendar: StudyCalendar, one: datetime, other: datetime):
    earlier, later = sorted((one, other))
    assert calendar.day_of(earlier) <= calendar.day_of(later)


@given(calendars, st.dates(), st.dates())
def test_starts_never_run_backwards(calendar: StudyCalendar, one: date, other: date):
    earlier, later = sorted((one, other))
    assert calendar.start_of(earlier) <= calendar.start_of(later)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "UTC"])
def test_the_ends_of_the_calendar_are_days_like_others(zone: str):
    calendar = StudyCalendar(ZoneInfo(zone))
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert calendar.start_of(calendar.day_of(first)) < calendar.start_of(calendar.day_of(last))
    assert calendar.start_of(date.min) < calendar.start_of(date.max)


def test_dates_and_times_stop_at_the_ends_of_the_calendar():
    assert add_days(date(2026, 1, 31), 1) == date(2026, 2, 1)
    assert add_days(date(2026, 1, 1), -1) == date(2025, 12, 31)
    assert add_days(date.max, 36_500) == date.max
    assert add_days(date.min, -1) == date.min
    assert add_time(utc("2026-01-01T00:00:00"), DAY) == utc("2026-01-02T00:00:00")
    last = datetime.max.replace(tzinfo=UTC)
    assert add_time(last, DAY) == last

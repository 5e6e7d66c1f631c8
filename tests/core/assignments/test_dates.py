from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.assignments.dates import Dates, check_dates, read_moment
from quizapp.core.errors import Invalid

BERLIN, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_time_is_one_of_the_schools_zone_in_winter_and_in_summer() -> None:
    assert read_moment("2027-01-31T14:30", BERLIN) == datetime(2027, 1, 31, 13, 30, tzinfo=UTC)
    assert read_moment(" 2027-07-31 14:30:15 ", BERLIN) == datetime(2027, 7, 31, 12, 30, tzinfo=UTC)


def test_a_day_alone_is_its_beginning_or_its_end() -> None:
    assert read_moment("2027-01-31", UTC_ZONE) == datetime(2027, 1, 31, tzinfo=UTC)
    assert read_moment("2027-01-31", UTC_ZONE, end_of_day=True) == datetime(2027, 1, 31, 23, 59, tzinfo=UTC)
    assert read_moment("  ", UTC_ZONE) is None


def test_an_hour_that_the_clocks_skip_is_refused_and_one_that_comes_twice_is_the_first() -> None:
    with pytest.raises(Invalid, match="does not exist"):
        read_moment("2027-03-28T02:30", BERLIN)
    assert read_moment("2027-03-28T03:00", BERLIN) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert read_moment("2027-10-31T02:30", BERLIN) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["soon", "2027-02-30T10:00", "2027-01-31T25:00", "1066-01-01", "9999-12-31", "2027-1-3", "31.01.2027", "\x00"],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="like 2027-01-31"):
        read_moment(text, BERLIN)


@given(st.datetimes(datetime(1991, 1, 1), datetime(2199, 1, 1)))
def test_what_a_form_shows_is_read_back_as_the_same_moment(local: datetime) -> None:
    moment = local.replace(second=0, microsecond=0, tzinfo=UTC)
    shown = moment.astimezone(BERLIN)
    if shown.fold == 0:
        assert read_moment(shown.strftime("%Y-%m-%dT%H:%M"), BERLIN) == moment


def test_dates_may_be_the_same_and_must_not_run_backwards() -> None:
    assert check_dates(Dates(NOON, NOON, NOON)) == {}
    assert check_dates(Dates()) == {}
    assert list(check_dates(Dates(NOON, NOON - HOUR, None))) == ["due"]
    assert list(check_dates(Dates(NOON, None, NOON - HOUR))) == ["closes"]
    assert list(check_dates(Dates(NOON, NOON - HOUR, NOON - 2 * HOUR))) == ["due", "closes"]


def test_own_dates_stand_in_for_those_of_the_class_one_by_one() -> None:
    assert Dates(NOON, NOON + HOUR, None).override(Dates(due=NOON + 2 * HOUR)) == Dates(NOON, NOON + 2 * HOUR, None)


def test_an_assignment_opens_and_closes_to_the_moment() -> None:
    dates = Dates(NOON, NOON + HOUR, NOON + 2 * HOUR)
    assert not dates.has_opened(NOON - timedelta(milliseconds=1))
    assert dates.has_opened(NOON)
    assert not dates.is_past_due(NOON + HOUR)
    assert dates.is_past_due(NOON + HOUR + timedelta(milliseconds=1))
    assert dates.has_closed(NOON + 2 * HOUR)
    assert Dates().has_opened(NOON)
    assert not (Dates().has_closed(NOON))
    assert not (Dates().is_past_due(NOON))

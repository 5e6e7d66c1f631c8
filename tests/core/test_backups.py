"""Which backups are kept: laws for any set of moments, whatever the clock has done."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.backups import DAYS, NEWEST, WEEKS, choose_kept

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MOMENTS = st.lists(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)), max_size=200)


def test_of_none_none_is_kept() -> None:
    assert choose_kept([]) == set()


def test_three_months_of_half_hours_leave_a_day_a_week_and_two_months() -> None:
    kept: set[datetime] = set()
    for number in range(92 * 48):
        kept = choose_kept(kept | {NOON + timedelta(minutes=30 * number)})
    newest = max(kept)
    ages = sorted(newest - moment for moment in kept)
    assert [age for age in ages if age < timedelta(days=1)] == [timedelta(minutes=30 * each) for each in range(48)]
    assert len({moment.date() for moment in kept if newest - moment < timedelta(days=7)}) == 7
    assert timedelta(days=56) <= ages[-1] <= timedelta(days=70)
    assert len(kept) <= NEWEST + DAYS + WEEKS


@given(MOMENTS)
def test_what_is_kept_is_bounded_and_holds_the_newest(moments: list[datetime]) -> None:
    kept = choose_kept(moments)
    assert kept <= set(moments)
    assert set(sorted(set(moments))[-NEWEST:]) <= kept
    assert len(kept) <= NEWEST + DAYS + WEEKS


@given(MOMENTS)
def test_thinning_again_removes_nothing(moments: list[datetime]) -> None:
    kept = choose_kept(moments)
    assert choose_kept(kept) == kept


@given(MOMENTS, st.integers(-4_000, 4_000))
def test_a_clock_that_jumps_costs_no_more_than_any_other_backup(moments: list[datetime], days: int) -> None:
    before = choose_kept(moments)
    after = choose_kept([*before, NOON + timedelta(days=days)])
    assert len(before - after) <= 1

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.balance import EVEN_WEEK, REDUCED_DAY, Load, balance_interval
from quizapp.core.learning.fuzz import fuzz_range, spread_interval

MONDAY = date(2026, 11, 23)
LONGEST = 36_500
SEED = b"seed"


def after(days: int) -> date:
    return MONDAY + timedelta(days=days)


def balance(interval: int, load: Load, longest: int = LONGEST) -> int:
    return balance_interval(interval, MONDAY, load, SEED, longest)


counts = st.dictionaries(st.integers(0, 130).map(after), st.integers(0, 5), max_size=60)
weeks = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=7, max_size=7).map(tuple)
siblings = st.frozensets(st.integers(0, 130).map(after), max_size=10)
loads = st.builds(Load, counts, weeks, siblings)
intervals = st.integers(1, 120)
seeds = st.binary(max_size=8)


def test_the_day_with_the_least_load_is_chosen():
    assert balance(10, Load({after(days): 5 for days in (8, 9, 10, 12)} | {after(11): 4})) == 11


def test_without_any_load_the_seed_alone_decides():
    assert balance(10, Load()) == spread_interval(10, SEED, LONGEST)


def test_of_equally_full_days_the_nearest_to_the_seeds_own_is_chosen():
    own = spread_interval(10, SEED, LONGEST)
    chosen = balance(10, Load({after(own): 1}))
    assert abs(chosen - own) == 1


def test_an_emptier_day_outside_the_band_does_not_tempt():
    assert balance(2, Load({after(2): 1_000})) == 2


def test_a_reduced_day_takes_half_as_much():
    tuesday_in_a_week = 8
    week = (1.0, REDUCED_DAY, 1.0, 1.0, 1.0, 1.0, 1.0)
    others = {after(days): 7 for days in (9, 10, 11, 12)}
    assert balance(10, Load(others | {after(tuesday_in_a_week): 4}, week)) != tuesday_in_a_week
    assert balance(10, Load(others | {after(tuesday_in_a_week): 2}, week)) == tuesday_in_a_week


def test_a_day_off_is_used_only_where_there_is_no_other():
    only_sundays = (0.0,) * 6 + (1.0,)
    assert [day for day in fuzz_range(7, LONGEST) if after(day).weekday() == 6] == [6]
    assert balance(7, Load({after(6): 1_000}, only_sundays)) == 6
    assert balance(2, Load(week=(0.0,) * 7)) == 2


def test_a_sibling_s_day_is_left_for_a_fuller_one():
    load = Load({after(9): 50}, siblings=frozenset(after(days) for days in (8, 10, 11, 12)))
    assert balance(10, load) == 9


def test_where_every_day_has_a_sibling_the_card_still_gets_a_day():
    load = Load(siblings=frozenset(after(days) for days in range(20)))
    assert balance(10, load) == spread_interval(10, SEED, LONGEST)


def test_the_longest_interval_is_kept_and_the_end_of_the_calendar_survived():
    assert balance(100, Load({after(days): 1 for days in range(95)}), longest=95) <= 95
    assert balance_interval(30, date.max, Load(), SEED, LONGEST) in fuzz_range(30, LONGEST)


@pytest.mark.parametrize("week", [(), (1.0,) * 6, (1.0,) * 6 + (1.5,), (-0.5,) * 7, (float("nan"),) * 7])
def test_a_week_that_is_none_is_refused(week: tuple[float, ...]):
    with pytest.raises(Invalid) as caught:
        Load(week=week)
    assert list(caught.value.fields) == ["week"]


def test_an_even_week_is_the_default():
    assert Load().week == EVEN_WEEK


@given(intervals, loads, seeds)
def test_cards_are_moved_inside_their_band_only(interval: int, load: Load, seed: bytes):
    days = balance_interval(interval, MONDAY, load, seed, LONGEST)
    assert days in fuzz_range(interval, LONGEST)
    assert balance_interval(interval, MONDAY, load, seed, LONGEST) == days


@given(intervals, intervals, loads, seeds)
def test_a_longer_interval_never_becomes_the_shorter_one(one: int, other: int, load: Load, seed: bytes):
    shorter, longer = sorted((one, other))
    first = balance_interval(shorter, MONDAY, load, seed, LONGEST)
    assert first <= balance_interval(longer, MONDAY, load, seed, LONGEST)


@given(intervals, loads, seeds)
def test_no_better_day_without_a_sibling_is_passed_over(interval: int, load: Load, seed: bytes):
    chosen = after(balance_interval(interval, MONDAY, load, seed, LONGEST))
    if chosen in load.siblings:
        assert all(after(days) in load.siblings for days in fuzz_range(interval, LONGEST))

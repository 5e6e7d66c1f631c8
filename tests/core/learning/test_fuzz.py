from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.fuzz import fuzz_range, fuzz_seed, spread_interval

LONGEST = 36_500
intervals = st.integers(1, LONGEST)
seeds = st.binary(max_size=40)


@pytest.mark.parametrize(
    ("interval", "first", "last"),
    [
        (1, 1, 1),
        (2, 2, 2),
        (3, 2, 4),
        (7, 5, 9),
        (10, 8, 12),
        (17, 14, 20),
        (20, 17, 23),
        (37, 33, 41),
        (100, 93, 107),
    ],
)
def test_the_bands_are_a_day_and_a_falling_share_of_the_interval(interval: int, first: int, last: int):
    days = fuzz_range(interval, LONGEST)
    assert (days[0], days[-1]) == (first, last)


def test_no_band_goes_beyond_the_longest_interval():
    assert fuzz_range(100, 99) == range(92, 100)
    assert fuzz_range(5, 1) == range(1, 2)


def test_one_and_two_days_are_never_moved():
    assert {spread_interval(2, fuzz_seed("ada", "dates/one", reps), LONGEST) for reps in range(50)} == {2}


def test_every_day_of_a_band_is_equally_likely():
    days = Counter(spread_interval(10, fuzz_seed("ada", "dates/one", reps), LONGEST) for reps in range(5_000))
    assert set(days) == set(range(8, 13))
    assert all(count == pytest.approx(1_000, rel=0.1) for count in days.values())


def test_learner_card_and_number_of_reviews_each_give_another_seed():
    seeds = [
        fuzz_seed("ada", "d/c", 1),
        fuzz_seed("bob", "d/c", 1),
        fuzz_seed("ada", "d/d", 1),
        fuzz_seed("ada", "d/c", 2),
    ]
    assert len(set(seeds)) == 4
    assert fuzz_seed("ada", "d/c", 1) == seeds[0]


def test_names_that_run_together_are_told_apart():
    assert fuzz_seed("a", "bc", 1) != fuzz_seed("ab", "c", 1)


@given(intervals, seeds, st.integers(1, LONGEST))
def test_an_interval_stays_in_its_band_and_below_the_longest(interval: int, seed: bytes, longest: int):
    days = spread_interval(interval, seed, longest)
    assert days in fuzz_range(interval, longest)
    assert 1 <= days <= longest
    assert spread_interval(interval, seed, longest) == days


@given(intervals, intervals, seeds)
def test_a_longer_interval_never_becomes_the_shorter_one(one: int, other: int, seed: bytes):
    shorter, longer = sorted((one, other))
    assert spread_interval(shorter, seed, LONGEST) <= spread_interval(longer, seed, LONGEST)

"""Intervals, beside SciPy."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from quizapp.core.analysis.items.intervals import (
    Interval,
    find_beta_share,
    find_f_quantile,
    find_feldt,
    find_fisher,
    find_median,
    find_median_interval,
    find_wilson,
)

_SHAPES = st.floats(0.05, 2_000)


@given(st.integers(1, 500), st.data())
def test_wilsons_interval_is_that_of_scipy(count: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, count))
    expected = stats.binomtest(right, count).proportion_ci(method="wilson")
    found = find_wilson(right / count, count)
    assert found.low == pytest.approx(expected.low, abs=1e-9)
    assert found.high == pytest.approx(expected.high, abs=1e-9)


def test_wilsons_interval_for_three_of_ten_is_that_of_the_textbook() -> None:
    # Newcombe (1998), table: 3 of 10 gives 0.108 to 0.603.
    found = find_wilson(0.3, 10)
    assert (round(found.low, 3), round(found.high, 3)) == (0.108, 0.603)


@given(st.integers(4, 2_000), st.floats(-0.999, 0.999))
def test_fishers_interval_is_the_one_of_the_transformed_correlation(count: int, correlation: float) -> None:
    found = find_fisher(correlation, count)
    half = stats.norm.ppf(0.975) / math.sqrt(count - 3)
    assert found is not None
    assert found.low == pytest.approx(math.tanh(math.atanh(correlation) - half), abs=1e-9)
    assert found.high == pytest.approx(math.tanh(math.atanh(correlation) + half), abs=1e-9)


def test_fishers_interval_is_that_of_scipy() -> None:
    x, y = [1, 2, 3, 4, 5, 6, 7, 8, 9], [2, 1, 4, 3, 7, 8, 6, 9, 5]
    expected = stats.pearsonr(x, y)
    found = find_fisher(expected.statistic, len(x))
    ends = expected.confidence_interval()
    assert found is not None
    assert (found.low, found.high) == pytest.approx((ends.low, ends.high))


def test_a_perfect_correlation_has_no_width_and_three_pairs_say_nothing() -> None:
    assert find_fisher(1.0, 10) == Interval(1.0, 1.0)
    assert find_fisher(-1.0, 10) == Interval(-1.0, -1.0)
    assert find_fisher(0.5, 3) is None


@given(st.floats(0, 1), _SHAPES, _SHAPES)
def test_the_beta_distribution_is_that_of_scipy(x: float, a: float, b: float) -> None:
    assert find_beta_share(x, a, b) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-8)


def test_the_ends_of_the_beta_distribution_are_exact() -> None:
    assert (find_beta_share(0, 2, 3), find_beta_share(1, 2, 3)) == (0.0, 1.0)


@pytest.mark.parametrize(("d1", "d2"), [(1, 1), (9, 36), (29, 551), (999, 48_951), (9, 9)])
@pytest.mark.parametrize("share", [0.025, 0.5, 0.975])
def test_the_f_distribution_is_that_of_scipy(d1: int, d2: int, share: float) -> None:
    assert find_f_quantile(share, d1, d2) == pytest.approx(stats.f.ppf(share, d1, d2), rel=1e-8)


def test_feldts_interval_is_made_of_the_f_distribution() -> None:
    # Feldt (1965): (1 - alpha) / (1 - estimate) follows F with n - 1 and (n - 1)(k - 1) degrees of freedom.
    found = find_feldt(0.79, 41, 26)
    assert found is not None
    assert found.low == pytest.approx(1 - 0.21 * stats.f.ppf(0.975, 40, 1_000))
    assert found.high == pytest.approx(1 - 0.21 * stats.f.ppf(0.025, 40, 1_000))
    assert found.low < 0.79 < found.high


def test_alpha_of_one_item_or_one_student_has_no_interval() -> None:
    assert find_feldt(0.5, 1, 10) is None
    assert find_feldt(0.5, 10, 1) is None


@pytest.mark.parametrize(
    ("values", "median"), [([], None), ([7], 7.0), ([3, 1], 2.0), ([5, 1, 3], 3.0), ([4, 1, 3, 2], 2.5)]
)
def test_the_median_lies_in_the_middle(values: list[float], median: float | None) -> None:
    assert find_median(values) == median


@given(st.lists(st.integers(-1_000, 1_000), max_size=80))
def test_the_interval_of_a_median_lies_between_two_values_around_it(values: list[int]) -> None:
    found = find_median_interval(values)
    assert (found is None) == (len(values) < 6)
    if found is not None:
        median = find_median(values)
        assert median is not None
        assert found.low <= median <= found.high
        assert {found.low, found.high} <= set(map(float, values))


@pytest.mark.parametrize("count", [6, 7, 10, 25, 100, 400])
def test_the_interval_of_a_median_leaves_at_most_the_agreed_share_outside(count: int) -> None:
    found = find_median_interval(range(1, count + 1))
    assert found is not None
    below = int(found.low) - 1
    assert stats.binom.cdf(below, count, 0.5) <= 0.025 < stats.binom.cdf(below + 1, count, 0.5)
    assert found.high == count - below


def test_wilsons_interval_narrows_with_more_students() -> None:
    widths = [find_wilson(0.4, count).high - find_wilson(0.4, count).low for count in (5, 10, 50, 500)]
    assert all(wide > narrow for wide, narrow in pairwise(widths))

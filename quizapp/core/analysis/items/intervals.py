"""Intervals around what a small class shows: in 95 of 100 classes like this one they hold the true value.

Each needs nothing but the counts; the tests compare them with SciPy.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CONFIDENCE = 0.95
_TAIL = (1 - CONFIDENCE) / 2
_Z = 1.959963984540054  # the normal quantile of 0.975
_STEPS = 200
_MOST_TERMS = 2_000
_TINY = 1e-300
_CLOSE = 1e-15


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high``, both ends among the values that are believable."""

    low: float
    high: float


def find_wilson(share: float, count: int) -> Interval:
    """The interval of Wilson (1927) around a mean of ``count`` scores from 0 to 1. ``count`` is at least 1.

    For scores that are right or not it is Wilson's own; partly right scores vary less, so that it is then too wide
    rather than too narrow.
    """
    spread = _Z * _Z / count
    middle = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * math.sqrt(max(share * (1 - share), 0.0) / count + spread / (4 * count))
    return Interval(max(middle - half, 0.0), min(middle + half, 1.0))


def find_fisher(correlation: float, count: int) -> Interval | None:
    """Fisher's interval (1915) around a correlation of ``count`` pairs; None for fewer than four pairs."""
    if count < 4:
        return None
    if abs(correlation) >= 1:
        return Interval(correlation, correlation)
    middle, half = math.atanh(correlation), _Z / math.sqrt(count - 3)
    return Interval(math.tanh(middle - half), math.tanh(middle + half))


def _expand_fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method."""
    upper, lower, value, step = 1.0, 0.0, 1.0, 0
    while step == 0 or (abs(upper * lower - 1) > _CLOSE and step < _MOST_TERMS):
        step += 1
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        lower = 1 / (1 + term * lower or _TINY)
        upper = 1 + term / upper or _TINY
        value *= upper * lower
    return value


def find_beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function: the share of the Beta(a, b) distribution below ``x``, from 0 to 1."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # the fraction converges quickly on the other side only
        return 1 - find_beta_share(1 - x, b, a)
    front = a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(front) / a / _expand_fraction(x, a, b)


def _bisect(share_below: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if share_below(middle) < wanted else (low, middle)
    return (low + high) / 2


def find_f_quantile(share: float, d1: float, d2: float) -> float:
    """The value below which this share of Fisher's F distribution with ``d1`` and ``d2`` degrees of freedom lies."""
    x = _bisect(lambda x: find_beta_share(x, d1 / 2, d2 / 2), share, 0.0, 1.0)
    return d2 * x / (d1 * (1 - x))


def find_feldt(alpha: float, count: int, items: int) -> Interval | None:
    """Feldt's interval (1965) around Cronbach's alpha of ``items`` items answered by ``count`` students.

    None for fewer than two of either.
    """
    if count < 2 or items < 2:
        return None
    d1, d2 = count - 1, (count - 1) * (items - 1)
    left = 1 - alpha
    return Interval(1 - left * find_f_quantile(1 - _TAIL, d1, d2), 1 - left * find_f_quantile(_TAIL, d1, d2))


def find_median(values: Sequence[float]) -> float | None:
    """The value in the middle, or the mean of the two there; None without values."""
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    return float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def find_median_interval(values: Sequence[float]) -> Interval | None:
    """The interval of a median between two of the values themselves, whatever their distribution.

    The ends are those whose ranks leave at most 2.5 percent of the coin tosses (the binomial distribution) on each
    side; None for fewer than six values, which no two ends hold so well.
    """
    count, ordered = len(values), sorted(values)
    below, left_out = 0.0, 0
    while left_out < count // 2:
        below += math.exp(
            math.lgamma(count + 1) - math.lgamma(left_out + 1) - math.lgamma(count - left_out + 1) - count * math.log(2)
        )
        if below > _TAIL:
            break
        left_out += 1
    return Interval(float(ordered[left_out - 1]), float(ordered[count - left_out])) if left_out else None

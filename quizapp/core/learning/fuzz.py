"""Spreading intervals by a few days, so that cards learned together do not come back together for ever.

The bands are those of Anki's "fuzz factor" (https://docs.ankiweb.net/studying.html): nothing below 2.5 days, then a
day to either side, plus a share of the interval that falls with its length. The choice within the band hangs on nothing
but a seed: what the preview says is what happens, and the log can be replayed.
"""

import hashlib
import math

_SHORTEST_SPREAD = 2.5
_BANDS = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, math.inf, 0.05))  # from, to (days), share of the days between
_DRAWS = 2**64


def fuzz_seed(handle: str, ref: str, reps: int) -> bytes:
    """The seed for one review: a learner's handle, a card (``DECK/CARD``), and how often it was reviewed before."""
    return hashlib.sha256("\0".join(("fuzz", handle, ref, str(reps))).encode()).digest()


def _half_width(interval: int) -> float:
    if interval < _SHORTEST_SPREAD:
        return 0.0
    return 1.0 + sum(share * max(min(interval, end) - start, 0.0) for start, end, share in _BANDS)


def fuzz_range(interval: int, longest: int) -> range:
    """The days among which an interval of whole days may be moved, never beyond ``longest``; neither end falls as the
    interval grows.
    """
    interval = min(interval, longest)
    width = _half_width(interval)
    # Halves are rounded up, as Anki does for numbers above zero; round() would go to the even neighbour.
    first, last = math.floor(interval - width + 0.5), math.floor(interval + width + 0.5)
    return range(first, min(last, longest) + 1)


def spread_interval(interval: int, seed: bytes, longest: int) -> int:
    """The interval in days, moved within its band as the seed says: every day of the band is equally likely.

    With one seed, a longer interval never becomes shorter than a shorter one.
    """
    days = fuzz_range(interval, longest)
    draw = int.from_bytes(hashlib.sha256(seed).digest()[:8])
    return days[draw * len(days) // _DRAWS]

"""The shares of a mark that Moodle lets an answer have, and how ours are put into them.

Moodle's importer takes a question only where each share is one of its list (to five places), where one answer of a
single choice is worth all, and where the right ones of a multiple choice add up to all (``question/engine/bank.php``,
``question/type/multichoice``).
"""

from typing import Final

ALL: Final = "100"
NONE: Final = "0"

_SHARES: Final = (
    *("100", "90", "83.33333", "80", "75", "70", "66.66667", "60", "50", "40", "33.33333", "30", "25", "20"),
    *("16.66667", "14.28571", "12.5", "11.11111", "10", "5"),
)
_SMALLEST, _NEXT = 5, 10
_MOST_EVEN, MOST_RIGHT = 10, 20


def share_evenly(count: int) -> tuple[str, ...] | None:
    """Shares for so many right answers that add up to all; None where Moodle has none (more than 20).

    Up to ten answers share alike. Above, some are worth 10 and some 5, since the list holds nothing in between.
    """
    if count <= _MOST_EVEN:
        return (nearest(100 / count),) * count
    if count > MOST_RIGHT:
        return None
    larger = (100 - _SMALLEST * count) // (_NEXT - _SMALLEST)
    return (str(_NEXT),) * larger + (str(_SMALLEST),) * (count - larger)


def nearest(share: float) -> str:
    """The share in Moodle's list that is nearest to this one of 100."""
    return min(_SHARES, key=lambda allowed: abs(float(allowed) - share))


def penalise(count: int) -> str:
    """What a wrong tick takes away, where so many answers are right: as much as a right one brings."""
    return f"-{nearest(100 / count)}"

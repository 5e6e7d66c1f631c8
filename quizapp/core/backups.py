"""Which backups are kept: by how many there are and not by their age, so that a clock that jumps costs none."""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime

NEWEST = 48
"""So many of the newest are kept: a day of one every half hour."""
DAYS = 7
WEEKS = 10
"""The oldest of them is then at least eight weeks old."""


def _newest_of_each(moments: list[datetime], group: Callable[[datetime], Hashable], most: int) -> set[datetime]:
    """The newest of each group, of the newest ``most`` groups; ``moments`` come newest first."""
    found: dict[Hashable, datetime] = {}
    for moment in moments:
        found.setdefault(group(moment), moment)
    return set(list(found.values())[:most])


def choose_kept(moments: Iterable[datetime]) -> set[datetime]:
    """Of backups made at these moments, those worth their room.

    The ``NEWEST`` newest, the last one of each of the last ``DAYS`` days that have any, and the last one of each of the
    last ``WEEKS`` weeks (Monday to Sunday) that have any. Days are those of the moments' own time zone.
    """
    ordered = sorted(set(moments), reverse=True)
    days = _newest_of_each(ordered, lambda moment: moment.date(), DAYS)
    weeks = _newest_of_each(ordered, lambda moment: moment.isocalendar()[:2], WEEKS)
    return set(ordered[:NEWEST]) | days | weeks

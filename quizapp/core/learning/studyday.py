"""Study days: the learner's calendar, whose days start at four in the morning rather than at midnight.

A memory model counts days. Somebody who learns at one in the morning still belongs to the evening before, and a lesson
at eight today and at seven tomorrow is one day later, although only 23 hours have passed.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_START = time(4)

# A datetime cannot leave the years 1 to 9999. Local time is at most one day off UTC: inside these bounds nothing
# can overflow; what lies outside counts as the nearer bound.
_EARLIEST = datetime(1, 1, 4, tzinfo=UTC)
_LATEST = datetime(9999, 12, 28, tzinfo=UTC)
_FIRST_DAY = date(1, 1, 2)
_LAST_DAY = date(9999, 12, 30)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def add_days(day: date, days: int) -> date:
    """The date so many days later (or earlier, where negative); at the ends of the calendar the last one possible."""
    first, last = date.min.toordinal(), date.max.toordinal()
    return date.fromordinal(min(max(day.toordinal() + days, first), last))


def add_time(instant: datetime, duration: timedelta) -> datetime:
    """The instant so much later; at the end of the calendar the last one possible."""
    return instant + min(duration, datetime.max.replace(tzinfo=UTC) - instant)


@dataclass(frozen=True, slots=True)
class StudyCalendar:
    """Which study day an instant belongs to, in one time zone.

    A study day starts when the clock on the wall first shows ``day_start`` of its date, or a later time. So days never
    run backwards, whatever is done to the clock: a start that a change to summer time skips is the moment of the
    change; a start that comes twice is the first; a date that a zone leaves out (Samoa, 30 December 2011) is a short
    day or an empty one. Every instant belongs to exactly one day: ``start_of(d) <= instant < start_of(d + 1)``.
    """

    zone: ZoneInfo
    day_start: time = DAY_START

    def day_of(self, instant: datetime) -> date:
        """The study day of an aware instant. Raises ValueError where it has no zone."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return _find_day(self, instant)

    def _count_day(self, instant: datetime) -> date:
        clamped = min(max(instant, _EARLIEST), _LATEST)
        wall = clamped.astimezone(self.zone).replace(tzinfo=None)
        day = (wall - self._offset).date()
        # Where clocks went back over the day's start, the wall shows yesterday a second time; today has begun already.
        while self.start_of(day + _DAY) <= clamped:
            day += _DAY
        return day

    def start_of(self, day: date) -> datetime:
        """The instant in UTC at which a study day starts."""
        return _find_start(self, min(max(day, _FIRST_DAY), _LAST_DAY))

    def _count_start(self, day: date) -> datetime:
        wall = datetime.combine(day, self.day_start)
        start = wall.replace(tzinfo=self.zone).astimezone(UTC)
        if self._wall_at(start) == wall:
            return start
        return self._end_of_gap(wall, start)

    @property
    def _offset(self) -> timedelta:
        return datetime.combine(date.min, self.day_start) - datetime.combine(date.min, time.min)

    def _wall_at(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone).replace(tzinfo=None)

    def _end_of_gap(self, wall: datetime, after: datetime) -> datetime:
        """The first instant whose wall clock is past ``wall``, a time that the clocks skip (PEP 495).

        Read with the zone's offset before the change, such a time falls after the change (``after``); with the offset
        that follows, before it. Changes happen at whole seconds, so halving finds theirs in at most 17 steps.
        """
        before = wall.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        while after - before > _SECOND:
            middle = before + (after - before) // _SECOND // 2 * _SECOND
            if self._wall_at(middle) < wall:
                before = middle
            else:
                after = middle
        return after.replace(microsecond=0)


@lru_cache(4096)
def _find_start(calendar: StudyCalendar, day: date) -> datetime:
    """Every answer asks for the same few days again and again."""
    return calendar._count_start(day)


@lru_cache(1024)
def _find_day(calendar: StudyCalendar, instant: datetime) -> date:
    """Every answer asks for the day of the same moment again and again."""
    return calendar._count_day(instant)

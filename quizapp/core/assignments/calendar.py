"""Due dates as a calendar in iCalendar's format (RFC 5545): names and dates, nothing else.

Times are in UTC, so that no definition of a time zone is needed. An event's UID never changes; its SEQUENCE is the
number of seconds from when it was made to its last change, so that it grows with every change that somebody makes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from quizapp.later import load_later

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = load_later("icalendar")

_PRODUCT = "-//Quizapp//Assignments//EN"
_REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DueDate:
    """Something that is due. ``handle`` is its public name; ``at`` is in any zone."""

    handle: str
    title: str
    at: datetime
    created_at: datetime
    changed_at: datetime


def _write_event(due: DueDate) -> "icalendar.Event":
    event = icalendar.Event()
    event.add("uid", f"{due.handle}@quizapp")
    event.add("summary", due.title)
    event.add("dtstart", due.at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstamp", due.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", due.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", max(int((due.changed_at - due.created_at).total_seconds()), 0))
    event.add("transp", "TRANSPARENT")
    return event


def write_calendar(name: str, dues: Iterable[DueDate]) -> bytes:
    """A calendar of this name, as bytes; events in the order given."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for due in dues:
        calendar.add_component(_write_event(due))
    return bytes(calendar.to_ical())

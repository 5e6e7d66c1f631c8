"""When an assignment opens, is due and closes: read in the school's time zone, and held against each other."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from quizapp.core.errors import Invalid
from quizapp.core.messages import Message, say

FIELDS = ("opens", "due", "closes")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?)?")
_YEARS = range(1990, 2201)
_LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True)
class Dates:
    """Moments in UTC; None: no such moment. Of an assignment to study, ``opens`` is always there."""

    opens: datetime | None = None
    due: datetime | None = None
    closes: datetime | None = None

    def override(self, own: "Dates") -> "Dates":
        """The same with the dates that a student has of their own."""
        return Dates(own.opens or self.opens, own.due or self.due, own.closes or self.closes)

    def has_opened(self, now: datetime) -> bool:
        """Whether students may see what is in it."""
        return self.opens is None or self.opens <= now

    def has_closed(self, now: datetime) -> bool:
        """Whether nothing counts any more."""
        return self.closes is not None and self.closes <= now

    def is_past_due(self, now: datetime) -> bool:
        """Whether what is done now is late."""
        return self.due is not None and self.due < now


def read_moment(text: str, zone: ZoneInfo, *, end_of_day: bool = False) -> datetime | None:
    """The moment that a field for date and time holds, in this zone; None where it is blank.

    A day alone is its beginning, or (``end_of_day``) its last minute. A time that comes twice, when the clocks go back,
    is the first of the two. Raises Invalid for what is no date, and for a time that the clocks skip.
    """
    if not text.strip():
        return None
    found = _MOMENT.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError("not in the form that browsers send")
        usual = _LAST_MINUTE if end_of_day else time()
        at = time.fromisoformat(found[2]) if found[2] else usual
        local = datetime.combine(datetime.fromisoformat(found[1]), at, zone)
        if local.year not in _YEARS:
            raise ValueError("not a year of ours")
    except ValueError as error:
        raise Invalid(say("Write date and time like 2027-01-31 14:30.")) from error
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Invalid(say("This time does not exist: the clocks go forward over it. Choose another time."))
    return moment


def check_dates(dates: Dates) -> dict[str, Message]:
    """What is wrong with the order of the dates, by field; the same moment twice is fine."""
    faults: dict[str, Message] = {}
    if dates.opens and dates.due and dates.due < dates.opens:
        faults["due"] = say("It is due before it opens. Choose a later due date, or let it open earlier.")
    if dates.closes and dates.due and dates.closes < dates.due:
        faults["closes"] = say("It closes before it is due. Choose a later closing, or an earlier due date.")
    elif dates.closes and dates.opens and dates.closes < dates.opens:
        faults["closes"] = say("It closes before it opens. Choose a later closing, or let it open earlier.")
    return faults

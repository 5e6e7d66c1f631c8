"""The days that were shown before a flashcard was rated, as a short text that comes back with the rating.

Nothing has to be hidden or signed: a day is kept only where it lies in the band among whose days the spread chooses
anyway (``fuzz.fuzz_range``), so that somebody who changes the text chooses a day that could have come up.
"""

import re
from collections.abc import Mapping
from datetime import date

from quizapp.core.learning.memory import MemoryState, Phase, Rating
from quizapp.core.learning.studyday import StudyCalendar

_PROMISE = re.compile(r"([1-4]):([0-9]{1,7})", re.ASCII)
_LONGEST = 60


def write_promises(preview: Mapping[Rating, MemoryState], calendar: StudyCalendar) -> str:
    """The study days of these outcomes, such as ``2:739945,3:739949``; steps of minutes promise no day."""
    days = {
        rating: calendar.day_of(after.due).toordinal()
        for rating, after in preview.items()
        if after.phase is Phase.REVIEW
    }
    return ",".join(f"{int(rating)}:{day}" for rating, day in days.items())


def read_promise(text: str, rating: Rating) -> date | None:
    """The day that was promised for a rating; None where there is none, or the text was not written here."""
    if len(text) > _LONGEST:
        return None
    for part in text.split(","):
        found = _PROMISE.fullmatch(part)
        if found and int(found[1]) == rating and 0 < int(found[2]) <= date.max.toordinal():
            return date.fromordinal(int(found[2]))
    return None

"""What a change of time zone does to the cards that wait: each keeps its study day, at the start of it in the new zone.

Whoever flies westwards lives a part of a day twice. What was answered in it is not asked in it again.
"""

from datetime import date, datetime

from quizapp.core.learning.studyday import StudyCalendar, add_days


def find_day(due: datetime, last_review: datetime, before: StudyCalendar, after: StudyCalendar) -> date:
    """The study day of the calendar ``after`` on which a card is due that ``before`` planned for ``due``.

    It is the same date, or the day after its last answer where that is later.
    """
    return max(before.day_of(due), add_days(after.day_of(last_review), 1))


def move_due(due: datetime, last_review: datetime, before: StudyCalendar, after: StudyCalendar) -> datetime:
    """When a card out of its steps is due once the calendar is another: at the start of ``find_day``."""
    return after.start_of(find_day(due, last_review, before, after))

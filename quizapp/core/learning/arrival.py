"""When an answer was given that arrived later: a device without network keeps answers and sends them when it can."""

from datetime import datetime, timedelta

from quizapp.core.learning.memory import from_millis, to_millis

LONGEST_AWAY = timedelta(days=30)
"""What a device kept for longer is taken as given when it arrives."""


def believe_time(given_at: int | None, last_review: datetime | None, now: datetime) -> datetime:
    """The moment to schedule an answer by that arrives ``now``.

    ``given_at`` is when the device says that it was given, in milliseconds since 1970 UTC. It is believed where it is
    not after ``now``, at most ``LONGEST_AWAY`` before it, and not before ``last_review``, the card's last answer that
    counts (None: it has none); else the answer counts as given ``now``. So a clock that runs ahead, one that stands in
    1970, seconds sent as milliseconds, and answers that arrive out of order leave the memory of a card in order: its
    answers follow each other in time as they do in the log.
    """
    if given_at is None or not to_millis(now - LONGEST_AWAY) <= given_at <= to_millis(now):
        return now
    given = from_millis(given_at)
    return now if last_review is not None and given < last_review else given

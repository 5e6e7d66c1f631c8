"""What comes in when somebody answers a card: the answer, its key, and what is wrong with either by itself."""

import hashlib
import json
import re
from dataclasses import dataclass, fields
from typing import Any

from quizapp.core.errors import Invalid
from quizapp.core.messages import say

LONGEST_SHOWN_MS = 7 * 24 * 60 * 60 * 1000
_UNSAID = frozenset({"promised", "given_at"})
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Submission:
    """An answer as it came in: ``response`` in the shape of Contracts 3.4, not yet checked against the card.

    ``promised`` is what ``asking.Question.promised`` said. ``given_at`` is for an answer that a device kept while it
    had no network: when it was given, in milliseconds since 1970 UTC by the device's clock. Neither is part of what is
    said, so that an answer sent again, now with its time, is a repeat.
    """

    deck: str
    card: str
    revision: int
    response: Any = None
    shown_ms: int | None = None
    hint_used: bool = False
    confidence: int | None = None
    rating: int | None = None
    promised: str = ""
    given_at: int | None = None

    def digest(self) -> str:
        """What two submissions share exactly when they say the same. Raises Invalid for one nested without end."""
        said = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in _UNSAID}
        try:
            return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
        except RecursionError as error:
            message = say("The answer is nested too deeply.")
            raise Invalid(message, {"response": message}) from error


def find_key(key: str) -> str | None:
    """The canonical form of a key; None where it can be none."""
    canonical = key.strip().lower()
    return canonical if _KEY.fullmatch(canonical) else None


def check_key(key: str) -> str:
    """The client's UUID for one answer, in its canonical form. Raises Invalid (field ``key``)."""
    canonical = find_key(key)
    if canonical is None:
        raise Invalid(
            say("The key is not a UUID."), {"key": say("Send a UUID such as 123e4567-e89b-42d3-a456-426614174000.")}
        )
    return canonical


def check_numbers(submission: Submission) -> None:
    """Raises Invalid where a number that came with the answer cannot be."""
    faults: dict[str, str] = {}
    if submission.shown_ms is not None and not 0 <= submission.shown_ms <= LONGEST_SHOWN_MS:
        faults["shown_ms"] = say("Milliseconds between 0 and %(most)s.", most=LONGEST_SHOWN_MS)
    if submission.confidence is not None and not 1 <= submission.confidence <= 3:
        faults["confidence"] = say("1, 2 or 3.")
    if faults:
        raise Invalid(say("The answer was not recorded."), faults)

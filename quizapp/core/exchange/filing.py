"""The pictures and sounds that come with questions: each name once, and fit for a deck."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from quizapp.core.exchange.model import MediaFile
from quizapp.core.media.names import find_type, is_plain_name, tidy_name

MOST_FILES: Final = 1_000
_MOST_NAMED = 100


def name_ids(ids: Sequence[str]) -> str:
    """The ids of cards that something is said of, in quotation marks; a deck's worth of them is cut."""
    return ", ".join(f"“{one}”" for one in ids[:_MOST_NAMED]) + (", …" if len(ids) > _MOST_NAMED else "")


@dataclass(slots=True)
class FoundFiles:
    """What was found so far, by the names that the deck uses."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def add(self, name: str, data: bytes) -> str | None:
        """Keep a file; gives the name it has from now on.

        None where it is neither a picture nor a sound, or one of too many.
        The same bytes under the same name are one file; other bytes under the same name get a name of their own.
        """
        last = re.split(r"[/\\]", name)[-1]
        if not data or find_type(last) is None or len(self.kept) >= MOST_FILES:
            return None
        chosen = last if is_plain_name(last) else tidy_name(last)
        if self.kept.get(chosen, data) != data:
            chosen = tidy_name(chosen, {other for other, held in self.kept.items() if held != data})
        self.kept[chosen] = data
        return chosen

    def list(self) -> tuple[MediaFile, ...]:
        """All of them."""
        return tuple(MediaFile(name, data) for name, data in self.kept.items())

"""Numbers that stand in addresses and forms, where anybody may write anything.

None that comes through here is larger than the columns of a database hold: PostgreSQL's end at 2,147,483,647.
"""

from typing import Final

LARGEST: Final = 2**31 - 1
"""The largest number that a column of integers holds on every database."""
LATEST: Final = 10**15 - 1
"""Milliseconds since 1970 UTC, and other numbers that are held to bounds of their own before they are stored."""


def read_whole(text: str | None, largest: int = LARGEST) -> int | None:
    """A whole number as a page of ours sends it, up to ``largest``; None for anything else."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > len(str(largest)):
        return None
    number = int(text)
    return number if number <= largest else None


def number_of(text: str, default: int = 0) -> int:
    """A number that stands in an address or a form; ``default`` where there is none, or one that is absurd."""
    number = read_whole(text)
    return default if number is None else number

"""What a column of a report is: its name, its type, its meaning. All else about columns is made from this."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quizapp.core.messages import Message, say

Value = str | int | float | bool | datetime | None
"""What stands in a cell. None is blank, which is not zero."""
Row = tuple[Value, ...]


class Type(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    SHARE = "share from 0 to 1"
    YES_NO = "true or false"
    MOMENT = "time, ISO 8601 with zone"


TYPE_WORDS = {
    Type.TEXT: say("text"),
    Type.WHOLE: say("whole number"),
    Type.NUMBER: say("number"),
    Type.SHARE: say("share from 0 to 1"),
    Type.YES_NO: say("true or false"),
    Type.MOMENT: say("time, ISO 8601 with zone"),
}
"""The types for people, to be translated."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the ``name`` is its header in every file, and is never translated; the ``meaning`` is for people."""

    name: str
    type: Type
    meaning: Message


def make_unique(names: Sequence[str]) -> Iterator[str]:
    """The names, each but once: a repeat is numbered in square brackets, in any letter case.

    Round brackets would not do: Canvas reads a number in them as that of an assignment.
    """
    taken: set[str] = set()
    for name in names:
        unique, number = name, 1
        while unique.casefold() in taken:
            number += 1
            unique = f"{name} [{number}]"
        taken.add(unique.casefold())
        yield unique

"""Words for people, made where the error is known and translated where the page is made."""

from collections.abc import Iterable
from typing import Self


class Message(str):
    """An English sentence that still knows its template and values, so that the web can say it in another language."""

    __slots__ = ("template", "values")

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, values: dict[str, object]) -> Self:
        message = super().__new__(cls, template % values if values else template)
        message.template = template
        message.values = values
        return message

    def __reduce__(self) -> tuple[type[Self], tuple[str, dict[str, object]]]:
        """What a copy, or one that goes from process to process, is made of."""
        return type(self), (self.template, self.values)


def say(template: str, **values: object) -> Message:
    """A sentence with named places, such as ``say("At most %(count)s.", count=3)``. Gettext finds its calls."""
    return Message(template, values)


def join_said(parts: Iterable[str]) -> str:
    """Words for people one after another, which can still be said in another language piece by piece.

    Empty ones are left out; nothing is the empty text.
    """
    said = [part for part in parts if part]
    joined = said.pop() if said else ""
    for part in reversed(said):
        joined = say("%(part)s; %(more)s", part=part, more=joined)
    return joined


def list_said(parts: Iterable[str]) -> str:
    """Like ``join_said``, as a list within a sentence."""
    said = [part for part in parts if part]
    listed = said.pop() if said else ""
    for part in reversed(said):
        listed = say("%(part)s, %(more)s", part=part, more=listed)
    return listed

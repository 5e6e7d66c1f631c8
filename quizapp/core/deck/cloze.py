"""Texts with blanks: ``The {{Soviet Union|USSR}} ended in {{1991}}.``"""

import re
from dataclasses import dataclass

from quizapp.core.messages import say


class ClozeError(ValueError):
    """The text has no blank, or one that is empty or not closed."""


@dataclass(frozen=True, slots=True)
class ClozeText:
    """A cloze text taken apart.

    ``pieces`` has one entry more than ``blanks``: piece, blank, piece, …, piece. Each blank lists the answer first,
    then the other accepted wordings.
    """

    pieces: tuple[str, ...]
    blanks: tuple[tuple[str, ...], ...]


_ANKI = re.compile(r"c\d+::")


def _parse_blank(inside: str) -> tuple[str, ...]:
    wordings = tuple(wording.strip() for wording in inside.split("|"))
    if _ANKI.match(wordings[0]):
        raise ClozeError(say("a blank is written as in Anki, with c1:: and what follows"))
    if not all(wordings):
        raise ClozeError(say("a blank {{…}} is empty or has an empty alternative"))
    return wordings


def parse_cloze(text: str) -> ClozeText:
    """Take a cloze text apart. Raises ClozeError where it has no blank, or one that is empty or not closed."""
    pieces: list[str] = []
    blanks: list[tuple[str, ...]] = []
    rest = text
    while "{{" in rest:
        before, _, after = rest.partition("{{")
        inside, closed, rest = after.partition("}}")
        if not closed:
            raise ClozeError(say("a blank opens with {{ and is never closed with }}"))
        if "{{" in inside:
            raise ClozeError(say("a blank {{…}} stands inside another"))
        pieces.append(before)
        blanks.append(_parse_blank(inside))
    if not blanks:
        raise ClozeError(say("there is none"))
    if "}}" in rest or any("}}" in piece for piece in pieces):
        raise ClozeError(say("a }} stands without its {{"))
    return ClozeText((*pieces, rest), tuple(blanks))

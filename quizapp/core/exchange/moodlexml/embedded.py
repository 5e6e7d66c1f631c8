"""Answers embedded in a text, as Moodle's cloze questions have them: ``{1:SHORTANSWER:=Paris~%50%Lyon#A city.}``.

The rules are those of ``question/type/multianswer``: a weight, a type, alternatives parted by ``~``, each with ``=`` or
``%share%`` before it and feedback behind ``#``; a backslash before ``}``, ``#`` or ``~`` makes it an ordinary sign, and
what stands there is HTML.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from quizapp.core.exchange.webtext import BLANK
from quizapp.core.messages import list_said, say

_TYPED: Final = frozenset({"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"})
_NUMBERS: Final = frozenset({"NUMERICAL", "NM"})
_PICKED: Final = frozenset(
    {"MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS"}
    | {"MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"}
)
_TICKED: Final = frozenset(
    {"MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH", "MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"}
)
_START = re.compile(r"\{[0-9]{0,6}:([A-Z_]{2,16}):")
_SHARE = re.compile(r"%(-?[0-9]{1,3}(?:[.,][0-9]{0,9})?)%")
_TAG = re.compile(r"<[^<>]*>")
# A sign behind a backslash or the start of an entity is an ordinary one: so does Moodle look back.
_ORDINARY = r"(?<!\\)(?<!&)(?<!&amp;)"
_END = re.compile(_ORDINARY + r"\}")
_NEXT = re.compile(_ORDINARY + "~")
_FEEDBACK = re.compile(_ORDINARY + "#")
_MOST_BLANKS: Final = 100
_MOST_ALTERNATIVES: Final = 100
_AS_ENTITIES = str.maketrans({sign: f"&#{ord(sign)};" for sign in '\\&<>"{}#~='})


@dataclass(slots=True)
class Embedded:
    """A text with a ``BLANK`` for each answer in it, the right wordings of each, and what was lost on the way."""

    markup: str = ""
    blanks: list[tuple[str, ...]] = field(default_factory=list)
    was_picked: bool = False
    lost: set[str] = field(default_factory=set)
    broken: str = ""


def write_blank(wordings: Iterable[str]) -> str:
    """A blank with these right wordings, in HTML; a star, which Moodle takes for any letters, stands for itself."""
    alternatives = (f"={_protect(wording)}" for wording in wordings)
    return "{1:SHORTANSWER:" + "~".join(alternatives) + "}"


def _protect(wording: str) -> str:
    return wording.translate(_AS_ENTITIES).replace("*", "\\*")


def _read_alternative(text: str) -> tuple[float, str, bool]:
    """Share of the mark, wording, and whether there is feedback."""
    share = 0.0
    if text.startswith("="):
        share, text = 100.0, text[1:]
    elif found := _SHARE.match(text):
        share, text = float(found[1].replace(",", ".")), text[found.end() :]
    wording, *feedback = _FEEDBACK.split(text, maxsplit=1)
    plain = html.unescape(_TAG.sub("", wording)).replace("\\}", "}").replace("\\#", "#").replace("\\~", "~")
    return share, " ".join(plain.split()), bool(feedback)


def _read_blank(kind: str, inside: str, found: Embedded) -> tuple[str, ...]:
    wordings = []
    alternatives = _NEXT.split(inside, maxsplit=_MOST_ALTERNATIVES)[:_MOST_ALTERNATIVES]
    for share, text, has_feedback in map(_read_alternative, alternatives):
        if has_feedback:
            found.lost.add(say("feedback"))
        wording = text
        if kind in _NUMBERS and ":" in text:
            wording = text.partition(":")[0]
            found.lost.add(say("tolerances"))
        if 0 < share < 100:
            found.lost.add(say("answers for part of the mark"))
        if share >= 100 and (plain := _read_wording(kind, wording, found)):
            wordings.append(plain)
    return tuple(dict.fromkeys(wordings))


def _read_wording(kind: str, wording: str, found: Embedded) -> str:
    if kind in _TYPED:
        if re.search(r"(?<!\\)\*", wording):
            found.lost.add(say("answers with a star for any letters"))
            return ""
        wording = wording.replace("\\*", "*")
    if any(mark in wording for mark in ("|", "{{", "}}")):
        found.lost.add(say("answers with signs that a blank cannot hold"))
        return ""
    return wording


def read_embedded(markup: str) -> Embedded:
    """Take the embedded answers out of a text. ``broken`` says why where it cannot be done."""
    found, pieces, at = Embedded(), list[str](), 0
    text = markup.replace(BLANK, " ")
    while start := _START.search(text, at):
        kind = start[1]
        if kind not in _TYPED | _NUMBERS | _PICKED | _TICKED:
            pieces.append(text[at : start.end()])
            at = start.end()
            continue
        end = _END.search(text, start.end())
        if end is None:
            return Embedded(broken=say("the answer that begins with “%(start)s” is never closed", start=start[0]))
        wordings = _read_blank(kind, text[start.end() : end.start()], found)
        if kind in _TICKED or not wordings or len(found.blanks) >= _MOST_BLANKS:
            number = len(found.blanks) + 1
            return Embedded(
                broken=say("its blank number %(number)s has no right answer that can be typed", number=number)
            )
        found.was_picked = found.was_picked or kind in _PICKED
        found.blanks.append(wordings)
        pieces += [text[at : start.start()], BLANK]
        at = end.end()
    found.markup = "".join([*pieces, text[at:]])
    return found if found.blanks else Embedded(broken=say("there is no embedded answer in its text"))


def name_losses(found: Embedded) -> str:
    """What was lost, in words; blank where nothing was."""
    return list_said(sorted(found.lost))

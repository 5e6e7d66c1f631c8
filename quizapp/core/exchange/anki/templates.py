"""Anki's templates: how the front and back of a card are made of the fields of its note.

Fields ``{{Front}}``, with filters ``{{hint:Front}}``; parts for fields that are filled, ``{{#Front}}…{{/Front}}``, or
empty, ``{{^Front}}…{{/Front}}``. The rules are those of Anki's manual, “Card Templates”; scripts in templates are not
run, and clozes are left to ``quizapp.core.exchange.anki.clozes``.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

LONGEST_TEMPLATE = 400_000
LONGEST_SIDE = 100_000

_EMPTY_SIGNS = re.compile(r"(?:\s|&nbsp;|</?(?:br|div|p) ?/?>)*", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_READING = re.compile(r" ?([^ >\[\]]{1,60})\[([^\[\]]{1,200})\]")
_ANSWER_LINE = re.compile(r"<hr\b[^<>]{0,100}\bid\s*=\s*[\"']?answer\b[^<>]{0,100}>", re.IGNORECASE)


class Side(Enum):
    """Which side is made: on the front, fields to type into and hints to ask for are left out."""

    FRONT = auto()
    BACK = auto()


class _Kind(Enum):
    TEXT = auto()
    FIELD = auto()
    IF_FILLED = auto()
    IF_EMPTY = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class _Part:
    kind: _Kind
    text: str
    filters: tuple[str, ...] = ()


_MARKS = {"#": _Kind.IF_FILLED, "^": _Kind.IF_EMPTY, "/": _Kind.END}


def is_empty(markup: str) -> bool:
    """Whether a field counts as empty: nothing but white space and line breaks."""
    return _EMPTY_SIGNS.fullmatch(markup[:2_000]) is not None and not markup[2_000:].strip()


def _drop(text: str, begin: str, end: str) -> str:
    """The text without the parts between two marks, written in small letters; what is never closed stays."""
    small = text.lower()
    if len(small) != len(text):
        return text
    kept, at = [], 0
    while (start := small.find(begin, at)) >= 0 and (stop := small.find(end, start)) >= 0:
        kept.append(text[at:start])
        at = stop + len(end)
    return "".join([*kept, text[at:]])


def _drop_unseen(text: str) -> str:
    """A template without comments, scripts and styles: nothing of them is seen, and they can be long."""
    for begin, end in (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>")):
        text = _drop(text, begin, end)
    return text


def _read_part(inside: str) -> _Part:
    name = inside.strip()
    if (kind := _MARKS.get(name[:1])) is not None:
        return _Part(kind, name[1:].strip())
    *filters, field = name.split(":")
    return _Part(_Kind.FIELD, field.strip(), tuple(one.strip() for one in reversed(filters)))


@lru_cache(maxsize=512)
def _parse(template: str) -> tuple[_Part, ...]:
    text = template[:LONGEST_TEMPLATE]
    if text.lstrip().startswith("{{=<% %>=}}"):
        text = text.lstrip()[11:].replace("<%", "{{").replace("%>", "}}")
    pieces = _drop_unseen(text).split("{{")
    parts = [_Part(_Kind.TEXT, pieces[0])]
    for piece in pieces[1:]:
        inside, closed, after = piece.partition("}}")
        if closed:
            parts += [_read_part(inside.removeprefix("{").strip("{}")), _Part(_Kind.TEXT, after.removeprefix("}"))]
        else:
            parts.append(_Part(_Kind.TEXT, "{{" + piece))
    return tuple(parts)


def _choose_parts(template: str, filled: Mapping[str, str]) -> Iterator[_Part]:
    """Texts and fields of a template that these fields bring onto the card."""
    hidden = depth = 0
    for part in _parse(template):
        if part.kind is _Kind.END:
            depth = max(0, depth - 1)
            hidden = 0 if depth < hidden else hidden
        elif part.kind in (_Kind.IF_FILLED, _Kind.IF_EMPTY):
            depth += 1
            if not hidden and is_empty(filled.get(part.text, "")) is (part.kind is _Kind.IF_FILLED):
                hidden = depth
        elif not hidden:
            yield part


def _read_aloud(text: str, shown: str) -> str:
    """Text with readings, ``漢字[かんじ]``: both, the characters or the readings."""

    def replace(found: re.Match[str]) -> str:
        if found[2].startswith("sound:"):
            return found[0]
        return {"kanji": found[1], "kana": found[2]}.get(shown, f"{found[1]} ({found[2]})")

    return _READING.sub(replace, text.replace("&nbsp;", " "))


def _filter(text: str, filters: Sequence[str]) -> str:
    for name in filters:
        if name == "text":
            text = _TAG.sub("", text)
        elif name in ("furigana", "kanji", "kana"):
            text = _read_aloud(text, name)
    return text


def measure(template: str) -> int:
    """How long a template is, in characters, without what nobody sees; some for each of its fields."""
    return sum(len(part.text) + 8 for part in _parse(template))


def _is_left_out(part: _Part, side: Side) -> bool:
    is_asked = side is Side.FRONT and ("type" in part.filters or "hint" in part.filters)
    return is_asked or any(one.startswith("tts") for one in part.filters)


def list_filtered(template: str, name: str) -> tuple[str, ...]:
    """The fields that a template puts through a filter, ``cloze`` or ``type`` say, in their order."""
    found = (part.text for part in _parse(template) if part.kind is _Kind.FIELD and name in part.filters)
    return tuple(dict.fromkeys(found))


def fill(template: str, fields: Mapping[str, str], side: Side) -> str:
    """A side of a card as HTML.

    On the front, fields to type into (``type:``) and hints (``hint:``) are left out; on both sides, fields that are not
    known and those that a machine speaks. What is longer than 100,000 characters is cut there.
    """
    written: list[str] = []
    length = 0
    for part in _choose_parts(template, fields):
        if part.kind is _Kind.TEXT:
            text = part.text
        elif _is_left_out(part, side):
            continue
        else:
            text = _filter(fields.get(part.text, ""), part.filters)
        written.append(text)
        length += len(text)
        if length > LONGEST_SIDE:
            break
    return "".join(written)[:LONGEST_SIDE]


def take_answer(back: str, front: str) -> str:
    """The part of a filled back that is the answer: behind the line ``<hr id=answer>``, else behind the front."""
    if found := _ANSWER_LINE.search(back):
        return back[found.end() :]
    question = front.strip()
    return back.strip().removeprefix(question) if question else back


def escape(text: str) -> str:
    """Plain text as HTML, for the names of decks and tags that templates may show."""
    return html.escape(text, quote=False)

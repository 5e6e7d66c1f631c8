"""What another system's format has no place for, as a block of lines that people can read and that comes back.

The block stands in a feedback or comment field, behind whatever belongs there::

    [Quizapp keeps these lines]
    Card: soviet-union-ends
    Type: choice
    Hint: Look at the first sentence.
    | It has two lines.
    Cites: russia-vs-america, paragraph 4: in 1991, when the Soviet Union disintegrated
    Option: 1985
    Why: That is when Gorbachev came to power.
    [end of Quizapp's lines]

Each line is a key and a value; a line that begins with ``|`` goes on with the value above it.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from quizapp.core.deck.schema import (
    Card,
    Choice,
    Cloze,
    Flashcard,
    Multiple,
    Order,
    Short,
    TrueFalse,
    WrongOption,
)

BEGIN = "[Quizapp keeps these lines]"
END = "[end of Quizapp's lines]"

Line = tuple[str, str]
"""One key and its value."""

_KEYED = re.compile(r"([A-Z][A-Za-z ]{0,30}):(?: (.*))?$")
_CITED = re.compile(r"([a-z0-9-]{1,80}), paragraph ([0-9]{1,6}): (.*)", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")
_BREAK = re.compile(r"<br[^<>]{0,20}>|</?(?:p|div|li)(?:\s[^<>]{0,200})?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_OPENS = re.compile(r"<(?:p|div)>\s*\Z", re.IGNORECASE)
_CLOSES = re.compile(r"\s*</(?:p|div)>", re.IGNORECASE)
_MOST_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Carried:
    """What came back from a block; blank and empty where nothing did.

    ``whys`` maps the text of a wrong option to its feedback. ``parts`` are the answer fields of a card that was packed
    whole, as the schema takes them. ``extra`` are the lines under any other key, which formats add for themselves.
    """

    id: str = ""
    type: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    whys: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, object] = field(default_factory=dict)
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether the answer itself came back too, so that the card can be made from it."""
        return bool(self.type and self.parts)

    def list_wrong(self, texts: Iterable[str]) -> list[dict[str, str]]:
        """Wrong options as the schema takes them, each with the feedback that was carried for it."""
        return [{"text": text, "why": self.whys.get(text, "")} for text in texts]


def _list_wrong(wrong: Sequence[WrongOption], *, whole: bool) -> Iterator[Line]:
    for option in wrong:
        if whole:
            yield "Wrong", option.text
        elif option.why:
            yield "Option", option.text
        if option.why:
            yield "Why", option.why


def _list_short(card: Short) -> Iterator[Line]:
    yield "Answer", card.answer
    yield from (("Accept", text) for text in card.accept)
    if card.match != "text":
        yield "Match", card.match
    if card.tolerance is not None:
        yield "Tolerance", str(card.tolerance)


def _list_parts(card: Card) -> Iterator[Line]:
    """The answer fields of a card, its wrong options aside."""
    match card:
        case Flashcard() | Choice():
            yield "Answer", card.answer
        case Multiple():
            yield from (("Answer", text) for text in card.answers)
        case TrueFalse():
            yield "Answer", "true" if card.answer else "false"
        case Short():
            yield from _list_short(card)
        case Cloze():
            yield "Text", card.text
        case Order():
            yield from (("Item", item) for item in card.items)
        case _:
            yield from (line for left, right in card.pairs for line in (("Left", left), ("Right", right)))


def _list_shared(card: Card) -> Iterator[Line]:
    yield "Card", card.id
    yield "Type", card.type
    if card.difficulty:
        yield "Difficulty", card.difficulty
    if card.hint:
        yield "Hint", card.hint
    if card.note:
        yield "Note", card.note
    yield from (("Tag", tag) for tag in card.tags)
    yield from (("Cites", f"{one.source}, paragraph {one.paragraph}: {one.quote}") for one in card.citations)
    yield from (("Waive", f"{code}: {reason}") for code, reason in card.waive.items())


def list_lines(card: Card, *, whole: bool = False) -> list[Line]:
    """The keys and values that ``pack`` writes."""
    lines = list(_list_shared(card))
    if whole:
        lines += _list_parts(card)
        if card.explanation:
            lines.append(("Explanation", card.explanation))
    if isinstance(card, Choice | Multiple):
        lines += _list_wrong(card.wrong, whole=whole)
    return lines


def pack_lines(lines: Iterable[Line]) -> str:
    """Lines of keys and values as a block."""
    written = [f"{key}: {_LINE_END.sub(chr(10) + '| ', value)}" for key, value in lines]
    return "\n".join([BEGIN, *written, END])


def pack(card: Card, *, whole: bool = False, extra: Sequence[Line] = ()) -> str:
    """The block of a card: its id, type, difficulty, hint, note, tags, citations, waivers and the why of its options.

    ``whole`` adds the answer fields and the explanation, for formats that have no such type of card; the prompt always
    stays outside. ``extra`` are lines of the format's own, under keys that this module does not use.
    """
    return pack_lines([*list_lines(card, whole=whole), *extra])


def pack_html(card: Card, *, whole: bool = False, extra: Sequence[Line] = ()) -> str:
    """``pack`` as a paragraph of HTML, for fields that hold HTML."""
    lines = pack(card, whole=whole, extra=extra).split("\n")
    return f"<p>{'<br>'.join(html.escape(line, quote=False) for line in lines)}</p>"


def unpack_lines(text: str) -> tuple[str, list[Line]]:
    """The text without its first block, and the block's lines. A block that is never closed ends where its lines do."""
    before, begun, after = text.partition(BEGIN)
    if not begun:
        return text.strip(), []
    lines: list[Line] = []
    rest = _LINE_END.split(after.lstrip(" \t"))
    at = 1 if rest and not rest[0].strip() else 0
    while at < len(rest) and len(lines) < _MOST_LINES:
        line = rest[at]
        keyed = _KEYED.match(line.lstrip())
        if line.lstrip().startswith("|") and lines:
            key, value = lines[-1]
            lines[-1] = (key, f"{value}\n{line.lstrip()[1:].removeprefix(' ')}")
        elif keyed:
            lines.append((keyed[1], keyed[2] or ""))
        else:
            break
        at += 1
    tail = "\n".join(rest[at:]).lstrip().removeprefix(END)
    return "\n\n".join(part for part in (before.strip(), tail.strip()) if part), lines


def _read_citation(value: str) -> dict[str, str] | None:
    cited = _CITED.fullmatch(value.strip())
    return {"source": cited[1], "paragraph": cited[2], "quote": cited[3]} if cited else None


def _collect(lines: Sequence[Line]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in lines:
        found.setdefault(key, []).append(value)
    return found


def _read_whys(lines: Sequence[Line]) -> dict[str, str]:
    """The feedback of each wrong option: a why belongs to the option right above it."""
    pairs = pairwise(lines)
    return {option: why for (key, option), (after, why) in pairs if key in ("Option", "Wrong") and after == "Why"}


def _read_values(found: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """What all types share, as the schema takes it."""
    values: dict[str, object] = {
        name.lower(): found[name][0] for name in ("Difficulty", "Hint", "Note", "Explanation") if found.get(name)
    }
    if tags := found.get("Tag"):
        values["tags"] = list(tags)
    if citations := [cited for value in found.get("Cites", ()) if (cited := _read_citation(value))]:
        values["citations"] = citations
    waived = [value.partition(": ") for value in found.get("Waive", ())]
    if waived:
        values["waive"] = {code: reason for code, _, reason in waived}
    return values


def _read_parts(kind: str, found: Mapping[str, Sequence[str]], whys: Mapping[str, str]) -> dict[str, object]:
    parts: dict[str, object] = {}
    if answers := found.get("Answer"):
        parts |= {"answers": list(answers)} if kind == "multiple" else {"answer": answers[0]}
    if wrong := found.get("Wrong"):
        parts["wrong"] = [{"text": text, "why": whys.get(text, "")} for text in wrong]
    if accept := found.get("Accept"):
        parts["accept"] = list(accept)
    for name in ("Match", "Tolerance", "Text"):
        if found.get(name):
            parts[name.lower()] = found[name][0]
    if items := found.get("Item"):
        parts["items"] = list(items)
    if lefts := found.get("Left"):
        parts["pairs"] = [list(pair) for pair in zip(lefts, found.get("Right", ()), strict=False)]
    return parts


_OWN_KEYS = frozenset(
    {"Card", "Type", "Difficulty", "Hint", "Note", "Explanation", "Tag", "Cites", "Waive", "Option", "Why"}
    | {"Answer", "Wrong", "Accept", "Match", "Tolerance", "Text", "Item", "Left", "Right"}
)


def read_lines(lines: Sequence[Line]) -> Carried:
    """What lines of keys and values say about a card. Nothing is checked here: the schema does that."""
    found = _collect(lines)
    kind = found.get("Type", [""])[0]
    whys = _read_whys(lines)
    return Carried(
        id=found.get("Card", [""])[0],
        type=kind,
        values=_read_values(found),
        whys=whys,
        parts=_read_parts(kind, found, whys),
        extra={key: tuple(values) for key, values in found.items() if key not in _OWN_KEYS},
    )


def unpack(text: str) -> tuple[str, Carried]:
    """A text without the block in it, and what the block carried. Never raises."""
    rest, lines = unpack_lines(text)
    return rest, read_lines(lines)


def unpack_html(markup: str) -> tuple[str, Carried]:
    """A field of HTML without the block in it, and what the block carried. Never raises.

    The block is found also where an editor has put its lines into paragraphs of their own.
    """
    start = markup.find(BEGIN)
    if start < 0:
        return markup, Carried()
    end = markup.find(END, start)
    if end < 0:
        end = markup.find(html.escape(END), start)
        length = len(html.escape(END)) if end >= 0 else 0
    else:
        length = len(END)
    stop = end + length if end >= 0 else len(markup)
    inside = _BREAK.sub("\n", markup[start:stop].replace("\n", " "))
    written = html.unescape(_TAG.sub("", inside)).split("\n")
    lines = unpack_lines("\n".join(line for line in written if line.strip()))[1]
    before, after = markup[:start], markup[stop:]
    if _OPENS.search(before[-20:]) and (closed := _CLOSES.match(after)):
        before, after = before[: before.rfind("<")], after[closed.end() :]
    return before.rstrip() + after, read_lines(lines)

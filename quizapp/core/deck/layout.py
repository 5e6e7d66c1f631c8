"""Lines that begin in the wrong column, or with spaces that are none, and texts that go on behind their quotation mark.

The YAML parser tells where it got stuck, often lines behind the mistake. A teacher sees columns: so this compares the
line with those above it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from quizapp.core.deck.schema import CARD_MODELS, Citation, Deck, WrongOption
from quizapp.core.messages import say

# How far above the error its cause is looked for, so that each error costs little.
_MOST_ABOVE = 200
_LONGEST_ABOVE = 20_000
_LONGEST_START = 300

_KEYS_OF_PARTS: Final = frozenset(Citation.model_fields) | frozenset(WrongOption.model_fields) - {"text"}
_KEYS_OF_SOURCES: Final = frozenset(("kind", "original", "file", "sha256", "published", "url"))
_KEYS: Final = (
    _KEYS_OF_PARTS
    | _KEYS_OF_SOURCES
    | frozenset(Deck.model_fields)
    | frozenset(key for model in CARD_MODELS.values() for key in model.model_fields)
)
_KEYS_OF_CARD_STARTS: Final = ("id", "type", "prompt")

_KEY_LINE = re.compile(r"( *)((?:- +)*)([A-Za-z][A-Za-z0-9_-]*) *:(?=\s|$)")
_DASH_LINE = re.compile(r"( *)-(?=\s|$)")
# Spaces that look like those of the keyboard and are none to YAML: no-break, typographic and ideographic ones.
ODD_SPACES: Final = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_ODD_START = re.compile(f"[ \\t]*[{ODD_SPACES}]")
_ONLY_QUOTE = re.compile(r"(?:- +)*(?:[A-Za-z][A-Za-z0-9_-]*: *)?[\"']")
_TIGHT_DASH = re.compile(r" *-(?=[A-Za-z][A-Za-z0-9_-]*:)")
_TAB_START = re.compile(r" *\t")


@dataclass(frozen=True, slots=True)
class Stuck:
    """Where the parser got stuck, all counted from 0: ``before`` is the line up to there, ``above`` the lines over it,
    nearest last, ``rest`` the line from there on."""

    line: int
    before: str
    rest: str
    above: Sequence[str]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to tell, and at which line and column, from 1."""

    line: int
    column: int
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class _Key:
    """A key on a line: the columns, from 1, of the dash before it (0 where there is none) and of itself."""

    line: int
    dash: int
    column: int
    name: str


def look_around(text: str, index: int, line: int, column: int) -> Stuck:
    """The lines around a place of a text; ``line`` and ``column`` are counted from 0."""
    start = index - column
    first = max(0, start - _LONGEST_ABOVE)
    above = text[first:start].splitlines()[1 if first else 0 :]
    rest = text[index : index + _LONGEST_START].splitlines()
    return Stuck(line, text[start:index], rest[0] if rest else "", above[-_MOST_ABOVE:])


def name_odd_space(character: str) -> str:
    """What to call a space that is not the keyboard's."""
    return say("a non-breaking space") if character in "\u00a0\u202f" else say("a space that is not the keyboard's")


def advise_on_odd_space(line: int, column: int, character: str) -> Advice:
    """What to say of a line that begins with a space that is none to YAML."""
    message = say(
        "This line begins with %(space)s (often pasted from Word or a web page).",
        space=name_odd_space(character),
    )
    return Advice(line, column, message, say("Type ordinary spaces."))


def _find_odd_start(stuck: Stuck) -> Advice | None:
    """Such a line is stuck itself, or makes the next one stick; of several in a row the first is told."""
    found: Advice | None = None
    lines = [*stuck.above, stuck.before + stuck.rest]
    for back, text in enumerate(reversed(lines)):
        match = _ODD_START.match(text)
        if match:
            found = advise_on_odd_space(stuck.line + 1 - back, match.end(), match[0][-1])
        elif back and text.strip():
            break
    return found


def _find_tab(stuck: Stuck) -> Advice | None:
    match = _TAB_START.match(stuck.before + stuck.rest)
    if match is None or stuck.before.strip():
        return None
    return Advice(
        stuck.line + 1, match.end(), say("This line begins with a tab."), say("Type ordinary spaces, two a step.")
    )


def _find_open_quote(mark: str, stuck: Stuck) -> Advice | None:
    """The mark that was meant to open a text has closed one that begins on a line above."""
    for back, text in enumerate(reversed(stuck.above)):
        if mark in text:
            fix = say("Close it at the end of its text: %(mark)s.", mark=mark)
            message = say("The quotation mark that opens here is never closed.")
            return Advice(stuck.line - back, text.index(mark) + 1, message, fix)
    return None


def _find_tight_dash(stuck: Stuck) -> Advice | None:
    filled = ((back, text) for back, text in enumerate(reversed(stuck.above)) if text.strip())
    back, text = next(filled, (0, ""))
    match = _TIGHT_DASH.match(text)
    if match is None:
        return None
    message = say("The dash here has no space behind it.")
    return Advice(stuck.line - back, match.end(), message, say("Write a space after the dash."))


def _find_early_end(stuck: Stuck) -> Advice | None:
    """A quotation mark within a quoted text ends it."""
    before = stuck.before.rstrip()
    mark = before[-1:]
    if mark not in ('"', "'") or not stuck.rest.strip() or stuck.rest[0] in "\"'":
        return None
    if mark == "'":
        fix = say("Put the whole in \"…\", or write '' for each ' inside.")
    elif "'" in stuck.before + stuck.rest:
        fix = say('Write \\" for each quotation mark inside.')
    else:
        fix = say("Put the whole in '…', or write \\\" inside.")
    if _ONLY_QUOTE.fullmatch(before.lstrip(" ")):
        return _find_open_quote(mark, stuck)
    message = say("The text goes on after its closing quotation mark.")
    return Advice(stuck.line + 1, len(stuck.before) + 1, message, fix)


def _read_key(text: str, line: int) -> _Key | None:
    match = _KEY_LINE.match(text[:_LONGEST_START])
    if match is None:
        return None
    dash = match.start(2) + 1 if match[2] else 0
    return _Key(line, dash, match.start(3) + 1, match[3])


def _list_keys_above(stuck: Stuck) -> list[_Key]:
    """The keys on the lines above, nearest first."""
    numbered = enumerate(reversed(stuck.above))
    return [key for back, text in numbered if (key := _read_key(text, stuck.line - back))]


def _move(column: int, wanted: int) -> str:
    count = abs(wanted - column)
    if column < wanted:
        return say("Give it one more space.") if count == 1 else say("Give it %(count)s more spaces.", count=count)
    if count == 1:
        return say("Take away one space before it.")
    return say("Take away %(count)s spaces before it.", count=count)


def _advise_on_key(key: _Key, wanted: int) -> Advice:
    column = key.dash or key.column
    what = say("The dash before `%(name)s`", name=key.name) if key.dash else f"`{key.name}`"
    neighbours = say("the dashes above it") if key.dash else say("its neighbours")
    message = say(
        "%(what)s begins in column %(column)s, %(neighbours)s in column %(wanted)s.",
        what=what,
        column=column,
        neighbours=neighbours,
        wanted=wanted,
    )
    return Advice(key.line, column, message, _move(column, wanted))


def _find_dash_column(column: int, starts_card: bool, stuck: Stuck) -> int | None:
    """The column of the dashes that a dash should stand under: those of cards, or the nearest others."""
    cards, others = list[int](), list[int]()
    for text in reversed(stuck.above):
        if match := _DASH_LINE.match(text[:_LONGEST_START]):
            key = _read_key(text, 0)
            (cards if key and key.name in _KEYS_OF_CARD_STARTS else others).append(match.end())
    likely = cards if starts_card else others
    wanted = next(iter([*likely, *cards, *others]), None)
    return None if wanted == column else wanted


def _find_shallow(stuck: Stuck) -> Advice | None:
    """A line that begins a column or more too far left, or a dash that stands under no other."""
    line, column = stuck.before + stuck.rest, len(stuck.before) + 1
    if stuck.before.strip():
        return None
    key = _read_key(line, stuck.line + 1)
    if _DASH_LINE.match(line):
        wanted = _find_dash_column(column, key is not None and key.name in _KEYS_OF_CARD_STARTS, stuck)
        if wanted is None:
            return None
        message = say(
            "This dash stands in column %(column)s, those above it in column %(wanted)s.", column=column, wanted=wanted
        )
        return Advice(stuck.line + 1, column, message, _move(column, wanted))
    above = _list_keys_above(stuck)
    if key is None or not above:
        return None
    alike = [other for other in above if (other.name in _KEYS_OF_PARTS) == (key.name in _KEYS_OF_PARTS)]
    wanted = min((other.column for other in alike or above), key=lambda other: abs(other - column))
    if wanted == column:
        return None
    message = say(
        "This line begins in column %(column)s, its neighbours in column %(wanted)s.", column=column, wanted=wanted
    )
    return Advice(stuck.line + 1, column, message, _move(column, wanted))


def _find_deep(stuck: Stuck) -> Advice | None:
    """A known key that begins too far right, so that it reads as part of the text above it."""
    key = _read_key(f"{stuck.before}:", stuck.line + 1) if _KEY_LINE.fullmatch(f"{stuck.before}:") else None
    if key is None or key.name.lower() not in _KEYS:
        return None
    if key.dash:
        wanted = _find_dash_column(key.dash, key.name in _KEYS_OF_CARD_STARTS, stuck)
        return None if wanted is None or wanted > key.dash else _advise_on_key(key, wanted)
    above = _list_keys_above(stuck)
    at = next((at for at, other in enumerate(above) if other.column < key.column), None)
    if at is None:
        return None
    neighbour, before = above[at], above[at + 1 :]
    if before and before[0].column == key.column and not neighbour.dash and not _has_peer(neighbour, before):
        return _advise_on_key(neighbour, key.column)
    return _advise_on_key(key, neighbour.column)


def _starts_card(key: _Key) -> bool:
    return bool(key.dash) and key.name in _KEYS_OF_CARD_STARTS


def _has_peer(key: _Key, above: Sequence[_Key]) -> bool:
    """Whether another key of its card stands in the same column."""
    starts = (other for other in above if other.column == key.column or _starts_card(other))
    return any(other.column == key.column for other in islice(starts, 1))


_WHERE_LINES_BEGIN: Final = ("did not find expected '-' indicator", "did not find expected key")
_WHERE_TEXTS_END: Final = (*_WHERE_LINES_BEGIN, "did not find expected ',' or", "mapping values are not allowed")
_FINDERS: Final[Sequence[tuple[Sequence[str], Callable[[Stuck], Advice | None]]]] = (
    (("",), _find_odd_start),
    (("tab", "cannot start any token"), _find_tab),
    (_WHERE_TEXTS_END, _find_early_end),
    (_WHERE_LINES_BEGIN, _find_shallow),
    (("mapping values are not allowed",), _find_tight_dash),
    (("mapping values are not allowed",), _find_deep),
)


def advise(said: str, stuck: Stuck) -> Advice | None:
    """What is wrong with how the lines are set out, where that explains what the parser ``said``."""
    for sayings, find in _FINDERS:
        if any(saying in said for saying in sayings) and (advice := find(stuck)):
            return advice
    return None

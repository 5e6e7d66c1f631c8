"""YAML text to plain values, every scalar kept as text, with the place of each.

YAML 1.1 turns ``no`` into false, ``1:30`` into 90 and ``010`` into 8: deadly among quiz answers. Its anchors, tags and
merge keys let a small file grow without end, or build any object. So this reads libyaml's events itself, in one pass
without recursion, and takes of YAML only mappings, lists and texts.
"""

from dataclasses import dataclass
from typing import TypeAlias

from yaml import YAMLError
from yaml.cyaml import CBaseLoader
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
)

from quizapp.core.deck.places import Places, pack_place, unpack_place
from quizapp.core.deck.syntax import explain_syntax_error
from quizapp.core.deck.text import shorten
from quizapp.core.messages import say
from quizapp.core.problem import Problem, Severity

DEEPEST = 20
MOST_PROBLEMS = 1000
MOST_KEYS = 1000
MOST_ENTRIES = 100_000
"""Of a list. No deck may have more cards."""

Tree: TypeAlias = str | list["Tree"] | dict[str, "Tree"]


@dataclass(frozen=True, slots=True)
class ReadTree:
    """What a YAML text holds: ``value`` is None where it is empty or where reading had to stop before its end."""

    value: Tree | None
    places: Places
    problems: list[Problem]
    warnings: list[Problem]


def _place_of(event: Event) -> int:
    mark = event.start_mark
    return pack_place(mark.line, mark.column) if mark else 0


class _Stop(Exception):
    """Reading further makes no sense; the problem is noted."""


class _Frame:
    """A list or mapping that is being filled. ``key`` waits for its value; a ``dropped`` value is kept nowhere."""

    __slots__ = ("dropped", "items", "key", "key_place", "mapping", "number", "place")

    def __init__(self, number: int, mapping: dict[str, Tree] | None, place: int = 0) -> None:
        self.number = number
        self.place = place
        self.mapping = mapping
        self.items: list[Tree] = []
        self.key: str | None = None
        self.key_place = 0
        self.dropped = False


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.warnings: list[Problem] = []
        self.places = Places()
        self.problems: list[Problem] = []
        self.root = _Frame(0, None)
        self.frames = [self.root]
        self.documents = 0

    def read(self, event: Event) -> None:
        if type(event) is ScalarEvent:
            if event.anchor is not None or event.tag is not None:
                self._refuse_extras(event)
            self._take_scalar(event.value, _place_of(event))
            if event.implicit[0] and event.end_mark and self.text.startswith(" #", event.end_mark.index):
                self._warn_of_comment(event.end_mark.index, pack_place(event.end_mark.line, event.end_mark.column))
        elif isinstance(event, CollectionStartEvent):
            self._refuse_extras(event)
            self._open(isinstance(event, MappingStartEvent), _place_of(event))
        elif isinstance(event, CollectionEndEvent):
            self._close()
        elif isinstance(event, AliasEvent):
            self._take_alias(event)
        elif isinstance(event, DocumentStartEvent):
            self._begin_document(event)

    def tell(self, place: int, code: str, message: str, fix: str) -> None:
        line, column = unpack_place(place)
        self.problems.append(Problem(self.file, line, column, code, message, fix))
        if len(self.problems) >= MOST_PROBLEMS:
            raise _Stop

    def _warn_of_comment(self, index: int, place: int) -> None:
        """People write comments as "# words"; a # right before a word was most likely meant as text."""
        if self.text[index + 2 : index + 3].strip():
            message = say("What stands from here on, behind a space and a #, is a comment and not read.")
            fix = say(
                "If it belongs to the text, put the whole text in quotation marks; else write a space after the #."
            )
            line, column = unpack_place(place)
            self.warnings.append(
                Problem(self.file, line, column + 1, "comment-cuts-text", message, fix, Severity.WARNING)
            )

    def _begin_document(self, event: DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            place = _place_of(event)
            fix = say("Delete the line ---, or put what follows into a file of its own.")
            self.tell(place, "several-documents", say("A second document begins here."), fix)
            raise _Stop

    def _refuse_extras(self, event: ScalarEvent | CollectionStartEvent) -> None:
        place = _place_of(event)
        if event.anchor is not None:
            message = say("`&%(anchor)s` is an anchor of YAML, which is not used here.", anchor=shorten(event.anchor))
            self.tell(place, "anchor", message, say("Delete it; if it belongs to the text, quote the whole text."))
        if event.tag is not None:
            message = say("`%(tag)s` is a tag of YAML, which is not used here.", tag=shorten(event.tag))
            self.tell(place, "tag", message, say("Delete it; if it belongs to the text, quote the whole text."))

    def _take_alias(self, event: AliasEvent) -> None:
        place = _place_of(event)
        message = say("`*%(value)s` is an alias of YAML, which is not used here.", value=shorten(event.anchor or ""))
        fix = say("Write the value itself; if the asterisk belongs to the text, put the whole text in quotation marks.")
        self.tell(place, "alias", message, fix)
        self._take_scalar(f"*{event.anchor}", place)

    def _take_scalar(self, value: str, place: int) -> None:
        frame = self.frames[-1]
        if frame.mapping is None:
            self.places.add(place, place)
            self._add(frame, value)
        elif frame.key is None:
            self._take_key(frame, frame.mapping, value, place)
        else:
            if not frame.dropped:
                self.places.add(place, frame.key_place)
                frame.mapping[frame.key] = value
            frame.key, frame.dropped = None, False

    def _add(self, frame: _Frame, entry: Tree) -> None:
        frame.items.append(entry)
        if len(frame.items) > MOST_ENTRIES:
            message = say("The list here has more than %(most_entries)s entries.", most_entries=f"{MOST_ENTRIES:,}")
            self.tell(frame.place, "too-many", message, say("Split it into several decks."))
            raise _Stop

    def _take_key(self, frame: _Frame, mapping: dict[str, Tree], key: str, place: int) -> None:
        frame.key = key
        frame.key_place = place
        if len(mapping) >= MOST_KEYS:
            self.tell(
                place,
                "too-many",
                say("There are more than %(most_keys)s keys here.", most_keys=f"{MOST_KEYS:,}"),
                say("Check the brackets above."),
            )
            raise _Stop
        if key in mapping:
            frame.dropped = True
            message = say("The key `%(key)s` stands here a second time.", key=shorten(key))
            self.tell(place, "duplicate-key", message, say("Keep one of the two and delete the other."))

    def _open(self, is_mapping: bool, place: int) -> None:
        frame = self.frames[-1]
        if len(self.frames) > DEEPEST:
            message = say("Lists and mappings are nested more than %(deepest)s deep.", deepest=DEEPEST)
            self.tell(place, "too-deep", message, say("Check the brackets and dashes on this line."))
            raise _Stop
        if frame.mapping is not None and frame.key is None:
            message = say("A key must be a word; here it is a list or a mapping.")
            self.tell(place, "complex-key", message, say("If { or [ or ? begins a text, put it in quotation marks."))
        number = self.places.add(place, place if frame.key is None else frame.key_place)
        self.frames.append(_Frame(number, {} if is_mapping else None, place))

    def _close(self) -> None:
        frame = self.frames.pop()
        parent = self.frames[-1]
        value: Tree = frame.items if frame.mapping is None else frame.mapping
        self.places.close(frame.number, tuple(frame.mapping or ()))
        if parent.mapping is None:
            self._add(parent, value)
            return
        if parent.key is None:  # this was itself a key: what follows is its value, to be read and dropped
            self.places.forget_from(frame.number)
            parent.key, parent.dropped = "", True
            return
        if parent.dropped:
            self.places.forget_from(frame.number)
        else:
            parent.mapping[parent.key] = value
        parent.key, parent.dropped = None, False


def read_tree(text: str, file: str) -> ReadTree:
    """Read one YAML document.

    ``text`` holds no hidden characters (see ``quizapp.core.deck.text.decode_text``). Duplicate keys, keys that are not
    text, anchors, aliases, tags, a second document and depth over 20 are problems; reading goes on behind them where it
    can, so that all are told at once.
    """
    reader = _Reader(text, file)
    try:
        parser = CBaseLoader(text)
        while (event := parser.get_event()) is not None:
            reader.read(event)
    except YAMLError as error:
        reader.problems.append(explain_syntax_error(error, text, file))
        return ReadTree(None, reader.places, reader.problems, reader.warnings)
    except _Stop:
        return ReadTree(None, reader.places, reader.problems, reader.warnings)
    value = reader.root.items[0] if reader.root.items else None
    return ReadTree(value, reader.places, reader.problems, reader.warnings)

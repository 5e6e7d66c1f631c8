"""The values of a YAML text with the exact places where each begins and ends."""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from yaml import compose
from yaml.cyaml import CBaseLoader
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Entry: TypeAlias = tuple[Node, Node]
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_SPACE: Final = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Splice:
    """What stands from ``start`` to ``end``, counted in characters, gives way to ``text``."""

    start: int
    end: int
    text: str


class NoPlace(Exception):
    """This is written in a way in which no part of it can be changed on its own."""


@dataclass(frozen=True, slots=True)
class Page:
    """A YAML text that can be read, and questions about its lines."""

    text: str

    def compose(self) -> Node | None:
        """The tree of its nodes."""
        found = compose(self.text, Loader=CBaseLoader)
        return found if isinstance(found, Node) else None

    @property
    def newline(self) -> str:
        """How its lines end."""
        found = _LINE_END.search(self.text)
        return found[0] if found else "\n"

    def line_start(self, at: int) -> int:
        """Where the line of a place begins."""
        behind_newline = self.text.rfind("\n", 0, at) + 1
        return max(behind_newline, self.text.rfind("\r", behind_newline, at) + 1)

    def line_end(self, at: int) -> int:
        """Where the line of a place ends, its line end not counted."""
        found = _LINE_END.search(self.text, at)
        return found.start() if found else len(self.text)

    def next_line(self, at: int) -> int:
        """Where the line behind that of a place begins; the end of the text where there is none."""
        found = _LINE_END.search(self.text, at)
        return found.end() if found else len(self.text)

    def is_first_on_line(self, at: int) -> bool:
        """Whether nothing but spaces stands before a place on its line."""
        return not self.text[self.line_start(at) : at].strip(" ")

    def end_of(self, node: Node) -> int:
        """Where a value ends: behind its last sign that is no white space."""
        if isinstance(node, ScalarNode) and node.style not in ("|", ">"):
            return int(node.end_mark.index)
        if is_block(node):
            return self._end_of_block(node)
        end = int(node.end_mark.index)
        while end > node.start_mark.index and self.text[end - 1] in _SPACE:
            end -= 1
        return end

    def _end_of_block(self, node: Node) -> int:
        if isinstance(node, MappingNode):
            key, value = node.value[-1]
            return max(self.colon(key), self.end_of(value))
        return self.end_of(node.value[-1])

    def colon(self, key: Node) -> int:
        """The place right behind the colon of a key."""
        return self.text.index(":", key.end_mark.index) + 1

    def dash(self, node: Node, item: Node) -> int:
        """The place of the dash before an item of a block list."""
        column, start = node.start_mark.column, self.line_start(item.start_mark.index)
        while start and self.text[start + column : start + column + 1] != "-":
            start = self.line_start(start - 1)
        return start + column


def is_block(node: Node) -> bool:
    """Whether a list or mapping is written line by line."""
    return isinstance(node, MappingNode | SequenceNode) and not node.flow_style and bool(node.value)


def apply(text: str, splices: list[Splice], start: int = 0, end: int | None = None) -> str:
    """The text from ``start`` to ``end`` with the splices applied. Raises NoPlace where two of them overlap."""
    at, pieces = start, list[str]()
    for splice in sorted(splices, key=lambda one: (one.start, one.end)):
        if splice.start < at:
            raise NoPlace
        pieces += [text[at : splice.start], splice.text]
        at = splice.end
    return "".join([*pieces, text[at:end]])

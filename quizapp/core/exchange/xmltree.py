"""XML of others, read without trust into a plain tree with line numbers, and our own, written.

No document type, no entity beyond the five of XML, nothing from elsewhere, and limits on size, depth and number: what
is refused is refused before it takes time or memory. Namespaces are set aside: formats tell themselves apart by names.
"""

import codecs
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from quizapp.core.messages import say
from quizapp.core.problem import Problem

LARGEST_XML: Final = 32 * 1024 * 1024
_MOST_ELEMENTS: Final = 250_000
_MOST_ATTRIBUTES: Final = 500_000
_DEEPEST: Final = 60


@dataclass(slots=True)
class Node:
    """An element: its name and attributes without namespaces, the line it starts on, and what is in it."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    line: int = 0
    inside: list["Node | str"] = field(default_factory=list)

    @property
    def children(self) -> Iterator["Node"]:
        """The elements right inside."""
        return (one for one in self.inside if isinstance(one, Node))

    @property
    def text(self) -> str:
        """The text right inside, elements aside."""
        return "".join(one for one in self.inside if isinstance(one, str))

    def get(self, name: str) -> str:
        """An attribute without white space around it; blank where it is missing."""
        return self.attributes.get(name, "").strip()

    def find(self, *path: str) -> "Node | None":
        """The first element down a path of names."""
        node = self
        for tag in path:
            found = next(node.list(tag), None)
            if found is None:
                return None
            node = found
        return node

    def find_text(self, *path: str) -> str:
        """The text of the first element down a path, without white space around it; blank where there is none."""
        node = self.find(*path)
        return node.text.strip() if node else ""

    def list(self, tag: str) -> Iterator["Node"]:
        """The elements of this name right inside."""
        return (child for child in self.children if child.tag == tag)

    def walk(self) -> Iterator["Node"]:
        """This element and all in it, in the order of the document."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(list(node.children)))

    def search(self, *tags: str) -> Iterator["Node"]:
        """All elements of these names, however deep, in the order of the document."""
        return (node for node in self.walk() if node.tag in tags)


@dataclass(slots=True)
class Budget:
    """How many elements may still come, in all the documents that are read together."""

    elements: int = _MOST_ELEMENTS


class _TooMuch(Exception):
    """The document goes over a limit."""


def _strip_namespace(name: str) -> str:
    return name.rpartition("}")[2]


class _Builder:
    """Takes what the parser finds and builds the tree; gives up where a limit is passed."""

    def __init__(self, budget: Budget) -> None:
        self.root: Node | None = None
        self.parser: DefusedXMLParser | None = None
        self._open: list[Node] = []
        self._budget = budget

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._budget.elements -= 1
        if self._budget.elements < 0:
            raise _TooMuch(say("It has more than %(most)s elements.", most=f"{_MOST_ELEMENTS:,}"))
        if len(self._open) >= _DEEPEST:
            raise _TooMuch(say("Its elements are nested more than %(most)s deep.", most=_DEEPEST))
        plain = {_strip_namespace(name): value for name, value in attributes.items()} if attributes else {}
        line = self.parser.parser.CurrentLineNumber if self.parser else 0
        node = Node(_strip_namespace(tag), plain, line)
        if self._open:
            self._open[-1].inside.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        self._open[-1].inside.append(text)


def _refuse(file: str, line: int, code: str, message: str, fix: str) -> Problem:
    return Problem(file, line, 0, code, message, fix)


_NAMES_CODE = re.compile(rb"<\?xml[^>]{0,150}encoding\s*=")

# What the parser says, the beginning of it, in words for people.
_WHYS: Final = {
    "not well-formed": say("a sign stands here that cannot; write & as &amp; and < as &lt;"),
    "mismatched tag": say("an element is closed here that is not the one opened last"),
    "no element found": say("the file ends before it is complete"),
    "unclosed": say("the file ends before it is complete"),
    "undefined entity": say("an entity stands here that XML does not know; write the letter itself"),
    "junk after": say("the file goes on after its end"),
    "duplicate attribute": say("an attribute stands here twice"),
}


def _is_other_code(data: bytes) -> bool:
    """Whether the letters of a document that names no code are not stored as UTF-8, which is then meant."""
    if _NAMES_CODE.search(data[:200]) or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _refuse_broken(error: ParseError, file: str, data: bytes) -> Problem:
    line, column = error.position
    said = str(error).partition(": line")[0]
    if said.startswith("not well-formed") and _is_other_code(data):
        message = say("Its letters are not stored as UTF-8, and its first line names no other code.")
        return _refuse(file, line, "unknown-encoding", message, say("Save the file as UTF-8."))
    reason = next((why for begins, why in _WHYS.items() if said.startswith(begins)), said)
    message = say("The file is not well-formed XML here: %(reason)s.", reason=reason)
    return Problem(file, line, column + 1, "broken-xml", message, say("Export it again, or correct this line."))


def parse_xml(data: bytes, file: str, budget: Budget | None = None) -> Node | Problem:
    """The root element of a document, or why it is not read. Never raises on what the bytes hold."""
    if len(data) > LARGEST_XML:
        message = say(
            "The file has %(count)s bytes; at most %(largest_xml)s are read.",
            count=f"{len(data):,}",
            largest_xml=f"{LARGEST_XML:,}",
        )
        return _refuse(file, 0, "file-too-large", message, say("Export it in several parts."))
    # Each attribute needs a sign of equality; the parser would hold all those of an element at once.
    if data.count(b"=") > _MOST_ATTRIBUTES:
        message = say("The file has more than %(most_attributes)s attributes.", most_attributes=f"{_MOST_ATTRIBUTES:,}")
        return _refuse(file, 0, "file-too-large", message, say("Export it in several parts."))
    builder = _Builder(budget or Budget())
    parser = builder.parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    # What is neither an element nor text (comments, instructions) needs no look.
    parser.parser.DefaultHandlerExpand = None
    try:
        parser.feed(data)
        parser.close()
    except ParseError as error:
        return _refuse_broken(error, file, data)
    except DefusedXmlException:
        message = say("The file declares a document type or entities; they can do harm and are not read.")
        line = parser.parser.CurrentLineNumber
        return _refuse(file, line, "xml-declarations", message, say("Delete the part that begins with <!DOCTYPE."))
    except _TooMuch as error:
        return _refuse(
            file, parser.parser.CurrentLineNumber, "file-too-large", error.args[0], say("Export it in parts.")
        )
    except (ValueError, LookupError):
        message = say("The encoding that the first line names is not known here.")
        return _refuse(file, 1, "unknown-encoding", message, say("Save the file as UTF-8."))
    finally:
        builder.parser = None
    return builder.root or _refuse(file, 1, "broken-xml", say("The file is empty."), say("Export it again."))


def escape(text: str) -> str:
    """Text as it stands between tags or in an attribute; signs of control, which XML cannot hold, left out."""
    kept = "".join(sign for sign in text if sign in "\t\n" or sign >= " ") if not text.isprintable() else text
    return html.escape(kept)


def write_element(tag: str, *inside: str, attributes: Mapping[str, str] | Sequence[tuple[str, str]] = ()) -> str:
    """An element around what is already XML."""
    written = "".join(f' {name}="{escape(value)}"' for name, value in dict(attributes).items())
    body = "".join(inside)
    return f"<{tag}{written}>{body}</{tag}>" if body else f"<{tag}{written}/>"

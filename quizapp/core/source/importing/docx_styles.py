"""What the smaller parts of a Word document say: which styles are headings, which lists are numbered, whose it is.

Office Open XML, ECMA-376 part 1: styles in ``word/styles.xml`` (17.7), numbering in ``word/numbering.xml`` (17.9), core
properties in ``docProps/core.xml`` (part 2, 11).
"""

import re
from collections.abc import Callable
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from quizapp.core.source.importing.archive import Archive, refuse_archive
from quizapp.core.source.importing.model import About

_HEADING = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_PORTION = 65536


class Reader:
    """A reader of XML, event by event: nothing is kept of what goes by.

    ``start`` and ``end`` are told the names of elements, those of Word's own namespace without it.
    """

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Text goes by."""

    def close(self) -> None:
        """The document ends."""


def plain_name(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def read_xml(file: IO[bytes], reader: Reader) -> None:
    """Let a reader see a part of a document. Raises Invalid for broken XML, entities and document types."""
    parser: Any = DefusedXMLParser(target=reader, forbid_dtd=True)
    try:
        while portion := file.read(_PORTION):
            parser.feed(portion)
        parser.close()
    except (ParseError, DefusedXmlException, LookupError, UnicodeError) as error:
        raise refuse_archive() from error


class _Styles(Reader):
    """Style id -> level of heading; 0 is the title."""

    def __init__(self) -> None:
        self.levels: dict[str, int] = {}
        self.language = ""
        self._id = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        own = {plain_name(key): value for key, value in attributes.items()}
        name = plain_name(tag)
        if name == "style":
            self._id = own.get("styleId", "")
        elif name == "name" and self._id:
            said = own.get("val", "")
            if match := _HEADING.fullmatch(said):
                self.levels[self._id] = int(match[1])
            elif said.lower() == "title":
                self.levels[self._id] = 0
        elif name == "outlineLvl" and self._id and own.get("val", "").isdecimal() and int(own["val"]) < 9:
            self.levels.setdefault(self._id, int(own["val"]) + 1)
        elif name == "lang" and not self._id:
            self.language = self.language or own.get("val", "")


class _Numbering(Reader):
    """Which lists are numbered: number id -> level -> whether it has numbers."""

    def __init__(self) -> None:
        self._formats: dict[tuple[str, str], str] = {}
        self._abstract = self._level = self._number = ""
        self._of: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        own = {plain_name(key): value for key, value in attributes.items()}
        name = plain_name(tag)
        if name == "abstractNum":
            self._abstract, self._number = own.get("abstractNumId", ""), ""
        elif name == "num":
            self._number = own.get("numId", "")
        elif name == "lvl":
            self._level = own.get("ilvl", "")
        elif name == "numFmt" and not self._number:
            self._formats[self._abstract, self._level] = own.get("val", "")
        elif name == "abstractNumId" and self._number:
            self._of[self._number] = own.get("val", "")

    def is_numbered(self, number: str, level: int) -> bool:
        return self._formats.get((self._of.get(number, ""), str(level)), "bullet") not in ("bullet", "none")


class _Core(Reader):
    def __init__(self) -> None:
        self.said: dict[str, str] = {}
        self._name = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._name = plain_name(tag)

    def end(self, tag: str) -> None:
        self._name = ""

    def data(self, text: str) -> None:
        if self._name:
            self.said[self._name] = (self.said.get(self._name, "") + text)[:500]


def _read_part(archive: Archive, name: str, reader: Reader) -> None:
    if name in archive.names:
        with archive.open(name) as file:
            read_xml(file, reader)


class Document:
    """What is known of a document before its text is read."""

    def __init__(self, archive: Archive) -> None:
        styles, numbering, core = _Styles(), _Numbering(), _Core()
        _read_part(archive, "word/styles.xml", styles)
        _read_part(archive, "word/numbering.xml", numbering)
        _read_part(archive, "docProps/core.xml", core)
        self.levels = styles.levels
        self.is_numbered: Callable[[str, int], bool] = numbering.is_numbered
        self.about = About(
            title=" ".join(core.said.get("title", "").split()),
            language=core.said.get("language", "").strip() or styles.language,
            author=" ".join(core.said.get("creator", "").split()),
        )

"""The text of a web page, to pieces: headings, paragraphs, lists, quotes, code.

A table is a list: each of its rows is an item.
"""

import re
from collections.abc import Iterator

from quizapp.core.source.importing.html_main import is_list_of_links
from quizapp.core.source.importing.html_tree import Element
from quizapp.core.source.importing.model import Piece, PieceKind

_LEVELS = {f"h{level}": level for level in range(1, 7)}
_INLINE = frozenset(
    (
        *(
            "a",
            "abbr",
            "b",
            "bdi",
            "bdo",
            "big",
            "center",
            "cite",
            "data",
            "del",
            "dfn",
            "em",
            "font",
            "i",
            "ins",
            "kbd",
        ),
        *("label", "mark", "nobr", "output", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong"),
        *("sub", "sup", "time", "tt", "u", "var", "wbr", "code", "acronym"),
    )
)
_BREAKS = re.compile(r"\ue000\s*(?:\ue000\s*)+")
_BREAK = "\ue000"  # a line break, until the white space around it is sorted out
_LONGEST_CELL = 300
_FOOTNOTE = re.compile(r"\[(?:[0-9]{1,3}|[a-z]|edit|citation needed)\]", re.IGNORECASE)


class _Writer:
    """Collects what the page holds in order; ``buffer`` is the paragraph being read."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._buffer: list[str] = []

    def add(self, text: str) -> None:
        self._buffer.append(text)

    def flush(self, kind: PieceKind = "paragraph", level: int = 0, mark: str = "-") -> None:
        text = "".join(self._buffer)
        self._buffer.clear()
        for part in _BREAKS.split(text):
            lines = (" ".join(line.split()) for line in part.split(_BREAK))
            if told := "\n".join(line for line in lines if line):
                self.pieces.append(Piece(kind, told, level, mark))


def _read_inline(element: Element, writer: _Writer) -> None:
    for child in element.children:
        if isinstance(child, str):
            writer.add(child.replace(_BREAK, " "))
        elif child.tag == "br":
            writer.add(_BREAK)
        elif child.tag == "sup" and _FOOTNOTE.fullmatch(child.read()):
            continue
        else:
            writer.add("" if child.tag in _INLINE else " ")
            _read_inline(child, writer)
            writer.add("" if child.tag in _INLINE else " ")


def _read_block(element: Element, writer: _Writer, kind: PieceKind) -> None:
    for child in element.children:
        if isinstance(child, str):
            writer.add(child.replace(_BREAK, " "))
        elif child.tag == "br":
            writer.add(_BREAK)
        elif child.tag in _INLINE and not _holds_blocks(child):
            wrapped = Element("span", {})
            wrapped.children = [child]
            _read_inline(wrapped, writer)
        else:
            writer.flush(kind)
            _read_child(child, writer, kind)
    writer.flush(kind)


def _holds_blocks(element: Element) -> bool:
    return any(each.tag not in _INLINE and each.tag not in ("br", "img") for each in element.walk())


def _read_child(child: Element, writer: _Writer, kind: PieceKind) -> None:
    if child.tag in _LEVELS:
        _read_inline(child, writer)
        writer.flush("heading", _LEVELS[child.tag])
    elif child.tag in ("ul", "ol"):
        if not is_list_of_links(child):
            _read_list(child, writer, 0)
    elif child.tag == "blockquote":
        _read_block(child, writer, "quote")
    elif child.tag == "pre":
        text = "".join(part for each in child.walk() for part in each.children if isinstance(part, str))
        writer.pieces.append(Piece("code", text.strip("\n")))
    elif child.tag == "table":
        _read_table(child, writer, kind)
    elif child.tag == "dl":
        _read_definitions(child, writer)
    else:
        _read_block(child, writer, kind)


def _read_list(element: Element, writer: _Writer, level: int) -> None:
    number = 0
    for item in element.elements:
        if item.tag in ("ul", "ol"):
            _read_list(item, writer, level + 1)
            continue
        number += 1
        nested = [child for child in item.elements if child.tag in ("ul", "ol")]
        own = Element("li", {})
        own.children = [child for child in item.children if isinstance(child, str) or child not in nested]
        _read_inline(own, writer)
        text = " ".join("".join(writer._buffer).replace(_BREAK, " ").split())
        writer._buffer.clear()
        if text:
            writer.pieces.append(Piece("item", text, level, f"{number}." if element.tag == "ol" else "-"))
        for inner in nested:
            _read_list(inner, writer, level + 1)


def _list_rows(table: Element) -> Iterator[list[Element]]:
    for row in table.find("tr"):
        cells = [cell for cell in row.elements if cell.tag in ("td", "th")]
        if cells:
            yield cells


def _read_table(table: Element, writer: _Writer, kind: PieceKind) -> None:
    rows = list(_list_rows(table))
    is_layout = any(each.tag == "table" for row in rows for cell in row for each in cell.walk()) or any(
        len(row) < 2 or len(cell.read()) > _LONGEST_CELL for row in rows[1:] for cell in row
    )
    if is_layout or len(rows) < 2:
        _read_block(table, writer, kind)
        return
    for caption in table.find("caption"):
        writer.pieces.append(Piece("paragraph", caption.read()))
    for row in rows:
        writer.pieces.append(Piece("item", " | ".join(cell.read() for cell in row)))


def _read_definitions(element: Element, writer: _Writer) -> None:
    """A term and what it means: an item of a list, and those within it."""
    for each in element.walk():
        if each.tag in ("dt", "dd"):
            writer.pieces.append(Piece("item", each.read(), int(each.tag == "dd")))


def read_pieces(element: Element) -> list[Piece]:
    """What an element of a page holds, in order."""
    writer = _Writer()
    _read_block(element, writer, "paragraph")
    return writer.pieces

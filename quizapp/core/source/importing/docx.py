"""Word documents (.docx), to pieces: headings, paragraphs, lists, tables.

WordprocessingML, ECMA-376 part 1, 17: paragraphs ``p`` of runs ``r`` of texts ``t``. What was deleted or moved away
while changes were tracked, hidden text, fields' instructions, comments, notes, headers and footers are left out.
"""

from dataclasses import dataclass, field

from quizapp.core.messages import Message, say
from quizapp.core.source.document import LARGEST_SOURCE
from quizapp.core.source.importing.archive import open_archive, refuse_archive
from quizapp.core.source.importing.decoding import clean_characters
from quizapp.core.source.importing.docx_styles import Document, Reader, plain_name, read_xml
from quizapp.core.source.importing.model import MOST_LINES, About, ImportedText, Piece, refuse_lines, refuse_size
from quizapp.core.source.importing.writing import write_markdown

_TEXT = "word/document.xml"
# Elements of which nothing is shown. Fallback repeats, for old programs, what stands beside it.
_UNSEEN = frozenset(("del", "moveFrom", "Fallback", "pict", "object", "instrText", "delText", "rubyPr", "rt", "sdtPr"))
_SIGNS = {"tab": " ", "noBreakHyphen": "\u2011", "cr": "\n", "ptab": " "}
_LONGEST_CELL = 300
_DEEPEST_TABLE = 30


@dataclass(slots=True)
class _Paragraph:
    """A paragraph being read."""

    parts: list[str] = field(default_factory=list)
    style: str = ""
    outline: int | None = None
    number: str = ""
    depth: int = 0


@dataclass(slots=True)
class _Table:
    """A table being read: its finished rows, and the pieces of each cell of the row at hand."""

    rows: list[list[list[Piece]]] = field(default_factory=list)


class _Body(Reader):
    """Reads the main part of a document into ``pieces``."""

    def __init__(self, document: Document) -> None:
        self.pieces: list[Piece] = []
        self.title = ""
        self.notes = 0
        self._document = document
        self._paragraphs: list[_Paragraph] = []
        self._tables: list[_Table] = []
        self._unseen = 0
        self._is_text = self._is_hidden = False
        self._counts: dict[str, list[int]] = {}
        self._length = self._begun = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = plain_name(tag)
        if self._unseen or name in _UNSEEN:
            self._unseen += 1
            return
        own = {plain_name(key): value for key, value in attributes.items()}
        if name == "p":
            self._paragraphs.append(_Paragraph())
            self._begun += 1
            if self._begun > MOST_LINES:
                raise refuse_lines()
        elif name == "tbl":
            self._tables.append(_Table())
            if len(self._tables) > _DEEPEST_TABLE:
                raise refuse_archive()
        elif name in ("tr", "tc"):
            self._open_cell(name)
        elif self._paragraphs:
            self._note(name, own)

    def _open_cell(self, name: str) -> None:
        if self._tables and name == "tr":
            self._tables[-1].rows.append([])
        elif self._tables and self._tables[-1].rows:
            self._tables[-1].rows[-1].append([])

    def _note(self, name: str, own: dict[str, str]) -> None:
        paragraph = self._paragraphs[-1]
        value = own.get("val", "")
        if name == "t":
            self._is_text = True
        elif name == "r":
            self._is_hidden = False
        elif name == "vanish":
            self._is_hidden = value not in ("0", "false", "off")
        elif name == "pStyle":
            paragraph.style = value
        elif name == "outlineLvl" and value.isdecimal():
            paragraph.outline = int(value)
        elif name == "numId":
            paragraph.number = value
        elif name == "ilvl" and value.isdecimal():
            paragraph.depth = min(int(value), 8)
        elif name in ("footnoteReference", "endnoteReference"):
            self.notes += 1
        elif name in _SIGNS and not self._is_hidden:
            paragraph.parts.append(_SIGNS[name])
        elif name == "br" and own.get("type", "textWrapping") == "textWrapping":
            paragraph.parts.append("\n")

    def data(self, text: str) -> None:
        if self._is_text and not self._is_hidden and not self._unseen and self._paragraphs:
            self._length += len(text)
            if self._length > LARGEST_SOURCE:
                raise refuse_size()
            self._paragraphs[-1].parts.append(text)

    def end(self, tag: str) -> None:
        if self._unseen:
            self._unseen -= 1
            return
        name = plain_name(tag)
        if name == "t":
            self._is_text = False
        elif name == "r":
            self._is_hidden = False
        elif name == "p" and self._paragraphs:
            self._add(self._finish(self._paragraphs.pop()))
        elif name == "tbl" and self._tables:
            for piece in _flatten(self._tables.pop()):
                self._add(piece)

    def _finish(self, paragraph: _Paragraph) -> Piece:
        text = clean_characters("".join(paragraph.parts)).replace("\f", " ")
        level = self._document.levels.get(paragraph.style)
        if level is None and paragraph.outline is not None and paragraph.outline < 9:
            level = paragraph.outline + 1
        if level == 0 and not self.title:
            self.title = " ".join(text.split())
            return Piece("paragraph", "")
        if level is not None:
            return Piece("heading", text, min(level + 1, 6))
        if paragraph.number and paragraph.number != "0":
            return Piece("item", text, paragraph.depth, self._mark(paragraph))
        return Piece("paragraph", text)

    def _mark(self, paragraph: _Paragraph) -> str:
        if not self._document.is_numbered(paragraph.number, paragraph.depth):
            return "-"
        counts = self._counts.setdefault(paragraph.number, [])
        del counts[paragraph.depth + 1 :]
        counts += [0] * (paragraph.depth + 1 - len(counts))
        counts[paragraph.depth] += 1
        return f"{counts[paragraph.depth]}."

    def _add(self, piece: Piece) -> None:
        if not piece.text.strip():
            return
        if self._tables and self._tables[-1].rows and self._tables[-1].rows[-1]:
            self._tables[-1].rows[-1][-1].append(piece)
        else:
            self.pieces.append(piece)


def _flatten(table: _Table) -> list[Piece]:
    """A table of short cells as a list, an item a row; one that only lays out the page as what its cells hold."""
    rows = [[cell for cell in row if cell] for row in table.rows]
    long = any(len(cell) > 2 or sum(len(piece.text) for piece in cell) > _LONGEST_CELL for row in rows for cell in row)
    if long or len(rows) < 2 or max(map(len, rows)) < 2:
        return [piece for row in rows for cell in row for piece in cell]
    return [
        Piece("item", " | ".join(" ".join(" ".join(piece.text.split()) for piece in cell) for cell in row))
        for row in rows
        if row
    ]


def _say_notes(notes: int) -> tuple[Message, ...]:
    return (say("Footnotes and endnotes were left out: %(count)s.", count=notes),) if notes else ()


def read_docx(data: bytes) -> ImportedText:
    """The text of a Word document. Raises Invalid for what is none, is damaged, locked, or made to do harm."""
    archive = open_archive(data)
    if _TEXT not in archive.names:
        raise refuse_archive()
    document = Document(archive)
    body = _Body(document)
    with archive.open(_TEXT) as file:
        read_xml(file, body)
    told = document.about
    about = About(title=body.title or told.title, language=told.language, author=told.author)
    return ImportedText(about, write_markdown(body.pieces), _say_notes(body.notes))

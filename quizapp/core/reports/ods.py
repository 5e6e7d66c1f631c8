"""Reports as OpenDocument spreadsheets (ODF 1.3), written in pieces as the rows come: nothing waits in memory.

Cells are typed, so that no text is ever a formula; columns of text are set as text, so that none becomes one when
somebody edits the cell. Times stay texts, since the cells of a spreadsheet know no time zone.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from quizapp.core.reports.cells import clean_text, fit_sheet, show_moment, show_number
from quizapp.core.reports.columns import Column, Type, Value
from quizapp.core.reports.formats import MEDIA_TYPES, MOST_ROWS, Format, SheetFull
from quizapp.core.reports.model import README, Report, Words, describe

MOST_BYTES = 2_000_000_000
"""Of the sheets as XML, before they are packed: a zip file of the plain kind holds no more."""
_PIECE = 256 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SPACES = re.compile(" {2,}|^ | $")
_NAMES = (
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0"'
)
_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content{_NAMES} office:version="1.3"><office:automatic-styles>
<number:text-style style:name="N1"><number:text-content/></number:text-style>
<number:number-style style:name="N2"><number:number number:min-integer-digits="1"/></number:number-style>
<style:style style:name="text" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="number" style:family="table-cell" style:data-style-name="N2"/>
<style:style style:name="head" style:family="table-cell" style:data-style-name="N1">\
<style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="wide" style:family="table-column">\
<style:table-column-properties style:column-width="3.5cm"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet>"""
_FOOT = "</office:spreadsheet></office:body></office:document-content>"
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPES[Format.ODS]}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""


class _Pipe(io.RawIOBase):
    """What the zip writer writes into, and the pieces are taken from. It goes forwards only."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(self._pieces[-1])

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _paragraph(text: str) -> str:
    marked = _SPACES.sub(lambda run: f'<text:s text:c="{len(run[0])}"/>', escape(fit_sheet(clean_text(text))))
    return f"<text:p>{marked}</text:p>"


def _cell(value: Value, report: Report, style: str = "text") -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, bool):
        said = "true" if value else "false"
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{said}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{show_number(value)}"/>'
    text = show_moment(value, report.zone) if isinstance(value, datetime) else value
    return (
        f'<table:table-cell office:value-type="string" table:style-name="{style}">{_paragraph(text)}</table:table-cell>'
    )


def _line(cells: Iterable[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>\n"


def _column(column: Column) -> str:
    style = "text" if column.type in (Type.TEXT, Type.MOMENT) else "number"
    return f'<table:table-column table:style-name="wide" table:default-cell-style-name="{style}"/>'


def _rows(report: Report) -> Iterator[str]:
    columns = "".join(map(_column, report.columns))
    yield f"<table:table table:name={quoteattr(report.definition.kind.value)}>{columns}<table:table-header-rows>"
    yield _line(_cell(column.name, report, "head") for column in report.columns) + "</table:table-header-rows>"
    for count, row in enumerate(report.rows):
        if count >= MOST_ROWS[Format.ODS]:
            raise SheetFull(Format.ODS)
        yield _line(_cell(value, report) for value in row)
    yield "</table:table>"


def _readme(report: Report, words: Words) -> Iterator[str]:
    yield f'<table:table table:name="{README}">'
    for row in describe(report, words):
        yield _line(_cell(text, report) for text in row)
    yield "</table:table>"


def _settings(report: Report) -> str:
    """The header stays in sight: the sheet is split under its first row."""
    items = (
        ("HorizontalSplitMode", "short", 0),
        ("VerticalSplitMode", "short", 2),
        ("VerticalSplitPosition", "int", 1),
        ("ActiveSplitRange", "short", 2),
        ("PositionBottom", "int", 1),
    )
    said = "".join(
        f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
        for name, kind, value in items
    )
    sheet = quoteattr(report.definition.kind.value)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-settings{_NAMES} office:version="1.3">'
        '<office:settings><config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        f'<config:config-item config:name="ActiveTable" config:type="string">{escape(sheet[1:-1])}</config:config-item>'
        '<config:config-item-map-named config:name="Tables">'
        f"<config:config-item-map-entry config:name={sheet}>{said}</config:config-item-map-entry>"
        "</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    )


def _entry(name: str, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = method
    return entry


def _fill(content: IO[bytes], pieces: Iterable[str], pipe: _Pipe) -> Iterator[bytes]:
    waiting: list[str] = []
    size = total = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size > _PIECE:
            data = "".join(waiting).encode()
            total += len(data)
            if total > MOST_BYTES:
                raise SheetFull(Format.ODS)
            content.write(data)
            waiting, size = [], 0
            yield pipe.take()
    content.write("".join(waiting).encode())


def write_ods(report: Report, words: Words = str) -> Iterator[bytes]:
    """The report as an ODS file, in pieces. Raises SheetFull, perhaps after some pieces, where it has too many rows."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("mimetype", zipfile.ZIP_STORED), MEDIA_TYPES[Format.ODS])
        archive.writestr(_entry("META-INF/manifest.xml"), _MANIFEST)
        archive.writestr(_entry("settings.xml"), _settings(report))
        with archive.open(_entry("content.xml"), "w") as content:
            content.write(_HEAD.encode())
            yield from _fill(content, _rows(report), pipe)
            yield from _fill(content, _readme(report, words), pipe)
            content.write(_FOOT.encode())
    yield pipe.take()

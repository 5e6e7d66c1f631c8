"""ODS, read as what it is: a zip file with XML."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from quizapp.core.messages import say
from quizapp.core.reports import formats, ods
from quizapp.core.reports.columns import Column, Type
from quizapp.core.reports.formats import Format, SheetFull
from quizapp.core.reports.model import Report, describe
from quizapp.core.reports.ods import write_ods

Make = Callable[..., Report]
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def _read(data: bytes) -> dict[str, list[list[tuple[str | None, str | None]]]]:
    """Each sheet's rows: the type and the value of each cell."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        root = ElementTree.fromstring(archive.read("content.xml"))  # noqa: S314 - our own
        for name in ("settings.xml", "META-INF/manifest.xml"):
            ElementTree.fromstring(archive.read(name))  # noqa: S314 - our own
    return {
        str(table.get(f"{_TABLE}name")): [
            [_read_cell(cell) for cell in row.iter(f"{_TABLE}table-cell")] for row in table.iter(f"{_TABLE}table-row")
        ]
        for table in root.iter(f"{_TABLE}table")
    }


def _read_cell(cell: ElementTree.Element) -> tuple[str | None, str | None]:
    assert f"{_TABLE}formula" not in cell.attrib
    kind = cell.get(f"{_OFFICE}value-type")
    if kind == "string":
        return kind, "".join(_spell(paragraph) for paragraph in cell.iter(f"{_TEXT}p"))
    return kind, cell.get(f"{_OFFICE}value") or cell.get(f"{_OFFICE}boolean-value")


def _spell(paragraph: ElementTree.Element) -> str:
    parts = [paragraph.text or ""]
    for space in paragraph:
        parts += [" " * int(space.get(f"{_TEXT}c") or 1), space.tail or ""]
    return "".join(parts)


def test_cells_are_typed_and_formulas_are_texts(make_report: Make) -> None:
    rows = [("=1+1", -5, -0.25, True, AT), ("a  b <&>\x00", 0, None, False, None)]
    sheets = _read(b"".join(write_ods(make_report(rows))))
    assert list(sheets) == ["students", "README"]
    assert [text for _, text in sheets["students"][0]] == ["name", "count", "share", "late", "at"]
    assert sheets["students"][1] == [
        ("string", "=1+1"),
        ("float", "-5"),
        ("float", "-0.25"),
        ("boolean", "true"),
        ("string", "2026-11-22T13:00:00+01:00"),
    ]
    assert sheets["students"][2] == [
        ("string", "a  b <&>"),
        ("float", "0"),
        (None, None),
        ("boolean", "false"),
        (None, None),
    ]


def test_a_second_sheet_says_what_every_column_means(make_report: Make) -> None:
    report = make_report([])
    sheets = _read(b"".join(write_ods(report, str.upper)))
    said = [tuple(text for _, text in row if text is not None) for row in sheets["README"]]
    assert said == list(describe(report, str.upper))
    assert ("name", "TEXT", "THE NAME.") in said
    assert ("CLASS", "Herons 8b") in said
    assert ("NOTE", "TAKE CARE.") in said
    assert ("MADE BY", "Quizapp 1.2.3") in said


def test_the_header_stays_in_sight(make_report: Make) -> None:
    data = b"".join(write_ods(make_report([])))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        settings = archive.read("settings.xml").decode()
    assert '"VerticalSplitPosition" config:type="int">1<' in settings


def test_it_is_written_in_pieces_while_the_rows_come(make_report: Make) -> None:
    def rows() -> Iterator[tuple[str, ...]]:
        for number in range(4_000):
            yield (f"row {number} " + "x" * 200,)

    columns = (Column("text", Type.TEXT, say("x")),)
    pieces = list(write_ods(make_report(rows(), columns)))
    assert len(pieces) > 3
    sheets = _read(b"".join(pieces))
    assert len(sheets["students"]) == 4_001
    assert sheets["students"][4_000][0][1] == "row 3999 " + "x" * 200


def test_more_rows_than_a_sheet_holds_are_refused_in_clear_words(
    make_report: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(formats.MOST_ROWS, Format.ODS, 2)
    row = ("a", 1, 0.5, True, AT)
    assert len(_read(b"".join(write_ods(make_report([row] * 2))))["students"]) == 3
    with pytest.raises(SheetFull, match="An ODS sheet holds at most 2 rows here"):
        list(write_ods(make_report([row] * 3)))


def test_more_text_than_the_file_holds_is_refused(make_report: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ods, "MOST_BYTES", 1_000)
    with pytest.raises(SheetFull, match="Take CSV or JSON"):
        list(write_ods(make_report([("x" * 30_000, 1, 0.5, True, AT)] * 100)))

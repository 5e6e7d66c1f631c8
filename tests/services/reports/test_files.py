"""Each file read back, and compared with what the page shows."""

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from quizapp.core.reports import formats
from quizapp.core.reports.cells import make_harmless, show_value
from quizapp.core.reports.definitions import Kind
from quizapp.core.reports.formats import Format, SheetFull
from quizapp.core.reports.model import describe
from quizapp.services.accounts import Viewer
from quizapp.services.reports.files import name_file, write_file
from quizapp.services.reports.making import make_report

HOSTILE = (
    "=1+1",
    "@SUM(1)",
    "+49 170",
    "-2+3",
    "|calc",
    "%x",
    "＝1+1",
    '=HYPERLINK("http://x";"y")',
    "a;=1+1",
    "-5",
    "7",
)
Write = Callable[..., tuple[bytes, list[list[str]]]]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What files hold does not hang on the database."""
    return sqlite_url


@pytest.fixture
def write(room, bob: Viewer) -> Write:
    """Write a report as a file; gives it with the same rows as the page shows them, the header first."""
    for number, text in enumerate(HOSTILE):
        who = room.enrol(f"student {number}", last_name=text, first_name="X", external_id=f"{number}{text}")
        room.answer(who, "legs", response=text)
    test = room.set_test("=Test, „ä“")
    room.sit(bob, test, legs="=1+1", height=None)

    def make(kind: str, file_format: Format, **more: bool) -> tuple[bytes, list[list[str]]]:
        with room.database.reading() as session:
            now = room.noon + timedelta(days=2)
            shown = make_report(session, room.taught, kind, room.rules, now)
            page = [[column.name for column in shown.columns]]
            page += [[show_value(value, shown.zone) for value in row] for row in shown.rows]
            report = make_report(session, room.taught, kind, room.rules, now)
            return b"".join(write_file(report, file_format, **more)), page

    return make


@pytest.mark.parametrize("kind", Kind)
def test_csv_holds_what_the_page_shows(write: Write, kind: Kind) -> None:
    data, page = write(kind.value, Format.CSV)
    read = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert read == [[make_harmless(text) for text in row] for row in page]
    assert len(read) > 1


@pytest.mark.parametrize("kind", Kind)
def test_json_holds_what_the_page_shows(write: Write, kind: Kind) -> None:
    data, (header, *rows) = write(kind.value, Format.JSON)
    read = json.loads(data)
    assert [list(row) for row in read] == [header] * len(rows)

    def show(value: object) -> str:
        return "" if value is None else value if isinstance(value, str) else show_value(value, None)  # type: ignore[arg-type]

    assert [[show(value) for value in row.values()] for row in read] == rows


@pytest.mark.parametrize("kind", Kind)
def test_xlsx_holds_what_the_page_shows(write: Write, kind: Kind) -> None:
    data, page = write(kind.value, Format.XLSX)
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[kind.value]
    assert book.sheetnames == [kind.value, "README"]
    assert sheet.freeze_panes == "A2"
    cells = list(sheet.iter_rows())
    assert [[show_value(cell.value, None) for cell in row] for row in cells] == page  # type: ignore[arg-type]
    assert not any(cell.data_type == "f" for row in cells for cell in row)
    guarded = [cell for row in cells for cell in row if str(cell.value)[:1] in "=@+|%＝" and cell.data_type == "s"]
    assert guarded
    assert all(cell.quotePrefix for cell in guarded)


def test_numbers_are_numbers_and_truths_are_truths_in_xlsx(write: Write) -> None:
    data, page = write("attempts", Format.XLSX)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["attempts"]
    row = dict(zip(page[0], [cell.value for cell in sheet[2]], strict=True))
    assert (row["attempt"], row["points"], row["late"], row["external_id"]) == (1, 5, False, "1001")
    assert isinstance(row["started_at"], str)


def test_the_readme_sheet_defines_every_column(room, write: Write) -> None:
    data, page = write("canvas", Format.XLSX)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["README"]
    lines = [tuple(cell for cell in row if cell is not None) for row in sheet.iter_rows(values_only=True)]
    assert [line[0] for line in lines[lines.index(("column", "type", "meaning")) + 1 :]] == page[0]
    assert any(line[0] == "Rows" and "Canvas" in line[1] for line in lines)
    with room.database.reading() as session:
        report = make_report(session, room.taught, "canvas", room.rules, room.noon + timedelta(days=2))
        assert lines == [tuple(row) for row in describe(report)]


@pytest.mark.parametrize("file_format", [Format.XLSX, Format.ODS])
def test_a_sheet_that_is_too_long_is_refused_before_anything_is_sent(
    write: Write, monkeypatch: pytest.MonkeyPatch, file_format: Format
) -> None:
    monkeypatch.setitem(formats.MOST_ROWS, file_format, 3)
    with pytest.raises(SheetFull, match="at most 3 rows"):
        write("responses", file_format)


def test_only_csv_takes_a_byte_order_mark(write: Write) -> None:
    assert write("students", Format.CSV, bom=True)[0].startswith(b"\xef\xbb\xbfstudent_id,")
    assert write("students", Format.JSON, bom=True)[0].startswith(b"[")


def test_files_have_plain_names(room) -> None:
    with room.database.reading() as session:
        report = make_report(session, room.taught, "students", room.rules, room.noon)
        assert name_file(report, Format.CSV) == "herons-8b-students-2026-11-22.csv"
        for name, expected in (
            ("../../e/t/c", "e-t-c-"),
            ("⚗️", ""),
            ("Ärzte 7", "ärzte-7-"),
            ("x" * 99, f"{'x' * 60}-"),
        ):
            odd = type(report)(
                **{one: getattr(report, one) for one in report.__dataclass_fields__} | {"class_name": name}
            )
            assert name_file(odd, Format.ODS) == f"{expected}students-2026-11-22.ods"


# LibreOffice reads what we write, as a school would.
_SOFFICE = shutil.which("soffice")
_TO_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"


def _convert(file: Path, profile: Path) -> list[list[str]]:
    """The first sheet as its cells show it after LibreOffice has opened it and counted all there is to count."""
    command = [str(_SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--infilter=CSV:44,34,76,1"]
    outdir = file.parent / "converted"
    command += ["--convert-to", _TO_CSV, "--outdir", str(outdir), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return list(csv.reader(io.StringIO(next(outdir.iterdir()).read_text("utf-8-sig"), newline="")))


@pytest.mark.skipif(_SOFFICE is None, reason="LibreOffice is not installed (apt-get install libreoffice-calc)")
@pytest.mark.parametrize("file_format", [Format.CSV, Format.XLSX, Format.ODS])
def test_libreoffice_reads_every_cell_and_runs_none(write: Write, tmp_path: Path, file_format: Format) -> None:
    data, page = write("responses", file_format)
    file = tmp_path / f"responses.{file_format.value}"
    file.write_bytes(data)
    read = _convert(file, tmp_path / "profile")
    expected = [[make_harmless(text) if file_format is Format.CSV else text for text in row] for row in page]
    assert len(read) == len(expected)
    for got, wanted in zip(read, expected, strict=True):
        assert [_fold(text) for text in got] == [_fold(text) for text in wanted]


_TRUTHS = ("TRUE", "FALSE")


def _fold(text: str) -> str:
    """LibreOffice shows truths in capitals, and a text of digits in a CSV file as the number that it is."""
    return text.lower() if text in _TRUTHS else text.removeprefix("+")

"""Reports as Excel workbooks, by XlsxWriter, which keeps one row in memory and the rest in files of its own."""

import tempfile
from datetime import datetime
from typing import IO, Any

import xlsxwriter

from quizapp.core.reports.cells import clean_text, fit_sheet, is_dangerous, show_moment
from quizapp.core.reports.columns import Value
from quizapp.core.reports.formats import MOST_ROWS, Format, SheetFull
from quizapp.core.reports.model import README, Report, Words, describe

_WIDTH = 16
_NARROW, _WIDE = 12, 80


class _Sheets:
    """The workbook and the looks of its cells."""

    def __init__(self, file: IO[bytes], folder: str) -> None:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(file, options)
        self.book.use_zip64()  # for sheets of over 4 GB of XML; smaller ones stay plain zip files
        self.head = self.book.add_format({"bold": True, "num_format": "@"})
        self.text = self.book.add_format({"num_format": "@"})
        # The apostrophe of Excel: the cell stays text even where somebody edits it.
        self.harmless = self.book.add_format({"num_format": "@", "quote_prefix": True})

    def write_text(self, sheet: Any, place: tuple[int, int], text: str, look: Any = None) -> None:
        """A text is a text, whatever it begins with."""
        clean = fit_sheet(clean_text(text))
        sheet.write_string(place[0], place[1], clean, self.harmless if is_dangerous(clean) else look or self.text)

    def write(self, sheet: Any, place: tuple[int, int], value: Value, report: Report) -> None:
        """A cell by its type; nothing where there is nothing."""
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_boolean(place[0], place[1], value)
        elif isinstance(value, int | float):
            sheet.write_number(place[0], place[1], value)
        else:
            self.write_text(sheet, place, show_moment(value, report.zone) if isinstance(value, datetime) else value)


def _write_rows(sheets: _Sheets, report: Report) -> None:
    sheet = sheets.book.add_worksheet(report.definition.kind.value)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(report.columns) - 1, _WIDTH)
    for place, column in enumerate(report.columns):
        sheets.write_text(sheet, (0, place), column.name, sheets.head)
    for number, row in enumerate(report.rows, start=1):
        if number > MOST_ROWS[Format.XLSX]:
            raise SheetFull(Format.XLSX)
        for place, value in enumerate(row):
            sheets.write(sheet, (number, place), value, report)


def _write_readme(sheets: _Sheets, report: Report, words: Words) -> None:
    sheet = sheets.book.add_worksheet(README)
    sheet.set_column(0, 1, 2 * _NARROW)
    sheet.set_column(2, 2, _WIDE)
    for number, row in enumerate(describe(report, words)):
        for place, text in enumerate(row):
            sheets.write_text(sheet, (number, place), text)


def write_xlsx(report: Report, file: IO[bytes], words: Words = str) -> None:
    """Write the report into a file. Raises SheetFull where it has more rows than a sheet."""
    with tempfile.TemporaryDirectory(prefix="quizapp-report-") as folder:
        sheets = _Sheets(file, folder)
        sheets.book.set_properties({"created": report.made_at.replace(tzinfo=None)})
        try:
            _write_rows(sheets, report)
            _write_readme(sheets, report, words)
        finally:
            sheets.book.close()

"""Reports as text: CSV for spreadsheets, JSON for programs. Both come in pieces, row by row."""

import csv
import io
import json
from collections.abc import Generator

from quizapp.core.reports.cells import make_harmless, show_moment, show_number
from quizapp.core.reports.columns import Row
from quizapp.core.reports.model import Report

BOM = "\ufeff"
_PIECE = 64 * 1024


def _list_cells(row: Row, report: Report) -> list[str | int | None]:
    cells: list[str | int | None] = []
    for value in row:
        if value is None or value is True or value is False:
            cells.append(None if value is None else "true" if value else "false")
        elif isinstance(value, str):
            cells.append(make_harmless(value))
        elif isinstance(value, int):
            cells.append(value)
        elif isinstance(value, float):
            cells.append(show_number(value))
        else:
            cells.append(show_moment(value, report.zone))
    return cells


def write_csv(report: Report, *, bom: bool = False) -> Generator[bytes, None, None]:
    """The report as CSV (RFC 4180) in UTF-8, with a byte order mark on request, in pieces of whole lines.

    No cell is a formula: see ``cells.make_harmless``.
    """
    buffer = io.StringIO(newline="")
    if bom:
        buffer.write(BOM)
    writer = csv.writer(buffer)
    writer.writerow([make_harmless(column.name) for column in report.columns])
    for row in report.rows:
        writer.writerow(_list_cells(row, report))
        if buffer.tell() > _PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_json(report: Report) -> Generator[bytes, None, None]:
    """The report as a JSON list with an object for each row, in UTF-8, in pieces; blank is ``null``.

    Texts are as they are: a program runs no formulas.
    """
    names = [column.name for column in report.columns]
    encode = json.JSONEncoder(
        ensure_ascii=False, allow_nan=False, default=lambda moment: show_moment(moment, report.zone)
    ).encode
    piece, size, before = ["["], 0, "\n"
    for row in report.rows:
        text = before + encode({name: None if value == "" else value for name, value in zip(names, row, strict=True)})
        before = ",\n"
        piece.append(text)
        size += len(text)
        if size > _PIECE:
            yield "".join(piece).encode()
            piece, size = [], 0
    yield ("".join(piece) + "\n]\n").encode()

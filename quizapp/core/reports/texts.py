"""Reports as text: CSV for spreadsheets, JSON for programs. Both come in pieces, row by row."""

from collections.abc import Callable, Generator
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from quizapp.core.reports.cells import make_harmless, show_moment, show_number
from quizapp.core.reports.columns import Type
from quizapp.core.reports.model import Report

BOM = "\ufeff"
_PIECE = 64 * 1024
_SHORT = 200


def _make_cell(text: str) -> str:
    harmless = make_harmless(text)
    return '"' + harmless.replace('"', '""') + '"' if '"' in harmless or "," in harmless else harmless


_remember_cell = lru_cache(8192)(_make_cell)


def _write_text(text: str) -> str:
    """A text as a cell; short ones, which come again and again, are remembered."""
    return _remember_cell(text) if len(text) <= _SHORT else _make_cell(text)


def _write_number(value: Any) -> str:
    """A number, or the word in its place: Moodle's "-" for no grade."""
    return _write_text(value) if isinstance(value, str) else show_number(value)


def _write_truth(value: Any) -> str:
    return "true" if value else "false"


def _choose_writers(report: Report) -> list[Callable[[Any], str]]:
    """What writes the cells of each column."""
    writers: dict[Type, Callable[[Any], str]] = {
        Type.TEXT: _write_text,
        Type.WHOLE: _write_number,
        Type.NUMBER: _write_number,
        Type.SHARE: _write_number,
        Type.YES_NO: _write_truth,
        Type.MOMENT: lambda moment: show_moment(moment, report.zone),
    }
    return [writers[column.type] for column in report.columns]


def write_csv(report: Report, *, bom: bool = False) -> Generator[bytes, None, None]:
    """The report as CSV (RFC 4180) in UTF-8, with a byte order mark on request, in pieces of whole lines.

    No cell is a formula: see ``cells.make_harmless``. Cells hold no line ends, so that commas and quotes are all that
    wants quoting; Python's ``csv`` takes twice the time for it.
    """
    writers = _choose_writers(report)
    lines = [(BOM if bom else "") + ",".join(_write_text(column.name) for column in report.columns)]
    size = 0
    for row in report.rows:
        cells = ["" if value is None else write(value) for write, value in zip(writers, row, strict=True)]
        lines.append(",".join(cells))
        size += len(lines[-1])
        if size > _PIECE:
            lines.append("")
            yield "\r\n".join(lines).encode()
            lines, size = [], 0
    yield "".join(f"{line}\r\n" for line in lines).encode()


def _encode_number(value: Any) -> str:
    return encode_basestring(value) if isinstance(value, str) else repr(value)


def _choose_encoders(report: Report) -> list[tuple[str, Callable[[Any], str]]]:
    """The name of each column with its colon, and what encodes its values."""
    encoders: dict[Type, Callable[[Any], str]] = {
        Type.TEXT: encode_basestring,
        Type.WHOLE: _encode_number,
        Type.NUMBER: _encode_number,
        Type.SHARE: _encode_number,
        Type.YES_NO: _write_truth,
        Type.MOMENT: lambda moment: f'"{show_moment(moment, report.zone)}"',
    }
    return [(encode_basestring(column.name) + ": ", encoders[column.type]) for column in report.columns]


def write_json(report: Report) -> Generator[bytes, None, None]:
    """The report as a JSON list with an object for each row, in UTF-8, in pieces; blank is ``null``.

    Texts are as they are: a program runs no formulas. Cells are encoded one by one, which takes half the time that
    ``json.dumps`` takes for a row.
    """
    encoders = _choose_encoders(report)
    piece, size, before = ["["], 0, "\n{"
    for row in report.rows:
        cells = [
            name + ("null" if value is None or value == "" else encode(value))
            for (name, encode), value in zip(encoders, row, strict=True)
        ]
        piece += (before, ", ".join(cells), "}")
        before = ",\n{"
        size += len(piece[-2])
        if size > _PIECE:
            yield "".join(piece).encode()
            piece, size = [], 0
    yield ("".join(piece) + "\n]\n").encode()

"""A report as a file of the kind that is asked for, in pieces."""

import re
import tempfile
from collections.abc import Generator, Iterator
from typing import IO, TYPE_CHECKING

from quizapp.core.reports.formats import Format
from quizapp.core.reports.model import Report, Words
from quizapp.core.reports.ods import write_ods
from quizapp.core.reports.texts import write_csv, write_json
from quizapp.later import load_later

if TYPE_CHECKING:
    from quizapp.services.reports import xlsx
else:
    xlsx = load_later("quizapp.services.reports.xlsx")

_PIECE = 256 * 1024
_IN_MEMORY = 4 * 1024 * 1024
_PLAIN = re.compile(r"[^\w.-]+")


def name_file(report: Report, file_format: Format) -> str:
    """A plain name for the file: ``herons-8b-students-2026-11-22.csv``."""
    class_name = _PLAIN.sub("-", report.class_name.casefold()).strip("-.")[:60]
    day = report.made_at.astimezone(report.zone).date().isoformat()
    return "-".join(filter(None, (class_name, report.definition.kind.value, f"{day}.{file_format.value}")))


def _send(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece


def _make_sheet(report: Report, file_format: Format, words: Words) -> Generator[bytes, None, None]:
    # Into a file first: a sheet that turns out to be too long is refused as a whole, before anything is sent.
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        if file_format is Format.XLSX:
            xlsx.write_xlsx(report, file, words)
        else:
            file.writelines(write_ods(report, words))
        yield from _send(file)


def write_file(
    report: Report, file_format: Format, *, bom: bool = False, words: Words = str
) -> Generator[bytes, None, None]:
    """The report as a file, in pieces. ``bom``: CSV begins with a byte order mark, which Excel wants for UTF-8.

    ``words`` says the README sheet in the reader's language. Raises SheetFull before the first piece.
    """
    match file_format:
        case Format.CSV:
            return write_csv(report, bom=bom)
        case Format.JSON:
            return write_json(report)
    return _make_sheet(report, file_format, words)

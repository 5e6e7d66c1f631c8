"""The kinds of files a report comes as, and how a program or a person asks for one."""

from enum import StrEnum

from quizapp.core.errors import Invalid
from quizapp.core.messages import say


class Format(StrEnum):
    """The kinds of files."""

    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    JSON = "json"


MEDIA_TYPES = {
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Format.JSON: "application/json",
}


MOST_ROWS = {Format.XLSX: 1_048_575, Format.ODS: 250_000}
"""Rows under the header of a sheet. Excel ends there; LibreOffice would take minutes to open more than these."""


class SheetFull(Invalid):
    """A report has more in it than a sheet of this kind of file can hold."""

    def __init__(self, file_format: Format) -> None:
        message = say(
            "An %(format)s sheet holds at most %(most)s rows here, and this report has more. Take CSV or JSON: they"
            " have no such limit.",
            format=file_format.upper(),
            most=f"{MOST_ROWS[file_format]:,}",
        )
        super().__init__(message, {"format": message})


def parse_format(name: str) -> Format:
    """The format of this name. Raises Invalid (field ``format``)."""
    try:
        return Format(name.strip().lower())
    except ValueError as error:
        message = say("There is no such format. Choose csv, xlsx, ods or json.")
        raise Invalid(message, {"format": message}) from error

"""The kinds of files a report comes as, and how a program or a person asks for one."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Room:
    """What a sheet holds at most: rows under its header, and bytes of its text."""

    rows: int
    size: int


ROOM = {
    Format.XLSX: Room(1_048_575, 4_000_000_000),
    Format.ODS: Room(250_000, 2_000_000_000),
}
"""A sheet of Excel ends there. LibreOffice holds as many rows, but takes minutes to open more than these."""


class SheetFull(Invalid):
    """A report has more in it than a sheet of this kind of file can hold."""

    def __init__(self, file_format: Format) -> None:
        message = say(
            "An %(format)s sheet holds at most %(most)s rows here, and this report has more. Take CSV or JSON: they"
            " have no such limit.",
            format=file_format.upper(),
            most=f"{ROOM[file_format].rows:,}",
        )
        super().__init__(message, {"format": message})


def parse_format(name: str) -> Format:
    """The format of this name. Raises Invalid (field ``format``)."""
    try:
        return Format(name.strip().lower())
    except ValueError as error:
        message = say("There is no such format. Choose csv, xlsx, ods or json.")
        raise Invalid(message, {"format": message}) from error

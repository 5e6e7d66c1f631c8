"""The files of somebody's export: one CSV and one JSON for each kind of thing, and a README that explains them."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from quizapp.core.privacy.model import Table
from quizapp.core.reports.cells import make_harmless, show_number

Value = str | int | float | bool | bytes | datetime | date | list[object] | None

QUESTION = "question"
_QUESTION_MEANS = "The question of the card in that wording."
_HEAD = """\
All that Quizapp keeps of you
=============================

Made on {day}. Each kind of thing comes twice, with the same in both: as .csv for a spreadsheet, as .json for programs.
Times are in UTC (ISO 8601). Blank means that there is nothing. In .csv files an apostrophe stands before what a
spreadsheet would take for a formula.

What is not in here: passwords and other secrets, which are kept unreadable; what belongs to others, such as your
teachers' names and remarks; results of tests that are not shown to you yet; decks and texts, which are the school's.

"""


def list_names(table: Table) -> list[str]:
    """The names of the columns in the export; a wording of a card has its question beside it."""
    names = [column.export for column in table.exported]
    return [*names, QUESTION] if asks(table) else names


def asks(table: Table) -> bool:
    """Whether the rows name a wording of a card, and so a question."""
    return any(column.name == "revision_id" and column.export for column in table.columns)


def _show(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return show_number(value)
    return make_harmless(str(_plain(value)))


def _plain(value: Value) -> object:
    """The value as JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def write_csv(names: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """A CSV file in pieces of whole lines; no cell is a formula (see ``core.reports.cells``)."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_show(value) for value in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def write_json(names: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """A JSON list with an object for each row, in pieces. Texts are as they are."""
    before = "[\n"
    for row in rows:
        fields = {name: _plain(value) for name, value in zip(names, row, strict=True)}
        text = json.dumps(fields, ensure_ascii=False, allow_nan=False)
        yield f"{before}{text}".encode("utf-8", "replace")  # halves of characters are nobody's to keep
        before = ",\n"
    yield b"\n]\n" if before == ",\n" else b"[]\n"


def write_readme(tables: Iterable[Table], now: datetime) -> str:
    """What each file and each of its columns is, in plain words."""
    parts = [_HEAD.format(day=now.astimezone(UTC).date().isoformat())]
    for table in tables:
        lines = [f"{table.file}.csv, {table.file}.json: {table.about}"]
        lines += [f"  {column.export}: {column.meaning}" for column in table.exported]
        lines += [f"  {QUESTION}: {_QUESTION_MEANS}"] * asks(table)
        parts.append("\n".join(lines) + "\n\n")
    return "".join(parts)

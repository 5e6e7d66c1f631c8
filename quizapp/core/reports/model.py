"""A report as it is made: columns, rows that come as a stream, and what is said of it as a whole."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from quizapp.core.messages import Message, say
from quizapp.core.reports.cells import show_moment
from quizapp.core.reports.columns import TYPE_WORDS, Column, Row
from quizapp.core.reports.definitions import Definition

Words = Callable[[str], str]
"""Says a message in the reader's language."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a class. The rows can be gone through once; ``zone`` is that of its times.

    ``notes`` are what else a reader is to know, about this class.
    """

    definition: Definition
    class_name: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    made_at: datetime
    zone: tzinfo
    version: str
    notes: tuple[Message, ...] = ()


README = "README"
README_HEADER = ("column", "type", "meaning")


def describe(report: Report, words: Words = str) -> Iterator[tuple[str, ...]]:
    """The rows of the README sheet: what the report is, then a line for each column."""
    definition = report.definition
    yield words(say("Report")), words(definition.title)
    yield words(say("Class")), report.class_name
    yield words(say("Rows")), words(definition.about)
    yield words(say("What counts")), words(definition.counts)
    for note in report.notes:
        yield words(say("Note")), words(note)
    yield words(say("Made at")), show_moment(report.made_at, report.zone)
    yield words(say("Made by")), f"Quizapp {report.version}"
    yield ()
    yield README_HEADER
    for column in report.columns:
        yield column.name, words(TYPE_WORDS[column.type]), words(column.meaning)

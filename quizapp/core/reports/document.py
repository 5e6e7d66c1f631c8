"""The chapter of ``docs/reports.md`` about the columns, made from their definitions."""

from collections.abc import Iterator

from quizapp.core.reports.columns import Column
from quizapp.core.reports.definitions import DEFINITIONS, IDENTITY, Definition

BEGIN, END = "<!-- columns: made by quizapp.core.reports.document -->", "<!-- end of columns -->"


def _escape(text: str) -> str:
    return text.replace("|", "\\|")


def _table(columns: tuple[Column, ...]) -> Iterator[str]:
    yield "| column | type | meaning |"
    yield "|---|---|---|"
    for column in columns:
        yield f"| `{column.name}` | {column.type.value} | {_escape(column.meaning)} |"


def _describe(definition: Definition) -> Iterator[str]:
    yield f"### {definition.kind.value}"
    yield ""
    yield f"{definition.about} {definition.counts}"
    columns = definition.columns
    if columns[: len(IDENTITY)] == IDENTITY:
        columns = columns[len(IDENTITY) :]
        yield "It begins with the columns of the student."
    yield ""
    yield from _table(columns)
    if definition.per_test:
        yield f"| the title of each test | number | {_escape(definition.per_test)} |"
    yield ""


def describe_columns() -> str:
    """All columns as Markdown: those that begin every row about a student, then report by report."""
    lines = [BEGIN, "", "### The columns of the student", "", *_table(IDENTITY), ""]
    for definition in DEFINITIONS.values():
        lines += _describe(definition)
    return "\n".join([*lines, END])

"""The documentation says what the columns are."""

from pathlib import Path

import quizapp
from quizapp.core.reports.definitions import DEFINITIONS
from quizapp.core.reports.document import BEGIN, END, describe_columns
from quizapp.core.reports.formats import MOST_ROWS

DOCS = Path(quizapp.__file__).parent.parent / "docs" / "reports.md"


def test_the_documentation_holds_the_definitions_word_for_word() -> None:
    # To bring it up to date: put what describe_columns() gives between the two marks.
    text = DOCS.read_text()
    assert text[text.index(BEGIN) : text.index(END) + len(END)] == describe_columns()


def test_every_column_of_every_report_is_in_it() -> None:
    described = describe_columns()
    for definition in DEFINITIONS.values():
        assert f"### {definition.kind.value}\n" in described
        for column in definition.columns:
            assert f"| `{column.name}` |" in described


def test_the_documentation_says_how_long_a_sheet_may_be() -> None:
    text = DOCS.read_text()
    for rows in MOST_ROWS.values():
        assert f"{rows:,}" in text

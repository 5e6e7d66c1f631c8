"""Every column of every table, posted to every form: nothing is taken but what the form asks for."""

import pysqlite3 as sqlite3
import pytest
from plumbing.matrix import ACTORS, Row, read_matrix
from plumbing.school import OpenSchool

from quizapp.store.tables import SQLModel

MARK = "919191919"
"""A value that fits numbers and texts, and stands nowhere in the data."""
COLUMNS = sorted({column.name for table in SQLModel.metadata.tables.values() for column in table.columns})
UNSAFE = tuple(row for row in read_matrix() if row.method != "GET" and "Y" in row.cells.values())
_NOTED = frozenset({"throttle", "sign_in"})
# Fields of forms that have the name of a column somewhere: the form asks for them, in so many words.
ASKED_FOR = frozenset(
    (
        *("name", "title", "label", "text", "body", "reply", "response", "description", "theme", "language", "sources"),
        *("first_name", "last_name", "email", "external_id", "tags", "difficulty", "prompt", "answer", "explanation"),
        *(
            "hint",
            "note",
            "type",
            "minutes_per_day",
            "new_per_day",
            "recall",
            "day",
            "rating",
            "confidence",
            "opens_at",
        ),
        *("due_at", "closes_at", "key", "card", "revision", "position", "shown_ms", "version", "kind", "retention"),
    )
)


def _find_mark(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """The columns in which the mark stands."""
    found = set()
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in tables - _NOTED:
        cursor = connection.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        for row in cursor:
            found |= {(table, name) for name, value in zip(names, row, strict=True) if MARK in str(value)}
    return found


@pytest.mark.parametrize("row", UNSAFE, ids=str)
def test_a_form_takes_nothing_but_what_it_asks_for(shared_school: OpenSchool, row: Row) -> None:
    school, ids = shared_school, shared_school.school.owned[0]
    actor = next(one for one in ("S", "T", "A", "anon") if row.cells[one] == "Y")
    fields = {name: MARK for name in COLUMNS if name not in ASKED_FOR} | {"role": "admin"}
    before = school.version()
    response = school.person(ACTORS[actor]).send(
        row.method, row.address(ids), {name: [value] for name, value in fields.items()} | row.fields(ids)
    )
    assert response.status_code < 500
    if school.version() != before:
        with sqlite3.connect(school.file) as connection:
            assert _find_mark(connection) == set()
            admins = connection.execute("SELECT name FROM account WHERE role = 'admin'").fetchall()
        connection.close()
        assert admins == [("Grace",)]
    school.restore_after(before)

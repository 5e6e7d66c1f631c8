"""What is written as an SQLite file is one for SQLite, too."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.core.exchange.anki.sqlitefile import SqliteFile
from quizapp.core.exchange.anki.sqlitewriter import Cell, Table, write_database

_CELLS = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    st.binary(max_size=30),
)
_KEYS = st.integers(-(2**63), 2**63 - 1)


def _write(rows: list[tuple[Cell, ...]]) -> bytes:
    return write_database(
        [
            Table("t", "CREATE TABLE t (id integer primary key, a, b)", rows),
            Table("empty", "CREATE TABLE empty (id integer primary key)", []),
        ]
    )


def _read_with_sqlite(data: bytes) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """What SQLite finds wrong with a database, and the rows it reads."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        check = connection.execute("PRAGMA integrity_check").fetchall()
        assert connection.execute("SELECT count(*) FROM empty").fetchone() == (0,)
        return check, connection.execute("SELECT * FROM t ORDER BY id").fetchall()


@settings(max_examples=60)
@given(st.dictionaries(_KEYS, st.tuples(_CELLS, _CELLS), max_size=20))
def test_sqlite_reads_what_was_written_and_finds_nothing_wrong(values: dict[int, tuple[Cell, Cell]]) -> None:
    rows = [(key, *values[key]) for key in sorted(values)]

    data = _write(rows)

    assert _read_with_sqlite(data) == ([("ok",)], rows)
    assert list(SqliteFile(data).rows("t")) == rows


@pytest.mark.parametrize("length", [0, 100, 4_050, 4_055, 4_056, 4_057, 4_100, 5_000, 8_150, 20_000])
def test_rows_of_all_lengths_find_room(length: int) -> None:
    rows: list[tuple[Cell, ...]] = [(at, "x" * length, at) for at in range(5)]

    assert _read_with_sqlite(_write(rows)) == ([("ok",)], rows)


@pytest.mark.parametrize("count", [1, 100, 2_000, 9_000, 70_000])
def test_trees_of_one_two_and_three_levels_hold_together(count: int) -> None:
    rows: list[tuple[Cell, ...]] = [(at, "some words here", -at) for at in range(count)]

    data = _write(rows)

    assert _read_with_sqlite(data) == ([("ok",)], rows)
    assert SqliteFile(data).count("t") == count


def test_wide_rows_and_the_same_rows_twice_are_the_same_bytes() -> None:
    row: tuple[Cell, ...] = (1, *range(200))
    names = ", ".join(f"c{at}" for at in range(200))
    tables = [Table("t", f"CREATE TABLE t (id integer primary key, {names})", [row])]

    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(write_database(tables))
        assert connection.execute("SELECT * FROM t").fetchone() == row
    assert write_database(tables) == write_database(tables)


def test_a_table_without_a_key_keeps_its_first_column() -> None:
    rows: list[tuple[Cell, ...]] = [("b", 1), ("a", 2)]
    data = write_database([Table("t", "CREATE TABLE t (name text, v)", rows, has_key=False)])

    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        assert connection.execute("SELECT * FROM t").fetchall() == rows
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert list(SqliteFile(data).rows("t")) == rows


def test_a_table_whose_first_column_is_no_key_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError):
        _write([("a", 1, 2)])

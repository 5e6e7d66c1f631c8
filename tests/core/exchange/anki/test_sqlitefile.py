"""The tables of an SQLite file are read without SQLite: everything honest, and nothing that was made to harm."""

import sqlite3
import struct
import tracemalloc
from collections.abc import Callable
from contextlib import closing, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.core.exchange.anki.sqlitefile import BadDatabase, SqliteFile

_VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    st.binary(max_size=30),
)


def _make(*statements: str, rows: list[tuple[object, ...]] | None = None, columns: int = 3) -> bytes:
    """The bytes of a database made by SQLite itself, its table ``t`` filled with rows."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements:
            connection.execute(statement)
        if rows:
            connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * columns)})", rows)
        connection.commit()
        return connection.serialize()


_TABLE = "CREATE TABLE t (id integer primary key, a, b)"


@settings(max_examples=60)
@given(st.lists(st.tuples(_VALUES, _VALUES), max_size=20), st.sampled_from([512, 1024, 4096, 65536]))
def test_rows_are_those_that_sqlite_wrote(values: list[tuple[object, object]], page: int) -> None:
    rows: list[tuple[object, ...]] = [(at * 3 - 5, *pair) for at, pair in enumerate(values)]
    data = _make(f"PRAGMA page_size = {page}", _TABLE, rows=rows)

    database = SqliteFile(data)

    assert [repr(row) for row in database.rows("t")] == [repr(row) for row in rows]
    assert database.count("t") == len(rows)


@pytest.mark.parametrize("page_size", [512, 4096, 65536])
def test_long_rows_and_trees_of_many_pages_are_read(page_size: int) -> None:
    rows: list[tuple[object, ...]] = [(at, "x" * (at * 37 % 9_000), b"y" * (at % 50)) for at in range(400)]
    data = _make(f"PRAGMA page_size = {page_size}", _TABLE, rows=rows)

    assert list(SqliteFile(data).rows("t")) == rows
    assert SqliteFile(data).count("t") == 400


def test_tables_without_row_ids_are_read_too() -> None:
    rows: list[tuple[object, ...]] = [(at, "x" * (at * 37 % 900), at * 2) for at in range(500)]
    table = "CREATE TABLE t (id integer, a, b, PRIMARY KEY (id, a)) WITHOUT ROWID"
    database = SqliteFile(_make("PRAGMA page_size = 512", table, rows=rows))

    assert sorted(database.rows("t")) == rows
    assert database.count("t") == 500


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_texts_in_other_encodings_are_read(encoding: str) -> None:
    data = _make(f"PRAGMA encoding = '{encoding}'", _TABLE, rows=[(1, "Zürich 漢", "")])

    assert list(SqliteFile(data).rows("t")) == [(1, "Zürich 漢", "")]


def test_a_file_for_write_ahead_logging_is_read_as_anki_exports_it() -> None:
    data = bytearray(_make(_TABLE, rows=[(1, "a", "b")]))
    data[18] = data[19] = 2

    assert list(SqliteFile(bytes(data)).rows("t")) == [(1, "a", "b")]


def test_columns_that_were_added_later_are_missing_in_old_rows() -> None:
    data = _make(_TABLE, "INSERT INTO t VALUES (1, 2, 3)", "ALTER TABLE t ADD COLUMN c DEFAULT 4")

    assert list(SqliteFile(data).rows("t")) == [(1, 2, 3)]


def test_rows_of_more_columns_than_anki_has_are_refused_where_they_are_endless() -> None:
    names = ", ".join(f"c{at}" for at in range(150))
    wide = _make(f"CREATE TABLE t ({names})", rows=[tuple("x" * 100 for _ in range(150))], columns=150)
    endless = ", ".join(f"c{at}" for at in range(1_500))

    assert len(next(SqliteFile(wide).rows("t"))) == 150
    with pytest.raises(BadDatabase, match="broken"):
        list(SqliteFile(_make(f"CREATE TABLE t ({endless})", "INSERT INTO t (c1499) VALUES (1)")).rows("t"))


def test_views_triggers_and_virtual_tables_are_no_tables() -> None:
    data = _make(
        _TABLE,
        "CREATE VIEW notes AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT * FROM n",
        "CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t; END",
        "CREATE VIRTUAL TABLE cards USING fts5(a)",
    )
    database = SqliteFile(data)

    assert "t" in database
    assert "notes" not in database
    assert "cards" not in database
    assert list(database.rows("notes")) == []
    assert database.count("cards") == 0


def test_endless_views_are_refused() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        views = (("view", f"v{at}", f"v{at}", 0, f"CREATE VIEW v{at} AS SELECT 1") for at in range(10_001))
        connection.executemany("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", views)
        connection.commit()
        data = connection.serialize()

    with pytest.raises(BadDatabase, match="too many"):
        SqliteFile(data)


def test_broken_text_is_mended() -> None:
    data = _make(_TABLE, rows=[(1, "marker", "b")]).replace(b"marker", b"m\xff\xferk!")

    assert list(SqliteFile(data).rows("t")) == [(1, "m\ufffd\ufffdrk!", "b")]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: b"hello" * 200,
        lambda data: data[:300],
        lambda data: data[:16] + b"\x03\x00" + data[18:],
        lambda data: data[:16] + b"\x00\x10" + data[18:],
        lambda data: data[:20] + b"\xff" + data[21:],
        lambda data: data[:56] + b"\0\0\0\x09" + data[60:],
        lambda data: data[:100] + b"\x07" + data[101:],
        lambda data: data[:103] + b"\xff\xff" + data[105:],
        lambda data: data[:512],
    ],
)
def test_a_broken_file_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    data = spoil(_make("PRAGMA page_size = 512", _TABLE, rows=[(at, "x" * 100, "") for at in range(100)]))

    with pytest.raises(BadDatabase):
        list(SqliteFile(data).rows("t"))


def _page(cells: list[bytes], kind: int = 13, right: bytes = b"") -> bytes:
    head = 12 if kind == 5 else 8
    places, at = [], 4096
    for cell in cells:
        at -= len(cell)
        places.append(at)
    start = struct.pack(">BHHHB", kind, 0, len(cells), at & 0xFFFF, 0) + right
    body = start + b"".join(struct.pack(">H", place) for place in places)
    assert len(start) == head
    return body + bytes(at - len(body)) + b"".join(reversed(cells))


def _with_second_page(page: bytes) -> SqliteFile:
    """A database whose table ``t`` lies on a page made by hand."""
    data = _make(_TABLE)
    return SqliteFile(data[:4096] + page)


def _cell(payload: bytes, key: int = 1) -> bytes:
    return bytes([len(payload), key]) + payload


@pytest.mark.parametrize(
    "cell",
    [
        b"\x05\x01\x02\x0d",
        b"\x00\x01",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\x8f\xff\xff\x7f\x01\x02\x0d",
        _cell(b"\x00"),
        _cell(b"\x09\x01"),
        _cell(b"\x02\x7f"),
        _cell(b"\x03\x81\x00"),
        _cell(b"\x03\x81"),
    ],
)
def test_a_row_that_lies_about_its_length_is_refused(cell: bytes) -> None:
    with pytest.raises(BadDatabase):
        list(_with_second_page(_page([cell])).rows("t"))


def test_a_number_written_in_nine_bytes_is_a_type_and_refused_as_too_long() -> None:
    payload = b"\x0a" + b"\x81" * 8 + b"\x01"

    with pytest.raises(BadDatabase, match="broken"):
        list(_with_second_page(_page([_cell(payload)])).rows("t"))


def test_a_page_that_is_its_own_child_is_refused() -> None:
    page = _page([], 5, struct.pack(">L", 2))

    with pytest.raises(BadDatabase, match="hang together"):
        list(_with_second_page(page).rows("t"))


def test_a_page_outside_the_file_is_refused() -> None:
    with pytest.raises(BadDatabase, match="hang together"):
        list(_with_second_page(_page([], 5, struct.pack(">L", 99))).rows("t"))


def test_rows_that_all_lie_in_the_same_place_are_not_multiplied() -> None:
    text = b"x" * 1_500
    row = b"\x03" + b"\x97\x45" + text
    cell = b"\x8b\x5f\x01" + row
    page = bytearray(_page([cell]))
    place = page[8:10]
    page[3:5] = struct.pack(">H", 1_000)
    page[8:2_008] = bytes(place) * 1_000
    tracemalloc.start()

    with pytest.raises(BadDatabase, match="on top of each other"):
        list(_with_second_page(bytes(page)).rows("t"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 1024 * 1024


@pytest.mark.parametrize("following", [0, 77])
def test_a_long_row_whose_chain_is_cut_off_is_refused(following: int) -> None:
    data = bytearray(_make(_TABLE, rows=[(1, "x" * 20_000, "")]))
    data[2 * 4096 : 2 * 4096 + 4] = struct.pack(">L", following)

    with pytest.raises(BadDatabase, match="cut off"):
        list(SqliteFile(bytes(data)).rows("t"))


def test_a_long_row_that_does_not_fit_its_page_is_refused() -> None:
    payload = b"\xa0\x00"
    page = _page([payload + b"\x01" + b"\x03\x0d"])

    with pytest.raises(BadDatabase, match="cut off"):
        list(_with_second_page(page).rows("t"))


@settings(max_examples=200)
@given(st.integers(0, 8191), st.binary(min_size=1, max_size=8))
def test_no_change_of_its_bytes_makes_reading_fall_over(at: int, noise: bytes) -> None:
    data = bytearray(_make("PRAGMA page_size = 1024", _TABLE, rows=[(at, "x" * at, "y") for at in range(60)]))
    data[at : at + len(noise)] = noise
    with suppress(BadDatabase):
        database = SqliteFile(bytes(data))
        assert len(list(database.rows("t"))) <= database.count("t")

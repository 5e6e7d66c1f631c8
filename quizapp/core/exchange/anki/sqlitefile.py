"""The tables of an SQLite file in memory, read without SQLite.

A deck from a stranger is a database from a stranger. No statement is run here, so its views, triggers, virtual tables
and functions are so many bytes; a page is read once, and no more bytes are handed out than the file has. It also reads
files marked for write-ahead logging, as Anki exports them, which SQLite refuses to open from memory.

The format: https://www.sqlite.org/fileformat2.html, sections 1.3 (header), 1.6 (pages of b-trees), 2.1 (records), 2.4
(tables without rowid).
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quizapp.core.messages import say

Value = int | float | str | bytes | None
Row = tuple[Value, ...]

_MAGIC = b"SQLite format 3\0"
_INTERIOR_INDEX, _INTERIOR_TABLE, _LEAF_INDEX, _LEAF_TABLE = 2, 5, 10, 13
_ENCODINGS = {0: "utf-8", 1: "utf-8", 2: "utf-16-le", 3: "utf-16-be"}
# Of null, integers of six lengths, a real number, 0, 1, and two that are not used.
_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)
_MOST_TABLES = 10_000
_MOST_COLUMNS = 100


class BadDatabase(Exception):
    """The bytes are not an SQLite file, or a damaged one."""


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A page that holds rows: where it and the list of its cells begin, how many there are, and of what tree.

    On the inner pages of an index, ``skip`` bytes stand before each row: the number of the page of those before it.
    """

    page: int
    cells: int
    count: int
    is_index: bool
    skip: int = 0


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where what follows begins."""
    byte = data[at]
    if byte < 0x80:
        return byte, at + 1
    value = byte & 0x7F
    for place in range(at + 1, at + 8):
        byte = data[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + 1
    value = value << 8 | data[at + 8]
    return (value - (1 << 64) if value >> 63 else value), at + 9


def _list_kinds(head: bytes) -> Sequence[int]:
    """The types of a row's values; nearly always each is one byte."""
    if head.isascii():
        return head
    kinds, place = [], 0
    while place < len(head):
        kind, place = _read_varint(head, place)
        kinds.append(kind)
    return kinds


class SqliteFile:
    """The ordinary tables of a database.

    Raises BadDatabase, here or while rows are read, where the bytes do not hold together.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(_MAGIC):
            raise BadDatabase(say("the database does not begin as SQLite files do"))
        size = int.from_bytes(data[16:18], "big")
        self._size = 65536 if size == 1 else size
        self._usable = self._size - data[20]
        encoding = int.from_bytes(data[56:60], "big")
        if self._size < 512 or self._size & (self._size - 1) or self._usable < 480 or encoding not in _ENCODINGS:
            raise BadDatabase(say("the head of the database is broken"))
        self._data = data
        self._pages = len(data) // self._size
        self._encoding = _ENCODINGS[encoding]
        self._roots = self._find_tables()

    def __contains__(self, table: str) -> bool:
        return table in self._roots

    def count(self, table: str) -> int:
        """How many rows a table has, 0 for one that is not there; without reading them."""
        return sum(leaf.count for leaf in self._walk(self._roots[table])) if table in self._roots else 0

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table, none for one that is not there; those of a table with row ids in the order of these.

        The first column is taken for the ``integer primary key``, as it is in all tables of Anki that have one. Each
        value is an int, float, str, bytes or None; broken text is mended with U+FFFD.
        """
        return self._read_rows(self._roots[table]) if table in self._roots else iter(())

    def _find_tables(self) -> Mapping[str, int]:
        if sum(leaf.count for leaf in self._walk(1)) > _MOST_TABLES:
            raise BadDatabase(say("the database has too many tables, views and triggers"))
        roots = {}
        for row in self._read_rows(1):
            match row:
                case ["table", str(name), _, int(root), *_] if root > 0:
                    roots[name.lower()] = root
        return roots

    def _walk(self, root: int) -> Iterator[_Leaf]:
        """The leaves below a page, from left to right."""
        seen: set[int] = set()
        waiting = [root]
        while waiting:
            number = waiting.pop()
            if number in seen or not 0 < number <= self._pages:
                raise BadDatabase(say("its pages do not hang together"))
            seen.add(number)
            begin = (number - 1) * self._size
            head = begin + (100 if number == 1 else 0)
            kind, count = self._data[head], int.from_bytes(self._data[head + 3 : head + 5], "big")
            is_leaf = kind in (_LEAF_TABLE, _LEAF_INDEX)
            cells = head + (8 if is_leaf else 12)
            if cells + 2 * count > begin + self._size:
                raise BadDatabase(say("a page says that it holds more than fits"))
            if is_leaf:
                yield _Leaf(begin, cells, count, kind == _LEAF_INDEX)
            elif kind == _INTERIOR_TABLE:
                waiting += self._list_children(begin, cells, count)
            elif kind == _INTERIOR_INDEX:
                waiting += self._list_children(begin, cells, count)
                yield _Leaf(begin, cells, count, True, 4)
            else:
                raise BadDatabase(say("a page is none of a table"))

    def _list_children(self, page: int, cells: int, count: int) -> list[int]:
        """The pages below a page, the last first."""
        places = struct.unpack_from(f">{count}H", self._data, cells)
        found = [int.from_bytes(self._data[cells - 4 : cells], "big")]
        return found + [int.from_bytes(self._data[page + at : page + at + 4], "big") for at in reversed(places)]

    def _read_rows(self, root: int) -> Iterator[Row]:
        budget = len(self._data)
        try:
            for leaf in self._walk(root):
                for at in struct.unpack_from(f">{leaf.count}H", self._data, leaf.cells):
                    start = leaf.page + at + leaf.skip
                    payload, row = self._read_cell(start, leaf.page + self._usable, leaf.is_index)
                    budget -= payload
                    if budget < 0:
                        raise BadDatabase(say("rows lie on top of each other"))
                    yield row
        except (IndexError, struct.error, OverflowError):
            raise BadDatabase(say("a row is cut off")) from None

    def _read_cell(self, at: int, end: int, is_index: bool) -> tuple[int, Row]:
        """How many bytes a row has, and its values."""
        data = self._data
        length, at = _read_varint(data, at)
        key = None
        if not is_index:
            key, at = _read_varint(data, at)
        if not 0 < length <= len(data):
            raise BadDatabase(say("a row says that it is longer than the file"))
        most = (self._usable - 12) * 64 // 255 - 23 if is_index else self._usable - 35
        if length <= most:
            if at + length > end:
                raise BadDatabase(say("a row is cut off"))
            return length, self._read_record(data, at, length, key)
        least = (self._usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (self._usable - 4)
        local = local if local <= most else least
        if at + local + 4 > end:
            raise BadDatabase(say("a row is cut off"))
        payload = self._read_overflow(at, local, length)
        return length, self._read_record(payload, 0, length, key)

    def _read_overflow(self, at: int, local: int, length: int) -> bytes:
        """A long row, gathered from its page and the chain of those it overflows to."""
        parts = [self._data[at : at + local]]
        missing = length - local
        number = int.from_bytes(self._data[at + local : at + local + 4], "big")
        while missing > 0:
            if not 0 < number <= self._pages:
                raise BadDatabase(say("a long row is cut off"))
            begin = (number - 1) * self._size
            taken = min(missing, self._usable - 4)
            parts.append(self._data[begin + 4 : begin + 4 + taken])
            number = int.from_bytes(self._data[begin : begin + 4], "big")
            missing -= taken
        return b"".join(parts)

    def _read_record(self, data: bytes, at: int, length: int, key: int | None) -> Row:
        head, place = _read_varint(data, at)
        if not 0 < head <= min(length, 9 * _MOST_COLUMNS):
            raise BadDatabase(say("a row is broken"))
        value_at, end = at + head, at + length
        values: list[Value] = []
        for kind in _list_kinds(data[place:value_at]):
            size = (kind - 12) >> 1 if kind >= 12 else _SIZES[kind]
            value_end = value_at + size
            if value_end > end:
                raise BadDatabase(say("a row is broken"))
            values.append(self._read_value(data[value_at:value_end], kind))
            value_at = value_end
        if key is not None and values and values[0] is None:
            values[0] = key
        return tuple(values)

    def _read_value(self, data: bytes, kind: int) -> Value:
        if kind >= 12:
            return str(data, self._encoding, "replace") if kind & 1 else bytes(data)
        if 0 < kind < 7:
            return int.from_bytes(data, "big", signed=True)
        if kind == 7:
            return float(struct.unpack(">d", data)[0])
        return None if kind == 0 else kind - 8

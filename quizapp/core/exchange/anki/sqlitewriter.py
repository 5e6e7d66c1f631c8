"""Tables of rows as the bytes of an SQLite file, written without SQLite, the same bytes for the same rows.

Only ordinary tables without indexes: what Anki needs to read a package.
The format: https://www.sqlite.org/fileformat2.html, sections 1.3 (header), 1.6 (pages of b-trees) and 2.1 (records).
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Cell = int | str | bytes | None

_SIZE = 4096
_MOST_LOCAL = _SIZE - 35
_LEAST_LOCAL = (_SIZE - 12) * 32 // 255 - 23
_LEAF, _INTERIOR = 13, 5
_HEADER = 100
# The number of the version that last wrote; any from 3.7 on that knows this format will do.
_VERSION = 3_053_004
_INTEGER_SIZES = ((1, 1), (2, 2), (3, 3), (4, 4), (6, 5), (8, 6))


@dataclass(frozen=True, slots=True)
class Table:
    """A table to write: its ``CREATE TABLE`` statement, and its rows.

    The first column is an ``integer primary key`` and rises, unless ``has_key`` says that the table has none.
    """

    name: str
    statement: str
    rows: Sequence[Sequence[Cell]]
    has_key: bool = True


def _write_varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    if value >= 1 << 56:
        head, tail = value >> 8, bytes([value & 0xFF])
        return bytes(head >> shift & 0x7F | 0x80 for shift in range(49, -1, -7)) + tail
    written = [value & 0x7F]
    while value := value >> 7:
        written.append(value & 0x7F | 0x80)
    return bytes(reversed(written))


def _write_integer(value: int) -> tuple[int, bytes]:
    if value in (0, 1):
        return 8 + value, b""
    size, kind = next(
        (size, kind) for size, kind in _INTEGER_SIZES if -(1 << 8 * size - 1) <= value < 1 << 8 * size - 1
    )
    return kind, value.to_bytes(size, "big", signed=True)


def _write_value(value: Cell) -> tuple[int, bytes]:
    """The serial type of a value, and its bytes."""
    if value is None:
        return 0, b""
    if isinstance(value, int):
        return _write_integer(value)
    data = value.encode() if isinstance(value, str) else value
    return 2 * len(data) + (13 if isinstance(value, str) else 12), data


def _write_record(row: Sequence[Cell]) -> bytes:
    values = [_write_value(value) for value in row]
    kinds = b"".join(_write_varint(kind) for kind, _ in values)
    size = len(kinds) + 1 if len(kinds) < 127 else len(kinds) + 2
    return _write_varint(size) + kinds + b"".join(data for _, data in values)


@dataclass(slots=True)
class _Pages:
    """The pages of the file from the second on: the first is the list of tables, and written last."""

    pages: list[bytes] = field(default_factory=list)

    def add(self, page: bytes) -> int:
        """Add a page; gives its number."""
        self.pages.append(page.ljust(_SIZE, b"\0"))
        return len(self.pages) + 1

    def spill(self, data: bytes) -> int:
        """The number of the first page of a chain that holds what does not fit on a row's own page."""
        pieces = [data[at : at + _SIZE - 4] for at in range(0, len(data), _SIZE - 4)]
        first = len(self.pages) + 2
        for at, piece in enumerate(pieces, start=1):
            following = first + at if at < len(pieces) else 0
            self.add(following.to_bytes(4, "big") + piece)
        return first

    def write_cell(self, key: int, record: bytes) -> bytes:
        head = _write_varint(len(record)) + _write_varint(key)
        if len(record) <= _MOST_LOCAL:
            return head + record
        local = _LEAST_LOCAL + (len(record) - _LEAST_LOCAL) % (_SIZE - 4)
        local = local if local <= _MOST_LOCAL else _LEAST_LOCAL
        return head + record[:local] + self.spill(record[local:]).to_bytes(4, "big")

    def write_tree(self, table: Table) -> int:
        """The number of the root page of a table."""
        keyed = _keyed(table.rows) if table.has_key else enumerate(table.rows, start=1)
        cells = ((key, self.write_cell(key, _write_record(row))) for key, row in keyed)
        level = [(key, self.add(page)) for key, page in _pack(cells, _LEAF)]
        if not level:
            return self.add(_write_page(_LEAF, [], 0))
        while len(level) > 1:
            pointers = ((key, number.to_bytes(4, "big") + _write_varint(key)) for key, number in level)
            level = [(key, self.add(page)) for key, page in _pack(pointers, _INTERIOR)]
        return level[0][1]


def _keyed(rows: Iterable[Sequence[Cell]]) -> Iterable[tuple[int, Sequence[Cell]]]:
    for row in rows:
        if not isinstance(row[0], int):
            raise TypeError("the first column is an integer primary key")
        yield row[0], (None, *row[1:])


def _pack(cells: Iterable[tuple[int, bytes]], kind: int) -> Iterable[tuple[int, bytes]]:
    """Cells on pages of one level, each page with its highest key."""
    head = 8 if kind == _LEAF else 12
    held: list[bytes] = []
    free, highest = _SIZE - head, 0
    for key, cell in cells:
        if held and len(cell) + 2 > free:
            yield highest, _close_page(kind, held)
            held, free = [], _SIZE - head
        held.append(cell)
        free -= len(cell) + 2
        highest = key
    if held:
        yield highest, _close_page(kind, held)


def _close_page(kind: int, cells: list[bytes]) -> bytes:
    """A page; of inner pages, the last cell's child is the one to the right of all keys."""
    if kind == _LEAF:
        return _write_page(kind, cells, 0)
    return _write_page(kind, cells[:-1], 0, cells[-1][:4])


def _write_page(kind: int, cells: Sequence[bytes], offset: int, right: bytes = b"") -> bytes:
    """A page whose cells stand at its end; ``offset`` bytes stand before it, on the first page the file's header."""
    places, at = [], _SIZE
    for cell in cells:
        at -= len(cell)
        places.append(at)
    head = struct.pack(">BHHHB", kind, 0, len(cells), at & 0xFFFF, 0) + right
    head += b"".join(place.to_bytes(2, "big") for place in places)
    return head + bytes(at - offset - len(head)) + b"".join(reversed(cells))


def write_database(tables: Sequence[Table]) -> bytes:
    """The bytes of an SQLite file with these tables. A handful of tables: their list has to fit on one page."""
    pages = _Pages()
    roots = [pages.write_tree(table) for table in tables]
    listed = [
        pages.write_cell(at, _write_record(("table", table.name, table.name, root, table.statement)))
        for at, (table, root) in enumerate(zip(tables, roots, strict=True), start=1)
    ]
    first = _write_page(_LEAF, listed, _HEADER)
    header = b"SQLite format 3\0" + struct.pack(">HBBBBBB", _SIZE, 1, 1, 0, 64, 32, 32)
    header += struct.pack(">12I", 1, len(pages.pages) + 1, 0, 0, 1, 4, 0, 0, 1, 0, 0, 0)
    header += bytes(20) + struct.pack(">II", 1, _VERSION)
    return b"".join([header, first, *pages.pages])

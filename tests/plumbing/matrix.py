"""The authorisation matrix, tests/security/matrix.csv, as its tests read it."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from urllib.parse import parse_qsl

FILE = Path(__file__).parent.parent / "security" / "matrix.csv"
ACTORS = {"anon": None, "S": "Bob", "SX": "Charlie", "T": "Alice", "TX": "Dana", "A": "Grace"}


@dataclass(frozen=True)
class Row:
    """A request, and who may make it."""

    action: str
    endpoint: str
    method: str
    path: str
    body: str
    cells: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def names(self) -> list[str]:
        """The things that the path names, before any query."""
        return [name for _, name, _, _ in Formatter().parse(self.path.partition("?")[0]) if name]

    def address(self, ids: Mapping[str, str]) -> str:
        """The path, of somebody's things."""
        return self.path.format_map(ids)

    def fields(self, ids: Mapping[str, str]) -> dict[str, list[str]]:
        """The form, of somebody's things."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.body, keep_blank_values=True):
            found.setdefault(name, []).append(value.format_map(ids))
        return found


def read_matrix() -> Iterator[Row]:
    """All rows."""
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    for row in csv.DictReader(lines, strict=True):
        cells = {actor: row.pop(actor) for actor in ACTORS}
        assert set(cells.values()) <= set("YNF"), (row, cells)
        yield Row(**row, cells=cells)

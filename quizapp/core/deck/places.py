"""Where each value of a YAML file stands, kept small: a few integers a value instead of an object."""

from array import array
from collections.abc import Mapping, Sequence

_LINE_SHIFT = 32
_COLUMN_MASK = (1 << _LINE_SHIFT) - 1
_NO_KEYS = 0


def pack_place(line: int, column: int) -> int:
    """One integer for a place whose line and column are counted from 0."""
    return line << _LINE_SHIFT | column


def unpack_place(place: int) -> tuple[int, int]:
    """The line and column of a packed place, both counted from 1."""
    return (place >> _LINE_SHIFT) + 1, (place & _COLUMN_MASK) + 1


class Places:
    """The place of every value and key of one file.

    Values are numbered in the order in which they begin. For value ``n``, ``_values[n]`` is its packed place,
    ``_keys[n]`` that of the key before it (its own place where it has none), ``_ends[n]`` the number of the first
    value after it and all it holds, and ``_shapes[n]`` tells which tuple of keys it has, where it is a mapping.
    """

    __slots__ = ("_children", "_ends", "_key_tuples", "_keys", "_numbers", "_shapes", "_values")

    def __init__(self) -> None:
        self._values = array("Q")
        self._keys = array("Q")
        self._ends = array("I")
        self._shapes = array("I")
        self._key_tuples: list[tuple[str, ...]] = [()]
        self._numbers: dict[tuple[str, ...], int] = {(): _NO_KEYS}
        self._children: dict[int, Mapping[str, int] | Sequence[int]] = {}

    def __len__(self) -> int:
        return len(self._values)

    def add(self, value: int, key: int) -> int:
        """Note a value's packed place and its key's; gives the value's number."""
        number = len(self._values)
        self._values.append(value)
        self._keys.append(key)
        self._ends.append(number + 1)
        self._shapes.append(_NO_KEYS)
        return number

    def close(self, number: int, keys: tuple[str, ...]) -> None:
        """The mapping (with its keys, in order) or the list (with none) of this number is complete."""
        self._ends[number] = len(self._values)
        if keys:
            shape = self._numbers.setdefault(keys, len(self._key_tuples))
            if shape == len(self._key_tuples):
                self._key_tuples.append(keys)
            self._shapes[number] = shape

    def forget_from(self, number: int) -> None:
        """Drop the value of this number and all after it."""
        for column in (self._values, self._keys, self._ends, self._shapes):
            del column[number:]

    def at(self, *path: str | int) -> tuple[int, int]:
        """Line and column, from 1, of the value at a path such as ``("cards", 3, "prompt")``.

        Where the path leads nowhere, the place of the nearest value above it that exists.
        """
        number, _ = self._find(path)
        return unpack_place(self._values[number]) if self._values else (1, 1)

    def key_at(self, *path: str | int) -> tuple[int, int]:
        """Line and column, from 1, of the key before the value at a path; like ``at`` where the path leads nowhere."""
        number, found = self._find(path)
        return unpack_place(self._keys[number]) if found and self._values else self.at(*path)

    def _find(self, path: tuple[str | int, ...]) -> tuple[int, bool]:
        number = 0
        for step in path:
            child = self._child(number, step) if self._values else None
            if child is None:
                return number, False
            number = child
        return number, True

    def _child(self, number: int, step: str | int) -> int | None:
        children = self._children.get(number)
        if children is None:
            children = self._children[number] = self._list_children(number)
        if isinstance(children, Mapping):
            return children.get(step) if isinstance(step, str) else None
        return children[step] if isinstance(step, int) and 0 <= step < len(children) else None

    def _list_children(self, number: int) -> Mapping[str, int] | Sequence[int]:
        children = array("I")
        child, end = number + 1, self._ends[number]
        while child < end:
            children.append(child)
            child = self._ends[child]
        shape = self._shapes[number]
        return dict(zip(self._key_tuples[shape], children, strict=True)) if shape != _NO_KEYS else children

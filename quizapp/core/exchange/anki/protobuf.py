"""Just enough of Protocol Buffers to read and write what lies in Anki's newer packages.

The encoding: https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Iterator, Sequence

from quizapp.core.messages import say

Fields = dict[int, "list[int | bytes]"]

_VARINT, _EIGHT_BYTES, _DELIMITED, _FOUR_BYTES = 0, 1, 2, 5
_MOST_FIELDS = 200_000


class BadMessage(ValueError):
    """The bytes are no message, or one that is cut off."""


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise BadMessage(say("a number is cut off"))


def _read_fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(data):
        key, at = _read_varint(data, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _read_varint(data, at)
            yield key >> 3, value
            continue
        if kind not in (_EIGHT_BYTES, _DELIMITED, _FOUR_BYTES):
            raise BadMessage(say("a field is of a kind that is not known"))
        if kind == _DELIMITED:
            size, at = _read_varint(data, at)
        else:
            size = 8 if kind == _EIGHT_BYTES else 4
        if at + size > len(data):
            raise BadMessage(say("a field is cut off"))
        yield key >> 3, data[at : at + size]
        at += size


def read_message(data: bytes) -> Fields:
    """The values of a message by field number; numbers as they are stored, all else as bytes. Raises BadMessage."""
    fields: Fields = {}
    for count, (number, value) in enumerate(_read_fields(data)):
        if count >= _MOST_FIELDS:
            raise BadMessage(say("there are too many fields"))
        fields.setdefault(number, []).append(value)
    return fields


def get_number(fields: Fields, number: int) -> int:
    """The last number of a field, 0 where there is none."""
    found = [value for value in fields.get(number, ()) if isinstance(value, int)]
    return found[-1] if found else 0


def get_bytes(fields: Fields, number: int) -> bytes:
    """The last bytes of a field, empty where there are none."""
    found = [value for value in fields.get(number, ()) if isinstance(value, bytes)]
    return found[-1] if found else b""


def get_text(fields: Fields, number: int) -> str:
    """The last text of a field, blank where there is none; broken letters are mended with U+FFFD."""
    return get_bytes(fields, number).decode("utf-8", "replace")


def _write_varint(value: int) -> bytes:
    written = bytearray()
    value &= (1 << 64) - 1
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def write_message(fields: Sequence[tuple[int, int | str | bytes]]) -> bytes:
    """A message of these fields, in this order."""
    written = bytearray()
    for number, value in fields:
        if isinstance(value, int):
            written += _write_varint(number << 3 | _VARINT) + _write_varint(value)
        else:
            data = value.encode() if isinstance(value, str) else value
            written += _write_varint(number << 3 | _DELIMITED) + _write_varint(len(data)) + data
    return bytes(written)

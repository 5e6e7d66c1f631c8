"""M4A: sound in an ISO base media file, with its titles, covers and remarks made blank.

ISO/IEC 14496-12. The boxes of remarks (``udta``, ``meta``) become free space of the same length, so that nothing moves.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from quizapp.core.media.refusals import damaged_sound

_WITHIN: Final = frozenset({b"moov", b"trak", b"mdia"})
_BLANKED: Final = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip"})
_TOP: Final = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"sidx", b"styp", b"mfra", *_BLANKED})
_TRACKS: Final = frozenset({b"soun", b"text", b"hint", b"meta"})
_MOST_BOXES: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a box of a kind begins, where what it holds begins, and where it ends."""

    kind: bytes
    start: int
    content: int
    end: int


def _list_boxes(data: bytes, at: int, end: int) -> Iterator[_Box]:
    """The boxes between two places. Raises Unfit."""
    while at < end:
        if end - at < 8:
            raise damaged_sound()
        size, kind, head = struct.unpack_from(">I", data, at)[0], data[at + 4 : at + 8], 8
        if size == 1 and end - at >= 16:
            size, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        elif size == 0:
            size = end - at
        if size < head or size > end - at:
            raise damaged_sound()
        yield _Box(kind, at, at + head, at + size)
        at += size


def _walk(data: bytes) -> Iterator[_Box]:
    """All boxes at the top and within those that hold tracks. Raises Unfit."""
    waiting, seen = [(0, len(data), _TOP)], 0
    while waiting:
        start, end, known = waiting.pop()
        for box in _list_boxes(data, start, end):
            seen += 1
            if seen > _MOST_BOXES or (known and box.kind not in known):
                raise damaged_sound()
            if box.kind in _WITHIN:
                waiting.append((box.content, box.end, frozenset()))
            yield box


def clean_m4a(data: bytes) -> bytes:
    """The file with its remarks blank. One that holds a film, or no sound, raises Unfit."""
    cleaned, tracks = bytearray(data), set[bytes]()
    for box in _walk(data):
        if box.kind == b"hdlr":
            tracks.add(data[box.content + 8 : box.content + 12])
        elif box.kind in _BLANKED:
            cleaned[box.start + 4 : box.start + 8] = b"free"
            cleaned[box.content : box.end] = bytes(box.end - box.content)
    if not {b"soun"} <= tracks <= _TRACKS:
        raise damaged_sound()
    return bytes(cleaned)

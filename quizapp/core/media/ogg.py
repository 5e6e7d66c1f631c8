"""Ogg: Opus and Vorbis, with titles, pictures and remarks made blank.

Pages: RFC 3533. The packet of remarks: RFC 7845 section 5.2 (Opus), Vorbis I specification section 5 (Vorbis). Its
length stays, so that no page moves: the name of the program that wrote the file becomes that many spaces.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from quizapp.core.media.refusals import damaged_sound

_HEAD: Final = 27
_FIRST: Final = {b"OpusHead": b"OpusTags", b"\x01vorbis": b"\x03vorbis"}
_LARGEST_REMARKS: Final = 1024 * 1024  # pictures of covers go elsewhere; and the sums over pages take their time
_POLYNOMIAL: Final = 0x04C11DB7


def _make_sums() -> tuple[int, ...]:
    sums = []
    for byte in range(256):
        rest = byte << 24
        for _ in range(8):
            rest = (rest << 1 ^ (_POLYNOMIAL if rest & 0x8000_0000 else 0)) & 0xFFFF_FFFF
        sums.append(rest)
    return tuple(sums)


_SUMS: Final = _make_sums()


def _sum(page: bytes | bytearray) -> int:
    """The check sum of a page whose own check sum is zero."""
    rest = 0
    for byte in page:
        rest = (rest << 8 ^ _SUMS[rest >> 24 ^ byte]) & 0xFFFF_FFFF
    return rest


@dataclass(frozen=True, slots=True)
class _Page:
    """Where a page, its table of segments and what it carries begin, and where it ends."""

    start: int
    body: int
    end: int
    segments: bytes
    stream: bytes


def _list_pages(data: bytes) -> Iterator[_Page]:
    at = 0
    while at < len(data):
        if data[at : at + 5] != b"OggS\0" or len(data) < at + _HEAD:
            raise damaged_sound()
        segments = data[at + _HEAD : at + _HEAD + data[at + 26]]
        body = at + _HEAD + len(segments)
        end = body + sum(segments)
        if end > len(data):
            raise damaged_sound()
        yield _Page(at, body, end, segments, data[at + 14 : at + 18])
        at = end


def _find_remarks(pages: list[_Page]) -> list[tuple[_Page, int, int]]:
    """The second packet of the stream: the part of it on each page, as page, begin and end. Raises Unfit."""
    parts: list[tuple[_Page, int, int]] = []
    for page in pages[1:]:
        at = page.body
        for length in page.segments:
            at += length
            if length < 255:
                return [*parts, (page, page.body, at)]
        parts.append((page, page.body, at))
    raise damaged_sound()


def _make_blank(kind: bytes, length: int) -> bytes:
    """A packet of no remarks of a given length."""
    tail = b"\0\0\0\0" + (b"\x01" if kind == b"\x03vorbis" else b"")
    spaces = length - len(kind) - 4 - len(tail)
    if spaces < 0:
        raise damaged_sound()
    return kind + struct.pack("<I", spaces) + b" " * spaces + tail


def clean_ogg(data: bytes) -> bytes:
    """The file with its remarks blank. Raises Unfit."""
    pages = list(_list_pages(data))
    first = data[pages[0].body : pages[0].end]
    kind = next((tags for head, tags in _FIRST.items() if first.startswith(head)), None)
    if kind is None or any(page.stream != pages[0].stream for page in pages):
        raise damaged_sound()
    parts = _find_remarks(pages)
    length = sum(end - start for _, start, end in parts)
    begin = parts[0][1]
    if data[begin : begin + len(kind)] != kind or length > _LARGEST_REMARKS:
        raise damaged_sound()
    blank, cleaned = _make_blank(kind, length), bytearray(data)
    for page, start, end in parts:
        cleaned[start:end], blank = blank[: end - start], blank[end - start :]
        cleaned[page.start + 22 : page.start + 26] = bytes(4)
        cleaned[page.start + 22 : page.start + 26] = struct.pack("<I", _sum(cleaned[page.start : page.end]))
    return bytes(cleaned)

"""What a file is, and how large its picture, told from its first bytes without decoding anything.

The formats: PNG (W3C, ISO/IEC 15948), JPEG (ITU-T T.81), GIF89a (W3C), WebP (RFC 9649), Ogg (RFC 3533), RIFF/WAVE
(Microsoft, IBM 1991), ISO base media (ISO/IEC 14496-12), MPEG audio (ISO/IEC 11172-3) with ID3v2.
"""

import struct
from dataclasses import dataclass, replace

_PNG = b"\x89PNG\r\n\x1a\n"
_LOSSY, _LOSSLESS, _EXTENDED = b"VP8 ", b"VP8L", b"VP8X"
_FRAME_HEADERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_SEQUENTIAL = frozenset({0xC0, 0xC1})
_SCAN = 0xDA
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a picture in pixels. ``streams``: it can be decoded line by line, as photos from cameras can."""

    width: int
    height: int
    streams: bool = False


def find_format(data: bytes) -> str | None:
    """``png``, ``jpeg``, ``gif``, ``webp``, ``ogg``, ``wav``, ``m4a``, ``mp3`` by the first bytes; None for others."""
    if data.startswith(_PNG):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if data[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(data[8:12])
    if data[:4] == b"OggS":
        return "ogg"
    if data[4:8] == b"ftyp":
        return "m4a"
    if data[:3] == b"ID3" or (data[:1] == b"\xff" and data[1:2] >= b"\xe0"):
        return "mp3"
    return None


def measure_picture(data: bytes) -> Size | None:
    """The size that a picture says it has; None where it says none."""
    measure = {"png": _measure_png, "jpeg": _measure_jpeg, "gif": _measure_gif, "webp": _measure_webp}
    kind = find_format(data)
    try:
        return measure[kind](data) if kind in measure else None
    except (struct.error, IndexError):
        return None


def _measure_png(data: bytes) -> Size | None:
    return Size(*struct.unpack_from(">II", data, 16)) if data[12:16] == b"IHDR" else None


def _measure_gif(data: bytes) -> Size:
    return Size(*struct.unpack_from("<HH", data, 6))


def _measure_jpeg(data: bytes) -> Size | None:
    at, size, parts = 2, None, 0
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAME_HEADERS and size is None:
            height, width, parts = struct.unpack_from(">HHB", data, at + 5)
            size = Size(width, height, streams=marker in _SEQUENTIAL)
        if marker == _SCAN:
            # A scan of some of the colours only is kept whole in memory until the others have come.
            return size if size is None or data[at + 4] == parts else replace(size, streams=False)
        if marker == 0xFF:  # fill
            at += 1
        elif marker in _WITHOUT_LENGTH:
            at += 2
        else:
            at += 2 + max(struct.unpack_from(">H", data, at + 2)[0], 2)
    return None


def _measure_webp(data: bytes) -> Size | None:
    kind = data[12:16]
    if kind == _EXTENDED:
        width = int.from_bytes(data[24:27], "little") + 1
        return Size(width, int.from_bytes(data[27:30], "little") + 1)
    if kind == _LOSSLESS:
        (bits,) = struct.unpack_from("<I", data, 21)
        return Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == _LOSSY:
        width, height = struct.unpack_from("<HH", data, 26)
        return Size(width & 0x3FFF, height & 0x3FFF)
    return None

"""WAV: the chunks that hold sound, without titles, cue sheets and whatever else programs leave in the file.

Multimedia Programming Interface and Data Specifications 1.0 (IBM, Microsoft 1991), and RFC 2361 for the codes.
"""

import struct
from typing import Final

from quizapp.core.media.refusals import damaged_sound

_KEPT: Final = (b"fmt ", b"fact", b"data")
_PLAYABLE: Final = frozenset({1, 3, 6, 7, 0xFFFE})  # whole numbers, floating point, A-law, µ-law, extended


def _list_chunks(data: bytes) -> dict[bytes, bytes]:
    """The first chunk of each kind that is kept."""
    chunks: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        if kind in _KEPT:
            chunks.setdefault(kind, data[at + 8 : at + 8 + size])
        at += 8 + size + (size & 1)
    return chunks


def clean_wav(data: bytes) -> bytes:
    """A WAV file of its sound alone. One that was cut off plays as far as it goes. Raises Unfit."""
    chunks = _list_chunks(data)
    form = chunks.get(b"fmt ", b"")
    if len(form) < 16 or struct.unpack_from("<H", form)[0] not in _PLAYABLE or not chunks.get(b"data"):
        raise damaged_sound()
    body = b"".join(
        kind + struct.pack("<I", len(chunks[kind])) + chunks[kind] + b"\0" * (len(chunks[kind]) & 1)
        for kind in _KEPT
        if kind in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body

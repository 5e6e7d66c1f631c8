"""MP3: the frames of sound, without the tags before and after them.

Frames: ISO/IEC 11172-3 and 13818-3, section 2.4.1. Tags: id3.org (ID3v1 at the end, ID3v2 at the beginning).
"""

from typing import Final

from quizapp.core.media.refusals import damaged_sound

_FEWEST_FRAMES: Final = 3
_LONGEST_SEARCH: Final = 8192  # bytes of padding that some programs leave between a tag and the sound
_RATES: Final = ((11025, 12000, 8000), (0, 0, 0), (22050, 24000, 16000), (44100, 48000, 32000))
_MPEG_1: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_MPEG_2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)


def _measure_frame(data: bytes, at: int) -> int:
    """The length of the frame of layer III that begins here; 0 where none begins."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate_index = head[1] >> 3 & 3, head[2] >> 2 & 3
    bits = (_MPEG_1 if version == 3 else _MPEG_2)[head[2] >> 4]
    rate = 0 if rate_index == 3 else _RATES[version][rate_index]
    if not bits or not rate:
        return 0
    return (144_000 if version == 3 else 72_000) * bits // rate + (head[2] >> 1 & 1)


def _skip_tags(data: bytes) -> int:
    """Where the tags before the sound end."""
    at = 0
    while data[at : at + 3] == b"ID3" and len(data) >= at + 10:
        size = 0
        for byte in data[at + 6 : at + 10]:
            size = size << 7 | byte & 0x7F
        at += 10 + size + (10 if data[at + 5] & 0x10 else 0)
    return at


def _list_frames(data: bytes, at: int) -> int:
    """The end of the frames that follow one another from here on; ``at`` where they are too few to be sound."""
    start, count = at, 0
    while 0 < (length := _measure_frame(data, at)) <= len(data) - at:
        at, count = at + length, count + 1
    return at if count >= _FEWEST_FRAMES else start


def clean_mp3(data: bytes) -> bytes:
    """The frames of an MP3 file, and nothing else. Raises Unfit."""
    tags_end = _skip_tags(data)
    for start in range(tags_end, min(tags_end + _LONGEST_SEARCH, len(data))):
        end = _list_frames(data, start)
        if end > start:
            return data[start:end]
    raise damaged_sound()

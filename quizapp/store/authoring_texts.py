"""How the texts of versions are kept small: compressed, and against an earlier version where they are much alike.

Zstandard takes the earlier text as a dictionary (RFC 8878, section 5): what did not change costs next to nothing.
A version never leans on one that leans on another itself: reading it costs two rows at most.
"""

from typing import Final

from zstandard import ZstdCompressionDict, ZstdCompressionParameters, ZstdCompressor, ZstdDecompressor

from quizapp.core.deck.text import LARGEST_FILE

KEYFRAME_SHARE: Final = 0.1
"""A version that takes more than this share of its text against an earlier one is kept for itself."""
_LEVEL: Final = 9
_SMALLEST_WINDOW: Final = 10
_LARGEST_WINDOW: Final = 27
_LARGEST: Final = 2 * LARGEST_FILE


def _dictionary(text: str) -> ZstdCompressionDict | None:
    return ZstdCompressionDict(text.encode(), dict_type=1) if text else None  # 1: raw content, as it stands


def pack(text: str, base: str = "") -> bytes:
    """The text in few bytes; ``base`` is another text that is at hand when it is unpacked."""
    data = text.encode()
    window = min(max((len(data) + len(base.encode())).bit_length(), _SMALLEST_WINDOW), _LARGEST_WINDOW)
    settings = ZstdCompressionParameters.from_level(_LEVEL, window_log=window, write_content_size=True)
    return bytes(ZstdCompressor(dict_data=_dictionary(base), compression_params=settings).compress(data))


def unpack(packed: bytes, base: str = "") -> str:
    """The text that was packed, with the same ``base``."""
    reader = ZstdDecompressor(dict_data=_dictionary(base), max_window_size=1 << _LARGEST_WINDOW)
    return bytes(reader.decompress(packed, max_output_size=_LARGEST)).decode()

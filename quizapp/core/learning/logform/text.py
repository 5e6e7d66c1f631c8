"""From the bytes of a log, packed or not, to its text."""

import zlib

from quizapp.core.exchange.decoding import decode
from quizapp.core.learning.logform.fault import BrokenLog
from quizapp.core.messages import say

LARGEST_LOG = 256 * 1024 * 1024
"""Bytes of a log, unpacked: some five million reviews."""

_GZIP = b"\x1f\x8b"
_PORTION = 1024 * 1024
_COLLECTIONS = (b"PK\x03\x04", b"SQLite format 3")


def _refuse_size() -> BrokenLog:
    message = say("The log has more than %(most)s MB.", most=LARGEST_LOG // 1024 // 1024)
    return BrokenLog(1, "file-too-large", message, say("Cut it into parts, each with its header."))


def _unpack(data: bytes) -> bytes:
    """What a gzip file holds, all its parts one after another; never more than is read at most."""
    pieces: list[bytes] = []
    size = 0
    try:
        while data.startswith(_GZIP):
            unpacker = zlib.decompressobj(wbits=31)
            while not unpacker.eof:
                piece = unpacker.decompress(data, _PORTION)
                data = unpacker.unconsumed_tail
                if not piece and not data and not unpacker.eof:
                    raise zlib.error("cut off")
                pieces.append(piece)
                size += len(piece)
                if size > LARGEST_LOG:
                    raise _refuse_size()
            data = unpacker.unused_data.lstrip(b"\0")
    except zlib.error as error:
        message = say("The compressed file is damaged or cut off.")
        raise BrokenLog(1, "not-text", message, say("Make it again, or unpack it yourself.")) from error
    return b"".join(pieces)


def read_text(data: bytes, file: str) -> tuple[str, str]:
    """The text of a log and a note on how its letters were read, blank where there is nothing to say.

    Known are gzip, UTF-8 and UTF-16 with and without a mark, and one-byte codes of the West: ids that are equal stay
    equal. Raises BrokenLog.
    """
    if data.startswith(_GZIP):
        data = _unpack(data)
    if len(data) > LARGEST_LOG:
        raise _refuse_size()
    if data.startswith(_COLLECTIONS):
        message = say("This is a package, a workbook or a database, not a table in text form.")
        fix = say(
            "Save a workbook as CSV. Of an Anki package, `quizapp deck import FILE --reviews LOG.csv` writes the log."
        )
        raise BrokenLog(1, "not-text", message, fix)
    decoded = decode(data, file, LARGEST_LOG)
    if decoded.text is None:
        problem = decoded.problems[0]
        raise BrokenLog(1, problem.code, problem.message, problem.fix)
    return decoded.text, decoded.note

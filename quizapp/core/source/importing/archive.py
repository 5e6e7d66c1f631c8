"""Zip archives that strangers send: what they hold is looked at before anything of it is unpacked.

The standard library reads the whole list of entries before it tells how many there are; so the end of the archive is
read first (PKWARE APPNOTE 6.3, 4.3.16), by the same rule as the library's. Nothing is written to a disk, so names and
links in an archive lead nowhere.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from quizapp.core.errors import Invalid
from quizapp.core.messages import say
from quizapp.core.source.importing.model import refuse

LARGEST_LIST = 400_000  # bytes of the list of entries: some thousand of them
MOST_ENTRIES = 2000
LARGEST_ENTRY = 24 * 1024 * 1024
HIGHEST_RATIO = 200  # XML of Word shrinks to a tenth; a bomb to a thousandth
_SMALL = 1024 * 1024  # below this a ratio tells nothing
_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_ZIP64_MARK = b"PK\x06\x07"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def refuse_archive() -> Invalid:
    """The error for an archive that is damaged, locked, or made to do harm."""
    return refuse(
        say("This file is damaged, locked with a password, or not made by a word processor. Save it as .docx again.")
    )


def _find_end(data: bytes) -> int:
    last = len(data) - _END.size
    if last >= 0 and data.startswith(_END_MARK, last) and data.endswith(b"\x00\x00"):
        return last
    return data.rfind(_END_MARK, max(len(data) - _END.size - 0xFFFF, 0))


def _check_list(data: bytes) -> None:
    at = _find_end(data)
    if at < 0 or len(data) - at < _END.size or data.startswith(_ZIP64_MARK, max(at - 20, 0)):
        raise refuse_archive()
    *_, entries, size, _, _ = _END.unpack_from(data, at)
    if entries > MOST_ENTRIES or size > LARGEST_LIST:
        raise refuse_archive()


class Archive:
    """An archive whose list of entries is of a sound size."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._opened = opened
        self.names = frozenset(opened.namelist())

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """An entry to be read; it ends at the size it declares. Raises Invalid where that is too large or a lie."""
        entry = self._opened.getinfo(name)
        ratio = entry.file_size / max(entry.compress_size, 1)
        is_bomb = entry.file_size > LARGEST_ENTRY or (entry.file_size > _SMALL and ratio > HIGHEST_RATIO)
        if is_bomb or entry.compress_type not in _METHODS or entry.flag_bits & 1:
            raise refuse_archive()
        try:
            with self._opened.open(entry) as file:
                yield file
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
            OSError,
        ) as error:
            raise refuse_archive() from error


def open_archive(data: bytes) -> Archive:
    """Look into an archive. Raises Invalid where it is damaged or has too many entries."""
    _check_list(data)
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error) as error:
        raise refuse_archive() from error
    if len(opened.infolist()) > MOST_ENTRIES:
        raise refuse_archive()
    return Archive(opened)

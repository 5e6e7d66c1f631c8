"""Zip archives from strangers: looked over before anything is unpacked, and unpacked within limits.

Written for archives held in memory: ``.apkg`` and ``.colpkg`` of Anki, ``.docx``, packages of QTI. Nothing is written
to a disk here, so a name can lead nowhere; archives whose names try to are refused all the same, since no honest
program makes them. The format: PKWARE's APPNOTE 6.3.10, sections 4.3 to 4.5.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import zstandard

from quizapp.core.messages import say

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of an archive is taken, in bytes but for ``entries``.

    ``archive``: the file itself; ``entry``: one file in it, unpacked; ``total``: all that is unpacked of it together.
    ``ratio``: how many times its packed size a file of more than ``small`` bytes may have; no honest one has more.
    """

    archive: int = 128 * MEGABYTE
    entries: int = 50_000
    entry: int = 64 * MEGABYTE
    total: int = 160 * MEGABYTE
    ratio: int = 150
    small: int = 8 * MEGABYTE


DEFAULT_LIMITS = Limits()


class ArchiveRefused(Exception):
    """An archive, or a file in it, that is not taken. ``code`` is stable; the words are for people."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fix = fix


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    method: int
    crc: int
    packed: int
    size: int
    at: int


_END = struct.Struct("<4s4H2LH")
_END_64_PLACE = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 1
_UTF_8_NAMES = 0x800
_UNIX = 3
_LONGEST_NAME = 1_000
# Eight megabytes is what every reader of zstd must manage (RFC 8878, section 3.1.1.1.2); more only costs memory.
_LARGEST_WINDOW = 8 * MEGABYTE
_CHUNK = 256 * 1024


def _damaged(why: str) -> ArchiveRefused:
    fix = say("Export or download it again, and check that the whole file arrived.")
    return ArchiveRefused("archive-damaged", say("The archive is damaged: %(why)s.", why=why), fix)


def _unsafe(why: str) -> ArchiveRefused:
    fix = say("Do not use it: no honest program makes such a file. Ask for it at its source again.")
    return ArchiveRefused("archive-unsafe", say("The archive is not safe to open: %(why)s.", why=why), fix)


def _too_large(what: str) -> ArchiveRefused:
    fix = say("Export less at a time: one deck, or without pictures and sounds.")
    return ArchiveRefused("archive-too-large", what, fix)


def _megabytes(count: int) -> str:
    return f"{max(1, round(count / MEGABYTE)):,} MB"


def _find_end(data: bytes) -> tuple[int, int, int, int]:
    """Number of entries, size and place of the directory, and where its end record begins."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _END.size - 0xFFFF))
    if at < 0 or at + _END.size > len(data):
        fix = say("Choose the file that the other program exported; do not rename another one.")
        raise ArchiveRefused("not-an-archive", say("The file is not an archive (zip), or its end is missing."), fix)
    _, disk, first_disk, _, entries, size, place, _ = _END.unpack_from(data, at)
    if 0xFFFF in (entries, disk) or 0xFFFFFFFF in (size, place):
        return _find_end_64(data, at)
    if disk or first_disk:
        raise _damaged(say("it is one part of several"))
    return entries, size, place, at


def _find_end_64(data: bytes, end: int) -> tuple[int, int, int, int]:
    before = end - _END_64_PLACE.size
    if before < 0:
        raise _damaged(say("its end record is incomplete"))
    mark, _, at, _ = _END_64_PLACE.unpack_from(data, before)
    if mark != b"PK\x06\x07" or at + _END_64.size > before:
        raise _damaged(say("its end record is incomplete"))
    mark, *_, entries, size, place = _END_64.unpack_from(data, at)
    if mark != b"PK\x06\x06":
        raise _damaged(say("its end record is incomplete"))
    return entries, size, place, at


def _check_name(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name:
        raise _unsafe(say("the name “%(name)s” in it leads out of its folder", name=name[:60]))
    return name


def _read_wide(extra: bytes, wanted: list[int]) -> list[int]:
    """The sizes and place that stand in the zip64 extra field where the directory has no room for them."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            inside = extra[at + 4 : at + 4 + length]
            numbers = iter(struct.unpack_from(f"<{len(inside) // 8}Q", inside))
            return [next(numbers, value) if value == 0xFFFFFFFF else value for value in wanted]
        at += 4 + length
    return wanted


def _read_entry(data: bytes, at: int, end: int) -> tuple[_Entry, int]:
    """The directory's entry at a place, and where the next one begins."""
    if at + _CENTRAL.size > end or data[at : at + 4] != b"PK\x01\x02":
        raise _damaged(say("its list of files is incomplete"))
    head = _CENTRAL.unpack_from(data, at)
    flags, method, crc = head[3], head[4], head[7]
    name_length, extra_length, comment_length, attributes, place = head[10], head[11], head[12], head[15], head[16]
    after_name = at + _CENTRAL.size + name_length
    after = after_name + extra_length + comment_length
    if after > end or name_length > _LONGEST_NAME:
        raise _damaged(say("its list of files is incomplete"))
    name = data[at + _CENTRAL.size : after_name].decode("utf-8" if flags & _UTF_8_NAMES else "cp437", "replace")
    if flags & _ENCRYPTED:
        fix = say("Export it again without a password.")
        raise ArchiveRefused("archive-locked", say("The archive is locked with a password."), fix)
    if head[1] >> 8 == _UNIX and stat.S_ISLNK(attributes >> 16):
        raise _unsafe(say("“%(name)s” in it is a link to another file", name=name[:60]))
    size, packed, place = _read_wide(data[after_name : after_name + extra_length], [head[9], head[8], place])
    return _Entry(_check_name(name), method, crc, packed, size, place), after


def _read_directory(data: bytes, limits: Limits) -> Iterator[_Entry]:
    entries, size, place, end = _find_end(data)
    if entries > limits.entries or size > limits.entries * (_CENTRAL.size + _LONGEST_NAME):
        raise _too_large(
            say(
                "The archive lists %(entries)s files; at most %(most)s are taken.",
                entries=f"{entries:,}",
                most=f"{limits.entries:,}",
            )
        )
    if place + size > end:
        raise _damaged(say("its list of files is incomplete"))
    at = place
    for _ in range(entries):
        entry, at = _read_entry(data, at, place + size)
        yield entry
    if at != place + size:
        raise _damaged(say("its list of files says something else than its end"))


def _find_ends(entries: list[_Entry], end: int) -> dict[str, int]:
    """Where the next file begins behind each.

    Files that share bytes are refused: by that trick a small archive holds endless data.
    """
    ordered = sorted(entries, key=lambda entry: entry.at)
    ends = [*(entry.at for entry in ordered[1:]), end]
    for entry, following in zip(ordered, ends, strict=False):
        if entry.at + _LOCAL.size + entry.packed > following:
            raise _unsafe(say("files in it lie on top of each other"))
    return {entry.name: following for entry, following in zip(ordered, ends, strict=False)}


class Archive:
    """A zip archive in memory, its list of files read and checked; files are unpacked one by one.

    Raises ArchiveRefused where it is damaged, locked, too large or made to harm.
    """

    def __init__(self, data: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
        if len(data) > limits.archive:
            raise _too_large(
                say(
                    "The file has %(size)s; at most %(most)s are taken.",
                    size=_megabytes(len(data)),
                    most=_megabytes(limits.archive),
                )
            )
        self._data = data
        self._limits = limits
        self._left = limits.total
        entries = list(_read_directory(data, limits))
        self._ends = _find_ends(entries, _find_end(data)[2])
        self._entries = {entry.name: entry for entry in entries}
        if len(self._entries) < len(entries):
            raise _unsafe(say("two files in it have the same name"))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all entries, in the order of the archive's directory."""
        return tuple(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str, most: int | None = None, *, zstd: bool = False) -> bytes:
        """The bytes of one file, unpacked; at most ``most`` of them, and of zstd's frame within where ``zstd`` is set.

        Raises ArchiveRefused where the file is missing, too large, damaged, or not as large as the archive says.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise _damaged(say("“%(name)s” is missing in it", name=name))
        most = min(self._left, self._limits.entry if most is None else most)
        if entry.size > most:
            raise _too_large(
                say(
                    "“%(name)s” in the archive is larger than the %(size)s that are taken.",
                    name=name[:60],
                    size=_megabytes(most),
                )
            )
        densest = max(self._limits.small, self._limits.ratio * entry.packed)
        if entry.size > densest:
            raise _unsafe(say("“%(name)s” in it unpacks to far more than its size", name=name[:60]))
        most = min(most, densest)
        unpacked = expand_zstd(self._inflate(entry), most) if zstd else self._inflate(entry)
        if unpacked is None:
            raise _too_large(
                say(
                    "“%(name)s” in the archive is larger than the %(size)s that are taken.",
                    name=name[:60],
                    size=_megabytes(most),
                )
            )
        self._left -= len(unpacked)
        return unpacked

    def _inflate(self, entry: _Entry) -> bytes:
        """A file of the archive, whose size has been checked: never more than it says is made."""
        packed = self._find_packed(entry)
        if entry.method == _STORED:
            data = bytes(packed)
        elif entry.method == _DEFLATED:
            try:
                data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, entry.size + 1)
            except zlib.error:
                raise _damaged(say("“%(name)s” in it cannot be unpacked", name=entry.name[:60])) from None
        else:
            raise _damaged(say("“%(name)s” in it is packed in a way that is not known", name=entry.name[:60]))
        if len(data) != entry.size:
            raise _unsafe(say("“%(name)s” in it has another size than it says", name=entry.name[:60]))
        if zlib.crc32(data) != entry.crc:
            raise _damaged(say("“%(name)s” in it has changed on the way", name=entry.name[:60]))
        return data

    def _find_packed(self, entry: _Entry) -> memoryview:
        if entry.at + _LOCAL.size > len(self._data) or self._data[entry.at : entry.at + 4] != b"PK\x03\x04":
            raise _damaged(say("“%(name)s” is not where it should be", name=entry.name[:60]))
        head = _LOCAL.unpack_from(self._data, entry.at)
        start = entry.at + _LOCAL.size + head[9] + head[10]
        if start + entry.packed > self._ends[entry.name]:
            raise _damaged(say("“%(name)s” in it ends too early", name=entry.name[:60]))
        return memoryview(self._data)[start : start + entry.packed]


def expand_zstd(data: bytes, most: int) -> bytes | None:
    """A zstd frame unpacked; None where it holds over ``most`` bytes. Raises ArchiveRefused where it is damaged."""
    reader = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).stream_reader(data)
    expanded = bytearray()
    try:
        while chunk := reader.read(_CHUNK):
            expanded += chunk
            if len(expanded) > most:
                return None
    except zstandard.ZstdError:
        raise _damaged(say("a part packed with zstd cannot be unpacked")) from None
    return bytes(expanded)

"""Archives from strangers are looked over before anything is unpacked, and unpacked within limits."""

import io
import stat
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.exchange.archives import MEGABYTE, Archive, ArchiveRefused, Limits, expand_zstd

_NAMES = st.text("abcXYZ019._- é漢", min_size=1, max_size=20).filter(lambda name: ".." not in name)


def _zip(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


def _refusal(data: bytes, limits: Limits | None = None) -> ArchiveRefused:
    with pytest.raises(ArchiveRefused) as refused:
        Archive(data, limits or Limits())
    return refused.value


def _reading_refusal(archive: Archive, name: str, most: int | None = None, *, zstd: bool = False) -> ArchiveRefused:
    with pytest.raises(ArchiveRefused) as refused:
        archive.read(name, most, zstd=zstd)
    return refused.value


def _patch(data: bytes, mark: bytes, offset: int, value: bytes) -> bytes:
    """The archive with some bytes behind the last place of a mark changed."""
    at = data.rindex(mark) + offset
    return data[:at] + value + data[at + len(value) :]


@given(st.dictionaries(_NAMES, st.binary(max_size=200), max_size=5), st.sampled_from([0, 8]))
def test_what_zip_programs_pack_comes_out_as_it_was(files: dict[str, bytes], method: int) -> None:
    archive = Archive(_zip(files, method))

    assert {name: archive.read(name) for name in archive.names} == files
    assert all(name in archive for name in files)


def test_an_archive_written_in_one_go_and_one_of_the_large_kind_are_read() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive, archive.open("a.txt", "w", force_zip64=True) as file:
        file.write(b"hello")

    assert Archive(written.getvalue()).read("a.txt") == b"hello"


def test_sizes_that_stand_in_the_wide_field_of_the_directory_are_read() -> None:
    data = _zip({"a.txt": b"hello"}, zipfile.ZIP_STORED)
    at = data.index(b"PK\x01\x02")
    entry = bytearray(data[at : data.index(b"PK\x05\x06")])
    wide = struct.pack("<HH3Q", 1, 24, 5, 5, 0)
    entry[20:28], entry[42:46] = b"\xff" * 8, b"\xff" * 4
    unknown = struct.pack("<HHH", 9, 2, 0)
    struct.pack_into("<H", entry, 30, len(unknown + wide))
    directory = bytes(entry) + unknown + wide
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), at, 0)

    assert Archive(data[:at] + directory + end).read("a.txt") == b"hello"

    without = bytes(entry) + unknown + b"\0" * len(wide)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(without), at, 0)
    assert _refusal(data[:at] + without + end).code == "archive-unsafe"


def test_the_end_record_of_large_archives_is_read_and_its_breaks_are_told() -> None:
    data = _zip({"a.txt": b"hello"})
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, end - at, at)
    place = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)

    assert Archive(data[:end] + large + place + last).read("a.txt") == b"hello"
    for broken in (last, data[:end] + large + b"XX" + place[2:] + last, data[:end] + b"XX" + large[2:] + place + last):
        assert _refusal(broken).code == "archive-damaged"


def test_what_is_no_archive_is_refused_in_words() -> None:
    for data in (b"", b"PK", b"hello, world", b"SQLite format 3\0" * 100, b"PK\x05\x06"):
        refusal = _refusal(data)

        assert refusal.code == "not-an-archive"
        assert "not an archive" in refusal.message
        assert refusal.fix


@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_bytes_make_it_fall_over(noise: bytes, at: int) -> None:
    whole = _zip({"a": b"hello", "b": b"x" * 50})
    for data in (noise, noise + b"PK\x05\x06" + noise, whole[:at] + noise + whole[at + len(noise) :]):
        with suppress(ArchiveRefused):
            archive = Archive(data)
            assert all(isinstance(archive.read(name), bytes) for name in archive.names)


@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "/etc/passwd", "\\\\host\\share", "..\\evil", "C:\\evil", "a\0b"]
)
def test_a_name_that_leads_out_of_its_folder_is_refused(name: str) -> None:
    data = _zip({"x" * len(name): b"hello"}).replace(b"x" * len(name), name.encode())

    refusal = _refusal(data)

    assert refusal.code == "archive-unsafe"
    assert "leads out of its folder" in refusal.message


def test_a_link_is_refused() -> None:
    info = zipfile.ZipInfo("link")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(info, "/etc/passwd")

    assert "is a link" in _refusal(written.getvalue()).message


def test_a_password_is_named_as_the_reason() -> None:
    data = _patch(_zip({"a": b"hello"}), b"PK\x01\x02", 8, b"\x01\x00")

    assert _refusal(data).code == "archive-locked"


def test_two_files_of_one_name_are_refused() -> None:
    data = _zip({"aaa": b"one", "aab": b"two"}).replace(b"aab", b"aaa")

    assert "same name" in _refusal(data).message


def test_files_that_lie_on_top_of_each_other_are_refused() -> None:
    data = _zip({"aaa": b"x" * 500, "aab": b"y" * 500}, zipfile.ZIP_STORED)
    place_of_the_second = struct.pack("<L", 0)

    refusal = _refusal(_patch(data, b"PK\x01\x02", 42, place_of_the_second))

    assert refusal.code == "archive-unsafe"
    assert "on top of each other" in refusal.message


def test_a_file_that_reaches_into_the_next_one_is_not_read() -> None:
    data = _zip({"a": b"x" * 50, "b": b"y" * 50}, zipfile.ZIP_STORED)
    longer_name = data[:26] + struct.pack("<H", 60) + data[28:]

    assert _reading_refusal(Archive(longer_name), "a").code == "archive-damaged"


def test_a_million_entries_are_refused_before_they_are_listed() -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    count = 1_000_000
    end = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(entry) * count, 1)
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(entry) * count, 0)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    data = entry * count + large + end + last
    tracemalloc.start()

    refusal = _refusal(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert refusal.code == "archive-too-large"
    assert "1,000,000 files" in refusal.message
    assert peak < MEGABYTE


def test_an_end_that_tells_of_fewer_or_more_files_than_there_are_is_refused() -> None:
    data = _zip({"a": b"1", "b": b"2", "c": b"3"})
    for count in (2, 4):
        lying = _patch(data, b"PK\x05\x06", 8, struct.pack("<HH", count, count))

        assert _refusal(lying).code == "archive-damaged"


def test_a_directory_that_is_cut_off_or_elsewhere_is_refused() -> None:
    data = _zip({"a" * 30: b"1"})
    for mark, offset, value in (
        (b"PK\x05\x06", 16, struct.pack("<L", len(data))),
        (b"PK\x05\x06", 4, struct.pack("<H", 1)),
        (b"PK\x01\x02", 0, b"XX"),
        (b"PK\x01\x02", 28, struct.pack("<H", 5_000)),
    ):
        assert _refusal(_patch(data, mark, offset, value)).code == "archive-damaged"


def test_a_file_that_is_too_large_is_refused_at_once_and_so_is_one_with_too_many_files() -> None:
    data = _zip({"a": b"1", "b": b"2"})

    assert "at most 1 MB" in _refusal(bytes(2 * MEGABYTE), Limits(archive=MEGABYTE)).message
    assert _refusal(data, Limits(entries=1)).code == "archive-too-large"


def test_a_bomb_is_refused_by_the_size_it_tells_and_stopped_where_it_lies() -> None:
    bomb = _zip({"bomb": bytes(20 * MEGABYTE)})
    told = Archive(bomb, Limits(entry=MEGABYTE))
    lying = Archive(_patch(bomb, b"PK\x01\x02", 24, struct.pack("<L", 100)))
    tracemalloc.start()

    refusals = [_reading_refusal(told, "bomb"), _reading_refusal(lying, "bomb")]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [refusal.code for refusal in refusals] == ["archive-too-large", "archive-unsafe"]
    assert peak < MEGABYTE


def test_a_file_packed_more_densely_than_any_honest_one_is_refused() -> None:
    dense = _zip({"dense": bytes(9 * MEGABYTE)})

    assert "far more than its size" in _reading_refusal(Archive(dense), "dense").message
    assert len(Archive(dense, Limits(ratio=2_000)).read("dense")) == 9 * MEGABYTE
    assert len(Archive(_zip({"small": bytes(MEGABYTE)})).read("small")) == MEGABYTE


def test_a_bomb_within_a_frame_of_zstd_is_stopped() -> None:
    frame = zstandard.ZstdCompressor(level=3).compress(bytes(50 * MEGABYTE))
    archive = Archive(_zip({"bomb": frame}), Limits(entry=2 * MEGABYTE))
    tracemalloc.start()

    refusal = _reading_refusal(archive, "bomb", zstd=True)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert refusal.code == "archive-too-large"
    assert peak < 8 * MEGABYTE


def test_a_frame_of_zstd_that_asks_for_much_memory_is_refused() -> None:
    settings = zstandard.ZstdCompressionParameters(window_log=27)
    packer = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    frame = packer.compress(b"hello") + packer.flush()

    with pytest.raises(ArchiveRefused, match="zstd"):
        expand_zstd(frame, MEGABYTE)


def test_all_that_is_unpacked_together_has_a_limit() -> None:
    archive = Archive(_zip({"a": bytes(600), "b": bytes(600)}), Limits(total=1_000))
    archive.read("a")

    assert _reading_refusal(archive, "b").code == "archive-too-large"


def test_a_smaller_limit_may_be_set_for_one_file() -> None:
    archive = Archive(_zip({"a": bytes(600)}))

    assert _reading_refusal(archive, "a", 500).code == "archive-too-large"
    assert archive.read("a", 600) == bytes(600)


def _change_data(data: bytes) -> bytes:
    return data[:40] + bytes([data[40] ^ 0xFF]) + data[41:]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: _patch(data, b"PK\x01\x02", 10, struct.pack("<H", 99)), "archive-damaged"),
        (lambda data: _patch(data, b"PK\x01\x02", 10, struct.pack("<H", 8)), "archive-damaged"),
        (lambda data: _patch(data, b"PK\x01\x02", 16, struct.pack("<L", 1)), "archive-damaged"),
        (lambda data: _patch(data, b"PK\x03\x04", 0, b"XX"), "archive-damaged"),
        (_change_data, "archive-damaged"),
    ],
)
def test_a_file_that_changed_on_the_way_or_is_packed_strangely_is_refused(
    spoil: Callable[[bytes], bytes], code: str
) -> None:
    archive = Archive(spoil(_zip({"a": b"hello, world, this is a text" * 3}, zipfile.ZIP_STORED)))

    assert _reading_refusal(archive, "a").code == code


def test_a_file_that_is_not_there_and_a_broken_frame_are_told() -> None:
    archive = Archive(_zip({"a": b"no zstd"}))

    assert "missing" in _reading_refusal(archive, "b").message
    assert "zstd" in _reading_refusal(archive, "a", zstd=True).message
    assert archive.read("a") == b"no zstd"


def test_a_frame_of_zstd_is_unpacked() -> None:
    frame = zstandard.ZstdCompressor().compress(b"hello" * 1_000)

    assert expand_zstd(frame, 5_000) == b"hello" * 1_000
    assert expand_zstd(frame, 4_999) is None
    assert Archive(_zip({"a": frame})).read("a", zstd=True) == b"hello" * 1_000
    assert zlib.crc32(expand_zstd(zstandard.ZstdCompressor().compress(b""), 0) or b"") == 0

"""Small pictures and sounds, made from nothing, for tests that need some."""

import io
import struct
import zlib

from PIL import Image


def make_picture(form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    """A picture that is dark on its left and light on its right."""
    picture = Image.linear_gradient("L").rotate(90).resize(size).convert(mode)
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def make_moving(form: str) -> bytes:
    """A picture of two images."""
    first, second = Image.new("RGB", (20, 10), "red"), Image.new("RGB", (20, 10), "blue")
    out = io.BytesIO()
    first.save(out, form, save_all=True, append_images=[second], duration=100)
    return out.getvalue()


def make_png_header(width: int, height: int) -> bytes:
    """A PNG that says it has this size, and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG 1, layer III, 128 kbit/s, 44.1 kHz
ID3V2 = b"ID3\x04\x00\x00\x00\x00\x00\x0aHERE I AM!"


def make_mp3(frames: int = 10) -> bytes:
    """Silence between an ID3v2 and an ID3v1 tag."""
    return ID3V2 + MP3_FRAME * frames + b"TAG" + b"Somebody".ljust(125, b"\0")


def make_wav(seconds: float = 0.1, extra: bytes = b"") -> bytes:
    """Silence: 8 kHz, 16 bits, one channel; ``extra`` are chunks before the sound."""
    samples = bytes(2 * int(8000 * seconds))
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    body = form + extra + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def sum_page(page: bytes) -> int:
    """The check sum of an Ogg page, bit by bit as RFC 3533 has it."""
    rest = 0
    for byte in page:
        rest ^= byte << 24
        for _ in range(8):
            rest = rest << 1 ^ (0x104C11DB7 if rest & 0x80000000 else 0)
    return rest


def make_page(number: int, packets: list[bytes], *, continues: bool = False, ends: bool = True) -> bytes:
    """A page of an Ogg file. ``ends``: the last packet ends on it."""
    table = b"".join(bytes([255]) * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    table = table if ends else table[:-1]
    head = struct.pack("<4sBBqIII", b"OggS", 0, int(continues), 0, 7, number, 0) + bytes([len(table)]) + table
    page = head + b"".join(packets)
    return page[:22] + struct.pack("<I", sum_page(page)) + page[26:]


def make_remarks(kind: bytes, words: bytes = b"location=52.5,13.4") -> bytes:
    """The packet of remarks of an Opus or Vorbis stream."""
    packet = kind + struct.pack("<I", 4) + b"test" + struct.pack("<II", 1, len(words)) + words
    return packet + (b"\1" if kind == b"\3vorbis" else b"")


def make_opus() -> bytes:
    """The pages of an Opus file."""
    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", 0, 48000, 0, 0)
    return make_page(0, [head]) + make_page(1, [make_remarks(b"OpusTags")]) + make_page(2, [b"\xf8\xff\xfe"] * 5)


def make_box(kind: bytes, body: bytes = b"") -> bytes:
    """A box of an ISO base media file."""
    return struct.pack(">I", 8 + len(body)) + kind + body


def make_m4a(tracks: tuple[bytes, ...] = (b"soun",), extra: bytes = b"") -> bytes:
    """The skeleton of an M4A file with a title and a place in it."""
    made = b"".join(
        make_box(b"trak", make_box(b"mdia", make_box(b"hdlr", bytes(8) + kind + bytes(13)))) for kind in tracks
    )
    moov = make_box(b"moov", make_box(b"mvhd", bytes(100)) + made + make_box(b"udta", b"+52.5+13.4/ Somebody"))
    return make_box(b"ftyp", b"M4A \0\0\0\0M4A mp42") + moov + extra + make_box(b"mdat", bytes(64))

"""Sounds, without what is no sound."""

import io
import struct
import wave

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plumbing.media import (
    MP3_FRAME,
    make_box,
    make_m4a,
    make_mp3,
    make_opus,
    make_page,
    make_picture,
    make_remarks,
    make_wav,
    sum_page,
)

from quizapp.core.media import LARGEST_SOUND, SOUNDS, Cleaned, clean_medium
from quizapp.core.problem import Problem

MADE = {"a.mp3": make_mp3(), "a.opus": make_opus(), "a.ogg": make_opus(), "a.wav": make_wav(), "a.m4a": make_m4a()}


def clean(name: str, data: bytes) -> bytes:
    cleaned = clean_medium(name, data)
    assert isinstance(cleaned, Cleaned), cleaned
    assert cleaned.media_type == SOUNDS[name.rpartition(".")[2]]
    assert (cleaned.width, cleaned.height, cleaned.problems) == (0, 0, ())
    return cleaned.data


def refuse(name: str, data: bytes) -> Problem:
    problem = clean_medium(name, data)
    assert isinstance(problem, Problem)
    return problem


@pytest.mark.parametrize("name", MADE)
def test_a_sound_is_kept_without_what_is_said_of_it_and_cleaning_it_again_changes_nothing(name: str) -> None:
    cleaned = clean(name, MADE[name])
    for told in (b"Somebody", b"52.5", b"HERE I AM"):
        assert told not in cleaned
    assert clean(name, cleaned) == cleaned


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("data", [b"", b"a", b"<html>", bytes(2000), make_picture("PNG")], ids=len)
def test_what_is_no_sound_is_refused(name: str, data: bytes) -> None:
    assert refuse(name, data).code == "unreadable-media"


def test_a_sound_under_the_name_of_another_kind_is_told_its_own() -> None:
    problem = refuse("a.mp3", make_opus())
    assert problem.code == "unreadable-media"
    assert ".ogg" in problem.fix


def test_a_sound_that_is_too_large_is_refused_before_it_is_read() -> None:
    assert refuse("a.wav", bytes(LARGEST_SOUND + 1)).code == "media-too-large"


@pytest.mark.parametrize(
    ("frame", "length"),
    [
        (b"\xff\xfb\x92\x00", 418),  # padded
        (b"\xff\xf3\x80\x00", 208),  # MPEG 2, 64 kbit/s, 22.05 kHz
        (b"\xff\xe3\x80\x00", 417),  # MPEG 2.5, 11.025 kHz
    ],
)
def test_frames_of_every_version_are_measured(frame: bytes, length: int) -> None:
    whole = (frame + bytes(length - 4)) * 4
    assert clean("a.mp3", whole) == whole


@pytest.mark.parametrize(
    "frame", [b"\xff\xfb\x00\x00", b"\xff\xfb\xf0\x00", b"\xff\xfb\x9c\x00", b"\xff\xeb\x90\x00", b"\xff\xfd\x90\x00"]
)
def test_frames_that_no_standard_has_are_no_sound(frame: bytes) -> None:
    assert refuse("a.mp3", (frame + bytes(413)) * 5).code == "unreadable-media"


def test_tags_and_padding_around_the_frames_of_an_mp3_go() -> None:
    footer = b"ID3\x04\x00\x10\x00\x00\x00\x01X" + bytes(10)
    assert clean("a.mp3", footer + bytes(100) + MP3_FRAME * 5 + b"<script>") == MP3_FRAME * 5
    assert refuse("a.mp3", b"ID3").code == "unreadable-media"
    assert refuse("a.mp3", bytes(9000) + MP3_FRAME * 5).code == "unreadable-media"
    assert refuse("a.mp3", MP3_FRAME * 2).code == "unreadable-media"


def test_a_wav_keeps_its_sound_and_nothing_else() -> None:
    remark = b"LIST" + struct.pack("<I", 9) + b"INFO here" + b"\0"
    odd = b"fact" + struct.pack("<I", 3) + b"abc" + b"\0"
    cleaned = clean("a.wav", make_wav(extra=remark + odd))
    assert b"INFO" not in cleaned
    with wave.open(io.BytesIO(cleaned)) as sound:
        assert (sound.getframerate(), sound.getnframes()) == (8000, 800)


def test_a_wav_that_was_cut_off_plays_as_far_as_it_goes() -> None:
    with wave.open(io.BytesIO(clean("a.wav", make_wav()[:-1000]))) as sound:
        assert sound.getnframes() == 300


@pytest.mark.parametrize("at_and_what", [(12, b"abcd"), (16, b"\x08\0\0\0"), (20, b"\x55\0"), (36, b"none")])
def test_a_wav_without_sound_that_browsers_play_is_refused(at_and_what: tuple[int, bytes]) -> None:
    at, what = at_and_what
    wav = make_wav()
    assert refuse("a.wav", wav[:at] + what + wav[at + len(what) :]).code == "unreadable-media"


def list_packets(data: bytes) -> list[bytes]:
    """The packets of an Ogg file, its check sums checked."""
    packets, part, at = [], b"", 0
    while at < len(data):
        table = data[at + 27 : at + 27 + data[at + 26]]
        body = at + 27 + len(table)
        end = body + sum(table)
        page = data[at : at + 22] + bytes(4) + data[at + 26 : end]
        assert struct.unpack_from("<I", data, at + 22)[0] == sum_page(page)
        for length in table:
            part, body = part + data[body : body + length], body + length
            if length < 255:
                packets.append(part)
                part = b""
        at = end
    return packets


def test_the_remarks_of_ogg_become_blank_and_all_else_stays() -> None:
    before, after = list_packets(make_opus()), list_packets(clean("a.opus", make_opus()))
    assert (before[0], before[2:]) == (after[0], after[2:])
    spaces = struct.unpack_from("<I", after[1], 8)[0]
    assert after[1] == b"OpusTags" + struct.pack("<I", spaces) + b" " * spaces + bytes(4)


def test_remarks_over_several_pages_of_vorbis_become_blank() -> None:
    remarks = make_remarks(b"\3vorbis", b"title=" + b"Somebody " * 100)
    whole = (
        make_page(0, [b"\1vorbis" + bytes(23)])
        + make_page(1, [remarks[:510]], ends=False)
        + make_page(2, [remarks[510:], b"\5vorbis setup"], continues=True)
    )
    head, blank, setup = list_packets(clean("a.ogg", whole))
    assert head == b"\1vorbis" + bytes(23)
    assert setup == b"\5vorbis setup"
    assert len(blank) == len(remarks)
    assert blank.startswith(b"\3vorbis")
    assert blank.endswith(b"\0\0\0\0\1")
    assert b"Somebody" not in blank


HEAD = make_page(0, [b"OpusHead"])


@pytest.mark.parametrize(
    "data",
    [
        b"OggS",
        b"OggS\1" + bytes(30),
        HEAD[:-1],
        HEAD,
        HEAD + b"rest",
        HEAD + make_page(1, [b"OpusHat" + bytes(20)]),
        HEAD + make_page(1, [b"OpusTags\0\0"]),
        HEAD + make_page(1, [b"OpusTags" + bytes(502)], ends=False),
        make_page(0, [b"\x80theora"]) + make_page(1, [make_remarks(b"OpusTags")]),
        make_page(0, []) + make_page(1, [make_remarks(b"OpusTags")]),
        HEAD + make_page(1, [make_remarks(b"OpusTags")]).replace(b"\7\0\0\0", b"\6\0\0\0"),
        HEAD
        + make_page(1, [b"OpusTags" + bytes(255 * 255 - 8)], ends=False)
        + b"".join(make_page(n, [bytes(255 * 255)], continues=True, ends=False) for n in range(2, 20))
        + make_page(20, [b"x"], continues=True),
    ],
    ids=len,
)
def test_a_broken_or_strange_ogg_is_refused(data: bytes) -> None:
    assert refuse("a.ogg", data).code == "unreadable-media"


def test_an_m4a_stays_as_long_as_it_was_with_its_remarks_blank() -> None:
    long_box = struct.pack(">I", 1) + b"uuid" + struct.pack(">Q", 24) + b"Somebody"
    whole = make_m4a(extra=long_box + make_box(b"meta", b"Somebody"))
    cleaned = clean("a.m4a", whole)
    assert len(cleaned) == len(whole)
    assert b"Somebody" not in cleaned
    assert b"udta" not in cleaned
    assert cleaned.count(b"free") == 3


@pytest.mark.parametrize(
    "data",
    [
        make_m4a((b"vide", b"soun")),
        make_m4a(()),
        make_m4a(extra=make_box(b"html")),
        make_m4a(extra=struct.pack(">I", 7) + b"free"),
        make_m4a() + b"tail",
        make_m4a() + struct.pack(">I", 999) + b"mdat",
        make_box(b"ftyp") + make_box(b"free") * 10_001,
    ],
    ids=len,
)
def test_a_film_or_a_broken_m4a_is_refused(data: bytes) -> None:
    assert refuse("a.m4a", data).code == "unreadable-media"


def test_the_last_box_of_an_m4a_may_reach_to_its_end() -> None:
    assert clean("a.m4a", make_m4a() + struct.pack(">I", 0) + b"mdat" + bytes(9))


@settings(max_examples=150)
@given(st.sampled_from(sorted(MADE)), st.data())
def test_a_sound_with_any_damage_is_refused_or_kept(name: str, data: st.DataObject) -> None:
    whole = bytearray(MADE[name])
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    clean_medium(name, bytes(whole[: data.draw(st.integers(0, len(whole)))]))

"""Pictures, written anew."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, Base
from plumbing.media import make_moving, make_picture, make_png_header

from quizapp.core.media import Cleaned, clean_medium
from quizapp.core.media.pictures import LONGEST_SIDE
from quizapp.core.media.sniffing import Size, find_format, measure_picture
from quizapp.core.problem import Problem, Severity

JPEG_SIZE = struct.pack(">HHB", 9000, 7000, 3) + bytes(9)
FORMS = {"a.png": "PNG", "a.jpg": "JPEG", "a.jpeg": "JPEG", "a.gif": "GIF", "a.webp": "WEBP"}


def clean(name: str, data: bytes) -> Cleaned:
    cleaned = clean_medium(name, data)
    assert isinstance(cleaned, Cleaned), cleaned
    return cleaned


def refuse(name: str, data: bytes) -> Problem:
    problem = clean_medium(name, data)
    assert isinstance(problem, Problem)
    assert problem.severity is Severity.ERROR
    assert problem.message
    assert problem.fix
    return problem


def read(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def make_photo(form: str = "JPEG", orientation: int = 6, size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture of a camera: it lies on its side, and says where it was taken, and with what."""
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Make] = "Camera of Somebody"
    exif[Base.GPSInfo] = {GPS.GPSLatitude: (52.0, 31.0, 0.0), GPS.GPSLatitudeRef: "N"}
    return make_picture(form, size, exif=exif, icc_profile=b"a profile that is none")


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_becomes_what_its_name_says(name: str, form: str) -> None:
    cleaned = clean(name, make_picture(form))
    picture = read(cleaned.data)
    assert picture.format == FORMS[name]
    assert picture.size == (cleaned.width, cleaned.height) == (40, 30)
    assert cleaned.media_type == f"image/{FORMS[name].lower()}"
    assert cleaned.problems == ()
    left, right = (picture.convert("L").getpixel(at) for at in ((2, 15), (37, 15)))
    assert isinstance(left, int)
    assert isinstance(right, int)
    assert abs(left - right) > 150


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_stands_upright_and_says_nothing_of_its_place(form: str) -> None:
    photo = make_photo(form)
    assert b"Somebody" in photo
    cleaned = clean("a.jpg", photo)
    assert (cleaned.width, cleaned.height) == (30, 40)
    assert b"Somebody" not in cleaned.data
    assert b"Exif" not in cleaned.data
    assert not read(cleaned.data).getexif()
    assert "icc_profile" not in read(cleaned.data).info


def test_a_picture_of_few_colours_stands_upright_too() -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    cleaned = clean("a.png", make_picture("PNG", mode="P", exif=exif))
    assert (cleaned.width, cleaned.height) == (30, 40)


def test_what_hides_behind_or_within_a_picture_goes() -> None:
    for form in ("PNG", "JPEG", "GIF", "WEBP"):
        cleaned = clean(f"a.{form.lower()}", make_picture(form) + b"<script>alert(1)</script>")
        assert b"<script" not in cleaned.data
    comment = make_picture("JPEG", comment=b"<script>alert(1)</script>")
    assert b"<script" in comment
    assert b"<script" not in clean("a.jpg", comment).data


def test_a_large_picture_becomes_small_and_a_small_one_stays() -> None:
    cleaned = clean("a.jpg", make_picture("JPEG", (3000, 1500)))
    assert (cleaned.width, cleaned.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    cleaned = clean("a.png", make_picture("PNG", (3, 8000), "P"))
    assert (cleaned.width, cleaned.height) == (1, LONGEST_SIDE)
    assert clean("a.png", make_picture("PNG", (1, 1))).width == 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "I;16", "CMYK"])
def test_pictures_of_all_kinds_of_colours_are_taken(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    data = make_picture("TIFF" if mode == "PA" else form, mode="RGB" if mode in ("I;16", "PA") else mode)
    if mode == "I;16":
        out = io.BytesIO()
        Image.new("I;16", (40, 30), 0x8000).save(out, "PNG")
        data = out.getvalue()
        assert read(clean("a.png", data).data).getpixel((5, 5)) == 0x80
    if mode == "PA":
        data = make_picture("PNG", mode="P", transparency=0)
        assert read(clean("a.png", data).data).mode == "RGBA"
    for name in FORMS:
        assert clean(name, data).width == 40


def test_what_is_transparent_stays_so_or_becomes_white_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    assert read(clean("a.png", out.getvalue()).data).getpixel((1, 1)) == (0, 0, 0, 0)
    assert read(clean("a.jpg", out.getvalue()).data).getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_a_moving_picture_the_first_image_is_kept_and_that_is_said(form: str) -> None:
    cleaned = clean(f"a.{form.lower()}", make_moving(form))
    (problem,) = cleaned.problems
    assert (problem.code, problem.severity) == ("moving-picture", Severity.WARNING)
    picture = read(cleaned.data)
    assert not getattr(picture, "is_animated", False)
    red, _, blue = picture.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert red > 200 > 50 > blue


@pytest.mark.parametrize(
    "data",
    [
        make_png_header(25_000, 20_000),
        make_png_header(2**31 - 1, 2**31 - 1),
        make_png_header(15_000_000, 1),
        b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + bytes(20),
        b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc2\x00\x11\x08" + JPEG_SIZE + b"\xff\xda\x00\x08\x03",
        b"\xff\xd8\xff\xc0\x00\x11\x08" + JPEG_SIZE + b"\xff\xda\x00\x08\x01",
        b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + b"\xff\x3f\x00" * 2,
        b"RIFF\x00\x00\x00\x00WEBPVP8L\x0a\x00\x00\x00\x2f" + struct.pack("<I", 16383 | 16383 << 14),
        b"RIFF\x00\x00\x00\x00WEBPVP8 \x0a\x00\x00\x00" + bytes(6) + struct.pack("<HH", 16383, 16383),
    ],
    ids=str,
)
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(data: bytes) -> None:
    problem = refuse("a.png", data)
    assert problem.code == "media-too-large"
    assert "pixels" in problem.message


def test_a_photo_of_sixty_million_pixels_is_taken_since_it_is_decoded_line_by_line() -> None:
    assert measure_picture(make_picture("JPEG")) == Size(40, 30, streams=True)
    assert measure_picture(make_picture("JPEG", progressive=True)) == Size(40, 30)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.4",
        b"BM" + bytes(100),
        b"II*\0" + bytes(100),
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xd9" + bytes(20),
        b"\xff\xd8\xff\x01\xff\xda\x00\x08\x01",
        b"GIF89a",
        b"GIF89a\x00\x00\x00\x00" + bytes(20),
        b"RIFF\x00\x00\x00\x00WEBPABCD" + bytes(20),
        b"RIFF\x00\x00\x00\x00WEBPVP8L",
        make_png_header(100, 100),
        make_picture("JPEG", (400, 400))[:500],
        make_picture("PNG", (400, 400))[:200],
        make_picture("GIF", (40, 40))[:60],
        make_picture("WEBP", (400, 400))[:90],
    ],
    ids=str,
)
def test_what_is_no_whole_picture_is_refused_kindly(data: bytes) -> None:
    assert refuse("a.png", data).code == "unreadable-media"


def test_a_gif_whose_image_is_larger_than_its_screen_is_refused() -> None:
    gif = bytearray(make_picture("GIF", (40, 30)))
    gif[6:10] = struct.pack("<HH", 4, 3)
    assert refuse("a.gif", bytes(gif)).code == "unreadable-media"


def test_a_text_chunk_that_unpacks_to_very_much_does_no_harm() -> None:
    body = b"Comment\0\0" + zlib.compress(bytes(100_000_000))
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    png = make_picture("PNG")
    cleaned = clean_medium("a.png", png[:33] + chunk * 5 + png[33:])
    assert isinstance(cleaned, Problem) or len(cleaned.data) < 2000


@settings(max_examples=60)
@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]), st.data())
def test_a_picture_with_any_damage_is_refused_or_becomes_a_picture(form: str, data: st.DataObject) -> None:
    whole = bytearray(make_picture(form))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(4, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cleaned = clean_medium("a.png", bytes(whole))
    if isinstance(cleaned, Cleaned):
        assert read(cleaned.data).format == "PNG"


def test_the_format_is_told_by_bytes_alone() -> None:
    assert [find_format(make_picture(form)) for form in ("PNG", "JPEG", "GIF", "WEBP", "BMP")] == [
        "png",
        "jpeg",
        "gif",
        "webp",
        None,
    ]
    assert measure_picture(b"nothing") is None

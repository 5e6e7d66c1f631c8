"""Pictures, decoded and written anew: upright, still, small, and without anything but the picture itself."""

import io
import struct
import warnings
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps

from quizapp.core.media.names import PICTURES, find_ending
from quizapp.core.media.refusals import Unfit, damaged_picture
from quizapp.core.media.sniffing import Size, find_format, measure_picture
from quizapp.core.messages import say

LONGEST_SIDE = 1600
"""Pixels: twice the widest text column of the app, for sharp screens."""
MOST_PIXELS = {"png": 16_000_000, "gif": 16_000_000, "jpeg": 16_000_000, "webp": 8_000_000}
"""Those that decoding takes no more than 160 MB for."""
MOST_PIXELS_OF_PHOTOS = 64_000_000
"""Of a JPEG as cameras write it, which is decoded line by line."""
LONGEST_SIDE_SENT = 16_000

_QUALITY = 82  # of JPEG and WebP: no difference to the eye beside what cameras save, at a third of the size
_OPEN = {"png": ["PNG"], "jpeg": ["JPEG", "MPO"], "gif": ["GIF"], "webp": ["WEBP"]}
_SAVE = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
# What Pillow's readers raise on bytes that are no picture after all.
_BROKEN = (
    Image.DecompressionBombError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_PAPER = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture written anew, its size in pixels, and whether the one that came in moved."""

    data: bytes
    width: int
    height: int
    moved: bool


def _measure(data: bytes, kind: str) -> Size:
    """The size that the picture says it has. Raises Unfit where that is too much to be decoded."""
    size = measure_picture(data)
    if size is None or size.width < 1 or size.height < 1:
        raise damaged_picture()
    most = MOST_PIXELS_OF_PHOTOS if size.streams else MOST_PIXELS[kind]
    if size.width * size.height > most or max(size.width, size.height) > LONGEST_SIDE_SENT:
        message = say(
            "The picture has %(width)s by %(height)s pixels: that is too large.", width=size.width, height=size.height
        )
        fix = say("Save it smaller first: %(side)s pixels on the longer side are plenty.", side=LONGEST_SIDE)
        raise Unfit("media-too-large", message, fix)
    return size


def _open(data: bytes, kind: str) -> Image.Image:
    measured = _measure(data, kind)
    picture = Image.open(io.BytesIO(data), formats=_OPEN[kind])
    if picture.width > measured.width or picture.height > measured.height:
        raise damaged_picture()  # a GIF whose image is larger than the screen it names
    # A JPEG is decoded at once at the smallest of its own scales that is large enough: it saves time and memory.
    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    return picture


def _make_plain(picture: Image.Image) -> Image.Image:
    """In colours or greys of eight bits each, with transparency where there is some."""
    if picture.mode.startswith("I;16"):  # sixteen bits of grey, which would be cut off rather than scaled
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    wanted = "RGBA" if picture.has_transparency_data else "L" if picture.mode in ("1", "L") else "RGB"
    return picture if picture.mode == wanted else picture.convert(wanted)


def _make_small(picture: Image.Image) -> Image.Image:
    """Upright, plain, and not larger than needed. Small before plain where it can be: that takes less memory."""
    if picture.mode in ("1", "P", "PA") or picture.mode.startswith("I;16"):
        picture = _make_plain(picture)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return _make_plain(ImageOps.exif_transpose(picture))


def _flatten(picture: Image.Image) -> Image.Image:
    paper = Image.new("RGB", picture.size, _PAPER)
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _save(picture: Image.Image, form: str) -> bytes:
    if form == "JPEG" and picture.mode == "RGBA":
        picture = _flatten(picture)
    picture.info.clear()
    out = io.BytesIO()
    if form == "PNG":
        picture.save(out, form, optimize=True)
    elif form == "GIF":
        picture.save(out, form)
    else:
        picture.save(out, form, quality=_QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _write_anew(data: bytes, kind: str, form: str) -> CleanPicture:
    picture = _open(data, kind)
    moved = kind != "jpeg" and bool(getattr(picture, "is_animated", False))
    small = _make_small(picture)
    return CleanPicture(_save(small, form), *small.size, moved)


def clean_picture(name: str, data: bytes) -> CleanPicture:
    """The picture as its name says it is, whatever kind of picture came in. Raises Unfit.

    Of a picture that moves, the first image is kept: what moves beside a text draws the eye away, and cannot be
    stopped (WCAG 2.2.2).
    """
    kind = find_format(data)
    if kind not in _OPEN:
        message = say("This is not a PNG, JPEG, GIF or WebP picture.")
        raise Unfit("unreadable-media", message, say("Save the picture as PNG or JPEG."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which goes anyway
            return _write_anew(data, kind, _SAVE[PICTURES[find_ending(name)]])
    except _BROKEN:
        raise damaged_picture() from None

"""Which letters a PDF can draw: those of Helvetica, which every reader has, and those of Noto Sans, which we embed.

Noto Sans has Latin with all its marks, Greek and Cyrillic, Noto Sans Arabic the letters of Arabic. Both come as
packages. What neither has is set without its marks where that leaves letters, else left out.
"""

import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

import uharfbuzz

ENCODING = "windows-1252"
"""The letters that Helvetica has."""
LATIN = Path(str(files("fontpkg_noto_sans"))) / "files" / "NotoSans[wdth,wght].ttf"
ARABIC = Path(str(files("fontpkg_noto_sans_arabic"))) / "files" / "NotoSansArabic[wdth,wght].ttf"


@cache
def _list_signs(font: Path) -> frozenset[int]:
    return frozenset(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(font))).unicodes)


def is_plain(text: str) -> bool:
    """Whether Helvetica has all these letters."""
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def can_draw(text: str) -> bool:
    """Whether the fonts have all these letters."""
    return is_plain(text) or set(map(ord, text)) <= _list_signs(LATIN) | _list_signs(ARABIC)


def make_drawable(text: str) -> str:
    """The text as far as the fonts go: letters without their marks where only the mark is missing. May be blank."""
    composed = unicodedata.normalize("NFC", text)
    if can_draw(composed):
        return composed
    kept = "".join(
        sign if can_draw(sign) else "".join(filter(can_draw, unicodedata.normalize("NFKD", sign))) for sign in composed
    )
    return " ".join(kept.split()) if any(sign.isalnum() for sign in kept) else ""

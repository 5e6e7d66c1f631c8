"""How the letters of a text file are stored: the codes that can be chosen, and which of two a file has by its look.

Most files are UTF-8 or say what they are. Of the others most are Windows-1252, as Excel writes; older programs of Macs
write Mac OS Roman, where the same bytes are other letters: "é" would be read as "Ž".
"""

import re
from collections.abc import Mapping
from typing import Final

from quizapp.core.messages import say

WESTERN: Final = "cp1252"
MAC: Final = "mac-roman"

ENCODINGS: Final[Mapping[str, str]] = {
    "utf-8": say("UTF-8"),
    "utf-16": say("UTF-16"),
    WESTERN: say("Windows-1252 (Western Europe)"),
    MAC: say("Mac OS Roman (Western Europe)"),
    "cp1250": say("Windows-1250 (Central Europe)"),
    "cp1251": say("Windows-1251 (Cyrillic)"),
    "cp1253": say("Windows-1253 (Greek)"),
    "cp1254": say("Windows-1254 (Turkish)"),
    "cp1255": say("Windows-1255 (Hebrew)"),
    "cp1256": say("Windows-1256 (Arabic)"),
    "cp1257": say("Windows-1257 (Baltic)"),
    "cp932": say("Shift JIS (Japanese)"),
    "gb18030": say("GB 18030 (Chinese)"),
    "big5": say("Big5 (Chinese)"),
    "cp949": say("Windows-949 (Korean)"),
}
"""The codes that a person can choose, as Python names them, and what people call them."""

_MOST_SIGNS = 2_000
_FEWEST_SIGNS = 8
_SAMPLE = 1_000_000
_BYTE = re.compile(rb"[\x80-\xff]")
_SURE, _IN_DOUBT = 0.9, 0.6
_SIGN = re.compile(r"[^\x00-\x7f]")
_LETTER = re.compile("[A-Za-z]")
_LETTERS = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒªº")
_OPENING, _CLOSING = frozenset("“‘«‹„‚¿¡"), frozenset("”’»›")
# What stands beside a word or a number, and never within a word of small letters.
_BESIDE = frozenset("–—…•·€£¥¢°§©®™½¼¾²³±×÷µ")
_ALONE = frozenset("àèéêìíòóùúyåæø")


def _fits_letter(sign: str, before: str, after: str) -> bool:
    if before in _LETTERS and after in _LETTERS:
        return False  # three in a row: another alphabet
    if sign.isupper():
        return not before.islower() and (after.isalpha() or before.isupper())
    return before.isalpha() or after.isalpha() or sign in _ALONE


def _fits(sign: str, before: str, after: str) -> bool:
    """Whether a sign is likely where it stands."""
    if sign in _LETTERS:
        return _fits_letter(sign, before, after)
    if sign in _OPENING:
        return not before.isalnum()
    if sign in _CLOSING:
        return bool(before.strip()) or after.isalnum()
    if sign in _BESIDE:
        return not (before.islower() and after.islower())
    return sign == "\xa0"


def _rate(text: str) -> float:
    """The share of the first signs beyond ASCII that are likely where they stand; 1 where there is none."""
    fitting = count = 0
    for found in _SIGN.finditer(text):
        at = found.start()
        before, after = text[max(at - 1, 0) : at], text[at + 1 : at + 2]
        if found[0] == "—" and before.islower() and after.islower():
            continue  # English sets it without spaces, and it is a Mac's "ó"
        fitting += _fits(found[0], before, after)
        count += 1
        if count >= _MOST_SIGNS:
            break
    return fitting / count if count else 1.0


def guess_western(data: bytes) -> str:
    """Windows-1252 or Mac OS Roman, for bytes that are no UTF-8; the first, where one cannot be sure."""
    found = _BYTE.search(data)
    start = found.start() if found else 0
    data = data[max(start - 1, 0) : start + _SAMPLE]
    return MAC if _rate(data.decode(MAC)) >= _SURE and _rate(data.decode(WESTERN, "replace")) <= _IN_DOUBT else WESTERN


def is_in_doubt(text: str) -> bool:
    """Whether a text that was read as one of the West has more signs beyond ASCII than letters, or unlikely ones."""
    head = text[: 4 * _MOST_SIGNS]
    signs, letters = len(_SIGN.findall(head)), len(_LETTER.findall(head))
    return signs >= _FEWEST_SIGNS and (signs > letters or _rate(text) <= _IN_DOUBT)

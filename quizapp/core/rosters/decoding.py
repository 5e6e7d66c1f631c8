"""From the bytes of an uploaded list to its text, whatever program saved it."""

import codecs
import re

from quizapp.core.messages import say
from quizapp.core.rosters.headers import count_known
from quizapp.core.rosters.model import Remark

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Windows-1252 first: of codes that know as many names, the first is taken.
_WINDOWS = {
    "cp1252": "Windows-1252",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1256": "Windows-1256",
}
_CELLS = re.compile(r"[,;\t|]")
_LONGEST_HEAD = 5_000
_NOT_TEXT = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
)
# UTF-8 that was read as Windows-1252 and saved again: an umlaut shows as Ã and another sign.
_TWICE = re.compile("\u00c3[\u0080-\u00bf\u0178\u0152\u0153\u0160\u2013\u2014\u201c-\u201e\u20ac]")


class NotText(Exception):
    """The bytes are no text that can be read; ``remark`` says what to do."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.reason)
        self.remark = remark


def _guess_encoding(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    head = data[:2_000]
    if b"\x00" in head:  # letters of the West in UTF-16 are every other byte
        return "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess_windows(data)
    return "utf-8"


def _guess_windows(data: bytes) -> str:
    """The code of Windows by which the most names of columns are known; of the West, where none or all are."""
    head = re.split(rb"[\r\n]", data.lstrip()[:_LONGEST_HEAD])[0]

    def count(code: str) -> int:
        return count_known([cell.strip('"') for cell in _CELLS.split(head.decode(code, "replace"))])

    return max(_WINDOWS, key=count)


def _is_text(text: str) -> bool:
    strange = sum(sign < " " and sign not in "\t\n\v\f\r\x1c\x1d\x1e\x1f" for sign in text)
    return "\x00" not in text and strange * 100 <= len(text)


def decode(data: bytes) -> tuple[str, tuple[Remark, ...]]:
    """The text, with notes where it may have been read wrongly. Raises NotText.

    Known are UTF-8 with and without its mark, UTF-16 in both orders, and codes of Windows, which Excel still writes.
    """
    if data.startswith(_NOT_TEXT):
        advice = say("Open it in your spreadsheet program and save it as “CSV UTF-8”; then choose that file.")
        raise NotText(Remark(0, say("This is not a text file but a workbook, a picture or the like."), advice))
    encoding = _guess_encoding(data)
    advice = say("Save the list as “CSV UTF-8” and choose it again.")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotText(Remark(0, say("The letters of this file cannot be read."), advice)) from error
    if not _is_text(text):
        raise NotText(Remark(0, say("This file is not a list in text form."), advice))
    notes = []
    if encoding in _WINDOWS:
        reason = say(
            "The file does not say how its letters are stored; they were read as %(encoding)s.",
            encoding=_WINDOWS[encoding],
        )
        notes.append(
            Remark(0, reason, say("Look whether names with accents are right. If not, save it as “CSV UTF-8”."))
        )
    if _TWICE.search(text):
        reason = say("Some names look garbled, as if letters had been stored twice over (“Ã” and a second sign).")
        notes.append(Remark(0, reason, say("Export the list again as “CSV UTF-8” before you import it.")))
    return text, tuple(notes)

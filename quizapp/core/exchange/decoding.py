"""From the bytes of a text file, whatever program saved it, to its text: clean, and within limits."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from quizapp.core.deck.text import HIDDEN
from quizapp.core.exchange.encodings import ENCODINGS, WESTERN, guess_western, is_in_doubt
from quizapp.core.messages import say
from quizapp.core.problem import Problem, Severity

LARGEST_TEXT: Final = 24 * 1024 * 1024
"""Bytes. A text may take four bytes in memory for each of its own."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOT_TEXT = {
    b"PK\x03\x04": say("a zip archive, a workbook or a package"),
    b"PK\x05\x06": say("an empty zip archive"),
    b"\xd0\xcf\x11\xe0": say("an old Office file"),
    b"%PDF": say("a PDF"),
    b"\x89PNG": say("a picture"),
    b"\xff\xd8\xff": say("a picture"),
    b"GIF8": say("a picture"),
    b"\x1f\x8b": say("a compressed file"),
    b"SQLite format 3": say("a database"),
    b"\x28\xb5\x2f\xfd": say("a compressed file"),
    b"{\\rtf": say("a document of a word processor (RTF)"),
}
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html[\s>])", re.IGNORECASE)
_HIDDEN_SIGN = re.compile(f"[{HIDDEN}]")
_HALF = re.compile("[\ud800-\udfff]")
_PORTION = 1_000_000
_CHOOSE = say("Choose how its letters are stored, or save it as UTF-8.")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, None where it has none; how it was read, for people; and what is wrong with it."""

    text: str | None
    note: str = ""
    problems: tuple[Problem, ...] = field(default=())


def mend(text: str) -> str:
    """A text without halves of characters, which JSON can spell and no file can hold."""
    return text if text.isascii() else _HALF.sub("\ufffd", text)


def _refuse(file: str, code: str, message: str, fix: str) -> Decoded:
    return Decoded(None, "", (Problem(file, 0, 0, code, message, fix),))


def _guess(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    head = data[:2_000]
    if head.count(0) * 4 > len(head):  # letters of the West in UTF-16 are every other byte
        return "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return guess_western(data)
    return "utf-8"


def _refuse_kind(data: bytes, file: str, largest: int) -> Decoded | None:
    """Why the bytes are no text that is read; None where they may be one."""
    if len(data) > largest:
        message = say(
            "The file has %(size)s MB; at most %(most)s MB are read.",
            size=f"{len(data) / 1024 / 1024:,.0f}",
            most=largest // 1024 // 1024,
        )
        return _refuse(file, "file-too-large", message, say("Split it into several files."))
    for mark, what in _NOT_TEXT.items():
        if data.startswith(mark):
            return _refuse(
                file,
                "not-text",
                say("This is %(what)s, not a text file.", what=what),
                say("Export it there as text, or copy the text and paste it here."),
            )
    if _WEB_PAGE.match(data):
        fix = say("Open it in a browser, copy the questions, and paste them here as text.")
        return _refuse(file, "not-text", say("This is a web page, or a document saved as one."), fix)
    return None


def _tell_doubt(text: str, file: str, encoding: str) -> tuple[Problem, ...]:
    if encoding != WESTERN or not is_in_doubt(text):
        return ()
    message = say("The letters beyond A to Z look wrong, read as %(encoding)s.", encoding=ENCODINGS[encoding])
    return (Problem(file, 0, 0, "letters-in-doubt", message, _CHOOSE, Severity.WARNING),)


def decode(data: bytes, file: str, largest: int = LARGEST_TEXT, encoding: str = "") -> Decoded:
    """The text of a file: in the ``encoding`` of ``ENCODINGS`` that a person says, else as it looks. Never raises.

    That is UTF-8, UTF-16, or where it is neither, Windows-1252 or Mac OS Roman, which is said. Characters that hide
    from the eye become spaces, with a warning; binary files and huge ones are refused.
    """
    if refused := _refuse_kind(data, file, largest):
        return refused
    chosen = encoding if encoding in ENCODINGS else _guess(data)
    try:
        text = data.decode(chosen).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return _refuse(file, "not-text", say("The letters of this file cannot be read."), _CHOOSE)
    is_plain = chosen.startswith("utf") and not encoding
    note = "" if is_plain else say("letters read as %(encoding)s", encoding=ENCODINGS[chosen])
    doubts = () if encoding else _tell_doubt(text, file, chosen)
    if not _HIDDEN_SIGN.search(text):
        return Decoded(text, note, doubts)
    cleaned, count = _HIDDEN_SIGN.subn(" ", text)
    message = say("%(count)s characters that cannot be seen were taken for spaces.", count=f"{count:,}")
    return Decoded(cleaned, note, (*doubts, Problem(file, 0, 0, "hidden-character", message, "", Severity.WARNING)))


def iterate_lines(text: str, start: int = 0) -> Iterator[str]:
    """The lines of a decoded text from an offset on, each with its end: \\n, \\r or \\r\\n.

    The other characters at which Python ends lines are not left in a text that ``decode`` gave. The text is taken in
    portions, since a list of millions of lines takes many times its room.
    """
    while start < len(text):
        end = text.rfind("\n", start, start + _PORTION) + 1 or text.find("\n", start) + 1 or len(text)
        yield from text[start:end].splitlines(keepends=True)
        start = end

"""From the bytes of a file to text: UTF-8, without characters that hide from the eye."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from quizapp.core.messages import say
from quizapp.core.problem import Problem

LARGEST_FILE = 64 * 1024 * 1024
_MOST_HIDDEN_TOLD = 100

# Control characters but tab and line ends; the line and paragraph separators, which editors do not count as lines;
# embeddings, overrides and isolates, which can turn a text around ("Trojan Source", CVE-2021-42574); the byte-order
# mark, annotation marks and noncharacters. Joiners, soft hyphens and direction marks stay: scripts and emoji need them.
HIDDEN = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff"
_HIDDEN_CHARACTER = re.compile(f"[{HIDDEN}]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_HEAD, _SHORTEST = 2_000, 16  # bytes
_LETTER = re.compile(rb"[A-Za-z]")


def shorten(text: str, longest: int = 60) -> str:
    """The text in one line, cut where it is long: for messages."""
    line = " ".join(text[: 4 * longest].split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def find_places(text: str, offsets: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Line and column, from 1, of each of some rising offsets in a text, in one pass over it."""
    line, start = 1, 0
    for offset in offsets:
        while (end := _LINE_END.search(text, start)) and end.end() <= offset:
            line, start = line + 1, end.end()
        yield line, offset - start + 1


def _is_utf_16(data: bytes) -> bool:
    """By its mark, or where it has none, by its bytes: for letters of the West, every other is zero."""
    if data.startswith(_UTF_16_MARKS):
        return True
    head = data[:_HEAD]
    sides = head[::2], head[1::2]
    zeros = sorted((side.count(0), -len(side)) for side in sides)
    return (
        len(head) >= _SHORTEST and zeros[0][0] == 0 and zeros[1][0] * 2 > len(sides[0]) and bool(_LETTER.search(head))
    )


def _refuse_encoding(data: bytes, offset: int, file: str) -> Problem:
    before = data[:offset].decode("utf-8-sig")
    ((line, column),) = find_places(before, [len(before)])
    message = say("The byte 0x%(data)s here is not UTF-8, so the letters cannot be told.", data=f"{data[offset]:02x}")
    return Problem(file, line, column, "not-utf-8", message, say("Open the file in your editor and save it as UTF-8."))


def _tell_hidden(text: str, file: str) -> list[Problem]:
    found = list(islice(_HIDDEN_CHARACTER.finditer(text), _MOST_HIDDEN_TOLD))
    fix = say("Delete it: it cannot be seen, and it can change how the text reads.")
    return [
        Problem(
            file,
            line,
            column,
            "hidden-character",
            say("The hidden character U+%(ord)s stands here.", ord=f"{ord(match[0]):04X}"),
            fix,
        )
        for match, (line, column) in zip(found, find_places(text, (match.start() for match in found)), strict=True)
    ]


def decode_text(data: bytes, file: str, largest: int = LARGEST_FILE) -> tuple[str | None, list[Problem]]:
    """The text of a file, and the problems found on the way; no text where it cannot be read at all.

    At most ``largest`` bytes are read. A byte-order mark at the start is dropped. Hidden characters are problems; in
    the text they are replaced by spaces, so that reading can go on and every other problem keeps its place.
    """
    if len(data) > largest:
        message = say(
            "The file has %(count)s bytes; at most %(largest)s are read.",
            count=f"{len(data):,}",
            largest=f"{largest:,}",
        )
        return None, [Problem(file, 1, 1, "file-too-large", message, say("Split it into several files."))]
    if _is_utf_16(data):
        return None, [Problem(file, 1, 1, "not-utf-8", say("The file is saved as UTF-16."), say("Save it as UTF-8."))]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The decoder counts from behind a byte-order mark.
        offset = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        return None, [_refuse_encoding(data, offset, file)]
    if not _HIDDEN_CHARACTER.search(text):
        return text, []
    return _HIDDEN_CHARACTER.sub(" ", text), _tell_hidden(text, file)

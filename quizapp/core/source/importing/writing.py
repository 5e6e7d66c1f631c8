"""Pieces of plain text, to Markdown that shows exactly these words (CommonMark 0.31)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from quizapp.core.source.document import LARGEST_SOURCE
from quizapp.core.source.importing.model import MOST_LINES, Piece, refuse_lines, refuse_size

# What CommonMark would take for a mark. An underscore between letters, an ampersand before a space are only signs.
_INLINE = re.compile(
    r"""[*`\[\]<]
    | \\(?=[!-/:-@\[-`{-~]|$)
    | (?<![^\W_])_ | _(?![^\W_])
    | &(?=\#?[0-9A-Za-z]+;)""",
    re.VERBOSE | re.MULTILINE,
)
_LINE_START = re.compile(
    r"(\#{1,6}(?=\s|$) | [-+](?=\s|$) | [-=]+$ | > | ~{3} | [0-9]{1,9}(?=[.)](?:\s|$)) | -(?=[\s-]*$))", re.VERBOSE
)
_CODE = re.compile(r"`{3,}")
# Over 1000 of these marks in a paragraph, core.markup shows it letter by letter; half of them leaves room for escapes.
_MARKS = re.compile(r"[*_`\[\]!<&\\\n]")
_MOST_MARKS = 400


def _escape_start(match: re.Match[str]) -> str:
    found = match[1]
    return f"{found}\\" if found.isdigit() else f"\\{found}"


def _escape_in_line(line: str) -> str:
    escaped = _INLINE.sub(r"\\\g<0>", line)
    match = _LINE_START.match(escaped)
    return _escape_start(match) + escaped[match.end() :] if match else escaped


def escape_text(text: str) -> str:
    """One paragraph of plain text as Markdown; each of its line feeds becomes a line break that is seen."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\\\n".join(_escape_in_line(line) for line in lines if line)


def _split_thick(text: str) -> Iterator[str]:
    """The text in parts that have not too many marks each, cut at spaces where there are any."""
    start = 0
    marks = 0
    for match in _MARKS.finditer(text):
        marks += 1
        if marks > _MOST_MARKS:
            space = max(text.rfind(" ", start, match.start()), text.rfind("\n", start, match.start()))
            cut = space if space > start else match.start()
            yield text[start:cut]
            start, marks = cut, len(_MARKS.findall(text, cut, match.end()))
    yield text[start:]


def _write_heading(piece: Piece) -> str:
    text = escape_text(" ".join(piece.text.split())).replace("#", "\\#").replace("\\\\#", "\\#")
    return f"{'#' * min(max(piece.level, 1), 6)} {text}"


def _write_list(items: Sequence[Piece]) -> str:
    """Items in a row, each within the one before it that lies less deep."""
    lines: list[str] = []
    depths: list[int] = []  # where the text of the open items begins
    for item in items:
        del depths[item.level :]
        margin = depths[-1] if depths else 0
        lines.append(f"{' ' * margin}{item.mark} {_escape_in_line(' '.join(item.text.split()))}")
        depths.append(margin + len(item.mark) + 1)
    return "\n".join(lines)


def _write_quote(quotes: Sequence[Piece]) -> str:
    parts = "\n\n".join(escape_text(quote.text) for quote in quotes)
    return "\n".join(f"> {line}".rstrip() for line in parts.split("\n"))


def _write_code(piece: Piece) -> str:
    longest = max((len(found) for found in _CODE.findall(piece.text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{piece.text}\n{fence}"


def _has_words(piece: Piece) -> bool:
    return bool(piece.text.strip())


def _write_run(kind: str, run: Sequence[Piece]) -> Iterator[str]:
    if kind == "item":
        yield _write_list(run)
    elif kind == "quote":
        yield _write_quote(run)
    elif kind == "heading":
        yield from map(_write_heading, run)
    elif kind == "code":
        yield from map(_write_code, run)
    else:
        yield from (escape_text(part) for piece in run for part in _split_thick(piece.text) if part.strip())


def write_markdown(pieces: Iterable[Piece]) -> str:
    """The pieces as Markdown. Items in a row are one list, quotes in a row one quote: a paragraph each when read.

    Raises Invalid for more text than a source may have.
    """
    kept = [piece for piece in pieces if _has_words(piece)]
    if sum(len(piece.text) for piece in kept) > LARGEST_SOURCE:
        raise refuse_size()
    if len(kept) > MOST_LINES:
        raise refuse_lines()
    written = groupby(kept, key=lambda piece: piece.kind)
    blocks = (block for kind, run in written for block in _write_run(kind, tuple(run)))
    return "\n\n".join(blocks) + "\n"

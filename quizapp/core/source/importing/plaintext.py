"""Plain text, saved or pasted, to pieces: headings, paragraphs and lists."""

import re
from collections.abc import Sequence
from itertools import groupby

from quizapp.core.messages import Message, say
from quizapp.core.source.importing.decoding import clean_characters
from quizapp.core.source.importing.lines import drop_page_numbers, has_marker, join_lines, split_paragraphs
from quizapp.core.source.importing.model import About, ImportedText, Piece
from quizapp.core.source.importing.writing import write_markdown
from quizapp.core.source.original import is_heading

_HYPHENATED = re.compile(r"(?<![^\W\d_])[^\W\d_]++-[^\W\d_]++")
_MOST_HEADINGS = 2  # so many in a row; more are verses, an address, the cells of a table


def _read_item(line: str) -> Piece:
    mark, _, text = line.partition(" ")
    return Piece("item", text, mark=f"{mark[:-1]}." if mark[0].isdigit() else "-")


def _class_of(block: str) -> str:
    if has_marker(block):
        return "item"
    return "heading" if is_heading(block) else "paragraph"


def _sort(blocks: Sequence[str]) -> list[Piece]:
    pieces: list[Piece] = []
    for kind, grouped in groupby(blocks, key=_class_of):
        run = list(grouped)
        if kind == "item" and len(run) > 1:
            pieces += map(_read_item, run)
        elif kind == "heading" and len(run) > _MOST_HEADINGS:
            pieces.append(Piece("paragraph", "\n".join(run)))
        elif kind == "heading" or (kind == "item" and is_heading(run[0])):
            pieces += [Piece("heading", block.lstrip("# "), 2) for block in run]
        else:
            pieces += [Piece("paragraph", block) for block in run]
    if pieces and not any(piece.kind != "heading" for piece in pieces):
        return [Piece("paragraph", piece.text) for piece in pieces]
    return pieces


def _say_dropped(dropped: Sequence[str]) -> tuple[Message, ...]:
    if not dropped:
        return ()
    listed = ", ".join(f"“{line}”" for line in dropped[:5]) + (", …" if len(dropped) > 5 else "")
    return (say("Page numbers were left out: %(listed)s", listed=listed),)


def read_plain(text: str) -> ImportedText:
    """A plain text by the rules of ``quizapp.core.source.original``, and further ones for pasted and wrapped lines.

    Lines broken at a width become paragraphs again, words divided at their ends whole, numbers of pages are left out.
    A heading on the first line is the title.
    """
    lines = clean_characters(text).replace("\f", "\n\f").split("\n")
    kept, dropped = drop_page_numbers(lines)
    known = frozenset(word.casefold() for word in _HYPHENATED.findall("\n".join(kept)))
    blocks = [join_lines(paragraph, known) for paragraph in split_paragraphs(kept)]
    title = ""
    if len(blocks) > 1 and is_heading(blocks[0]) and not has_marker(blocks[0]):
        title, blocks = blocks[0].lstrip("# "), blocks[1:]
    return ImportedText(About(title=title), write_markdown(_sort(blocks)), _say_dropped(dropped), tuple(dropped))

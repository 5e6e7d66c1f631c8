"""Source texts: Markdown with a front matter, as numbered paragraphs.

Paragraphs are counted from 1 through the file; headings are not counted. A list, a block quote or a block of code is
one paragraph as a whole, since a reader sees one block; a horizontal rule is nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from markdown_it import MarkdownIt
from pydantic import Field, ValidationError, field_validator

from quizapp.core.deck.places import Places
from quizapp.core.deck.refusals import Path, explain_refusals
from quizapp.core.deck.schema import SLUG_PATTERN, Language, Line, Slug, StrictModel, refuse
from quizapp.core.deck.text import decode_text
from quizapp.core.deck.tree import read_tree
from quizapp.core.messages import say
from quizapp.core.problem import Problem

LARGEST_SOURCE = 2 * 1024 * 1024

Kind = Literal["article", "study-edition"]

_LINE_END = re.compile(r"\r\n|\r|\n")
_START_OF_FILE = 10_000  # bytes: where a front matter stands
_ID_LINE = re.compile(r"^[ \t\u00a0]*id[ \t]*:[ \t]*[\"']?([a-z0-9-]+)", re.MULTILINE | re.IGNORECASE)
_DATES = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
# Only blocks are needed here. Link definitions are left in their paragraph, so that no text of a source is lost.
_BLOCKS = MarkdownIt("commonmark", {"html": False}).disable(["inline", "reference"])


class Original(StrictModel):
    """The text that a study edition retells: its file name, and the SHA-256 of its bytes in hexadecimal digits."""

    file: Line
    sha256: Line

    @field_validator("sha256")
    @classmethod
    def _has_64_digits(cls, digits: str) -> str:
        if not re.fullmatch(r"[0-9a-fA-F]{64}", digits):
            message = f"The `sha256` has {len(digits)} characters and should be 64 hexadecimal digits."
            raise refuse("wrong-value", message, "Copy what `sha256sum FILE` prints for the original.")
        return digits.lower()


class FrontMatter(StrictModel):
    """What a source file says about itself, in YAML between two lines ``---`` at its start."""

    id: Slug
    title: Line
    language: Language
    kind: Kind
    original: Original | None = None
    published: Line | None = None
    author: Line | None = None
    url: Annotated[Line, Field(max_length=2000)] | None = None
    license: Line | None = None

    @field_validator("published")
    @classmethod
    def _is_a_date(cls, published: str) -> str:
        try:
            if not _DATES.fullmatch(published):
                raise ValueError(published)
            date.fromisoformat(f"{published}-01-01"[:10] if len(published) < 10 else published)
        except ValueError as error:
            message = f"`published` is `{published}`, which is no date."
            raise refuse("wrong-value", message, "Write a year, 2024, 2024-01 or 2024-01-02.") from error
        return published

    @field_validator("url")
    @classmethod
    def _is_on_the_web(cls, url: str) -> str:
        if not re.match(r"https?://[^\s/]", url):
            raise refuse("wrong-value", "`url` is no address on the web.", "Begin it with https://.")
        return url


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or paragraph of a source.

    ``level`` is a heading's, 1 to 6, and 0 for a paragraph. ``number`` is a paragraph's, from 1, and None for a
    heading. ``text`` is its Markdown, a heading's without the marks. ``line`` is where it begins in the file, from 1.
    """

    kind: Literal["heading", "paragraph"]
    level: int
    number: int | None
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Source:
    """A source text and what its front matter says; ``places`` are those of the front matter's values."""

    id: str
    title: str
    language: str
    kind: Kind
    original: Original | None
    published: str | None
    author: str | None
    url: str | None
    license: str | None
    blocks: tuple[Block, ...]
    file: str = ""
    places: Places = field(default_factory=Places, compare=False, repr=False)

    @property
    def is_read(self) -> bool:
        """Whether the text is at hand: no source that can be read is without a paragraph (see ``name_unread``)."""
        return bool(self.blocks)

    @property
    def paragraphs(self) -> tuple[Block, ...]:
        """The paragraphs alone: number ``n`` is at index ``n - 1``."""
        return tuple(block for block in self.blocks if block.kind == "paragraph")


def name_unread(data: bytes, file: str) -> tuple[Source, ...]:
    """What stands for a source file that cannot be read: a source without text for each id that it may have.

    That is the name of the file without its ending, and what the line ``id:`` near its start says.
    """
    start = data[:_START_OF_FILE].decode("utf-8", "replace")
    names = [re.split(r"[/\\]", file)[-1].rpartition(".")[0], *_ID_LINE.findall(start)[:1]]
    return tuple(
        Source(name, "", "", "article", None, None, None, None, None, (), file)
        for name in dict.fromkeys(names)
        if re.fullmatch(SLUG_PATTERN, name)
    )


def _split_blocks(lines: Sequence[str], first_line: int) -> Iterator[Block]:
    tokens = _BLOCKS.parse("\n".join(lines))
    number = 0
    for index, token in enumerate(tokens):
        if token.level or token.nesting < 0 or token.map is None or token.type == "hr":
            continue
        start, end = token.map
        if token.type == "heading_open":
            if text := tokens[index + 1].content.strip():
                yield Block("heading", int(token.tag[1]), None, text, first_line + start)
        else:
            number += 1
            yield Block("paragraph", 0, number, "\n".join(lines[start:end]).strip("\n"), first_line + start)


def read_blocks(markdown: str, first_line: int = 1) -> tuple[Block, ...]:
    """The headings and numbered paragraphs of a Markdown text whose first line has the number ``first_line``."""
    return tuple(_split_blocks(_LINE_END.split(markdown), first_line))


def _list_keys(path: Path) -> Sequence[str]:
    return tuple((Original if path else FrontMatter).model_fields)


def _find_front_matter(lines: Sequence[str], file: str) -> int | Problem:
    """The index of the line that closes the front matter."""
    if lines[0].rstrip() != "---":
        message = "The file does not begin with a front matter."
        fix = "Begin with a line ---, then id, title, language and kind, a line each, then a second line ---."
        return Problem(file, 1, 1, "no-front-matter", message, fix)
    for index, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return index
    return Problem(file, 1, 1, "open-front-matter", "The front matter is never closed.", "Close it with a line ---.")


def _read_front_matter(text: str, file: str) -> tuple[FrontMatter | None, Places, list[Problem]]:
    tree = read_tree(text, file)
    if tree.value is None and tree.problems:
        return None, tree.places, tree.problems
    value = tree.value or {}
    try:
        return FrontMatter.model_validate(value), tree.places, tree.problems
    except ValidationError as refusal:
        told = explain_refusals(refusal, value, tree.places, file, say("the front matter"), _list_keys)
        return None, tree.places, [*tree.problems, *told]


def read_source(data: bytes, file: str) -> Source | tuple[Problem, ...]:
    """Read one source file (see docs/writing-decks.md). ``file`` is its name, for the problems.

    Never raises on what the bytes hold: whatever is wrong comes back as problems with the line in the whole file.
    """
    text, problems = decode_text(data, file, LARGEST_SOURCE)
    if text is None:
        return tuple(problems)
    lines = _LINE_END.split(text)
    end = _find_front_matter(lines, file)
    if isinstance(end, Problem):
        return (*problems, end)
    front, places, told = _read_front_matter("\n".join(lines[:end]), file)
    problems += told
    blocks = tuple(_split_blocks(lines[end + 1 :], end + 2))
    if not any(block.kind == "paragraph" for block in blocks):
        problems.append(Problem(file, end + 1, 1, "empty-source", "The source has no paragraph.", "Add its text."))
    if problems or front is None:
        return tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    return Source(**dict(front), blocks=blocks, file=file, places=places)

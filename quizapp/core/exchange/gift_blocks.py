"""The questions of a GIFT file, each taken apart into its name, text, answers and general feedback."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quizapp.core.exchange.decoding import iterate_lines
from quizapp.core.exchange.effort import LONGEST_TEXT
from quizapp.core.exchange.gift_text import Written, hide_escapes, read_format, show_escapes
from quizapp.core.messages import say

_ID = re.compile(r"\[id:((?:[^\]\\]|\\.){1,200})\]")
_TAG = re.compile(r"\[tag:((?:[^\]\\]|\\.){1,200})\]")
_UNESCAPE = re.compile(r"\\(.)")
_TITLE = re.compile(r"::(?:[^:\\]|\\.|:(?!:)){1,500}::")
_CATEGORY = re.compile(r"\s*\$CATEGORY:(.*)", re.DOTALL)
HEAD = "// quizapp:"
_MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Block:
    """The lines between two empty lines, from ``line`` on: their text, and what the comments among them say."""

    line: int
    text: str
    id: str = ""
    tags: tuple[str, ...] = ()
    head: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart. ``answers`` is None where there are no braces; ``after`` is the text behind them."""

    name: str
    before: Written
    answers: str | None = None
    after: str = ""
    feedback: Written = field(default_factory=lambda: Written(""))

    @property
    def has_gap(self) -> bool:
        """Whether the answer is a word missing in the text."""
        return bool(self.after)

    def show(self, gap: str) -> Written:
        """The text asked, with a gap where a word is missing."""
        if not self.has_gap:
            return self.before
        return Written(f"{self.before.text} {gap}{self.after}".strip(), self.before.format)


class BrokenQuestion(Exception):
    """The question cannot be read; the sentence says why."""


@dataclass(slots=True)
class _Lines:
    """The lines of one block while they are collected."""

    line: int = 0
    text: list[str] = field(default_factory=list)
    id: str = ""
    tags: list[str] = field(default_factory=list)
    head: str = ""

    def comment(self, line: str) -> None:
        if line.startswith(HEAD):
            self.head = line.removeprefix(HEAD).strip()
        if found := _ID.search(line):
            self.id = _UNESCAPE.sub(r"\1", found[1]).strip()
        self.tags += [_UNESCAPE.sub(r"\1", tag).strip() for tag in _TAG.findall(line)]

    def close(self) -> Block:
        return Block(self.line, "\n".join(self.text), self.id, tuple(filter(None, self.tags)), self.head)


def split_blocks(text: str) -> Iterator[Block]:
    """The questions of a file; empty lines end them, lines that begin with ``//`` are comments."""
    lines = _Lines()
    for number, raw in enumerate(iterate_lines(text), 1):
        line = raw.strip()
        if line.startswith("//"):
            lines.comment(line)
        elif line:
            # The empty line between two questions was forgotten, or a brace was not closed.
            if lines.text and _TITLE.match(line):
                yield lines.close()
                lines = _Lines()
            lines.line = lines.line or number
            if len(lines.text) < _MOST_LINES:  # no question has as many
                lines.text.append(raw.rstrip("\r\n"))
        elif lines.text:
            yield lines.close()
            lines = _Lines()
    if lines.text or lines.head:
        yield lines.close()


def read_category(block: Block) -> str | None:
    """The name of the category that a block begins; None where it is a question."""
    found = _CATEGORY.match(block.text)
    if found is None:
        return None
    parts = [part.strip() for part in found[1].replace("//", "\0").split("/")]
    named = [part.replace("\0", "/") for part in parts if part and not part.startswith("$") and part != "top"]
    return " ".join(named[-1].split()) if named else ""


def _read_name(text: str) -> tuple[str, str]:
    if not text.startswith("::"):
        return "", text
    name, closed, rest = text[2:].partition("::")
    return (" ".join(show_escapes(name).split()), rest.strip()) if closed else ("", text[2:])


def read_question(block: Block) -> Question:
    """Take a question apart. Raises BrokenQuestion where its braces do not match."""
    if len(block.text) > LONGEST_TEXT:
        raise BrokenQuestion(say("it has more than %(most)s characters", most=f"{LONGEST_TEXT:,}"))
    name, text = _read_name(hide_escapes(block.text.strip()))
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        return Question(name, read_format(text))
    if start < 0:
        raise BrokenQuestion(say("a } stands without its {"))
    if end < start:
        why = say("the { is never closed with }; note that an empty line ends a question")
        raise BrokenQuestion(say("a } stands before the {") if end >= 0 else why)
    if "{" in text[end:]:
        raise BrokenQuestion(say("a second { stands in it; between two questions there has to be an empty line"))
    answers, marked, feedback = text[start + 1 : end].strip().rpartition("####")
    if not marked:
        answers, feedback = feedback, ""
    after = text[end + 1 :]
    if not re.search(r"[^\W_]|[.!?;:,)]", after):
        after = ""
    return Question(name, read_format(text[:start]), answers.strip(), after.rstrip(), read_format(feedback))

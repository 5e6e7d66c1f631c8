"""Texts of cards as the HTML that other systems show, and that HTML back as the same texts.

What another system shows is made by ``quizapp.core.markup``; pictures, sounds and formulas are put in the way that
system wants them. Back comes Markdown by ``htmltext``; where that would be written otherwise than it was, the card's
own writing is carried along and taken again as long as nobody has changed the text over there.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Final
from urllib.parse import unquote

from quizapp.core.deck.cloze import ClozeError, parse_cloze
from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.carry import Carried, Line
from quizapp.core.exchange.heads import read_head, write_head
from quizapp.core.exchange.htmltext import escape_markdown, to_markdown
from quizapp.core.formulas import read_formula
from quizapp.core.markup import plain_text, render, render_inline

AS_WRITTEN: Final = "As written"
BLANK: Final = "\ue000"
"""Stands for a blank of a cloze text while the text around it is made HTML or back; no formula of ours holds it."""

_PROMPT = re.compile(r'\s*<div class="quizapp-prompt">(.*?)</div>\s*', re.DOTALL)

# Code and escaped signs are passed over: what stands behind a backslash is never a formula or a picture. A formula is
# what ``quizapp.core.markup`` takes for one.
_SPECIAL = re.compile(
    r"\\.|`[^`\n]{1,500}`"
    r"|\$\$(?P<shown>(?:[^$\\]|\\[^$])+)\$\$(?!\$)"
    r"|(?<![\w$])\$(?![\s$])(?P<tex>(?:[^$\\]|\\.)+)(?<!\s)\$(?![\w$])"
    r"|!\[(?P<label>[^\[\]\n]{0,500})\]\((?:<(?P<spaced>[^<>\n]{1,200})>|(?P<plain>[^\s()<>]{1,200}))\)",
    re.DOTALL,
)
_FOLDER = re.compile(r"(\bsrc=\")[^\"<>]{0,1000}/")
_PRICE = re.compile(r"[\d.,]\S*\s+[^\W\d_]{2,}")
_HEAD = "Quizapp: "
_MOST_WRITTEN = 200
_HARD_BREAK = re.compile(r"\\\n")


@dataclass(frozen=True, slots=True)
class Dress:
    """How a system writes what HTML alone does not settle.

    A file by its name and label; a formula by its TeX and whether it stands on a line of its own. ``undress`` makes of
    what was written the HTML that reading gives, where that is not the same.
    """

    show_file: Callable[[str, str], str]
    show_formula: Callable[[str, bool], str]
    undress: Callable[[str], str] = str


def show_tex(tex: str, is_shown: bool) -> str:
    """A formula between the marks that the MathJax of Moodle and of Canvas looks for."""
    inside = html.escape(tex, quote=False)
    return f"\\[{inside}\\]" if is_shown else f"\\({inside}\\)"


@dataclass(slots=True)
class TextWriter:
    """Writes the texts of one card; notes which files they show, and which would not come back as they were written."""

    dress: Dress
    media: Mapping[str, bytes] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    rewritten: list[str] = field(default_factory=list)

    def block(self, markdown: str) -> str:
        """The text as paragraphs, lists and so on."""
        return self._write(markdown, render)

    def line(self, markdown: str) -> str:
        """The text as HTML within one line."""
        return self._write(markdown, render_inline)

    def verbatim(self, text: str) -> str:
        """A text that is no Markdown, as it is typed."""
        if " ".join(text.split()) != text:
            self.rewritten.append(text)
        return text

    def plain(self, markdown: str) -> str:
        """The text for a field that holds no HTML."""
        text = _say_line(markdown)
        if read_plain(text) != markdown:
            self.rewritten.append(markdown)
        return text

    def cloze(self, prompt: str, text: str, blanks: Sequence[str]) -> str:
        """The text of a cloze card behind its prompt; ``blanks`` are what stands for its blanks, as HTML."""
        joined = _join_pieces(text)
        shown = self.block(joined)
        self.rewritten = [text if one == joined else one for one in self.rewritten]
        before, *after = shown.split(BLANK)
        filled = before + "".join(blank + piece for blank, piece in zip(blanks, after, strict=True))
        return f'<div class="quizapp-prompt">{self.block(prompt)}</div>{filled}' if prompt else filled

    def _write(self, markdown: str, show: Callable[[str], str]) -> str:
        pieces: list[str] = []
        used = {*markdown, BLANK}
        # There are more characters for private use than a text can have.
        mark = next(sign for sign in map(chr, count(0xF0000)) if sign not in used)

        def put_aside(found: re.Match[str]) -> str:
            piece = self._show(found)
            if piece is None:
                return found[0]
            pieces.append(piece)
            return f"{mark}{len(pieces) - 1}{mark}"

        shown = show(_SPECIAL.sub(put_aside, markdown))
        whole = re.sub(f"{mark}([0-9]+){mark}", lambda found: pieces[int(found[1])], shown)
        if markdown and read_line_or_block(self.dress.undress(whole), is_line=show is render_inline) != markdown:
            self.rewritten.append(markdown)
        return whole

    def _show(self, found: re.Match[str]) -> str | None:
        if BLANK in found[0]:
            return None
        if tex := found["tex"] or found["shown"]:
            return self._show_formula(tex, is_shown=found["shown"] is not None)
        name = unquote(found["spaced"] or found["plain"] or "")
        if not name:
            return None
        label = found["label"]
        if name not in self.media:
            if "/" not in name and ":" not in name and name not in self.missing:
                self.missing.append(name)
            return html.escape(label)
        if name not in self.used:
            self.used.append(name)
        return self.dress.show_file(name, label)

    def _show_formula(self, tex: str, *, is_shown: bool) -> str | None:
        line = " ".join(tex.split())
        is_price = not is_shown and _PRICE.match(tex)
        return None if is_price or read_formula(line) is None else self.dress.show_formula(line, is_shown)

    @property
    def extra(self) -> list[Line]:
        """The lines for ``carry`` that bring back what would be written otherwise."""
        return [(AS_WRITTEN, text) for text in dict.fromkeys(self.rewritten)]


def _say_line(markdown: str) -> str:
    """The text of Markdown in one line. The sign before it keeps it from being a list or a heading."""
    return plain_text(f"({markdown}")[1:]


def read_plain(text: str) -> str:
    """The Markdown, in one line, of a field that holds no HTML."""
    return escape_markdown(" ".join(text.split()))


def read_line_or_block(markup: str, *, is_line: bool) -> str:
    """The Markdown of a field of HTML, in one line where the card has one line for it."""
    markdown = to_markdown(markup)
    return " ".join(_HARD_BREAK.sub("\n", markdown).split()) if is_line else markdown


def _join_pieces(text: str) -> str:
    """A cloze text with one sign in the place of each blank. Raises ClozeError where it is none."""
    return BLANK.join(parse_cloze(text.replace(BLANK, " ")).pieces)


def _write_blank(wordings: Sequence[str]) -> str:
    return "{{" + "|".join(wordings) + "}}"


class _EveryFile(dict[str, bytes]):
    """Files whose names are not known: any may be there."""

    def __contains__(self, name: object) -> bool:
        return True


def _name_plainly(markup: str) -> str:
    """HTML whose pictures and sounds go by their names alone, wherever they lie."""
    return _FOLDER.sub(r"\1", markup)


@dataclass(slots=True)
class TextReader:
    """Reads the texts of one question; ``carried`` brings back how they were written where they are unchanged."""

    dress: Dress
    carried: Carried = field(default_factory=Carried)
    _written: dict[tuple[str, bool], str] | None = None
    _used: set[str] = field(default_factory=set)

    def block(self, markup: str) -> str:
        """The Markdown of a text of paragraphs."""
        return self._recall(markup, is_line=False) or read_line_or_block(markup, is_line=False)

    def line(self, markup: str) -> str:
        """The Markdown of a text that a card holds in one line."""
        return self._recall(markup, is_line=True) or read_line_or_block(markup, is_line=True)

    def verbatim(self, text: str) -> str:
        """A text that is no Markdown, as it is typed, in one line."""
        words = text.split()
        return next((one for one in self._list_lines() if one.split() == words), "") or " ".join(words)

    def plain(self, text: str) -> str:
        """The Markdown, in one line, of a field that holds no HTML."""
        found = [one for one in self._list_lines() if _say_line(one) == text]
        chosen = next((one for one in found if one not in self._used), found[0] if found else "")
        self._used.add(chosen)
        return chosen or read_plain(text)

    def _list_lines(self) -> Iterator[str]:
        return (one for one in self.carried.extra.get(AS_WRITTEN, ()) if "\n" not in one)

    def cloze(self, markup: str, blanks: Sequence[Sequence[str]]) -> tuple[str, str]:
        """The prompt and the text of a cloze card; ``markup`` has one ``BLANK`` for each of the ``blanks``."""
        found = _PROMPT.match(markup)
        prompt = self.block(found[1]) if found else ""
        shown = self.block(markup[found.end() :] if found else markup)
        before, *after = shown.replace("{{", "{ {").replace("}}", "} }").split(BLANK)
        filled = (_write_blank(wordings) + piece for wordings, piece in zip(blanks, after, strict=False))
        return prompt, before + "".join(filled)

    def _recall(self, markup: str, *, is_line: bool) -> str:
        if self._written is None:
            written = self._list_written()
            self._written = {
                (_name_plainly(self.dress.undress(key)), is_line): text for (key, is_line), text in written
            }
        return self._written.get((_name_plainly(markup.strip()), is_line), "") if self._written else ""

    def _list_written(self) -> Iterator[tuple[tuple[str, bool], str]]:
        """What was carried, by the HTML that it makes and whether that is for one line."""
        for text in self.carried.extra.get(AS_WRITTEN, ())[:_MOST_WRITTEN]:
            for media in (_EveryFile(), dict[str, bytes]()) if "![" in text else (dict[str, bytes](),):
                writer = TextWriter(self.dress, media)
                yield (writer.block(text), False), text
                if "\n" not in text:
                    yield (writer.line(text), True), text
                if "{{" in text:
                    with suppress(ClozeError):
                        joined = _join_pieces(text)
                        yield (writer.block(joined), False), joined


def join_texts(texts: Iterable[str]) -> str:
    """Texts one after the other as paragraphs, each once, blanks left out."""
    return "\n\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def join_head(deck: Deck) -> str:
    """What belongs to a deck as a whole, for a plain field that people read: its description, and a line for us."""
    return f"{plain_text(deck.description)}\n{_HEAD}{write_head(deck)}".strip()


def split_head(text: str) -> dict[str, object]:
    """What such a field says of a deck, for ``Gathering.head``; another system's own text is the description."""
    rest, found, line = text.partition(_HEAD)
    if found:
        return read_head(line)
    return {"description": escape_markdown(rest[:2000])} if rest.strip() else {}

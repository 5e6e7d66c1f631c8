"""The HTML of other systems to inert Markdown, and plain text to Markdown that shows as that text.

Foreign HTML is parsed and reduced by nh3 first (scripts, styles and their content go), so what is taken apart here is
well formed. What Markdown of a card can show is kept: paragraphs, line breaks, emphasis, code, lists, quotes, links to
http, https and mailto, and pictures and sounds by their plain file name. Everything else leaves its text alone.
Formulas as ``\\(…\\)``, ``\\[…\\]``, ``[$]…[/$]`` and ``[latex]…[/latex]`` become ``$…$``.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Final
from urllib.parse import unquote

import nh3

from quizapp.core.deck.text import HIDDEN
from quizapp.core.markup import plain_text

_LONGEST: Final = 100_000
# The parser takes long over deep nests; what has more tags than any card is read as text, its tags dropped.
_MOST_TAGS: Final = 4_000
_INLINE = {"a", "b", "strong", "i", "em", "code", "kbd", "tt", "sub", "sup", "br", "img", "audio", "video", "source"}
_BLOCKS = {"p", "div", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "tr", "td", "th", "dt", "dd"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_CLEANER: Final = nh3.Cleaner(
    tags=_INLINE | _BLOCKS | _HEADINGS,
    clean_content_tags={"script", "style", "template", "noscript", "title", "head"},
    attributes={"a": {"href"}, **{tag: {"src", "alt"} for tag in ("img", "audio", "video", "source")}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
_TOKEN = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>|([^<]+)")
_ANY_TAG = re.compile(r"<[^<>]*>?")
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HIDDEN_SIGN = re.compile(f"[{HIDDEN}]")
_SOUND = re.compile(r"\[sound:([^\]\n\[]{1,200})\]")
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>]{1,2000}", re.IGNORECASE)
_FORMULAS = (("\\(", "\\)"), ("\\[", "\\]"), ("[$]", "[/$]"), ("[$$]", "[/$$]"), ("[latex]", "[/latex]"))
_EMPHASIS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_RAISED = {"sup": "^", "sub": "_"}

_PUNCTUATION = re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_SPECIAL = re.compile(
    rf"\\(?=[{_PUNCTUATION}\n]|\Z)|[*`]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z])|&(?=[#A-Za-z])", re.MULTILINE
)
_LINKS = re.compile(r"\]\(|\]:|\]\[")
_AT_START = re.compile(
    r"^[ \t]*(?:(>|~(?=~~)|(?:#{1,6}|[+-])(?=\s|$)|[=-](?=[=-]*[ \t]*$))|([0-9]{1,9})([.)])(?=\s|$))", re.MULTILINE
)
_GAP = re.compile(r"\n{2,}")
# Most texts are one line without a mark: known by one look.
UNMARKED_BEGIN: Final = r"[^\W\d_]"
MARKS: Final = f"\\\\*`_<&${{\\[\\]\\r\\n\\t{HIDDEN}"
_UNMARKED = re.compile(f"{UNMARKED_BEGIN}[^{MARKS}]*")
_PLAIN_LINE = re.compile(f"[^{MARKS}]*")
_LINE = re.compile(f"[^\\r\\n{HIDDEN}]*")
# Past so many marks a text is shown as it stands (see quizapp.core.markup), so escapes would be seen.
_MARKS, _MOST_MARKS = "*_`[]!<&\\\n", 900


def _escape_line_start(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"


def _escape_mark(found: re.Match[str]) -> str:
    return "\\" + found[0]


def _escape_inline(text: str, *, dollars: bool = False) -> str:
    """Marks escaped; a dollar sign too, where there is another one, with which it would make a formula."""
    escaped = _SPECIAL.sub(_escape_mark, text)
    if _LINKS.search(escaped):
        escaped = escaped.replace("[", "\\[")
    return escaped.replace("$", "\\$") if dollars or escaped.count("$") > 1 else escaped


def _clean_plain(text: str) -> str:
    return _HIDDEN_SIGN.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _trim_lines(text: str) -> str:
    return "\n".join(map(str.strip, text.split("\n"))).strip()


def is_unmarked(text: str) -> bool:
    """Whether a text is one line that begins with a letter and holds no mark of Markdown or HTML."""
    return _UNMARKED.fullmatch(text) is not None


def escape_markdown(text: str) -> str:
    """Markdown that shows as this plain text: marks are escaped, where they would mean anything; line ends stay.

    White space at the edges of lines goes, and so do characters that hide from the eye.
    """
    if _UNMARKED.fullmatch(text):
        return text.rstrip()
    if _PLAIN_LINE.fullmatch(text):
        return _AT_START.sub(_escape_line_start, text.strip())
    plain = text.strip() if _LINE.fullmatch(text) else _trim_lines(_clean_plain(text))
    if len(plain) > _MOST_MARKS and sum(map(plain.count, _MARKS)) > _MOST_MARKS:
        return plain
    escaped = _AT_START.sub(_escape_line_start, _escape_inline(plain))
    if "\n" in escaped:
        return "\n\n".join(part.replace("\n", "\\\n") for part in _GAP.split(escaped))
    return escaped


def _convert_formulas(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a text, each with whether it is the inside of a formula. Linear in the length of the text."""
    closed_at = {opener: text.rfind(closer) for opener, closer in _FORMULAS}
    at = 0
    while True:
        found = [
            (start, opener, closer)
            for opener, closer in _FORMULAS
            if closed_at[opener] > at and 0 <= (start := text.find(opener, at)) < closed_at[opener]
        ]
        if not found:
            break
        start, opener, closer = min(found)
        end = text.find(closer, start + len(opener))
        inside = text[start + len(opener) : end].strip()
        if not inside or any(sign in inside for sign in ("$", "\n", opener)):
            yield text[at : start + len(opener)], False
            at = start + len(opener)
        else:
            yield text[at:start], False
            yield inside, True
            at = end + len(closer)
    yield text[at:], False


def _name_of(address: str) -> str:
    """The plain file name an address of a picture or sound ends in; blank for those that lie elsewhere."""
    if ":" in address.split("/", 1)[0] or address.startswith("//"):
        return ""
    name = unquote(address.split("?", 1)[0].split("#", 1)[0]).rstrip("/").rsplit("/", 1)[-1]
    return "" if name in ("", ".", "..") or "\\" in name or _HIDDEN_SIGN.search(name) or "\n" in name else name


def _show_file(name: str, label: str) -> str:
    target = f"<{name}>" if re.search(r"[\s()]", name) else name
    words = " ".join(label.split()) or name.rsplit(".", 1)[0]
    return f"![{_escape_inline(words).replace('[', '(').replace(']', ')')}]({target})" if "<" not in name else words


def _write_text(text: str, *, dollars: bool) -> str:
    """A run of text between tags as Markdown: formulas and sounds as such, all other marks escaped."""
    parts = []
    for part, is_formula in _convert_formulas(text):
        if is_formula:
            parts.append(f"${part}$")
            continue
        pieces = _SOUND.split(part)
        plain = (_escape_inline(piece, dollars=dollars) for piece in pieces[::2])
        sounds = (_show_file(name, "") if (name := _name_of(piece.strip())) else "" for piece in pieces[1::2])
        parts += list(chain.from_iterable(zip(plain, chain(sounds, [""]), strict=False)))
    return "".join(parts)


@dataclass(slots=True)
class _Mark:
    """An inline mark that is open: its tag, where its text begins, and the address of a link."""

    tag: str
    start: int
    target: str = ""


@dataclass(slots=True)
class _Writer:
    """Turns the tokens of well-formed HTML into blocks of Markdown."""

    blocks: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    marks: list[_Mark] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    lists: list[int | None] = field(default_factory=list)
    item: str = ""
    filled: bool = False  # whether the block that is being written has more than white space
    in_code: bool = False
    dollars: bool = False

    def text(self, text: str) -> None:
        if self.in_code:
            self.inline.append(text)
            return
        run = _SPACES.sub(" ", text)
        self.filled = self.filled or not run.isspace()
        self.inline.append(_write_text(run, dollars=self.dollars))

    def open(self, tag: str, attributes: str) -> None:
        if tag == "br":
            self.inline.append("\n")
        elif tag in ("img", "audio", "video", "source"):
            self._show(attributes)
        elif tag == "a":
            found = dict(_ATTRIBUTE.findall(attributes))
            self.marks.append(_Mark(tag, len(self.inline), html.unescape(found.get("href", ""))))
        elif tag in _INLINE:
            self.marks.append(_Mark(tag, len(self.inline)))
        elif tag in ("td", "th"):
            self.inline.append(" | " if self.filled else "")
        else:
            self._open_block(tag)

    def _show(self, attributes: str) -> None:
        found = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
        name, label = _name_of(found.get("src", "")), found.get("alt", "")
        self.filled = self.filled or bool(name or label.strip())
        self.inline.append(_show_file(name, label) if name else _escape_inline(label))

    def _open_block(self, tag: str) -> None:
        self.flush()
        if tag == "blockquote":
            self.prefixes.append("> ")
        elif tag in ("ul", "ol"):
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            number = self.lists[-1] if self.lists else None
            if number is not None:
                self.lists[-1] = number + 1
            self.item = "- " if number is None else f"{number + 1}. "
            self.prefixes.append(" " * len(self.item))
        elif tag == "pre":
            self.in_code = True
        elif tag in _HEADINGS:
            self.marks.append(_Mark("b", 0))

    def close(self, tag: str) -> None:
        if tag in _INLINE:
            self._close_mark(tag)
        elif tag not in ("td", "th"):
            if tag in _HEADINGS:
                self._close_mark("b")
            self.flush()
            if tag in ("blockquote", "li") and self.prefixes:
                self.prefixes.pop()
                self.item = ""
            elif tag in ("ul", "ol") and self.lists:
                self.lists.pop()
            self.in_code = self.in_code and tag != "pre"

    def _close_mark(self, tag: str) -> None:
        at = next((at for at in range(len(self.marks) - 1, -1, -1) if self.marks[at].tag == tag), None)
        if at is not None:
            mark = self.marks.pop(at)
            self.inline[mark.start :] = [_wrap_mark(mark, "".join(self.inline[mark.start :]))]

    def flush(self) -> None:
        """End the block that is being written; marks that are open go on in the next."""
        going_on = [_Mark(mark.tag, 0, mark.target) for mark in self.marks]
        if self.in_code:
            text = "".join(self.inline).strip("\n")
            block = f"```\n{text}\n```" if text.strip() and "```" not in text else escape_markdown(text)
        else:
            while self.marks:
                self._close_mark(self.marks[-1].tag)
            block = _tidy("".join(self.inline))
        if block:
            self._place(block)
        self.inline, self.marks, self.filled = [], going_on, False

    def _place(self, block: str) -> None:
        outer = self.prefixes[:-1] if self.item else self.prefixes
        first = "".join(outer) + self.item
        further = "".join(self.prefixes)
        self.blocks.append(first + block.replace("\n", "\n" + further))
        self.item = ""


def _tidy(text: str) -> str:
    lines = _GAP.sub("\n", _trim_lines(text))
    return _AT_START.sub(_escape_line_start, lines).replace("\n", "\\\n")


def _wrap_mark(mark: _Mark, text: str) -> str:
    inside = text.strip()
    if not inside or "\n" in inside:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if mark.tag == "a":
        linked = _ADDRESS.fullmatch(mark.target) and "](" not in inside
        inside = f"[{inside.replace(']', chr(92) + ']')}](<{mark.target}>)" if linked else inside
    elif mark.tag in _EMPHASIS:
        inside = f"{_EMPHASIS[mark.tag]}{inside}{_EMPHASIS[mark.tag]}"
    elif mark.tag in _RAISED:
        inside = f"{_RAISED[mark.tag]}{inside}" if len(inside) == 1 else f"{_RAISED[mark.tag]}({inside})"
    elif "`" not in inside and "\\" not in inside:
        inside = f"`{inside}`"
    return before + inside + after


def _convert(markup: str) -> str:
    writer = _Writer(dollars="$" in markup)
    for closing, tag, attributes, text in _TOKEN.findall(markup):
        if text:
            writer.text(html.unescape(text).replace("\xa0", " "))
        elif closing:
            writer.close(tag)
        else:
            writer.open(tag, attributes)
    writer.flush()
    return _join(writer.blocks)


_ITEM = re.compile(r"(?:> )*\s*(?:- |[0-9]+\. )")


def _join(blocks: list[str]) -> str:
    """Blocks with an empty line between them; the items of a list follow one another."""
    written = ""
    for block in blocks:
        is_item = bool(_ITEM.match(block) and _ITEM.match(written.rsplit("\n\n", 1)[-1]))
        written += ("\n" if is_item else "\n\n" if written else "") + block
    return written


def _has_markup(text: str) -> bool:
    return "<" in text or "&" in text or "\\" in text or "[" in text


def _read_markup(text: str) -> str:
    if text.count("<") > _MOST_TAGS:
        return escape_markdown(html.unescape(_ANY_TAG.sub(" ", text)))
    return _convert(_CLEANER.clean(text))


def to_markdown(markup: str) -> str:
    """HTML of any origin as Markdown of a card: inert, no HTML in it, and its text is that of the HTML.

    Never raises. What is longer than 100,000 characters is cut there: no card holds as much.
    """
    text = _clean_plain(markup[:_LONGEST])
    if not _has_markup(text):
        return escape_markdown(_SPACES.sub(" ", text))
    return _read_markup(text)


def to_text(markup: str) -> str:
    """The plain text of HTML of any origin, with a line feed where a line or block ends. Never raises."""
    text = _clean_plain(markup[:_LONGEST])
    if not _has_markup(text):
        return _SPACES.sub(" ", text).strip()
    return plain_text(_read_markup(text))

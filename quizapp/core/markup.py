"""Markdown without HTML, to safe HTML and to the plain text a reader sees.

Every function that renders gives safe HTML as a plain ``str``: built by markdown-it-py with HTML off (what looks like
a tag is shown as text), then cleaned by nh3, with only the tags and attributes listed here. No id, class or style
passes. Links lead to http, https, mailto or relative addresses only. Headings become bold paragraphs, since the page
has headings of its own.

``![what it shows](name.png)`` is a picture and ``![what is heard](name.mp3)`` a sound, where ``media`` knows the name;
else the words stand for it. ``$…$`` is a formula, ``$$…$$`` one on a line of its own; dollars that are prices stay.

``plain_text`` is the one definition of the text in which quotes are found and to whose offsets spans refer.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from quizapp.core import formulas
from quizapp.core.source.quotes import Span

_CLEANER: Final = nh3.Cleaner(
    tags={"a", "blockquote", "br", "code", "em", "hr", "li", "mark", "ol", "p", "pre", "strong", "ul"}
    | {"audio", "img", *formulas.ELEMENTS},
    attributes={
        "a": {"href", "title"},
        "audio": {"aria-label", "controls", "preload", "src"},
        "img": {"alt", "decoding", "height", "loading", "src", "width"},
        "mark": {"data-label"},
        "ol": {"start"},
        **{element: set(formulas.ATTRIBUTES) for element in formulas.ELEMENTS},
    },
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener noreferrer",
)
_SAFE_LINK = re.compile(r"(?:https?|mailto):|(?![a-z][a-z0-9+.-]*:)", re.IGNORECASE)
# The parser takes some microseconds for each of these. No honest text of a card or paragraph has so many; one that
# does is shown as it stands, so that nobody can make a page slow.
_MARKS = "*_`[]!<&\\\n$"
_MOST_MARKS = 1000
# One line of words and of signs that mean nothing in Markdown or HTML: most of what cards say. It is its own HTML.
_PLAIN: Final = re.compile(r"[^\W\d_](?:[^\W_]|[ ,.;:'’‘“”?()–—/%-])*(?<! )")
_MOST_OF_FORMULAS = 3000  # characters of all formulas of a text: further ones are shown as they stand

# A dollar opens a formula where no letter or digit stands before it and no space after it, and the next dollar closes
# it where no space stands before it and no letter or digit after it: so "$5 and $10" are prices. What begins with a
# digit and goes on in words ("$5 or 5$") is none either. U+E000 stands for the blanks of a cloze text (web.text).
_FORMULA: Final = re.compile(
    r"\$\$((?:[^$\\\ue000]|\\[^\ue000])+)\$\$(?!\$)"
    r"|(?<![\w$])\$(?![\s$])((?:[^$\\\ue000]|\\[^\ue000])+)(?<!\s)\$(?![\w$])"
)
_PRICE: Final = re.compile(r"[\d.,]\S*\s+[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture or sound as the page shows it: where it is, and, of a picture, its size in pixels."""

    address: str
    is_sound: bool = False
    width: int = 0
    height: int = 0


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        return _SAFE_LINK.match(url) is not None


def _read_formula(state: StateInline, silent: bool) -> bool:
    """The formula that begins here, for markdown-it: MathML, or the words as they stand."""
    match = _FORMULA.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "$" else None
    if match is None or _PRICE.match(match[2] or "", 0, formulas.LONGEST_FORMULA):
        return False
    if not silent:
        env = state.env
        env["used"] = env.get("used", 0) + len(match[0])
        latex = (match[1] or match[2]).strip()
        room = env["used"] <= _MOST_OF_FORMULAS
        formula = formulas.read_formula(latex, display=match[1] is not None) if room else None
        if formula is None:
            env.setdefault("unreadable", []).append(match[0])
            state.push("text", "", 0).content = match[0]
        else:
            token = state.push("html_inline", "", 0)
            token.content, token.meta = formula.mathml, {"text": formula.reading}
    state.pos = match.end()
    return True


def _find_formula_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines between ``$$`` are one paragraph, for markdown-it, so that a line of them that begins with + is no list."""
    line = state.getLines(start, start + 1, state.blkIndent, False).strip()
    if not line.startswith("$$") or state.is_code_block(start):
        return False
    lines, last = line, start
    while not (lines.endswith("$$") and len(lines) > 4):
        last += 1
        if last >= end or state.isEmpty(last) or len(lines) > formulas.LONGEST_FORMULA:
            return False
        lines += "\n" + state.getLines(last, last + 1, state.blkIndent, False).strip()
    if not silent:
        state.line = last + 1
        state.push("paragraph_open", "p", 1)
        inline = state.push("inline", "", 0)
        inline.content, inline.children, inline.map = lines, [], [start, state.line]
        state.push("paragraph_close", "p", -1)
    return True


_MARKDOWN: Final = _Parser("commonmark", {"html": False})
_WITH_FORMULAS: Final = _Parser("commonmark", {"html": False})
_WITH_FORMULAS.inline.ruler.before("emphasis", "formula", _read_formula)
_WITH_FORMULAS.block.ruler.before("fence", "formula", _find_formula_block, {"alt": ["paragraph", "blockquote", "list"]})
_LITERAL: Final = _Parser("zero")


def _choose_parser(markdown: str) -> MarkdownIt:
    if sum(map(markdown.count, _MARKS)) > _MOST_MARKS:
        return _LITERAL
    return _WITH_FORMULAS if "$" in markdown else _MARKDOWN


def _wrap(name: str, tag: str, inside: list[Token]) -> list[Token]:
    return [Token(f"{name}_open", tag, 1), *inside, Token(f"{name}_close", tag, -1)]


def _read_leaf(leaf: Token) -> str:
    if leaf.type == "image":
        return "".join(map(_read_leaf, leaf.children or []))
    if leaf.type == "html_inline":
        return str(leaf.meta["text"])
    return "\n" if leaf.type in ("softbreak", "hardbreak") else leaf.content


def _find_name(image: Token) -> str:
    """The name of the file that a picture or sound is, without the signs that stand for others in an address."""
    return unquote(str(image.attrs.get("src", "")))


def _show_medium(words: str, medium: Medium) -> Token:
    label, source = escape(words), escape(medium.address)
    if medium.is_sound:
        html = f'<audio controls preload="none" src="{source}" aria-label="{label}"></audio>'
    else:
        size = f'width="{medium.width}" height="{medium.height}"'
        html = f'<img src="{source}" alt="{label}" {size} loading="lazy" decoding="async">'
    return Token("html_inline", "", 0, content=html, meta={"text": words})


def _simplify_leaf(leaf: Token, media: Mapping[str, Medium]) -> Token:
    """Of what an inline text holds, leave texts, code, line breaks, pairs of tags, and what is known of media."""
    if leaf.type not in ("softbreak", "image"):
        return leaf
    words = _read_leaf(leaf)
    medium = media.get(_find_name(leaf)) if media and leaf.type == "image" else None
    return Token("text", "", 0, content=words) if medium is None else _show_medium(words, medium)


def _simplify(tokens: list[Token], media: Mapping[str, Medium]) -> Iterator[Token]:
    """Of all that Markdown has, leave paragraphs, lists, quotes, rules, and inline texts of simple leaves."""
    in_heading = False
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            in_heading = token.nesting > 0
            yield Token(token.type.replace("heading", "paragraph"), "p", token.nesting)
        elif token.type in ("fence", "code_block"):
            code = _wrap("code", "code", [Token("text", "", 0, content=token.content.rstrip("\n"))])
            yield from _wrap("pre", "pre", [Token("inline", "", 0, children=code)])
        elif token.type == "inline":
            leaves = [_simplify_leaf(leaf, media) for leaf in token.children or []]
            token.children = _wrap("strong", "strong", leaves) if in_heading else leaves
            yield token
        else:
            yield token


_NONE: Final[Mapping[str, Medium]] = {}


def _parse(markdown: str, media: Mapping[str, Medium] = _NONE) -> list[Token]:
    return list(_simplify(_choose_parser(markdown).parse(markdown), media))


def _read(tokens: Sequence[Token]) -> str:
    inlines = (token.children or [] for token in tokens if token.type == "inline")
    return "\n".join("".join(map(_read_leaf, leaves)) for leaves in inlines)


def _write(tokens: Sequence[Token]) -> str:
    return _CLEANER.clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})).strip()


def render(markdown: str, media: Mapping[str, Medium] = _NONE) -> str:
    """The Markdown as safe block HTML: paragraphs, lists, quotes, code. ``media`` by the names that it uses."""
    if _PLAIN.fullmatch(markdown):
        return f"<p>{markdown}</p>"
    return _write(_parse(markdown, media))


def render_inline(markdown: str, media: Mapping[str, Medium] = _NONE) -> str:
    """The Markdown as safe HTML within one line: emphasis, code, links, pictures, sound; no paragraphs."""
    if _PLAIN.fullmatch(markdown):
        return markdown
    return _write(list(_simplify(_choose_parser(markdown).parseInline(markdown), media)))


def plain_text(markdown: str) -> str:
    """The text a reader sees: no marks of Markdown, one line feed between blocks and where a line breaks.

    Pictures and sounds are their words, formulas a line that can be read: ``x² + a/b``.
    """
    if _PLAIN.fullmatch(markdown):
        return markdown
    return _read(_parse(markdown))


@dataclass(frozen=True, slots=True)
class Embedded:
    """A picture or sound that a text asks for: the name, and the words that stand for it."""

    name: str
    words: str


def _list_images(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "image":
            yield token
        elif token.children:
            yield from _list_images(token.children)


def list_embedded(markdown: str) -> list[Embedded]:
    """The pictures and sounds that a text asks for, in their order."""
    if "![" not in markdown:
        return []
    images = _list_images(_choose_parser(markdown).parse(markdown))
    return [Embedded(_find_name(image), _read_leaf(image)) for image in images]


def list_unreadable(markdown: str) -> list[str]:
    """The formulas of a text that cannot be read, as they stand there with their dollars."""
    env: MutableMapping[str, Any] = {}
    if "$" in markdown:
        _choose_parser(markdown).parse(markdown, env)
    return list(env.get("unreadable", ()))


@dataclass(slots=True)
class _Marker:
    """Puts ``<mark>`` around the spans of a text while its leaves go by; ``at`` is the offset of the next leaf."""

    spans: deque[Span]
    label: str
    at: int = 0

    def mark(self, leaves: Sequence[Token]) -> Iterator[Token]:
        for leaf in leaves:
            length = len(_read_leaf(leaf))
            yield from self._split(leaf, self.at + length) if leaf.content else [leaf]
            self.at += length
        self.at += 1

    def _mark_whole(self, leaf: Token, end: int) -> Iterator[Token]:
        """A picture, sound or formula is marked where a span touches it: it cannot be cut."""
        span = self.spans[0] if self.spans and self.spans[0].start < end else None
        yield from [leaf] if span is None else self._wrap(leaf, is_first=span.start >= self.at)
        while self.spans and self.spans[0].end <= end:
            self.spans.popleft()

    def _split(self, leaf: Token, end: int) -> Iterator[Token]:
        if leaf.type == "html_inline":
            yield from self._mark_whole(leaf, end)
            return
        begun = at = self.at
        while self.spans and self.spans[0].start < end:
            span = self.spans[0]
            start, stop = max(span.start, begun), min(span.end, end)
            if at < start:
                yield leaf.copy(content=leaf.content[at - begun : start - begun])
            if start < stop:
                inside = leaf.copy(content=leaf.content[start - begun : stop - begun])
                yield from self._wrap(inside, is_first=start == span.start)
            at = max(at, stop)
            if span.end > end:
                break
            self.spans.popleft()
        if at < end:
            yield leaf.copy(content=leaf.content[at - begun :])

    def _wrap(self, leaf: Token, *, is_first: bool) -> list[Token]:
        marked = _wrap("mark", "mark", [leaf])
        if self.label and is_first:
            marked[0].attrs = {"data-label": self.label}
        return marked


def _join_spans(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        elif span.start < span.end:
            joined.append(span)
    return joined


def render_passage(markdown: str, spans: Sequence[Span], label: str = "") -> str:
    """A paragraph of a source as safe HTML, ``<mark>`` around each span of its ``plain_text``.

    Spans that touch or overlap become one. A span across emphasis or links becomes several marks, each well nested;
    ``label`` stands in the ``data-label`` of the first of each span, for a style sheet to announce. One paragraph gives
    its inner HTML; a list, quote or code block gives the whole block: set it in a ``<div>`` rather than a ``<p>``.
    """
    tokens = _parse(markdown)
    marker = _Marker(deque(_join_spans(spans)), label)
    for token in tokens:
        if token.type == "inline":
            token.children = list(marker.mark(token.children or []))
    is_one_paragraph = [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    return _write(tokens[1:2] if is_one_paragraph else tokens)

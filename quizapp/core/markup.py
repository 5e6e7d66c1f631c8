"""Markdown without HTML, to safe HTML and to the plain text a reader sees.

Every function that renders gives safe HTML as a plain ``str``: built by markdown-it-py with HTML off (what looks like
a tag is shown as text), then cleaned by nh3, with only the tags and attributes listed here. No id, class or style
passes. Links lead to http, https, mailto or relative addresses only. Pictures are shown as their text alternative, and
headings as bold paragraphs, since the page has headings of its own.

``plain_text`` is the one definition of the text in which quotes are found and to whose offsets spans refer.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from quizapp.core.source.quotes import Span

_CLEANER: Final = nh3.Cleaner(
    tags={"a", "blockquote", "br", "code", "em", "hr", "li", "mark", "ol", "p", "pre", "strong", "ul"},
    attributes={"a": {"href", "title"}, "mark": {"data-label"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener noreferrer",
)
_SAFE_LINK = re.compile(r"(?:https?|mailto):|(?![a-z][a-z0-9+.-]*:)", re.IGNORECASE)
# The parser takes some microseconds for each of these. No honest text of a card or paragraph has so many; one that
# does is shown as it stands, so that nobody can make a page slow.
_MARKS = "*_`[]!<&\\\n"
_MOST_MARKS = 1000


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        return _SAFE_LINK.match(url) is not None


_MARKDOWN: Final = _Parser("commonmark", {"html": False})
_LITERAL: Final = _Parser("zero")


def _choose_parser(markdown: str) -> MarkdownIt:
    return _LITERAL if sum(map(markdown.count, _MARKS)) > _MOST_MARKS else _MARKDOWN


def _wrap(name: str, tag: str, inside: list[Token]) -> list[Token]:
    return [Token(f"{name}_open", tag, 1), *inside, Token(f"{name}_close", tag, -1)]


def _read_leaf(leaf: Token) -> str:
    if leaf.type == "image":
        return "".join(map(_read_leaf, leaf.children or []))
    return "\n" if leaf.type in ("softbreak", "hardbreak") else leaf.content


def _simplify_leaf(leaf: Token) -> Token:
    """Of what an inline text holds, leave texts, code, line breaks and pairs of tags."""
    return Token("text", "", 0, content=_read_leaf(leaf)) if leaf.type in ("softbreak", "image") else leaf


def _simplify(tokens: list[Token]) -> Iterator[Token]:
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
            leaves = [_simplify_leaf(leaf) for leaf in token.children or []]
            token.children = _wrap("strong", "strong", leaves) if in_heading else leaves
            yield token
        else:
            yield token


def _parse(markdown: str) -> list[Token]:
    return list(_simplify(_choose_parser(markdown).parse(markdown)))


def _read(tokens: Sequence[Token]) -> str:
    inlines = (token.children or [] for token in tokens if token.type == "inline")
    return "\n".join("".join(map(_read_leaf, leaves)) for leaves in inlines)


def _write(tokens: Sequence[Token]) -> str:
    return _CLEANER.clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})).strip()


def render(markdown: str) -> str:
    """The Markdown as safe block HTML: paragraphs, lists, quotes, code."""
    return _write(_parse(markdown))


def render_inline(markdown: str) -> str:
    """The Markdown as safe HTML within one line: emphasis, code and links, no paragraphs."""
    return _write(list(_simplify(_choose_parser(markdown).parseInline(markdown))))


def plain_text(markdown: str) -> str:
    """The text a reader sees: no marks of Markdown, one line feed between blocks and where a line breaks."""
    return _read(_parse(markdown))


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

    def _split(self, leaf: Token, end: int) -> Iterator[Token]:
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

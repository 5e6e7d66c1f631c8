"""Markdown to safe HTML and to plain text."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.markup import plain_text, render, render_inline, render_passage
from quizapp.core.source.quotes import Span, find_quote

VOID = {"br", "hr"}
ALLOWED = {"a", "blockquote", "br", "code", "em", "hr", "li", "mark", "ol", "p", "pre", "strong", "ul"}


class Reader(HTMLParser):
    """Checks that tags are allowed and nest well; keeps the text, and the text within marks."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.marked = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        assert {name for name, _ in attrs} <= {"href", "title", "rel", "start", "data-label"}
        for name, value in attrs:
            if name == "href":
                assert re.match(r"(https?|mailto):|(?![a-z][a-z0-9+.-]*:)", value or "", re.IGNORECASE)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        self.marked += data if "mark" in self.open else ""


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def test_markdown_becomes_html() -> None:
    assert render("One *two* **three** `four`\n\n- five\n- six") == (
        "<p>One <em>two</em> <strong>three</strong> <code>four</code></p>\n<ul>\n<li>five</li>\n<li>six</li>\n</ul>"
    )
    assert render("> a\n\n3. b\n\n***\n\n```py\nc\n```") == (
        '<blockquote>\n<p>a</p>\n</blockquote>\n<ol start="3">\n<li>b</li>\n</ol>\n<hr>\n<pre><code>c</code></pre>'
    )


def test_a_line_of_markdown_becomes_html_without_paragraphs() -> None:
    assert render_inline("One *two*") == "One <em>two</em>"
    assert render_inline("- no list") == "- no list"


def test_headings_are_bold_paragraphs() -> None:
    assert render("# A *b*") == "<p><strong>A <em>b</em></strong></p>"


def test_pictures_are_their_text_alternative() -> None:
    assert render("![the *Wall* ![in](x.png) `1989`](https://example.org/x.png)") == "<p>the Wall in 1989</p>"


def test_links_are_given_no_trust() -> None:
    assert render_inline("[a](page.html)") == '<a href="page.html" rel="nofollow noopener noreferrer">a</a>'
    assert 'href="mailto:a@example.org"' in render_inline("<mailto:a@example.org>")


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "ftp://x", "vbscript:x", "java&#115;cript:x"]
)
def test_links_to_other_schemes_are_text(link: str) -> None:
    assert "<a" not in render(f"[a]({link})")


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<b onclick=x>y</b>", '<img src=x onerror="y">', "<!-- x -->", "<a href=x>y</a>"],
)
def test_html_is_shown_as_text(text: str) -> None:
    assert read(render(text)).text == text
    assert plain_text(text) == text


def test_plain_text_is_what_a_reader_sees() -> None:
    assert plain_text("One *two* [three](x) `four` ![five](y) &amp; \\* six\nseven  \neight") == (
        "One two three four five & * six\nseven\neight"
    )
    assert plain_text("- a\n- b\n\n# c\n\n    d\n") == "a\nb\nc\nd"
    assert plain_text("") == render("") == render_inline("") == render_passage("", [Span(0, 3)]) == ""


def test_a_quote_is_marked_across_emphasis_and_links() -> None:
    markdown = "He said *that [it](https://example.org) fell* then."
    (span,) = find_quote(plain_text(markdown), "said that it fell")
    assert render_passage(markdown, [span], "quote") == (
        'He <mark data-label="quote">said </mark><em><mark>that </mark>'
        '<a href="https://example.org" rel="nofollow noopener noreferrer"><mark>it</mark></a>'
        "<mark> fell</mark></em> then."
    )


def test_code_and_line_breaks_are_marked_too() -> None:
    assert render_passage("a `bcd` e", [Span(3, 4)]) == "a <code>b</code><mark><code>c</code></mark><code>d</code> e"
    assert (
        render_passage("a\nb  \nc", [Span(0, 5)]) == "<mark>a</mark><mark>\n</mark><mark>b</mark><br>\n<mark>c</mark>"
    )


def test_a_block_that_is_no_plain_paragraph_is_given_whole() -> None:
    assert (
        render_passage("- ab\n- cd", [Span(1, 4)]) == "<ul>\n<li>a<mark>b</mark></li>\n<li><mark>c</mark>d</li>\n</ul>"
    )
    assert render_passage("```\na<b\n```", [Span(1, 2)]) == "<pre><code>a<mark>&lt;</mark>b</code></pre>"


def test_spans_that_touch_overlap_or_lie_outside_do_no_harm() -> None:
    assert render_passage("abcdef", [Span(3, 4), Span(1, 2), Span(2, 3), Span(1, 3), Span(9, 12), Span(5, 5)]) == (
        "a<mark>bcd</mark>ef"
    )
    assert render_passage("abc", [Span(-5, 1), Span(2, 99)]) == "<mark>a</mark>b<mark>c</mark>"
    assert render_passage("abc", []) == "abc"


def test_a_span_between_two_blocks_marks_nothing() -> None:
    assert render_passage("- ab\n- cd", [Span(2, 3)]) == "<ul>\n<li>ab</li>\n<li>cd</li>\n</ul>"


def test_a_label_cannot_break_out() -> None:
    html = render_passage("abc", [Span(0, 3)], '"><script>')
    assert html == '<mark data-label="&quot;&gt;&lt;script&gt;">abc</mark>' or "<script" not in html
    assert read(html).marked == "abc"


@pytest.mark.parametrize(
    "piece", ["[", "![", "*a", "`a", "<", "&", "\\", "[a](", "a\n", "# a\n", "> ", "- ", "*[`_**a"]
)
def test_a_hostile_text_is_shown_as_it_stands(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    read(render(text))
    if sum(map(text.count, "*_`[]!<&\\\n")) > 1000:
        assert render(text) == f"<p>{render_inline(text)}</p>"
        assert plain_text(text) == "\n".join(line.strip() for line in text.strip().split("\n"))


def _measure(text: str) -> float:
    """The processor time of this thread, at its best of three: what else the machine does is left out."""
    spent = []
    for _ in range(3):
        start = time.thread_time()
        plain_text(text)
        spent.append(time.thread_time() - start)
    return min(spent)


@pytest.mark.parametrize(
    ("before", "piece", "after"),
    [
        ("$", "1", "$"),
        ("$", "1.,", "$"),
        ("$1", " ", "$"),
        ("$1", " a", "$"),
        ("$1", "x", "$"),
        ("$", r"\$", "$"),
        ("$ ", "1", "$"),
        ("$$", "1", "$$"),
        ("$$", "1\n", "$$"),
        ("", "$1 ", ""),
        ("", "$1$a", ""),
        ("", "1 ", "_"),
        ("[a](", "1", ")"),
        ("[a](http:", "1", "'"),
        ("[a](x '", "1", ""),
        ("&#", "1", ";"),
        ("<", "a", ">"),
    ],
)
def test_the_time_grows_with_the_length_of_a_text_and_not_with_its_square(before: str, piece: str, after: str) -> None:
    def write(length: int) -> str:
        return before + (piece * length)[:length] + after

    least = _measure("_" + "a" * 20_000)  # what is shorter than that is not worth a ratio
    quarter, whole = _measure(write(5_000)), _measure(write(20_000))
    assert whole <= 8 * max(quarter, least)  # 4 where time is linear, 16 where it is its square


# Formulas, between dollars, have tests of their own.
MARKDOWN = st.lists(
    st.sampled_from(
        ["a", "b ", "*", "**", "_", "`", "[", "](x)", "![", "<b>", "&amp;", "\n", "\n\n", "- ", "> ", "# ", "  \n"]
    )
    | st.text(
        st.characters(exclude_characters="$", exclude_categories=["Cs"]), max_size=3
    ),  # formulas: test_formulas.py
    max_size=30,
).map("".join)


@given(MARKDOWN)
def test_whatever_is_written_the_html_is_safe_and_reads_as_the_plain_text(markdown: str) -> None:
    reader = read(render(markdown))
    assert "".join(reader.text.split()) == "".join(plain_text(markdown).split())
    read(render_inline(markdown))


@given(MARKDOWN, st.lists(st.tuples(st.integers(-2, 40), st.integers(-2, 40)), max_size=5))
def test_exactly_the_spans_are_marked(markdown: str, pairs: list[tuple[int, int]]) -> None:
    text = plain_text(markdown)
    wanted = "".join(letter for at, letter in enumerate(text) if any(start <= at < end for start, end in pairs))
    reader = read(render_passage(markdown, [Span(*pair) for pair in pairs]))
    assert "".join(reader.marked.split()) == "".join(wanted.split())
    assert "".join(reader.text.split()) == "".join(text.split())


@given(
    st.text(alphabet="aBéß中 ,.;:'’“”?()–—/%-01x", max_size=30),
    st.text(alphabet="aBéß中 ,.;:'’“”?()–—/%-01x_*<&\n", max_size=30),
)
def test_plain_words_take_a_short_way_to_what_the_parser_gives(plain: str, other: str) -> None:
    # Two line feeds make it Markdown that the parser reads; the first paragraph is the text by itself.
    for text in (plain, other):
        assert render(text + "\n\n---") == "\n".join(filter(None, (render(text), "<hr>")))

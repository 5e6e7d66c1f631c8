"""The HTML of other systems becomes inert Markdown whose text is that of the HTML."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.exchange.htmltext import escape_markdown, to_markdown, to_text
from quizapp.core.markup import plain_text, render

MARKS = st.text(alphabet="ab1 \n\\`*_{}[]()#+-.!<>&;:=~|\"'/$", max_size=60)


def squeeze(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        ("", ""),
        ("plain", "plain"),
        ("a  b\n c", "a b c"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br/>three", "one\\\ntwo\\\nthree"),
        ("<div>one</div><div>two</div>", "one\n\ntwo"),
        ("a <b>bold </b>word", "a **bold** word"),
        ("<i>it</i> <em>too</em> <strong>s</strong>", "*it* *too* **s**"),
        ("<code>x = 1</code>", "`x = 1`"),
        ("<code>a`b</code>", "a\\`b"),
        ("<pre>a\n  *b*</pre>", "```\na\n  *b*\n```"),
        ("<pre>```</pre>", "\\`\\`\\`"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "1. a\n   - b\n2. c"),
        ("<li>alone</li>", "- alone"),
        ("<blockquote>said<p>twice</p></blockquote>after", "> said\n\n> twice\n\nafter"),
        ("<h2>Head</h2>text", "**Head**\n\ntext"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>", "a | b\n\nc"),
        ("<hr>x", "x"),
        ("x<sup>2</sup> H<sub>2</sub>O x<sup>n+1</sup>", "x^2 H_2O x^(n+1)"),
        ("<b><p>one</p><p>two</p></b>", "**one**\n\n**two**"),
        ("<b> </b>x", "x"),
        ("<a href='https://example.org/a(b)'>there</a>", "[there](<https://example.org/a(b)>)"),
        ("<a href='javascript:alert(1)'>there</a>", "there"),
        ("<a href='/inside'>there</a>", "there"),
        ("<img src='a.png' alt='A bird'>", "![A bird](a.png)"),
        ("<img src='@@PLUGINFILE@@/a%20b.png'>", "![a b](<a b.png>)"),
        ("<img src='https://example.org/spy.png' alt='A [bird]'>", "A [bird]"),
        ("<img src='data:image/png;base64,xx'>", ""),
        ("<img src='..'>", ""),
        ("<img src='a&lt;b.png'>", "a<b"),
        ("<audio><source src='x/heron.mp3'></audio>", "![heron](heron.mp3)"),
        ("[sound:heron.mp3] [sound:..]", "![heron](heron.mp3)"),
        ("\\(a_b\\) and \\[c*d*\\] and [$]e[/$] and [latex]f[/latex]", "$a_b$ and $c*d*$ and $e$ and $f$"),
        ("\\( \\) and \\(a$b\\) and \\(\\(a\\)", "\\\\( \\\\) and \\\\(a\\$b\\\\) and \\\\($a$"),
        ("\\(open", "\\\\(open"),
        ("$5 and $6", "\\$5 and \\$6"),
        ("1 &lt; 2 &amp;amp; 3&nbsp;4", "1 < 2 \\&amp; 3 4"),
        ("</p></li></ul></b>stray", "stray"),
        ("<script>alert(1)</script><style>x</style>left", "left"),
        ("<p onclick='x()' style='color:red'>quiet</p>", "quiet"),
        ("<svg><a>x</a></svg>y", "y"),
    ],
)
def test_html_becomes_markdown(markup: str, markdown: str) -> None:
    assert to_markdown(markup) == markdown


@given(MARKS)
def test_escaped_text_shows_as_it_is(text: str) -> None:
    shown = plain_text(escape_markdown(text))
    assert squeeze(shown) == squeeze(text)


@given(MARKS)
def test_text_in_html_shows_as_it_is(text: str) -> None:
    if "\\(" not in text and "\\[" not in text:
        assert squeeze(plain_text(to_markdown(f"<p>{html.escape(text)}</p>"))) == squeeze(text)


@given(st.text(max_size=200) | MARKS.map(lambda text: f"<p>{text}<b>{text}</p><a href={text}>"))
def test_whatever_comes_in_is_inert(markup: str) -> None:
    shown = render(to_markdown(markup))
    assert not re.search(r"<(?!/?(?:p|br|strong|em|code|pre|ul|ol|li|blockquote|a|hr|mark|m[a-z]+)\b)[a-z]", shown)
    assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', shown)).lower()
    to_text(markup)


def test_text_with_more_marks_than_are_shown_stays_as_it_is() -> None:
    text = "*" * 2_000
    assert escape_markdown(text) == text


def test_line_ends_and_paragraphs_of_plain_text_stay() -> None:
    assert escape_markdown("a\r\nb\n\n\nc\r") == "a\\\nb\n\nc"
    assert plain_text(escape_markdown("a\nb")) == "a\nb"


def test_what_cannot_be_seen_becomes_a_space() -> None:
    assert escape_markdown("a\x00b\u202ec") == "a b c"


@pytest.mark.parametrize("piece", ["<b>", "<div>", "<ul><li>", "<a href=x>y", "<", "<!--", "<td>", "<blockquote>"])
def test_endless_nests_are_read_as_text(piece: str) -> None:
    assert len(to_markdown(piece * 300_000 + "end")) < 400_000


def test_text_of_html_has_a_line_for_each_block() -> None:
    assert to_text("plain  text") == "plain text"
    assert to_text("<p>one <b>two</b></p><ul><li>a</li></ul>x &amp; y") == "one two\na\nx & y"


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<table><tr><td>a<td>b<td>c</tr></table>", "a | b | c"),
        ("<table><tr><td> <td>b<td>c</tr></table>", "b | c"),
        ("<table><tr><td><img src=a.png alt=A><td>b</tr><tr><td><td>c</tr></table>", "![A](a.png) | b\n\nc"),
        ("<table><tr><td><img src=http://x/a.png><td>b</tr></table>", "b"),
    ],
)
def test_cells_stand_between_bars_where_something_stands_before_them(markup: str, shown: str) -> None:
    assert to_markdown(markup) == shown

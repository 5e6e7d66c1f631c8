"""Saved web pages: the text, without what stands around it; and pages made to do harm."""

from contextlib import suppress

import pytest

from quizapp.core.errors import Invalid
from quizapp.core.markup import plain_text
from quizapp.core.source.document import read_blocks
from quizapp.core.source.importing import html_tree
from quizapp.core.source.importing.mhtml import is_mhtml, read_mhtml
from quizapp.core.source.importing.webpage import read_webpage

_LONG = "The grey heron stands in the shallow water, waits without moving for its prey, and strikes when it comes near."
_MORE = "In winter many herons fly to the south, where the water does not freeze; others stay and look for open rivers."
_AROUND = """\
<!DOCTYPE html>
<!-- saved from url=(0031)https://birds.example.org/heron -->
<html lang="en-GB"><head><meta charset="utf-8"><title>The heron | Bird Times</title>
<meta name="author" content="A. Writer"><meta property="article:published_time" content="2024-03-05T10:00:00Z">
<script>document.write("<p>Never a text of the page, though it is long enough for one.</p>")</script>
<style>p { color: red }</style></head>
<body class="single comments-open">
<div id="cookie-banner"><p>We and our 812 partners store cookies on your device, if you like it or not.</p></div>
<header><p>Bird Times, the times of birds, since a very long time</p></header>
<nav><ul><li><a href="/">Home</a></li><li><a href="/birds">Birds</a></li></ul></nav>
%s
<div class="comments"><p>Great text, I have seen a heron as well, in my own garden, and it ate my fish!</p></div>
<aside>Other birds</aside><footer><p>All rights reserved, whatever they may be, by Bird Times</p></footer>
</body></html>"""


def _read(main: str) -> list[str]:
    return [block.text for block in read_blocks(read_webpage((_AROUND % main).encode()).body)]


@pytest.mark.parametrize(
    "main",
    [
        f"<article><h1>The heron</h1><p>{_LONG}</p><p>{_MORE}</p></article>",
        f"<main><h1>The heron</h1><p>{_LONG}</p><p>{_MORE}</p></main>",
        f'<div itemprop="articleBody"><p>{_LONG}<p>{_MORE}</div>',
        f'<div role="main"><p>{_LONG}<p>{_MORE}</div>',
        f"<div><div><h1>The heron</h1><p>{_LONG}</p><p>{_MORE}</p></div></div>",
        f"<div><div>{_LONG}</div><div>{_MORE}</div></div>",
        f"<div>{_LONG}<br><br>{_MORE}</div>",
        f"<article><p>{_LONG}</p><div class='share'>Share this</div><form>Sign up now</form><p>{_MORE}</p></article>",
        f"<article><p>{_LONG}</p><p hidden>No</p><p style='display: none'>No</p><p>{_MORE}</p></article>",
        f"<article><p>{_LONG}</p><div aria-hidden=true>No</div><div role=menu>No</div><p>{_MORE}</p></article>",
        f"<article><p>{_LONG}</p><ul><li><a href=1>One</a><li><a href=2>Two</a><li><a href=3>3</a></ul>{_MORE}",
    ],
)
def test_the_text_is_found_and_what_stands_around_it_is_not(main: str) -> None:
    assert _read(main) == [_LONG, _MORE]


def test_what_the_page_says_of_itself_is_taken() -> None:
    about = read_webpage((_AROUND % f"<article><h1>The heron</h1><p>{_LONG}</p></article>").encode()).about
    assert (about.title, about.language, about.author) == ("The heron", "en-GB", "A. Writer")
    assert (about.published, about.url) == ("2024-03-05", "https://birds.example.org/heron")


def test_titles_are_found_where_they_are() -> None:
    assert (
        read_webpage(f"<title>A long name of a heron – Site</title><p>{_LONG}".encode()).about.title
        == "A long name of a heron"
    )
    assert read_webpage(f"<h1>Herons</h1><p>{_LONG}".encode()).about.title == "Herons"
    assert read_webpage(f"<title>Site</title><h1>Herons</h1><p>{_LONG}".encode()).about.title == "Site"
    page = f"<meta property=og:title content='The  heron'><link rel=canonical href='https://a.example/x'><p>{_LONG}"
    about = read_webpage(page.encode()).about
    assert (about.title, about.url) == ("The heron", "https://a.example/x")
    assert read_webpage(f"<meta name=author content='https://a.example/me'><p>{_LONG}".encode()).about.author == ""
    assert read_webpage(f"<link rel=canonical href='javascript:alert(1)'><p>{_LONG}".encode()).about.url == ""


def test_headings_lists_quotes_tables_and_code_keep_their_form() -> None:
    main = f"""<article><p>{_LONG}</p><h2>What it <em>eats</em></h2><ul><li>fish<ul><li>pike</ul><li>frogs</ul>
    <ol><li>first<li>second</ol><blockquote><p>It waits.</p><p>It strikes.</p></blockquote>
    <table><caption>Years</caption><tr><th>Year<th>Herons<tr></tr><tr><td>1990<td>12</table>
    <dl><dt>Heron<dd>a bird</dl><pre>a  b
c</pre><figure><img src=x alt=y><figcaption>A heron at rest.</figcaption></figure><hr>
    <p><b>One<br/>two</b><sup>[1]</sup>&amp;
    three</p></article>"""
    assert _read(main)[1:] == [
        "What it eats",
        "- fish\n  - pike\n- frogs",
        "1. first\n2. second",
        "> It waits.\n>\n> It strikes.",
        "Years",
        "- Year | Herons\n- 1990 | 12\n- Heron\n  - a bird",
        "```\na  b\nc\n```",
        "A heron at rest.",
        "One\\\ntwo& three",
    ]


def test_tables_that_only_lay_out_the_page_are_read_through() -> None:
    assert _read(f"<table><tr><td><p>{_LONG}</p></td></tr><tr><td><p>{_MORE}</p></td></tr></table>") == [_LONG, _MORE]
    inner = f"<table><tr><td>a<td>b<tr><td><table><tr><td>{_LONG}</table><td>{_MORE}</table>"
    assert _LONG in _read(inner)


def test_a_list_of_teasers_is_taken_as_a_whole() -> None:
    teasers = "".join(f"<article><p>{_LONG} {number}</p></article>" for number in range(5))
    assert len(_read(f"<main>{teasers}</main>")) == 5


def test_blocks_within_links_and_stray_ends_are_read() -> None:
    assert _read(f"</div><article><a href=x><p>{_LONG}</p></a></b></article>") == [_LONG]
    assert _read(f"<article>{_LONG}<ul>loose<li></li><ul><li>deep</ul></ul></article>")[0] == _LONG


def test_marks_and_tags_in_the_text_stay_text() -> None:
    body = read_webpage(f"<p>{_LONG} &lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:y) *z*".encode()).body
    assert plain_text(body).endswith("<script>alert(1)</script> [x](javascript:y) *z*")


def test_a_page_without_text_is_refused() -> None:
    for page in ("<html></html>", "<script>x", "<nav>Menu</nav>", "<!-- never closed <p>text", "<"):
        if page != "<":
            with pytest.raises(Invalid, match="no text in this page"):
                read_webpage(page.encode())
    assert read_webpage(b"<").body.strip() == "\\<"


def test_the_guess_of_an_encoding_is_said() -> None:
    read = read_webpage(f"<p>{_LONG} Größe".encode("cp1252"))
    assert "Windows-1252" in str(read.remarks[0])
    assert "Größe" in read.body


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "start",
    [
        *(
            "<",
            "<!--",
            "<!-- -",
            "<a ",
            "<a b='",
            '<a b="',
            "<div>",
            "</",
            "<script",
            "<![CDATA[",
            "<?",
            "&",
            "&#x",
            "<p>",
        ),
        *("<ul><li>", "<table><tr><td>", "<b>x</b>", "<h1>t</h1>", "<a = = ", "<blockquote>", "<dl><dt>", "<title>"),
        *("<article><p>xyz abc def ghi</p>", "<a>x</a><p>abc def, ghi jkl</p>", "[[", "*a ", "<svg/>", "<em><em>"),
    ],
)
def test_pages_made_to_keep_the_parser_busy_are_read_or_refused_soon(start: str) -> None:
    page = (start * 150_000)[:150_000].encode()
    with suppress(Invalid):
        assert read_webpage(page).body


def test_a_page_of_more_elements_than_anybody_reads_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_tree, "MOST_ELEMENTS", 30)
    assert read_webpage(f"<p>{_LONG}<br>".encode()).body.strip() == _LONG
    with pytest.raises(Invalid):
        read_webpage(f"<p>{_LONG}{'<br>' * 40}".encode())


@pytest.mark.parametrize("stray", ["<", "</", "< b", "<3"])
def test_signs_that_begin_no_tag_are_text(stray: str) -> None:
    assert read_webpage(f"<p>{_LONG} {stray} x.</p>".encode()).body


def test_tags_of_enormous_length_are_only_tags() -> None:
    body = read_webpage(f"<p {'a ' * 100_000}>{_LONG}<img src='data:{'x' * 100_000}'>".encode()).body
    assert body.strip() == _LONG


def test_a_page_deeper_than_any_honest_one_is_read() -> None:
    assert read_webpage(f"{'<div>' * 5000}{_LONG}".encode()).body.strip() == _LONG


_MHTML = b"""From: <Saved by Browser>\r
Subject: x\r
MIME-Version: 1.0\r
Content-Type: multipart/related; type="text/html"; boundary="----b1"\r
\r
------b1\r
Content-Type: image/png\r
\r
PNG\r
------b1\r
Content-Type: text/html; charset=windows-1252\r
Content-Transfer-Encoding: quoted-printable\r
\r
<p>Gr=F6=DFe: The grey heron stands in the shallow wa=\r
ter.</p>\r
------b1--\r
"""


def test_a_page_saved_as_one_file_is_read() -> None:
    assert is_mhtml(_MHTML)
    assert read_mhtml(_MHTML).body == "Größe: The grey heron stands in the shallow water.\n"


@pytest.mark.parametrize(
    "data", [_MHTML.replace(b"text/html", b"text/css"), _MHTML.replace(b"boundary", b"border"), b"", _MHTML[:150]]
)
def test_a_saved_file_without_a_page_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="no page in this file"):
        read_mhtml(data)

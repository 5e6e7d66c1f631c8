"""Pictures, sounds and formulas in Markdown."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.core.formulas import ATTRIBUTES, ELEMENTS
from quizapp.core.markup import (
    Embedded,
    Medium,
    list_embedded,
    list_unreadable,
    plain_text,
    render,
    render_inline,
    render_passage,
)
from quizapp.core.source.quotes import Span, find_quote

MEDIA = {
    "map.png": Medium("/media/birds/0a/map.png", False, 300, 200),
    "my map (1).png": Medium("/media/birds/0b/my%20map", False, 3, 2),
    "call.mp3": Medium("/media/birds/0c/call.mp3", True),
}
IMG = '<img src="/media/birds/0a/map.png" alt="{}" width="300" height="200" loading="lazy" decoding="async">'
X = '<math display="inline"><mrow><mi>x</mi></mrow></math>'


def test_a_picture_has_its_words_and_its_size_so_that_the_page_does_not_jump() -> None:
    assert render("See ![the *Wall* $x$](map.png).", MEDIA) == f"<p>See {IMG.format('the Wall x')}.</p>"
    assert render_inline("![](map.png)", MEDIA) == IMG.format("")
    assert render("# ![a](map.png)", MEDIA) == f"<p><strong>{IMG.format('a')}</strong></p>"


def test_a_sound_is_not_fetched_before_it_is_played() -> None:
    assert render_inline("![a heron's call](call.mp3)", MEDIA) == (
        '<audio controls="" preload="none" src="/media/birds/0c/call.mp3" aria-label="a heron\'s call"></audio>'
    )


def test_names_with_spaces_and_signs_are_found() -> None:
    assert 'alt="m"' in render_inline("![m](<my map (1).png>)", MEDIA)
    assert 'alt="m"' in render_inline("![m](my%20map%20\\(1\\).png)", MEDIA)
    assert 'alt="m"' in render('![m][1]\n\n[1]: map.png "title"', MEDIA)


@pytest.mark.parametrize(
    "name",
    ["other.png", "MAP.png", "../map.png", "https://example.org/map.png", "/media/birds/0a/map.png", "", "map.png?"],
)
def test_a_picture_that_is_not_there_is_its_words(name: str) -> None:
    assert render(f"![the *Wall*]({name})", MEDIA) == "<p>the Wall</p>"
    assert render(f"![the Wall]({name})") == "<p>the Wall</p>"


def test_words_of_a_picture_cannot_break_out() -> None:
    html = render_inline('!["><script>alert(1)</script>](map.png)', MEDIA)
    assert "<script" not in html
    assert html.count('"') == 12


def test_the_plain_text_of_pictures_and_sounds_is_their_words() -> None:
    assert plain_text("See ![the *Wall*](map.png) and ![a call](call.mp3).") == "See the Wall and a call."


def test_the_pictures_and_sounds_that_a_text_asks_for_are_listed() -> None:
    assert list_embedded("![a $x^2$](a.png) [![b](<b c.png>)](x)\n\n- ![](c.mp3)") == [
        Embedded("a.png", "a x²"),
        Embedded("b c.png", "b"),
        Embedded("c.mp3", ""),
    ]
    assert list_embedded("") == list_embedded("`![a](b.png)` \\![a](b.png)") == []


@pytest.mark.parametrize(
    "text",
    [
        "It cost $5 and $10.",
        "$5",
        "from $5-$10",
        "US$5 to A$6",
        "a $ b $ c",
        "$5/kg or 5$",
        "$20,000 in cash, 30$ in coins",
        "$HOME/bin:$PATH",
        "5$ or 6$",
        "$$",
        "$$$",
        "$$$$",
        "$",
        "$x",
        "$x $",
        "$ x$",
        "ab$x$",
        "$x$ab",
        "$5$6",
        "$a\n\nb$",
    ],
)
def test_dollars_that_are_no_formula_stay(text: str) -> None:
    assert "<math" not in render(text)
    assert plain_text(text) == text.replace("\n\n", "\n")
    assert list_unreadable(text) == []


@pytest.mark.parametrize("text", ["\\$x$", "`$x$`", "$x\\$", "\\$x\\$"])
def test_an_escaped_dollar_and_code_stay(text: str) -> None:
    assert "<math" not in render(text)
    assert "$" in plain_text(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("$x$", f"<p>{X}</p>"),
        ("If $x$, $x$-fold ($x$).", f"<p>If {X}, {X}-fold ({X}).</p>"),
        ("$x$ for $5", f"<p>{X} for $5</p>"),
        ("**$x$** [a $x$](b)", f'<p><strong>{X}</strong> <a href="b" rel="nofollow noopener noreferrer">a {X}</a></p>'),
        ("- $x$\n- $x$", f"<ul>\n<li>{X}</li>\n<li>{X}</li>\n</ul>"),
        ("a $$x$$ b", f"<p>a {X.replace('inline', 'block')} b</p>"),
        ("a\n$$\nx\n$$\nb", f"<p>a</p>\n<p>{X.replace('inline', 'block')}</p>\n<p>b</p>"),
        ("> $$\n> x\n> $$", f"<blockquote>\n<p>{X.replace('inline', 'block')}</p>\n</blockquote>"),
    ],
)
def test_a_formula_becomes_mathml_wherever_it_stands(text: str, html: str) -> None:
    assert render(text) == html


def test_a_line_of_a_long_formula_may_begin_with_a_sign() -> None:
    assert plain_text("$$\na\n+ b\n- c\n$$") == "a + b − c"


@pytest.mark.parametrize(
    "text", ["$$\na", "$$\na\n\n$$", "$$x$$ y", "    $$x$$", "$$" + "\nab" * 600 + "$$", "- $$x\n\n$$"]
)
def test_a_formula_block_that_is_not_closed_is_text(text: str) -> None:
    html = render(text)
    assert html.count("<math") == (1 if text == "$$x$$ y" else 0)


def test_a_formula_that_cannot_be_read_is_shown_as_it_stands_and_listed() -> None:
    assert render("so $\\foo{x}$ and $x$") == f"<p>so $\\foo{{x}}$ and {X}</p>"
    assert plain_text("so $\\foo{x}$") == "so $\\foo{x}$"
    assert list_unreadable("so $\\foo{x}$ and $x$ $$\n\\bar\n$$") == ["$\\foo{x}$", "$$\n\\bar\n$$"]
    assert list_unreadable("") == []


def test_formulas_beyond_the_room_for_them_stay_text() -> None:
    assert render("$x$ " * 100).count("<math") == 100
    text = ("$" + "x" * 900 + "$ ") * 10
    assert render(text).count("<math") == 3
    assert len(list_unreadable(text)) == 7
    assert "<math" not in render("$x$ " * 600)


def test_emphasis_within_a_formula_is_the_formulas() -> None:
    assert plain_text("$a_b$ and _c_ $d_e*f$ *g*") == "a_b and c d_e*f g"


def test_a_formula_picture_or_sound_that_a_span_touches_is_marked_whole() -> None:
    markdown = "Let $x^2$ be $x$."
    text = plain_text(markdown)
    assert text == "Let x² be x."
    (span,) = find_quote(text, "x² be")
    html = render_passage(markdown, [span], "quote")
    assert html.startswith('Let <mark data-label="quote"><math')
    assert html.count("<mark") == 2
    assert html.endswith(f"</math></mark><mark> be</mark> {X}.")


@pytest.mark.parametrize("spans", [[Span(0, 1)], [Span(1, 2)], [Span(0, 2)], [Span(0, 1), Span(1, 2)]])
def test_parts_of_a_formula_mark_all_of_it_once(spans: list[Span]) -> None:
    html = render_passage("$x^2$ a", spans)
    assert html.count("<mark>") == 1
    assert html.endswith("</math></mark> a")


def test_a_span_that_goes_on_after_a_formula_goes_on() -> None:
    assert render_passage("a $x$ b", [Span(0, 5)]) == f"<mark>a </mark><mark>{X}</mark><mark> b</mark>"
    assert render_passage("$x$ $x$", [Span(2, 3)]) == f"{X} <mark>{X}</mark>"


class Checker(HTMLParser):
    """Holds HTML to what may pass."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("img", "audio"):
            assert given["src"] in {medium.address for medium in MEDIA.values()}
            known = "src alt width height loading decoding controls preload aria-label"
            assert set(given) <= set(known.split())
        elif tag in ELEMENTS:
            assert set(given) <= ATTRIBUTES
        else:
            assert tag in {
                *("p", "em", "strong", "code", "pre", "a", "ul", "ol", "li", "br", "blockquote", "hr", "mark")
            }
            assert set(given) <= {"href", "title", "rel", "start", "data-label"}


PIECES = [
    "$",
    "$$",
    "x",
    "\\frac",
    "{",
    "}",
    "^",
    "\\",
    "![",
    "](map.png)",
    "](call.mp3)",
    "](",
    ")",
    "*",
    "\n",
    "\n\n",
    "- ",
]


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=2), max_size=30).map("".join), st.integers(0, 20))
def test_whatever_is_written_only_known_things_pass(markdown: str, at: int) -> None:
    for html in (
        render(markdown, MEDIA),
        render_inline(markdown, MEDIA),
        render_passage(markdown, [Span(at, at + 4)]),
    ):
        checker = Checker()
        checker.feed(html)
        checker.close()
    list_embedded(markdown)
    list_unreadable(markdown)

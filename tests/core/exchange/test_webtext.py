import html

import pytest
from hypothesis import given
from plumbing.decks import LINES, TEXTS

from quizapp.core.deck.schema import Deck, TrueFalse
from quizapp.core.exchange.carry import Carried
from quizapp.core.exchange.webtext import (
    AS_WRITTEN,
    BLANK,
    Dress,
    TextReader,
    TextWriter,
    join_head,
    join_texts,
    read_plain,
    show_tex,
    split_head,
)
from quizapp.core.markup import render


def show_file(name: str, label: str) -> str:
    return f'<img src="files/{name}" alt="{html.escape(label)}">'


DRESS = Dress(show_file, show_tex)


def make_reader(writer: TextWriter) -> TextReader:
    return TextReader(DRESS, Carried(extra={AS_WRITTEN: tuple(text for _, text in writer.extra)}))


@given(TEXTS)
def test_a_text_comes_back_as_it_was_written(text: str) -> None:
    writer = TextWriter(DRESS)
    shown = writer.block(text)
    assert render(make_reader(writer).block(shown)).split() == render(text).split()


@given(LINES)
def test_a_line_comes_back_as_it_was_written(text: str) -> None:
    writer = TextWriter(DRESS)
    shown = writer.line(text)
    assert make_reader(writer).line(shown) in (text, " ".join(text.split()))


@given(LINES)
def test_a_line_comes_back_from_a_field_without_html(text: str) -> None:
    writer = TextWriter(DRESS)
    shown = writer.plain(text)
    assert make_reader(writer).plain(shown) == text


def test_plain_texts_need_no_carried_lines() -> None:
    writer = TextWriter(DRESS)
    writer.block("How *tall* is it?\n\n- one\n- two")
    assert writer.extra == []


def test_an_edited_text_is_read_as_it_stands_now() -> None:
    writer = TextWriter(DRESS)
    shown = writer.block("_tall_")
    assert writer.extra == [(AS_WRITTEN, "_tall_")]
    reader = make_reader(writer)
    assert reader.block(shown) == "_tall_"
    assert reader.block(shown.replace("tall", "small")) == "*small*"


def test_two_texts_that_look_alike_keep_their_own_writing() -> None:
    writer = TextWriter(DRESS)
    shown = [writer.plain(text) for text in ("*a*", "`a`")]
    reader = make_reader(writer)
    assert [reader.plain(text) for text in [*shown, "a"]] == ["*a*", "`a`", "*a*"]


def test_spaces_in_typed_answers_come_back() -> None:
    writer = TextWriter(DRESS)
    assert [writer.verbatim("a  b"), writer.verbatim("c")] == ["a  b", "c"]
    reader = make_reader(writer)
    assert [reader.verbatim("a b"), reader.verbatim(" c  d ")] == ["a  b", "c d"]


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("$x^2 < y$", "<p>\\(x^2 &lt; y\\)</p>"),
        ("$$x\n+ y$$", "<p>\\[x + y\\]</p>"),
        ("$5 and $6", "<p>$5 and $6</p>"),
        ("$5 or 5$", "<p>$5 or 5$</p>"),
        ("`$x$`", "<p><code>$x$</code></p>"),
        ("\\$x\\$", "<p>$x$</p>"),
        ("$\\nosuch$", "<p>$\\nosuch$</p>"),
    ],
)
def test_formulas_are_written_as_the_system_wants_them(markdown: str, shown: str) -> None:
    writer = TextWriter(DRESS)
    assert writer.block(markdown) == shown
    assert make_reader(writer).block(shown) == markdown


def test_pictures_are_shown_by_the_systems_address_and_noted() -> None:
    writer = TextWriter(DRESS, {"a b.png": b"1", "c.png": b"2"})
    shown = writer.block("![*Heron*](<a b.png>) ![c](c.png) ![c](c.png) ![gone](gone.png) ![far](https://x.y/z.png)")
    assert '<img src="files/a b.png" alt="*Heron*">' in shown
    assert writer.used == ["a b.png", "c.png"]
    assert writer.missing == ["gone.png"]
    assert "gone" in shown
    assert "x.y" not in shown


def test_a_missing_picture_still_comes_back() -> None:
    writer = TextWriter(DRESS)
    shown = writer.block("See ![it](gone.png).")
    assert shown == "<p>See it.</p>"
    assert make_reader(writer).block(shown) == "See ![it](gone.png)."


def test_blanks_are_filled_and_come_back() -> None:
    writer = TextWriter(DRESS)
    text = "It _fell_ in {{1989|'89}}, by {{night}}."
    shown = writer.cloze("Fill in.", text, ["[1]", "[2]"])
    assert shown == ('<div class="quizapp-prompt"><p>Fill in.</p></div><p>It <em>fell</em> in [1], by [2].</p>')
    reader = make_reader(writer)
    marked = shown.replace("[1]", BLANK).replace("[2]", BLANK)
    assert reader.cloze(marked, [("1989", "'89"), ("night",)]) == ("Fill in.", text)


def test_a_blank_in_a_formula_or_label_leaves_it_a_text() -> None:
    shown = TextWriter(DRESS, {"a.png": b"1"}).cloze("", "$x = {{5}}$ ![a {{b}}](a.png)", ["[1]", "[2]"])
    assert "$x = [1]$" in shown
    assert "a [2]" in shown


def test_braces_of_others_make_no_blanks() -> None:
    _, text = TextReader(DRESS).cloze(f"<p>{{{{x}}}} {BLANK}</p>", [("a",)])
    assert text == "{ {x} } {{a}}"


def test_broken_carried_blanks_are_no_matter() -> None:
    reader = TextReader(DRESS, Carried(extra={AS_WRITTEN: ("{{a", "*b*\n\nc")}))
    assert reader.block("<p>{{a</p>") == "{{a"
    assert reader.line("<em>b</em>") == "*b*"


def test_texts_are_joined_once_each() -> None:
    assert join_texts(["a", " ", "b", "a "]) == "a\n\nb"
    assert read_plain("a  *b*") == "a \\*b\\*"


def test_the_head_of_a_deck_comes_back_from_a_plain_field() -> None:
    card = TrueFalse(id="c", type="truefalse", prompt="p", answer=True)
    deck = Deck(
        format=1, id="d", title="T", description="Of *birds*.", language="de", theme="t", tags=("x",), cards=(card,)
    )
    written = join_head(deck)
    assert written.startswith("Of birds.\n")
    head = split_head(written)
    assert (head["id"], head["description"], head["language"], head["tags"]) == ("d", "Of *birds*.", "de", ["x"])
    assert split_head("About *birds*") == {"description": "About \\*birds\\*"}
    assert split_head(" ") == {}

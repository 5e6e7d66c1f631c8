"""Plain texts as sources to draft from."""

from quizapp.core.deck.drafting import draft_cards, read_passages
from quizapp.core.deck.drafting.plain import make_plain_source
from quizapp.core.source.original import OriginalText, read_original


def _read(text: str) -> OriginalText:
    original = read_original(text.encode(), "wall.txt")
    assert isinstance(original, OriginalText)
    return original


def test_paragraphs_are_numbered_as_those_of_an_original() -> None:
    source = make_plain_source(_read("The Wall\nIt fell in 1989, they say.\n"), "wall", "en")
    assert [(block.number, block.text) for block in source.paragraphs] == [(1, "It fell in 1989, they say.")]
    (one,) = draft_cards(source).suggestions
    assert one.card.citations[0].paragraph == 1


def test_marks_of_markdown_are_the_texts_own_letters() -> None:
    text = "1. This *fell* in 1989 & [later] it <b>rose</b> &amp; `all` $x$ #2."
    assert read_passages(make_plain_source(_read(text), "wall", "en"))[0].text == text

"""Drafts as commented deck files."""

from collections.abc import Callable
from typing import Any

from quizapp.core.deck.drafting import draft_cards, make_deck, write_draft
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.source.document import Source


def _read(text: str) -> DeckFile:
    file = read_deck(text.encode(), "draft.yaml")
    assert isinstance(file, DeckFile), file
    return file


def test_a_draft_reads_back_as_its_deck_and_every_card_has_its_sentence_above(
    held_out: Any, make_source: Callable[..., Source]
) -> None:
    source = make_source(*held_out.paragraphs)
    drafted = draft_cards(source)
    text = write_draft(source, drafted, ["A note."])
    assert _read(text).deck == make_deck(source, drafted.suggestions)
    assert "# A note.\n" in text
    comments = " ".join(line.strip(" #") for line in text.splitlines() if line.strip().startswith("#"))
    for one in drafted.suggestions:
        assert f"{one.kind} ({one.sort}), paragraph {one.paragraph}: “{' '.join(one.sentence.split())}”" in comments
    assert max(map(len, text.splitlines())) <= 110


def test_the_deck_is_named_after_its_source(make_source: Callable[..., Source]) -> None:
    source = make_source("This all fell in 1989.", name="a" * 80)
    deck = make_deck(source, draft_cards(source).suggestions)
    assert (len(deck.id), deck.sources, deck.language) == (80, ("a" * 80,), "en")
    assert deck.title == "Draft: A text"


def test_the_head_tells_of_other_languages_and_of_what_had_no_room(make_source: Callable[..., Source]) -> None:
    german = make_source("Das alles fiel 1989 um.", language="de")
    assert "This text is not English" in " ".join(write_draft(german, draft_cards(german)).replace("#", "").split())
    long = make_source(*(f"This all fell in {1100 + number} by {number} winds." for number in range(300)))
    drafted = draft_cards(long)
    assert drafted.left_out == 100
    assert "no room for 100 more findings" in " ".join(write_draft(long, drafted).replace("#", "").split())


def test_a_text_cannot_break_out_of_its_comment(make_source: Callable[..., Source]) -> None:
    source = make_source("This # all: fell\nin 1989 - id: evil |\n  - id: x and so on.")
    drafted = draft_cards(source)
    assert _read(write_draft(source, drafted)).deck.cards == tuple(one.card for one in drafted.suggestions)

"""Decks go out into every format that the registry lists, and come back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plumbing.decks import decks
from plumbing.samples import DECK

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import CARD_TYPES, Card, Deck
from quizapp.core.exchange.model import ImportOptions
from quizapp.core.exchange.registry import FORMATS, Format, find_format, guess_format

EVERY = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
LOSSLESS = pytest.mark.parametrize("form", [form for form in FORMATS if form.returns], ids=lambda form: form.name)


def simplify(card: Card | None) -> str:
    """A card as text; line ends are all the same, as editors on any system treat them."""
    return "" if card is None else card.model_dump_json().replace("\\r\\n", "\\n").replace("\\r", "\\n")


def read_sample() -> Deck:
    read = read_deck(DECK, "deck.yaml")
    assert isinstance(read, DeckFile)
    return read.deck


SAMPLE = read_sample()


@EVERY
@pytest.mark.parametrize("kind", CARD_TYPES)
def test_a_card_comes_back_or_is_told(form: Format, kind: str) -> None:
    cards = tuple(card for card in SAMPLE.cards if card.type == kind)
    written = form.write(SAMPLE.model_copy(update={"cards": cards}), {}, ())
    read = form.read(written.data, ImportOptions(written.file))
    if kind in form.returns:
        assert read.decks[0].cards == cards
        assert read.problems == ()
    else:
        assert any(cards[0].id in problem.message for problem in written.problems)


@EVERY
def test_what_is_written_is_known_again(form: Format) -> None:
    written = form.write(SAMPLE, {}, ())
    assert guess_format(written.data, written.file).name == form.name or not form.returns
    assert written.file.endswith(form.ending)
    assert written.file.startswith("birds")


@EVERY
def test_the_same_file_twice_gives_the_same_deck(form: Format) -> None:
    written = form.write(SAMPLE, {}, ())
    options = ImportOptions(written.file)
    once = form.read(written.data, options)
    assert form.read(written.data, options).decks == once.decks
    again = form.write(once.decks[0], {}, ())
    assert form.read(again.data, options).decks == once.decks


@pytest.mark.unmeasured
@LOSSLESS
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=40)
@given(deck=decks())
def test_any_card_comes_back(form: Format, deck: Deck) -> None:
    written = form.write(deck, {}, ())
    read = form.read(written.data, ImportOptions(written.file))
    came = {card.id: card for found in read.decks for card in found.cards}
    told = " ".join(problem.message for problem in written.problems)
    for card in deck.cards:
        assert simplify(came.get(card.id)) == simplify(card) or f"“{card.id}”" in told


@pytest.mark.unmeasured
@EVERY
@given(data=st.binary(max_size=400))
def test_no_bytes_make_a_reader_raise(form: Format, data: bytes) -> None:
    assert form.read(data, ImportOptions("any.bin")).decks is not None


@pytest.mark.unmeasured
@EVERY
@given(text=st.text(alphabet='aB1=~#{}:\\/>-%,;"\t\n[]()<&|$*A.', max_size=120))
def test_no_text_makes_a_reader_raise(form: Format, text: str) -> None:
    form.read(text.encode(), ImportOptions("any.txt"))


@EVERY
def test_an_empty_file_is_told(form: Format) -> None:
    read = form.read(b"", ImportOptions("empty.txt"))
    assert read.decks == ()
    assert read.problems


def test_formats_are_found_by_their_names() -> None:
    assert find_format("gift") is not None
    assert find_format("nonsense") is None
    assert len({form.name for form in FORMATS}) == len(FORMATS)

"""What other formats have no place for travels in a block that people can read and that comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plumbing.samples import DECK

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Card, Choice, Flashcard, Short, WrongOption
from quizapp.core.exchange.carry import BEGIN, END, Carried, pack, pack_html, pack_lines, unpack, unpack_html


def sample_cards() -> tuple[Card, ...]:
    read = read_deck(DECK, "deck.yaml")
    assert isinstance(read, DeckFile)
    return read.deck.cards


CARDS = sample_cards()
FULL = Short(
    id="full",
    type="short",
    prompt="p",
    answer="4",
    accept=("four", "IV"),
    match="number",
    tolerance="0.5",
    note="Two\n\nparagraphs: a <b>.",
    hint="| a bar",
    tags=("a: b", "c; d"),
    waive={"short-answer": "it is meant"},
    difficulty="hard",
)


def rebuild(card: Card, carried: Carried) -> Card:
    return type(card).model_validate(
        {"id": carried.id, "type": carried.type, "prompt": card.prompt, **carried.values, **carried.parts}
    )


@pytest.mark.parametrize("card", [*CARDS, FULL], ids=lambda card: card.id)
def test_a_whole_card_comes_back_from_its_lines(card: Card) -> None:
    rest, carried = unpack(f"before\n{pack(card, whole=True)}\nafter")
    assert rest == "before\n\nafter"
    assert carried.is_whole
    assert rebuild(card, carried) == card


@pytest.mark.parametrize("card", [*CARDS, FULL], ids=lambda card: card.id)
def test_a_whole_card_comes_back_from_html(card: Card) -> None:
    rest, carried = unpack_html(f"<p>before</p>{pack_html(card, whole=True)}<p>after</p>")
    assert rest == "<p>before</p><p>after</p>"
    assert rebuild(card, carried) == card


def test_the_answer_stays_out_unless_the_card_is_packed_whole() -> None:
    _, carried = unpack(pack(CARDS[0]))
    assert not carried.is_whole
    assert carried.parts == {}
    assert carried.values["hint"] == "Think of a table."
    assert carried.list_wrong(["50 cm", "200 cm"]) == [
        {"text": "50 cm", "why": "That is a small egret."},
        {"text": "200 cm", "why": ""},
    ]


def test_formats_add_lines_of_their_own() -> None:
    _, carried = unpack(pack(CARDS[0], extra=[("Prompt", "one\ntwo"), ("Prompt", "three")]))
    assert carried.extra == {"Prompt": ("one\ntwo", "three")}


def test_text_without_a_block_is_left_as_it_is() -> None:
    assert unpack("  nothing here ") == ("nothing here", Carried())
    assert unpack_html(" <b>x</b>") == (" <b>x</b>", Carried())


def test_a_block_without_its_end_ends_where_its_lines_do() -> None:
    rest, carried = unpack(f"{BEGIN}\nHint: h\nand then a sentence")
    assert rest == "and then a sentence"
    assert carried.values == {"hint": "h"}
    markup, carried = unpack_html(f"x{BEGIN}<br>Hint: h")
    assert (markup, carried.values) == ("x", {"hint": "h"})


def test_a_block_is_found_where_an_editor_took_it_apart() -> None:
    markup = f"<div>{BEGIN}</div>\n<div>Hint: a &lt;\nb</div><div>| c</div><div>{END.replace(chr(39), '&#x27;')}</div>y"
    rest, carried = unpack_html(markup)
    assert carried.values == {"hint": "a < b\nc"}
    assert rest.endswith("y")


def test_lines_that_make_no_sense_are_left_out() -> None:
    _, carried = unpack(pack_lines([("Cites", "nonsense"), ("Why", "of nothing"), ("Waive", "x"), ("Left", "alone")]))
    assert "citations" not in carried.values
    assert carried.whys == {}
    assert carried.parts == {"pairs": []}


def test_a_why_belongs_to_the_option_right_above_it() -> None:
    card = Choice(
        id="c", type="choice", prompt="p", answer="a", wrong=(WrongOption(text="b"), WrongOption(text="c", why="w"))
    )
    _, carried = unpack(pack(card))
    assert carried.whys == {"c": "w"}


@given(st.text(max_size=300))
def test_nothing_that_is_unpacked_raises(text: str) -> None:
    unpack(text)
    unpack(BEGIN + text)
    unpack_html(BEGIN + text + END)


@given(st.text(alphabet="ab:| \n[]'Hint", min_size=1, max_size=80))
def test_any_hint_comes_back(hint: str) -> None:
    card = Flashcard.model_construct(
        **(Flashcard(id="x", type="flashcard", prompt="p", answer="a").__dict__ | {"hint": hint})
    )
    _, carried = unpack(pack(card))
    assert str(carried.values.get("hint", "")).strip() == hint.strip()


def test_a_flood_of_lines_is_cut() -> None:
    rest, carried = unpack(BEGIN + "\nTag: x" * 5_000)
    assert len(carried.values["tags"]) == 1_000  # type: ignore[arg-type]
    assert rest.startswith("Tag: x")

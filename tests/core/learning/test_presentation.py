import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.schema import Order
from quizapp.core.learning.presentation import ask

SEED = b"a secret and what it is for"


def test_a_choice_shows_its_options_shuffled_and_nothing_else(make_card):
    card = make_card(type="choice", answer="1", wrong=["2", "3", "4"], hint="Think.", explanation="Because.", note="N.")
    asked = ask(card, SEED)
    assert (asked.type, asked.prompt, asked.hint_available) == ("choice", "What is it?", True)
    assert sorted(asked.options) == ["1", "2", "3", "4"]
    assert (asked.pieces, asked.blanks, asked.left, asked.right) == ((), 0, (), ())


def test_equal_seeds_give_equal_cards_and_others_other_ones(make_card):
    card = make_card(type="multiple", answers=list("abcd"), wrong=list("efgh"))
    assert ask(card, SEED) == ask(card, SEED)
    assert len({ask(card, bytes([number])).options for number in range(20)}) > 15


def test_the_same_seed_shuffles_other_cards_otherwise(make_card):
    fields = {"type": "multiple", "answers": list("abcd"), "wrong": list("efgh")}
    orders = {ask(make_card(id=f"card-{number}", **fields), SEED).options for number in range(20)}
    assert len(orders) > 15


def test_each_place_holds_the_right_option_about_equally_often(make_card):
    card = make_card(type="choice", answer="right", wrong=["1", "2", "3"])
    places = [ask(card, number.to_bytes(2, "big")).options.index("right") for number in range(2_000)]
    assert all(400 < places.count(place) < 600 for place in range(4))


def test_what_the_options_say_does_not_move_them(make_card):
    first = ask(make_card(type="choice", answer="a", wrong=["b", "c"]), SEED).options
    other = ask(make_card(type="choice", answer="x", wrong=["y", "z"]), SEED).options
    assert [{"a": "x", "b": "y", "c": "z"}[text] for text in first] == list(other)


def test_a_cloze_shows_the_text_around_its_blanks_only(make_card):
    asked = ask(make_card(type="cloze", text="The {{Soviet Union|USSR}} ended in {{1991}}."), SEED)
    assert (asked.pieces, asked.blanks) == (("The ", " ended in ", "."), 2)


def test_a_match_shows_both_sides_shuffled_and_each_right_side_once(make_card):
    asked = ask(make_card(type="match", pairs=[["a", "One"], ["b", "two"], ["c", "one"]]), SEED)
    assert sorted(asked.left) == ["a", "b", "c"]
    assert sorted(asked.right) == ["One", "two"]


def test_the_sides_of_a_match_are_shuffled_apart(make_card):
    card = make_card(type="match", pairs=[[f"l{number}", f"r{number}"] for number in range(8)])
    asked = ask(card, SEED)
    assert [text[1] for text in asked.left] != [text[1] for text in asked.right]


@pytest.mark.parametrize(
    "fields", [{"type": "flashcard", "answer": "A secret"}, {"type": "truefalse", "answer": "true"}]
)
def test_where_there_is_nothing_to_choose_only_the_prompt_is_shown(make_card, fields):
    shown = dataclasses.asdict(ask(make_card(**fields), SEED))
    assert shown.pop("type") == fields["type"]
    assert shown.pop("prompt") == "What is it?"
    assert not any(shown.values())


def test_a_short_answer_shows_neither_answer_nor_other_wordings(make_card):
    card = make_card(type="short", answer="Pyongyang", accept=["Pjöngjang"])
    assert "ang" not in repr(ask(card, SEED))


@given(st.integers(2, 8), st.binary(max_size=8))
def test_an_order_shows_all_its_items(count, seed):
    items = tuple(f"item {number}" for number in range(count))
    options = ask(Order(id="a-card", type="order", prompt="Order them.", items=items), seed).options
    assert sorted(options) == sorted(items)


def test_of_two_items_either_may_come_first_so_that_the_order_shown_tells_nothing():
    card = Order(id="a-card", type="order", prompt="Order them.", items=("first", "second"))
    firsts = [ask(card, bytes([number])).options[0] for number in range(200)]
    assert 60 < firsts.count("first") < 140

"""Games: which pairs fit on tiles, and how the tiles lie."""

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from quizapp.core.deck.schema import Card
from quizapp.core.learning.practice_games import (
    LONGEST_LEFT,
    LONGEST_RIGHT,
    PAIRS,
    Pair,
    are_alike,
    choose_pairs,
    find_pairs,
    lay_out,
    shuffle_places,
)

_CARD: TypeAdapter[Card] = TypeAdapter(Card)


def _card(**values: object) -> Card:
    return _CARD.validate_python({"id": "one", "prompt": "What?"} | values)


def test_a_typed_and_a_chosen_answer_pair_with_their_prompt() -> None:
    assert find_pairs(_card(type="short", answer="long")) == (Pair("What?", "long"),)
    assert find_pairs(_card(type="choice", answer="one", wrong=["two"])) == (Pair("What?", "one"),)


def test_a_match_card_gives_each_of_its_pairs() -> None:
    pairs = [["Winter", "south"], ["Water", "fish"]]
    assert find_pairs(_card(type="match", pairs=pairs)) == (Pair("Winter", "south"), Pair("Water", "fish"))


def test_other_types_give_none() -> None:
    assert find_pairs(_card(type="truefalse", answer=True)) == ()
    assert find_pairs(_card(type="flashcard", answer="long")) == ()


def test_what_is_too_long_for_a_tile_or_has_several_lines_is_left_out() -> None:
    assert find_pairs(_card(type="short", answer="x" * (LONGEST_RIGHT + 1))) == ()
    assert find_pairs(_card(type="short", prompt="x" * (LONGEST_LEFT + 1), answer="y")) == ()
    assert find_pairs(_card(type="short", prompt="one\n\ntwo", answer="y")) == ()


def test_no_two_chosen_pairs_share_a_side() -> None:
    pairs = [((1, 0), Pair("a", "x")), ((1, 1), Pair("A ", "y")), ((2, 0), Pair("b", "X")), ((3, 0), Pair("c", "z"))]
    assert choose_pairs(pairs) == [(1, 0), (3, 0)]
    assert choose_pairs([]) == []


def test_no_more_pairs_are_chosen_than_fit_on_the_table() -> None:
    assert len(choose_pairs(((number, 0), Pair(f"l{number}", f"r{number}")) for number in range(20))) == PAIRS


def test_tiles_that_say_the_same_are_alike() -> None:
    assert are_alike("The  South", "the south")
    assert not are_alike("north", "south")


@given(st.lists(st.text(min_size=1, max_size=3), unique=True, max_size=8), st.binary(min_size=1, max_size=9))
def test_tiles_lie_as_the_seed_says_and_none_is_lost(texts: list[str], seed: bytes) -> None:
    laid = lay_out(texts, seed, "left")
    assert sorted(laid) == sorted(texts)
    assert laid == lay_out(texts, seed, "left")
    assert shuffle_places(len(texts), seed, "left") == shuffle_places(len(texts), seed, "left")


def test_the_two_sides_lie_in_orders_of_their_own() -> None:
    assert any(
        shuffle_places(6, bytes([seed]), "left") != shuffle_places(6, bytes([seed]), "right") for seed in range(3)
    )

"""Drawing questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.assessments.draw import PoolCard, PoolTooSmall, draw_questions, find_pool, fits
from quizapp.core.assessments.plan import Draw, Plan

THEMES = ("dates", "nature")


def _card(number: int, **more: object) -> PoolCard:
    values = {
        "card_id": number,
        "revision_id": 100 + number,
        "ref": f"deck-{number % 3}/card-{number}",
        "type": "short",
        "theme": THEMES[number % 2],
        "difficulty": ("easy", "hard")[number // 2 % 2],
    }
    return PoolCard(**(values | more))  # type: ignore[arg-type]


POOL = [_card(number) for number in range(12)]


def test_the_same_seed_draws_the_same_and_another_one_something_else() -> None:
    plan = Plan(draws=(Draw(count=6),))
    drawn = [draw_questions(plan, POOL, seed) for seed in (b"one", b"one", b"two")]
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


@given(st.binary(min_size=1), st.integers(0, 3), st.integers(0, 3), st.integers(0, 6))
def test_each_draw_gets_as_many_as_it_wants_and_nothing_comes_twice(
    seed: bytes, easy: int, dates: int, any_: int
) -> None:
    wanted = [(easy, {"difficulties": ("easy",)}), (dates, {"themes": ("dates",)}), (any_, {})]
    draws = tuple(Draw(count=count, **filters) for count, filters in wanted if count)  # type: ignore[arg-type]
    drawn = draw_questions(Plan(draws=draws, shuffle_questions=False), POOL, seed)
    assert len({card.card_id for card in drawn}) == len(drawn) == easy + dates + any_
    assert all(card.difficulty == "easy" for card in drawn[:easy])
    assert all(card.theme == "dates" for card in drawn[easy : easy + dates])


def test_a_draw_with_a_choice_gives_way_to_one_without() -> None:
    cards = [_card(0), _card(1)]
    plan = Plan(draws=(Draw(count=1), Draw(count=1, themes=("dates",))), shuffle_questions=False)
    for seed in (b"one", b"two", b"three", b"four"):
        assert [card.theme for card in draw_questions(plan, cards, seed)] == ["nature", "dates"]


def test_a_chain_of_draws_gives_way_as_far_as_it_must() -> None:
    cards = [_card(0, tags=frozenset("a")), _card(1, tags=frozenset("ab")), _card(2, tags=frozenset("bc"))]
    plan = Plan(draws=tuple(Draw(count=1, tags=(tag,)) for tag in "abc"), shuffle_questions=False)
    for seed in (bytes([number]) for number in range(20)):
        assert [card.card_id for card in draw_questions(plan, cards, seed)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("draws", "row", "found"),
    [
        ((Draw(count=13),), "Draw 1", 12),
        ((Draw(count=2), Draw(count=12)), "Draw 2", 10),
        ((Draw(count=6, themes=("dates",)), Draw(count=1, themes=("dates",))), "Draw 2", 0),
        ((Draw(count=1, decks=("none",)),), "Draw 1", 0),
    ],
)
def test_a_pool_that_is_too_small_says_which_draw_lacks_how_many(draws: tuple[Draw, ...], row: str, found: int) -> None:
    with pytest.raises(PoolTooSmall) as refused:
        draw_questions(Plan(draws=draws), POOL, b"seed")
    assert refused.value.message.startswith(f"{row} asks for")
    assert f"{found} are left" in refused.value.message


def test_chosen_cards_come_in_their_order_and_are_not_drawn_again() -> None:
    plan = Plan(cards=("deck-2/card-2", "deck-0/card-0"), draws=(Draw(count=10),), shuffle_questions=False)
    drawn = draw_questions(plan, POOL, b"seed")
    assert [card.card_id for card in drawn[:2]] == [2, 0]
    assert len({card.card_id for card in drawn}) == 12


def test_shuffled_all_come_in_another_order() -> None:
    plan = Plan(cards=tuple(card.ref for card in POOL))
    orders = {tuple(card.card_id for card in draw_questions(plan, POOL, bytes([number]))) for number in range(10)}
    assert len(orders) == 10


def test_a_chosen_card_that_is_gone_is_named() -> None:
    with pytest.raises(PoolTooSmall) as refused:
        draw_questions(Plan(cards=("deck-0/gone",)), POOL, b"seed")
    assert "deck-0/gone" in refused.value.message


@pytest.mark.parametrize(
    ("draw", "fit"),
    [
        (Draw(count=1), True),
        (Draw(count=1, decks=("deck-1",)), True),
        (Draw(count=1, decks=("deck-2",)), False),
        (Draw(count=1, themes=("dates",)), False),
        (Draw(count=1, tags=("ussr", "war")), True),
        (Draw(count=1, tags=("peace",)), False),
        (Draw(count=1, difficulties=("easy",)), True),
        (Draw(count=1, difficulties=("medium",)), False),
        (Draw(count=1, source="herons"), True),
        (Draw(count=1, source="others"), False),
        (Draw(count=1, source="herons", paragraphs=(3, 4)), True),
        (Draw(count=1, source="herons", paragraphs=(5,)), False),
    ],
)
def test_a_card_fits_by_all_filters_together(draw: Draw, fit: bool) -> None:
    card = _card(1, tags=frozenset({"war"}), passages=frozenset({("herons", 4)}))
    assert fits(card, draw) is fit


def test_flashcards_are_never_drawn() -> None:
    assert not fits(_card(1, type="flashcard"), Draw(count=1))


def test_the_pool_is_what_could_be_asked() -> None:
    plan = Plan(cards=("deck-1/card-1",), draws=(Draw(count=1, themes=("dates",)),))
    assert {card.card_id for card in find_pool(plan, POOL)} == {0, 1, 2, 4, 6, 8, 10}
    assert find_pool(Plan(), POOL) == ()
    assert draw_questions(Plan(), [], b"seed") == ()

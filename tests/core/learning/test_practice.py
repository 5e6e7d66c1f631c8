"""Practice: what a form or a link asks for, which cards fit, and in which order they come."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.practice import (
    MOST_CARDS,
    MOST_NAMES,
    USUAL_CARDS,
    Candidate,
    Mistakes,
    Order,
    PracticeChoice,
    draw_cards,
    find_fitting,
    guess_difficulty,
    read_choice,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _card(number: int, **more: object) -> Candidate:
    values: dict[str, object] = {"deck": "birds", "theme": "nature", "ref": f"birds/card-{number}"} | more
    return Candidate(number, 100 + number, **values)  # type: ignore[arg-type]


CARDS = [
    _card(1, tags=frozenset({"size"}), places=frozenset({("herons", 1)}), difficulty=2.0),
    _card(2, places=frozenset({("herons", 2), ("owls", 2)}), difficulty=9.0, wrong_last=True, wrong_at=NOON),
    _card(3, deck="trees", ref="trees/card-3", tags=frozenset({"size"}), wrong_at=NOON - timedelta(days=9)),
    _card(4, deck="stones", theme="earth", ref="stones/card-4", wrong_though_sure=True),
]


def _fit(**choice: object) -> list[int]:
    asked = PracticeChoice(**choice)  # type: ignore[arg-type]
    return [one.card_id for one in find_fitting(CARDS, asked, NOON - timedelta(days=7))]


def test_nothing_said_asks_for_twenty_shuffled_cards_of_all() -> None:
    assert read_choice({}) == PracticeChoice()
    assert PracticeChoice().count == USUAL_CARDS
    assert PracticeChoice().order is Order.SHUFFLED
    assert _fit() == [1, 2, 3, 4]


def test_a_link_names_decks_themes_tags_and_cards() -> None:
    choice = read_choice({"deck": ["dates", " dates ", ""], "theme": ["nature"], "tag": ["war"], "card": ["dates/x"]})
    assert (choice.decks, choice.themes, choice.tags, choice.cards) == (
        ("dates",),
        ("nature",),
        ("war",),
        ("dates/x",),
    )


def test_a_paragraph_alone_belongs_to_the_one_text_beside_it() -> None:
    choice = read_choice({"source": ["herons"], "paragraph": ["4", "herons:5"]})
    assert choice.paragraphs == (("herons", 4), ("herons", 5))
    assert choice.sources == ()


def test_a_whole_text_and_a_paragraph_of_another_go_together() -> None:
    choice = read_choice({"source": ["herons"], "paragraph": ["owls:2"]})
    assert choice.sources == ("herons",)
    assert choice.paragraphs == (("owls", 2),)


@pytest.mark.parametrize("text", ["4", "x:y", "herons:", "herons:0", "herons:-1", ":3", "herons:99999999999"])
def test_a_paragraph_of_no_text_or_without_a_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as error:
        read_choice({"paragraph": [text]})
    assert list(error.value.fields) == ["paragraph"]


@pytest.mark.parametrize("text", ["0", "-3", "1000000000", "501", "ten", "1e3", "²", "1.5"])
def test_a_number_of_cards_that_cannot_be_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid) as error:
        read_choice({"n": [text]})
    assert error.value.fields == {"n": f"From 1 to {MOST_CARDS} cards; leave it empty for all of them."}


@pytest.mark.parametrize(("text", "count"), [("1", 1), ("500", 500), ("", None), ("  7 ", 7)])
def test_a_number_of_cards_is_taken_and_none_means_all(text: str, count: int | None) -> None:
    assert read_choice({"n": [text]}).count == count


@pytest.mark.parametrize("text", ["0", "-1", "3651", "week"])
def test_days_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as error:
        read_choice({"days": [text], "mistakes": ["recent"]})
    assert list(error.value.fields) == ["days"]


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("1", Mistakes.LAST),
        ("0", Mistakes.ALL),
        ("", Mistakes.ALL),
        ("sure", Mistakes.SURE),
        ("recent", Mistakes.RECENT),
    ],
)
def test_mistakes_are_chosen_by_a_word_or_a_one(text: str, mistakes: Mistakes) -> None:
    assert read_choice({"mistakes": [text]}).mistakes is mistakes


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as error:
        read_choice({"n": ["0"], "order": ["random"], "mistakes": ["many"], "days": ["x"], "deck": ["d" * 501]})
    assert set(error.value.fields) == {"n", "order", "mistakes", "days", "deck"}


def test_more_names_than_anybody_ticks_are_refused() -> None:
    with pytest.raises(Invalid):
        read_choice({"tag": [f"tag-{number}" for number in range(MOST_NAMES + 1)]})


@given(
    st.builds(
        PracticeChoice,
        decks=st.lists(st.sampled_from(["a", "b", "c"]), unique=True).map(tuple),
        tags=st.lists(st.sampled_from(["x", "y z"]), unique=True).map(tuple),
        paragraphs=st.lists(st.tuples(st.just("herons"), st.integers(1, 99)), unique=True).map(tuple),
        cards=st.just(("a/b",)),
        mistakes=st.sampled_from(Mistakes),
        days=st.integers(1, 3650),
        count=st.none() | st.integers(1, MOST_CARDS),
        order=st.sampled_from(Order),
        confidence=st.booleans(),
    )
)
def test_a_choice_is_read_back_from_its_fields_and_from_its_json(choice: PracticeChoice) -> None:
    fields: dict[str, list[str]] = {}
    for name, value in choice.to_fields():
        fields.setdefault(name, []).append(value)
    assert read_choice(fields) == choice
    assert PracticeChoice.model_validate_json(choice.model_dump_json()) == choice


def test_each_list_narrows_the_cards_down() -> None:
    assert _fit(decks=("birds",)) == [1, 2]
    assert _fit(themes=("earth",)) == [4]
    assert _fit(decks=("birds",), themes=("earth",)) == [1, 2, 4]
    assert _fit(tags=("size",)) == [1, 3]
    assert _fit(decks=("birds",), tags=("size",)) == [1]
    assert _fit(cards=("stones/card-4", "birds/card-1")) == [1, 4]
    assert _fit(decks=("nowhere",)) == []


def test_texts_and_paragraphs_find_the_cards_that_cite_them() -> None:
    assert _fit(sources=("herons",)) == [1, 2]
    assert _fit(paragraphs=(("herons", 1),)) == [1]
    assert _fit(sources=("owls",), paragraphs=(("herons", 1),)) == [1, 2]
    assert _fit(paragraphs=(("herons", 9),)) == []


def test_mistakes_are_those_of_the_last_answer_of_the_last_days_or_made_being_sure() -> None:
    assert _fit(mistakes=Mistakes.LAST) == [2]
    assert _fit(mistakes=Mistakes.RECENT) == [2]
    assert _fit(mistakes=Mistakes.SURE) == [4]


def test_cards_come_in_the_decks_order_or_the_hardest_first() -> None:
    assert draw_cards(CARDS, PracticeChoice(order=Order.DECK), b"seed") == CARDS
    hardest = draw_cards(CARDS, PracticeChoice(order=Order.HARDEST), b"seed")
    assert [one.card_id for one in hardest] == [2, 3, 4, 1]


def test_of_the_hardest_cards_as_many_as_wanted_are_taken() -> None:
    assert [one.card_id for one in draw_cards(CARDS, PracticeChoice(order=Order.HARDEST, count=1), b"seed")] == [2]


def test_a_round_is_never_longer_than_the_most() -> None:
    many = [_card(number) for number in range(MOST_CARDS + 5)]
    assert len(draw_cards(many, PracticeChoice(count=None), b"seed")) == MOST_CARDS


def test_no_card_gives_no_round() -> None:
    assert draw_cards([], PracticeChoice(), b"seed") == []


@given(st.binary(min_size=1, max_size=20), st.integers(1, 4))
def test_a_shuffle_hangs_on_its_seed_alone_and_loses_no_card(seed: bytes, count: int) -> None:
    drawn = draw_cards(CARDS, PracticeChoice(count=count), seed)
    assert drawn == draw_cards(list(reversed(CARDS)), PracticeChoice(count=count), seed)
    assert len({one.card_id for one in drawn}) == count


def test_shuffles_differ() -> None:
    orders = {
        tuple(one.card_id for one in draw_cards(CARDS, PracticeChoice(), bytes([number]))) for number in range(50)
    }
    assert len(orders) > 10


def test_how_hard_a_card_is_is_what_the_model_found_else_what_the_deck_says() -> None:
    assert guess_difficulty(8.5, "easy") == 8.5
    assert guess_difficulty(None, "easy") < guess_difficulty(None, None) < guess_difficulty(None, "hard")

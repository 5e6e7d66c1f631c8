"""The map of a text: sentences hold together, and figures are those of the students who met a card."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.analysis.textmap import (
    Asking,
    MappedSentence,
    Remembered,
    count_coverage,
    list_to_teach,
    map_text,
    shade,
    split_whole,
    weigh,
)

TEXT = "The heron stands up to 100 cm tall. It eats fish, frogs and voles. In winter many fly to the south."
TALL, FOOD, SOUTH = 1, 2, 3
ASKINGS = [Asking(TALL, 1, "up to 100 cm"), Asking(FOOD, 1, "fish, frogs and voles"), Asking(9, 1, "no such words")]
BOB, CHARLIE = 10, 11


@given(st.text(max_size=400))
def test_the_sentences_of_a_paragraph_are_the_whole_paragraph(text: str) -> None:
    assert "".join(text[span.start : span.end] for span in split_whole(text)) == text


@given(st.lists(st.sampled_from(["One thing. ", "Dr. Who said so! ", "  ", "\n", "“Quoted.” "]), max_size=8))
def test_sentences_are_never_empty(parts: list[str]) -> None:
    text = "".join(parts)
    spans = split_whole(text)
    assert all(span.end > span.start for span in spans)
    assert not text.strip() or all(text[span.start : span.end].strip() for span in spans)


def _map(*memories: Remembered, askings: Sequence[Asking] = ASKINGS) -> tuple[MappedSentence, ...]:
    sentences = map_text({1: TEXT}, askings)[1]
    return shade(sentences, weigh({one.handle: one.cards for one in sentences}, memories))


def test_a_sentence_is_asked_by_the_cards_that_cite_its_words() -> None:
    assert [one.cards for one in _map()] == [(TALL,), (FOOD,), ()]
    assert [one.handle for one in _map()] == ["1.1", "1.2", "1.3"]
    assert [(one.recall, one.step, one.met) for one in _map()] == [(None, 0, 0)] * 3


def test_a_quote_over_two_sentences_asks_both_once() -> None:
    asking = [Asking(TALL, 1, "100 cm tall. It eats"), Asking(TALL, 1, "It eats fish")]
    assert [one.cards for one in _map(askings=asking)] == [(TALL,), (TALL,), ()]


def test_the_recall_of_a_class_is_the_mean_over_its_students_and_theirs_the_mean_over_their_cards() -> None:
    askings = [*ASKINGS, Asking(SOUTH, 1, "stands up")]
    first = _map((BOB, TALL, 0.9), (BOB, SOUTH, 0.5), (CHARLIE, TALL, 0.3), askings=askings)[0]
    assert first.cards == (TALL, SOUTH)
    assert (first.met, first.recall, first.lowest, first.highest) == (2, pytest.approx(0.5), 0.3, pytest.approx(0.7))


@pytest.mark.parametrize(("recall", "step"), [(0.0, 1), (0.6, 2), (0.75, 3), (0.85, 4), (0.93, 5), (1.0, 5)])
def test_shades_have_stated_borders(recall: float, step: int) -> None:
    assert _map((BOB, TALL, recall))[0].step == step


def test_what_few_have_met_is_not_taught_again_and_the_least_remembered_comes_first() -> None:
    weak = MappedSentence(2, 1, "weak", (1,), 5, 0.5, 0.1, 0.9)
    weaker = MappedSentence(3, 1, "weaker", (1,), 3, 0.4, 0.4, 0.4)
    few = MappedSentence(1, 1, "few", (1,), 2, 0.1, 0.1, 0.1)
    strong = MappedSentence(1, 2, "strong", (1,), 9, 0.85, 0.8, 0.9)
    never = MappedSentence(1, 3, "never")
    assert list_to_teach([weak, weaker, few, strong, never]) == [weaker, weak]
    assert list_to_teach([few], fewest=1) == [few]
    assert len(list_to_teach([weak] * 20)) == 12


def test_a_card_that_no_sentence_asks_weighs_nothing() -> None:
    assert weigh({"1.1": (TALL,), "1.2": ()}, [(BOB, FOOD, 0.5)]) == {}


def test_coverage_counts_what_is_asked_and_met() -> None:
    counted = count_coverage(_map((BOB, TALL, 0.9)))
    assert (counted.sentences, counted.asked, counted.met) == (3, 2, 1)
    assert count_coverage([]).sentences == 0

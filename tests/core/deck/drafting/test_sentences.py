"""Texts in sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.drafting import split_sentences


def _split(text: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(text)]


def test_a_text_is_split_at_full_stops_and_marks() -> None:
    assert _split("It rained. Did it? Yes! “It did.” So it was…") == [
        "It rained.",
        "Did it?",
        "Yes!",
        "“It did.”",
        "So it was…",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Ada Lovelace came at 5 p.m. on Jan. 5.",
        "The U.S. Congress met.",
        "It was J. R. R. Tolkien.",
        "Am 3. Oktober fiel sie.",
        "He cried “no!” and left.",
        "They wrote e.g. letters.",
        "It cost 3.50 in all.",
    ],
)
def test_abbreviations_initials_ordinals_and_decimals_end_no_sentence(text: str) -> None:
    assert _split(text) == [text]


def test_a_sentence_may_end_with_an_abbreviation_where_the_next_begins_as_sentences_do() -> None:
    assert _split("They left the U.S. They never came back.") == ["They left the U.S.", "They never came back."]
    assert _split("It was in 12. That was all.") == ["It was in 12. That was all."]


def test_marks_of_chinese_and_japanese_need_no_space() -> None:
    assert _split("1989年に壁が崩れた。終わり。") == ["1989年に壁が崩れた。", "終わり。"]


def test_an_empty_text_has_no_sentence() -> None:
    assert _split("") == _split(" \n ") == []


def test_what_is_no_sentence_to_ask_about_is_left_out() -> None:
    assert _split("a" * 1001 + ". It rained. A bell\x07 rang.") == ["It rained."]


@given(st.text(alphabet="ab .?!…”\n。1M"))
def test_sentences_stand_where_they_say_and_in_order(text: str) -> None:
    end = 0
    for sentence in split_sentences(text, 3):
        assert sentence.start >= end
        assert text[sentence.start : sentence.end].replace("\n", " ") == sentence.text
        assert sentence.paragraph == 3
        end = sentence.end

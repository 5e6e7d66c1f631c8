"""Ids made of words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.edit.ids import make_slug, make_unique, name_cards
from quizapp.core.deck.schema import SLUG_PATTERN, Flashcard


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("How tall is it?", "how-tall-is-it"),
        ("Łódź & Straße, Ærø", "lodz-strasse-aero"),
        ("１２３ ﬁsh", "123-fish"),
        ("鳥", "fallback"),
        ("", "fallback"),
        ("x" * 100, "x" * 48),
        ("word " * 20, "word-word-word-word-word-word-word-word-word"),
    ],
)
def test_words_become_an_id(text: str, slug: str) -> None:
    assert make_slug(text, "fallback") == slug


@given(st.text(), st.integers(0, 30))
def test_whatever_the_text_the_id_is_one_and_unique(text: str, used: int) -> None:
    slug = make_slug(text, "card")
    taken = {slug, *(f"{slug}-{number}" for number in range(2, used))}
    made = make_unique(slug, taken)
    assert re.match(SLUG_PATTERN, made)
    assert made not in taken


def test_long_ids_stay_within_their_length() -> None:
    assert len(make_unique("a" * 80, {"a" * 80})) == 80


def test_cards_keep_free_ids() -> None:
    card = Flashcard(id="a", type="flashcard", prompt="p", answer="x")
    assert [one.id for one in name_cards([card, card, card], ["a-2"])] == ["a", "a-3", "a-4"]

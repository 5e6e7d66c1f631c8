"""Writing decks that read back as they were."""

import pytest
import yaml
from hypothesis import given
from plumbing.decks import AWKWARD, decks

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Deck
from quizapp.core.deck.write import write_deck


@pytest.mark.unmeasured
@given(decks())
def test_any_deck_reads_back_as_it_was(deck: Deck) -> None:
    file = read_deck(write_deck(deck).encode(), "deck.yaml")
    assert isinstance(file, DeckFile), [str(problem) for problem in file]
    assert file.deck == deck
    assert file.warnings == ()


@given(decks())
def test_other_readers_of_yaml_take_every_text_for_a_text(deck: Deck) -> None:
    value = yaml.safe_load(write_deck(deck))
    assert Deck.model_validate(value) == deck


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_texts_come_back(text: str) -> None:
    card = {"id": "a", "type": "flashcard", "prompt": text, "answer": text, "tags": [text]}
    head = {"format": 1, "id": "a", "title": text, "language": "en", "theme": text, "tags": [text, text]}
    deck = Deck.model_validate(head | {"cards": [card]})
    file = read_deck(write_deck(deck).encode(), "deck.yaml")
    assert isinstance(file, DeckFile)
    assert file.deck == deck


def test_a_deck_looks_as_people_write_it() -> None:
    text = """\
format: 1
id: wall
title: The Wall
description: >-
  A deck on the Wall, with a description that is long enough to be folded into two lines of the
  file.
language: en
theme: dates
sources: [wall]
cards:
  - id: fall
    type: choice
    prompt: In which year did the Wall fall?
    answer: "1989"
    wrong:
      - "1961"
      - text: "1990"
        why: That is the year of unity.
    explanation: |-
      The text says:

      - it "fell"
    citations:
      - source: wall
        paragraph: 4
        quote: fell in 1989

  - id: true-or-not
    type: truefalse
    prompt: 'It was called "the Wall": true?'
    answer: true
    difficulty: easy

  - id: pairs
    type: match
    prompt: Which is which?
    pairs:
      - [East, 'A, "B"']
      - [West, "C: D"]
"""
    file = read_deck(text.encode(), "deck.yaml")
    assert isinstance(file, DeckFile)
    assert write_deck(file.deck) == text

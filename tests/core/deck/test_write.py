"""Writing decks that read back as they were."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Deck
from quizapp.core.deck.write import write_deck

AWKWARD = [
    *("no", "Yes", "true", "null", "~", "1:30", "010", "1e3", "2024-01-02", "0x1F", ".5", "-1", "y", "=", "<<", "NaN"),
    *("a: b", "a:", ": a", "a #b", "#a", "- a", "-", "? a", "* a", "*a*", "&a", "!a", "|", ">", "%a", "@a", "`a`"),
    *(
        "[a]",
        "{a}",
        "{{a}} b",
        "a, b",
        "'a'",
        '"a"',
        "it's",
        'say "a"',
        'it\'s "a"',
        "\\",
        "a\\n",
        "---",
        "...",
        "😀 ok",
    ),
    *(
        "a  b",
        "a\tb",
        "é\u00a0b",
        "👩\u200d🏫",
        "日本語",
        "a\u200bb",
        "“a”",
        "word " * 60 + "end",
        "x" * 300,
        "#" * 150,
    ),
]
HIDDEN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufff9\ufffa\ufffb\ufffe\uffff"
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters=HIDDEN)
LINES = st.sampled_from(AWKWARD) | st.text(LETTERS, max_size=40).filter(str.strip)
PARAGRAPHS = st.lists(LINES | st.just("") | st.just("  "), min_size=1, max_size=4).map("\n".join).filter(str.strip)
TEXTS = LINES | PARAGRAPHS | st.sampled_from(["a\n\n  b\n c", "a\r\nb", "a\n\tb", "a\n#b\n- c\n---\nd"])
SLUGS = st.sampled_from(["a", "no", "010", "1-e3", "true", "long-" * 10 + "id"])


def unlike(count: int) -> st.SearchStrategy[list[str]]:
    return st.lists(LINES, min_size=count, max_size=5, unique_by=lambda text: " ".join(text.split()).casefold())


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def typed(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(kind), "prompt": TEXTS, **fields})


def choose(options: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    wrong = st.tuples(
        *(st.just(text) | st.fixed_dictionaries({"text": st.just(text), "why": TEXTS}) for text in options[1:])
    )
    return typed("choice", answer=st.just(options[0]), wrong=wrong) | typed(
        "multiple", answers=st.just(options[:1]), wrong=wrong
    )


NUMBERS = st.decimals(0, 10**6, allow_nan=False, allow_infinity=False, places=3) | st.sampled_from(
    ["1E+3", "0", "0.10"]
)
SHAPES = st.one_of(
    typed("flashcard", answer=TEXTS),
    unlike(2).flatmap(choose),
    typed("truefalse", answer=st.booleans()),
    typed("short", answer=LINES, accept=st.lists(LINES, max_size=3)),
    typed("short", answer=LINES, match=st.just("number"), tolerance=NUMBERS),
    typed(
        "cloze", text=st.sampled_from(["{{a}}", "It {{fell|ended: so}} in {{1989}}.", "a\n{{b}}", "x" * 99 + " {{b}}"])
    ),
    typed("order", items=unlike(2)),
    unlike(2)
    .map(lambda left: [[text, f"{number}"] for number, text in enumerate(left)])
    .flatmap(lambda pairs: typed("match", pairs=st.just(pairs))),
)
CITATIONS = st.lists(
    st.fixed_dictionaries(
        {
            "source": SLUGS,
            "paragraph": st.integers(1, 99),
            "quote": LINES.filter(lambda text: len(text.split()) <= 12),
        }
    ),
    max_size=3,
)
EXTRAS = optional(
    explanation=TEXTS,
    note=TEXTS,
    hint=TEXTS,
    tags=st.lists(LINES, max_size=3),
    difficulty=st.sampled_from(["easy", "medium", "hard"]),
    citations=CITATIONS,
    waive=st.dictionaries(SLUGS, LINES, max_size=2),
)
CARDS = st.lists(st.tuples(SHAPES, EXTRAS).map(lambda parts: parts[0] | parts[1]), min_size=1, max_size=3)
HEADS = st.fixed_dictionaries(
    {"format": st.just(1), "id": SLUGS, "title": LINES, "language": st.just("no"), "theme": LINES},
    optional={
        "description": TEXTS,
        "sources": st.lists(SLUGS, max_size=3),
        "author": TEXTS,
        "license": TEXTS,
        "tags": st.lists(LINES, max_size=12),
        "waive": st.dictionaries(SLUGS, LINES, max_size=2),
    },
)


@st.composite
def decks(draw: st.DrawFn) -> Deck:
    cards = [card | {"id": f"card-{number}"} for number, card in enumerate(draw(CARDS))]
    return Deck.model_validate(draw(HEADS) | {"cards": cards})


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

"""A small deck on a small text in which nothing is wrong, and what is found where something is changed."""

from collections.abc import Callable

import pytest

from quizapp.core.deck.checks import check_decks
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.problem import Problem
from quizapp.core.source.document import Source, read_source
from quizapp.core.source.original import OriginalText, read_original

HEAD = "format: 1\nid: small\ntitle: A small deck\nlanguage: en\ntheme: dates\nsources: [wall]\n"
TEXT = """\
---
id: wall
title: The Wall
language: en
kind: study-edition
original: {file: wall.txt, sha256: DIGEST}
---

# The Wall

“In the autumn of 1989” the Wall fell in Berlin, after protests in Leipzig.

The guards had opened the gates, and the guards let people pass.
"""
ORIGINAL = (
    "The Wall\nIn the autumn of 1989 the Berlin Wall fell; Leipzig had seen protests.\nThe gates were opened by guards."
)
CARD = """\
  - id: fall
    type: short
    prompt: When did people first walk freely through that border?
    answer: in the autumn of 1989
    explanation: The text says “In the autumn of 1989”, and that was the end of it.
    hint: It was not in spring.
    difficulty: easy
    citations: [{source: wall, paragraph: 1, quote: autumn of 1989}]
"""


def read_file(text: str, name: str = "small.yaml") -> DeckFile:
    file = read_deck(text.encode(), name)
    assert isinstance(file, DeckFile), [str(problem) for problem in file]
    return file


@pytest.fixture
def original() -> OriginalText:
    """The text that the study edition retells."""
    original = read_original(ORIGINAL.encode(), "wall.txt")
    assert isinstance(original, OriginalText)
    return original


@pytest.fixture
def read_wall(original: OriginalText) -> Callable[..., Source]:
    """The source ``wall``, with pieces of its text replaced."""

    def read(**changes: str) -> Source:
        text = changes.get("text", TEXT).replace("DIGEST", original.sha256)
        source = read_source(text.encode(), "wall.md")
        assert isinstance(source, Source), [str(problem) for problem in source]
        return source

    return read


@pytest.fixture
def wall(read_wall: Callable[..., Source]) -> Source:
    """The source ``wall`` as it is."""
    return read_wall()


@pytest.fixture
def deck() -> Callable[..., DeckFile]:
    """A deck of the cards given, by default the good one, each as text; ``head`` stands before them."""

    def build(*cards: str, head: str = HEAD, name: str = "small.yaml") -> DeckFile:
        return read_file(f"{head}cards:\n{''.join(cards or (CARD,))}", name)

    return build


@pytest.fixture
def change() -> Callable[..., str]:
    """The good card with lines replaced, added or (None) left out, by key."""

    def apply(**fields: str | None) -> str:
        lines = {line.strip("- ").partition(":")[0]: line for line in CARD.splitlines()}
        for key, value in fields.items():
            margin = "  - " if key == "id" else "    "
            lines[key] = "" if value is None else f"{margin}{key}: {value}"
        return "".join(f"{line}\n" for line in lines.values() if line)

    return apply


@pytest.fixture
def check(wall: Source) -> Callable[..., list[Problem]]:
    """All problems of some decks that cite ``wall``; for one deck, alone."""

    def run(*files: DeckFile, whole: bool = False) -> list[Problem]:
        return check_decks(files, {"wall": wall}, whole=whole)

    return run


@pytest.fixture
def codes(check: Callable[..., list[Problem]], deck: Callable[..., DeckFile]) -> Callable[..., list[str]]:
    """The codes of what is found in a deck of these cards."""

    def run(*cards: str, head: str = HEAD) -> list[str]:
        return [problem.code for problem in check(deck(*cards, head=head))]

    return run

"""Deck files to read, and the codes and places of what is found in them."""

from collections.abc import Callable

import pytest

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.problem import Problem

HEAD = "format: 1\nid: small\ntitle: A small deck\nlanguage: en\ntheme: tests\ncards:\n"
CARD = "  - id: wall\n    type: short\n    prompt: In which year did the Wall fall?\n    answer: 1989\n"


@pytest.fixture
def head() -> str:
    """The first six lines of a deck, up to its cards."""
    return HEAD


@pytest.fixture
def card() -> str:
    """A whole card of four lines."""
    return CARD


@pytest.fixture
def refuse() -> Callable[[str | bytes], tuple[Problem, ...]]:
    """The problems of a deck file that must have some."""

    def read(text: str | bytes) -> tuple[Problem, ...]:
        data = text.encode() if isinstance(text, str) else text
        problems = read_deck(data, "deck.yaml")
        assert isinstance(problems, tuple)
        assert problems
        return problems

    return read


@pytest.fixture
def accept() -> Callable[[str | bytes], DeckFile]:
    """The deck of a file that must have no problem."""

    def read(text: str | bytes) -> DeckFile:
        data = text.encode() if isinstance(text, str) else text
        file = read_deck(data, "deck.yaml")
        assert isinstance(file, DeckFile), [str(problem) for problem in file]
        return file

    return read

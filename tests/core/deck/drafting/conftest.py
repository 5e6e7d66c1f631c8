"""Texts to draft from: the two articles where they are at hand, a text of our own, and what is to be found in them."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from plumbing.checkout import ROOT

from quizapp.core.deck.drafting import Passage, draft_cards, make_passage
from quizapp.core.source.document import Block, Source
from quizapp.core.source.original import OriginalText, read_original

_DATA = ROOT / "tests" / "data" / "drafting"
_ARTICLES = ROOT.parent / "shared" / "sources"
_MARK = re.compile(r"(\{[dnm]\||\})")
_KINDS = {"d": "date", "n": "name", "m": "motive"}


@dataclass(frozen=True, slots=True)
class Listed:
    """Something to be found: its paragraph, its place there, its kind, and the number of the thing it is."""

    paragraph: int
    start: int
    end: int
    kind: str
    thing: int

    def is_found_by(self, paragraph: int, start: int, end: int, kind: str) -> bool:
        """Whether a finding is this one: of the kind, and at least half of all characters of the two are in both."""
        shared = min(self.end, end) - max(self.start, start)
        whole = max(self.end, end) - min(self.start, start)
        return (self.paragraph, self.kind) == (paragraph, kind) and 2 * shared >= whole


@dataclass(frozen=True, slots=True)
class Sample:
    """A text, and the list of what is there, made by hand."""

    name: str
    paragraphs: tuple[str, ...]
    listed: tuple[Listed, ...]

    @property
    def passages(self) -> list[Passage]:
        """The paragraphs, split into sentences."""
        return [make_passage(number, text, "en") for number, text in enumerate(self.paragraphs, 1)]


def _make_source(paragraphs: Sequence[str], language: str = "en", kind: str = "article", name: str = "text") -> Source:
    blocks = tuple(Block("paragraph", 0, number, text, number) for number, text in enumerate(paragraphs, 1))
    return Source(name, "A text", language, kind, None, None, None, None, None, blocks)  # type: ignore[arg-type]


@pytest.fixture
def make_source() -> Callable[..., Source]:
    """Make a source of some paragraphs: ``make_source("One. Two.", "Three.")``."""
    return lambda *paragraphs, **more: _make_source(paragraphs, **more)


@pytest.fixture
def suggest(make_source: Callable[..., Source]) -> Callable[..., list[Any]]:
    """The suggestions of a kind for some paragraphs: ``suggest("date", "It fell in 1989.")``."""
    return lambda kind, *paragraphs: [
        one for one in draft_cards(make_source(*paragraphs)).suggestions if one.kind == kind
    ]


def _read_marked(name: str) -> Sample:
    """A text whose entries are marked in place; one may stand within another."""
    text = (_DATA / f"{name}.txt").read_text(encoding="utf-8")
    paragraphs: list[str] = []
    listed: list[Listed] = []
    for number, marked in enumerate(text.strip().split("\n\n"), 1):
        plain = ""
        begun: list[tuple[str, int]] = []
        for piece in _MARK.split(marked):
            if piece == "}":
                kind, start = begun.pop()
                listed.append(Listed(number, start, len(plain), _KINDS[kind], len(listed)))
            elif _MARK.fullmatch(piece):
                begun.append((piece[1], len(plain)))
            else:
                plain += piece
        paragraphs.append(plain)
    return Sample(name, tuple(paragraphs), tuple(listed))


def _read_article(name: str) -> Sample:
    listed = json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))
    path: Path = _ARTICLES / listed["file"]
    if not path.is_file():
        pytest.skip(f"the article {listed['file']} is not here (put it into ../shared/sources beside the project)")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != listed["sha256"]:
        pytest.skip(f"the article {listed['file']} in ../shared/sources is another text than the one that was read")
    original = read_original(data, path.name)
    assert isinstance(original, OriginalText)
    return Sample(name, original.paragraphs, tuple(Listed(*row) for row in listed["findings"]))


@pytest.fixture(params=["russia-vs-america", "growing-partnership", "held-out"])
def sample(request: pytest.FixtureRequest) -> Sample:
    """Each text with its list, one after the other."""
    return _read_marked("held-out") if request.param == "held-out" else _read_article(request.param)


@pytest.fixture
def held_out() -> Sample:
    """The text of our own."""
    return _read_marked("held-out")


@pytest.fixture
def registers() -> list[Sample]:
    """Thirteen short texts of our own in as many manners: news, a life, a firm, a treaty …"""
    return [_read_marked(f"registers/{path.stem}") for path in sorted((_DATA / "registers").glob("*.txt"))]

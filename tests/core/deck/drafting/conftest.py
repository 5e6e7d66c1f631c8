"""Texts to draft from: the two articles where they are at hand, a text of our own, and what is to be found in them."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from plumbing.checkout import ROOT

from quizapp.core.deck.drafting import Passage, make_passage
from quizapp.core.source.document import Block, Source
from quizapp.core.source.original import OriginalText, read_original

_DATA = ROOT / "tests" / "data" / "drafting"
_ARTICLES = ROOT.parent / "shared" / "sources"
_MARKED = re.compile(r"\{([dnm])\|([^{}]*)\}")
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
        return [make_passage(number, text) for number, text in enumerate(self.paragraphs, 1)]


def _make_source(paragraphs: Sequence[str], language: str = "en", kind: str = "article", name: str = "text") -> Source:
    blocks = tuple(Block("paragraph", 0, number, text, number) for number, text in enumerate(paragraphs, 1))
    return Source(name, "A text", language, kind, None, None, None, None, None, blocks)  # type: ignore[arg-type]


@pytest.fixture
def make_source() -> Callable[..., Source]:
    """Make a source of some paragraphs: ``make_source("One. Two.", "Three.")``."""
    return lambda *paragraphs, **more: _make_source(paragraphs, **more)


def _read_held_out() -> Sample:
    text = (_DATA / "held-out.txt").read_text(encoding="utf-8")
    paragraphs: list[str] = []
    listed: list[Listed] = []
    for number, marked in enumerate(text.strip().split("\n\n"), 1):
        plain, at = "", 0
        for match in _MARKED.finditer(marked):
            plain += marked[at : match.start()]
            listed.append(Listed(number, len(plain), len(plain) + len(match[2]), _KINDS[match[1]], len(listed)))
            plain += match[2]
            at = match.end()
        paragraphs.append(plain + marked[at:])
    return Sample("held-out", tuple(paragraphs), tuple(listed))


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
    return _read_held_out() if request.param == "held-out" else _read_article(request.param)


@pytest.fixture
def held_out() -> Sample:
    """The text of our own."""
    return _read_held_out()

"""The map of a text: what is remembered today of each of its sentences, and by how many.

A sentence is asked by the cards that cite words of it. What one student remembers of it is the mean recall of those of
the cards that the student has met; what a class remembers is the mean over the students who have met any.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TypeAlias

from quizapp.core.deck.drafting.sentences import split_sentences
from quizapp.core.source.quotes import Span, find_quote

STEPS = (0.6, 0.75, 0.85, 0.93)
"""The borders between the five shades, as recall from 0 to 1: close where schedules hold what is studied."""
FEWEST = 3
"""Of fewer students than this, a class's recall of a sentence says too little to teach it again."""
TEACH_AGAIN_BELOW = 0.85
MOST_TO_TEACH = 12
_PARAGRAPHS_KEPT = 4_096
"""Where a text's quotes stand does not change from look to look."""


def find_step(recall: float) -> int:
    """The shade of a recall, from 1 (hardly remembered) to 5."""
    return 1 + sum(recall >= border for border in STEPS)


@dataclass(frozen=True, slots=True)
class Asking:
    """A card that cites words of a paragraph (counted from 1)."""

    card: int
    paragraph: int
    quote: str


Remembered: TypeAlias = tuple[int, int, float]
"""What a student remembers of a card today: student, card, probability. Plain, since there may be 100,000 of them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a class remembers of a sentence today: the mean over ``met`` students, the least and the most of a single
    one; probabilities from 0 to 1."""

    met: int
    recall: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class MappedSentence:
    """A sentence, ``text``, with what is remembered of it.

    ``cards`` ask it. ``recall`` is the mean over ``met``, so many students who met one of them, ``lowest`` and
    ``highest`` the least and the most of a single one; None where nobody did.
    """

    paragraph: int
    number: int
    text: str
    cards: tuple[int, ...] = ()
    met: int = 0
    recall: float | None = None
    lowest: float | None = None
    highest: float | None = None

    @property
    def handle(self) -> str:
        """The sentence's name in an address: paragraph and number, each from 1."""
        return f"{self.paragraph}.{self.number}"

    @property
    def step(self) -> int:
        """The shade, from 1 (hardly remembered) to 5; 0 where there is nothing to say."""
        return 0 if self.recall is None else find_step(self.recall)


def split_whole(text: str) -> tuple[Span, ...]:
    """The sentences of a paragraph's plain text, such that every character belongs to one."""
    starts = sorted({0, *(sentence.start for sentence in split_sentences(text))})
    if len(starts) > 1 and not text[: starts[1]].strip():
        del starts[1]
    return tuple(Span(start, end) for start, end in pairwise([*starts, len(text)]) if end > start)


@lru_cache(_PARAGRAPHS_KEPT)
def _map_paragraph(number: int, text: str, askings: tuple[Asking, ...]) -> tuple[MappedSentence, ...]:
    sentences = split_whole(text)
    asked: dict[int, list[int]] = defaultdict(list)
    for asking in askings:
        for span in find_quote(text, asking.quote):
            for place, sentence in enumerate(sentences):
                if span.start < sentence.end and span.end > sentence.start and asking.card not in asked[place]:
                    asked[place].append(asking.card)
    return tuple(
        MappedSentence(number, place + 1, text[span.start : span.end], tuple(asked.get(place, ())))
        for place, span in enumerate(sentences)
    )


def map_text(paragraphs: Mapping[int, str], askings: Iterable[Asking]) -> dict[int, tuple[MappedSentence, ...]]:
    """The sentences of each paragraph with the cards that ask them, nothing of it met yet.

    ``paragraphs`` are plain texts by number. A quote that the paragraph does not hold asks none of its sentences.
    """
    by_paragraph: dict[int, list[Asking]] = defaultdict(list)
    for asking in askings:
        by_paragraph[asking.paragraph].append(asking)
    return {number: _map_paragraph(number, text, tuple(by_paragraph[number])) for number, text in paragraphs.items()}


def weigh(groups: Mapping[str, Sequence[int]], memories: Iterable[Remembered]) -> dict[str, Standing]:
    """What is remembered of groups of cards, each by a name: of a student the mean over the cards that were met counts.

    One student's memories come together. Groups of which nobody has met a card are left out.
    """
    alone: dict[int, list[str]] = defaultdict(list)
    among: dict[int, list[str]] = defaultdict(list)
    for name, cards in groups.items():
        for card in cards:
            (among if len(cards) > 1 else alone)[card].append(name)
    means: dict[str, list[float]] = defaultdict(list)
    for _, own in groupby(memories, itemgetter(0)):
        recalls: dict[str, list[float]] = defaultdict(list)
        for _, card, recall in own:
            for name in alone.get(card, ()):
                means[name].append(recall)
            for name in among.get(card, ()):
                recalls[name].append(recall)
        for name, found in recalls.items():
            means[name].append(sum(found) / len(found))
    return {name: Standing(len(own), sum(own) / len(own), min(own), max(own)) for name, own in means.items()}


def shade(sentences: Iterable[MappedSentence], standings: Mapping[str, Standing]) -> tuple[MappedSentence, ...]:
    """The sentences with what is remembered of them, by their handles."""
    return tuple(
        replace(one, met=found.met, recall=found.recall, lowest=found.lowest, highest=found.highest)
        if (found := standings.get(one.handle))
        else one
        for one in sentences
    )


def list_to_teach(sentences: Iterable[MappedSentence], fewest: int = FEWEST) -> list[MappedSentence]:
    """The sentences to teach again, the least remembered first, at most twelve.

    Those of which at least ``fewest`` students together remember less than 85 %.
    """
    weak = [one for one in sentences if one.recall is not None and one.met >= fewest and one.recall < TEACH_AGAIN_BELOW]
    return sorted(weak, key=lambda one: (one.recall or 0, one.paragraph, one.number))[:MOST_TO_TEACH]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a text is asked: ``asked`` of ``sentences``, and ``met`` of them by anybody."""

    sentences: int
    asked: int
    met: int


def count_coverage(sentences: Iterable[MappedSentence]) -> Coverage:
    """How many of these sentences any card asks, and how many any student has met."""
    every = list(sentences)
    return Coverage(len(every), sum(bool(one.cards) for one in every), sum(one.met > 0 for one in every))

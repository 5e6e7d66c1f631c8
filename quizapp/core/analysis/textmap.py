"""The map of a text: what is remembered today of each of its sentences, and by how many.

A sentence is asked by the cards that cite words of it. What one student remembers of it is the mean recall of those of
the cards that the student has met; what a class remembers is the mean over the students who have met any.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quizapp.core.deck.drafting.sentences import split_sentences
from quizapp.core.source.quotes import Span, find_quote

STEPS = (0.6, 0.75, 0.85, 0.93)
"""The borders between the five shades, as recall from 0 to 1: close where schedules hold what is studied."""
FEWEST = 3
"""Of fewer students than this, a class's recall of a sentence says too little to teach it again."""
TEACH_AGAIN_BELOW = 0.85
MOST_TO_TEACH = 12


@dataclass(frozen=True, slots=True)
class Asking:
    """A card that cites words of a paragraph (counted from 1)."""

    card: int
    paragraph: int
    quote: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a student remembers of a card today: a probability from 0 to 1."""

    student: int
    card: int
    recall: float


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
        return 0 if self.recall is None else 1 + sum(self.recall >= border for border in STEPS)


def split_whole(text: str) -> tuple[Span, ...]:
    """The sentences of a paragraph's plain text, such that every character belongs to one."""
    starts = sorted({0, *(sentence.start for sentence in split_sentences(text))})
    if len(starts) > 1 and not text[: starts[1]].strip():
        del starts[1]
    return tuple(Span(start, end) for start, end in pairwise([*starts, len(text)]) if end > start)


def _find_asked(text: str, sentences: Sequence[Span], askings: Iterable[Asking]) -> dict[int, list[int]]:
    """The cards that ask each sentence, by its place in the paragraph."""
    asked: dict[int, list[int]] = defaultdict(list)
    for asking in askings:
        for span in find_quote(text, asking.quote):
            for place, sentence in enumerate(sentences):
                if span.start < sentence.end and span.end > sentence.start and asking.card not in asked[place]:
                    asked[place].append(asking.card)
    return asked


def _weigh(
    sentence: MappedSentence, by_card: Mapping[int, Sequence[Remembered]]
) -> tuple[int, float | None, float | None, float | None]:
    own: dict[int, list[float]] = defaultdict(list)
    for card in sentence.cards:
        for remembered in by_card.get(card, ()):
            own[remembered.student].append(remembered.recall)
    means = [sum(recalls) / len(recalls) for recalls in own.values()]
    if not means:
        return 0, None, None, None
    return len(means), sum(means) / len(means), min(means), max(means)


def map_text(
    paragraphs: Mapping[int, str], askings: Iterable[Asking], memories: Iterable[Remembered]
) -> dict[int, tuple[MappedSentence, ...]]:
    """The sentences of each paragraph with what is remembered of them.

    ``paragraphs`` are plain texts by number. A quote that the paragraph does not hold asks none of its sentences.
    """
    by_paragraph: dict[int, list[Asking]] = defaultdict(list)
    for asking in askings:
        by_paragraph[asking.paragraph].append(asking)
    by_card: dict[int, list[Remembered]] = defaultdict(list)
    for remembered in memories:
        by_card[remembered.card].append(remembered)
    mapped = {}
    for number, text in paragraphs.items():
        spans = split_whole(text)
        asked = _find_asked(text, spans, by_paragraph[number])
        sentences = []
        for place, span in enumerate(spans):
            plain = MappedSentence(number, place + 1, text[span.start : span.end], tuple(asked.get(place, ())))
            sentences.append(_with_recall(plain, by_card))
        mapped[number] = tuple(sentences)
    return mapped


def _with_recall(sentence: MappedSentence, by_card: Mapping[int, Sequence[Remembered]]) -> MappedSentence:
    met, recall, lowest, highest = _weigh(sentence, by_card)
    return MappedSentence(
        sentence.paragraph, sentence.number, sentence.text, sentence.cards, met, recall, lowest, highest
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

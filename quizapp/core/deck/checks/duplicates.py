"""Cards that ask the same, found without comparing every card with every other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from quizapp.core.deck.checks.desk import CardView
from quizapp.core.deck.checks.words import list_words

_ALIKE = 85.0
_RAREST = 2
_MOST_IN_BLOCK = 12


@dataclass(frozen=True, slots=True)
class _Block:
    """Cards that share a rare word, and the words of their questions in alphabetical order."""

    views: list[CardView] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


def _sort_answer(view: CardView) -> str:
    """The words of the answers in alphabetical order."""
    answers = [str(view.card.answer)] if view.card.type == "truefalse" else view.answers
    return " ".join(sorted(word for answer in answers for word in list_words(answer)))


def _ask_the_same(view: CardView, other: CardView) -> bool:
    """Of two cards with like questions: whether the answers are alike, and neither swaps a number or a telling word.

    "Which river flows through Ulm?" is another question than "Which river flows through Vienna?".
    """
    if view.numbers != other.numbers or (view.telling - other.telling and other.telling - view.telling):
        return False
    return fuzz.ratio(_sort_answer(view), _sort_answer(other), score_cutoff=_ALIKE) > 0


def _find_in(block: _Block, view: CardView, question: str) -> CardView | None:
    alike = process.extract(question, block.questions, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None)
    others = (block.views[index] for _, _, index in sorted(alike, key=lambda match: match[2]))
    return next((other for other in others if _ask_the_same(view, other)), None)


def _list_keys(view: CardView, index: Mapping[str, Sequence[CardView]]) -> list[str]:
    """The whole question, and its two rarest telling words."""
    rarity = sorted((len(index[word]), word) for word in view.telling)
    return [view.padded, *(word for _, word in rarity[:_RAREST])]


def find_duplicates(
    views: Sequence[CardView], index: Mapping[str, Sequence[CardView]]
) -> Iterator[tuple[CardView, CardView]]:
    """Pairs of cards that ask the same, the later card first, each card in one pair at most as the later.

    Compared are cards whose questions are the same word for word, and those that share one of their two rarest telling
    words, with the first twelve that do: what is like another card is like it in its rare words. "Same" means: the
    words of the questions, in any order, have a ratio (rapidfuzz) of at least 85 of 100, so have the answers, the
    numbers are the same, and at most one of the two questions has telling words that the other lacks.
    """
    blocks: dict[str, _Block] = {}
    for view in views:
        question = " ".join(sorted(view.padded.split()))
        for key in _list_keys(view, index):
            block = blocks.setdefault(key, _Block())
            if block.views and (found := _find_in(block, view, question)):
                yield view, found
                break
            if len(block.views) < _MOST_IN_BLOCK:
                block.views.append(view)
                block.questions.append(question)

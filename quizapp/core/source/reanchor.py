"""Another text in a source's place: where each citation stands in it.

A paragraph has moved when others were put in or taken out before it. So the old text is laid beside the new one first:
paragraphs that are the same in both hold the two together, the others are found by likeness near where they should be.
What is found that way is a citation's first guess; see ``quotes.relocate`` for the search that begins there.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError
from rapidfuzz import fuzz, process

from quizapp.core.deck.schema import LONGEST_QUOTE_WORDS, Card, Citation
from quizapp.core.source.quotes import fold_text, relocate

State = Literal["kept", "moved", "lost"]

ALIKE = 60.0
"""How like (rapidfuzz's ratio, of 100) two paragraphs must be to count as one that was rewritten."""
_NEAR = 60  # paragraphs on either side that are looked at
_FEW = 300  # paragraphs up to which all are searched for every quote
_RAREST = 3
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Reanchored:
    """What becomes of a citation: ``kept`` as it is, ``moved`` to another place or to other words, or ``lost``.

    ``after`` is the citation in the new text; where it is lost, as it was.
    """

    state: State
    before: Citation
    after: Citation

    @property
    def is_reworded(self) -> bool:
        """Whether it was found by closeness, so that its words are others now."""
        return fold_text(self.before.quote) != fold_text(self.after.quote)


def _list_once(texts: Sequence[str]) -> dict[str, int]:
    """The texts that stand at one place only -> its number."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts, start=1):
        places[text].append(number)
    return {text: numbers[0] for text, numbers in places.items() if len(numbers) == 1 and text}


class Reanchoring:
    """An old text beside a new one: the plain texts of their paragraphs, in order."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._old = [fold_text(text) for text in old]
        self._new = [fold_text(text) for text in new]
        once = _list_once(self._new)
        self._same = {number: once[text] for text, number in _list_once(self._old).items() if text in once}
        self._shifts = self._list_shifts()
        self._guesses: dict[int, int] = {}
        self._holders: dict[str, list[int]] = defaultdict(list)
        if len(self._new) > _FEW:
            for number, text in enumerate(self._new, start=1):
                for word in set(_WORD.findall(text.casefold())):
                    self._holders[word].append(number)

    def _list_shifts(self) -> list[int]:
        """By how much the nearest same paragraph before each old one has moved."""
        shifts, shift = [0], 0
        for number in range(1, len(self._old) + 1):
            shift = self._same.get(number, number + shift) - number
            shifts.append(shift)
        return shifts

    def guess(self, number: int) -> int:
        """The new number of an old paragraph, as far as it can be told; counted from 1."""
        if number not in self._guesses:
            self._guesses[number] = self._same.get(number) or self._guess_by_likeness(number)
        return self._guesses[number]

    def _guess_by_likeness(self, number: int) -> int:
        if number >= len(self._shifts):
            return number
        expected = number + self._shifts[number]
        taken = frozenset(self._same.values())
        near = range(max(expected - _NEAR, 1), min(expected + _NEAR, len(self._new)) + 1)
        free = {place: self._new[place - 1] for place in near if place not in taken}
        ranked = process.extract(self._old[number - 1], free, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=5)
        best = min(ranked, key=lambda found: (-found[1], abs(found[2] - expected)), default=None)
        return expected if best is None else int(best[2])

    def _shortlist(self, quote: str, guess: int) -> Sequence[str]:
        """The paragraphs to search: all of a short text; of a long one those near the guess or with a rare word."""
        if not self._holders:
            return self._new
        known = [self._holders[word] for word in set(_WORD.findall(quote.casefold())) if word in self._holders]
        chosen = {number for holders in sorted(known, key=len)[:_RAREST] for number in holders}
        chosen.update(range(guess - _NEAR, guess + _NEAR + 1))
        return [text if number in chosen else "" for number, text in enumerate(self._new, start=1)]

    def find(self, citation: Citation) -> Reanchored:
        """Where a citation stands in the new text."""
        guess = self.guess(citation.paragraph)
        words = fold_text(citation.quote)
        found = relocate(self._shortlist(words, guess), words, guess)
        if found is None:
            return Reanchored("lost", citation, citation)
        if found.kind != "close":
            moved = citation.model_copy(update={"paragraph": found.paragraph})
            return Reanchored("kept" if moved == citation else "moved", citation, moved)
        text = self._new[found.paragraph - 1][found.span.start : found.span.end]
        after = _cite(citation, found.paragraph, _shorten(text, words))
        return Reanchored("moved" if after else "lost", citation, after or citation)


def _shorten(text: str, words: str) -> str:
    """Of a passage longer than a quote may be, the run of words that is likest to the old quote."""
    found = text.split()
    if len(found) <= LONGEST_QUOTE_WORDS:
        return " ".join(found)
    runs = (
        " ".join(found[start : start + LONGEST_QUOTE_WORDS]) for start in range(len(found) - LONGEST_QUOTE_WORDS + 1)
    )
    return max(runs, key=lambda run: fuzz.ratio(run, words))


def _cite(before: Citation, paragraph: int, quote: str) -> Citation | None:
    numbers = set(_DIGITS.findall(before.quote))
    if not numbers <= set(_DIGITS.findall(quote)):
        return None
    try:
        return Citation(source=before.source, paragraph=paragraph, quote=quote)
    except ValidationError:
        return None


def reanchor_card(card: Card, source: str, found: Mapping[Citation, Reanchored]) -> Card:
    """A card whose citations of a source follow the new text; those that are lost stay as they were."""
    after = tuple(found[each].after if each.source == source else each for each in card.citations)
    return card if after == card.citations else card.model_copy(update={"citations": after})

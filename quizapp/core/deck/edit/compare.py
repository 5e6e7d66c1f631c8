"""What differs between two versions of a card or a deck, for people to read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.edit.content import Content
from quizapp.core.deck.schema import Card, Cloze, StrictModel
from quizapp.core.deck.write import Written, list_pairs

_ANSWER_FIELDS: Final = ("type", "answer", "answers", "accept", "match", "tolerance", "items", "pairs")
_MOST_WORDS: Final = 1500
"""A longer text is shown as one piece taken and one put: telling more would take too long."""


Titles = Mapping[str, str]
_UNTITLED: Final[Titles] = MappingProxyType({})


class Kind(StrEnum):
    """What became of a card."""

    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    GONE = "gone"


class Run(StrEnum):
    """What became of some words."""

    SAME = "same"
    TAKEN = "taken"
    PUT = "put"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a card or a deck that differs: its name, and its words in runs of kept, taken and put ones."""

    field: str
    runs: tuple[tuple[Run, str], ...]


@dataclass(frozen=True, slots=True)
class CardDifference:
    """What became of a card; ``fields`` differ where it is changed, else all it says."""

    id: str
    kind: Kind
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions of a deck; empty where they say the same."""

    head: tuple[FieldChange, ...]
    cards: tuple[CardDifference, ...]

    def __bool__(self) -> bool:
        return bool(self.head or self.cards)


def _answers(card: Card) -> tuple[Any, ...]:
    if isinstance(card, Cloze):
        return (card.type, parse_cloze(card.text).blanks)
    return tuple(getattr(card, name, None) for name in _ANSWER_FIELDS)


def changes_answer(old: Card, new: Card) -> bool:
    """Whether the same response could be worth something else after this change: what counts as right differs."""
    return _answers(old) != _answers(new)


def show_value(value: Written) -> str:
    """A value of a deck file as lines to read."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {show_value(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        pairs = all(isinstance(entry, list) for entry in value)
        return "\n".join(" → ".join(map(show_value, entry)) if pairs else show_value(entry) for entry in value)
    return str(value)


def _show_citation(citation: Mapping[str, Written], titles: Titles) -> str:
    """The text's title, the paragraph's number behind a pilcrow, and the words quoted: no language of its own."""
    source, quote = show_value(citation["source"]), show_value(citation["quote"])
    return f"{titles.get(source, source)}, ¶ {show_value(citation['paragraph'])}: “{quote}”"


def _show_field(name: str, value: Written, titles: Titles) -> str:
    if name == "citations" and isinstance(value, list):
        return "\n".join(_show_citation(entry, titles) for entry in value if isinstance(entry, Mapping))
    if name == "sources" and isinstance(value, list):
        return "\n".join(titles.get(source, source) for source in map(show_value, value))
    return show_value(value)


def _show_both(name: str, old: Written, new: Written, titles: Titles) -> tuple[str, str]:
    """Both values to read; where only ids tell them apart, with those."""
    shown = _show_field(name, old, titles), _show_field(name, new, titles)
    return shown if shown[0] != shown[1] else (show_value(old), show_value(new))


def _split(text: str) -> list[str]:
    """A text in words and the spaces between them."""
    return ["".join(signs) for _, signs in groupby(text, key=lambda sign: (sign.isspace(), sign == "\n"))]


def compare_texts(old: str, new: str) -> tuple[tuple[Run, str], ...]:
    """Two texts as runs of words: kept, taken from the old one, put into the new one."""
    before, after = _split(old), _split(new)
    if max(len(before), len(after)) > _MOST_WORDS:
        return tuple((run, text) for run, text in ((Run.TAKEN, old), (Run.PUT, new)) if text)
    runs = list[tuple[Run, str]]()
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append((Run.SAME, "".join(before[a:b])))
            continue
        runs += [(Run.TAKEN, "".join(before[a:b]))] if b > a else []
        runs += [(Run.PUT, "".join(after[c:d]))] if d > c else []
    return tuple(runs)


def compare_models(
    old: StrictModel | None, new: StrictModel | None, titles: Titles = _UNTITLED
) -> tuple[FieldChange, ...]:
    """The fields that differ between two cards or two heads; None stands for one that is not there.

    Sources are named by their ``titles``, by id.
    """
    before: Mapping[str, Written] = list_pairs(old) if old else {}
    after: Mapping[str, Written] = list_pairs(new) if new else {}
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        FieldChange(name, compare_texts(*_show_both(name, before.get(name, ""), after.get(name, ""), titles)))
        for name in names
        if before.get(name) != after.get(name)
    )


def _find_moved(before: list[str], after: list[str]) -> set[str]:
    """The cards of both that stand in another order."""
    shared, kept = set(before) & set(after), set[str]()
    old, new = [one for one in before if one in shared], [one for one in after if one in shared]
    if old != new:
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            kept.update(old[block.a : block.a + block.size])
        return shared - kept
    return set()


def _compare_cards(old: Content, new: Content, titles: Titles) -> Iterator[CardDifference]:
    before, after = {card.id: card for card in old.cards}, {card.id: card for card in new.cards}
    moved = _find_moved(list(before), list(after))
    for card_id, card in after.items():
        if card_id not in before:
            yield CardDifference(card_id, Kind.NEW, compare_models(None, card, titles))
        elif before[card_id] != card:
            yield CardDifference(card_id, Kind.CHANGED, compare_models(before[card_id], card, titles))
        elif card_id in moved:
            yield CardDifference(card_id, Kind.MOVED, ())
    for card_id, card in before.items():
        if card_id not in after:
            yield CardDifference(card_id, Kind.GONE, compare_models(card, None, titles))


def compare_contents(old: Content, new: Content, titles: Titles = _UNTITLED) -> Difference:
    """What differs between two versions of a deck, cards in the order of the new one, those that are gone last.

    Sources are named by their ``titles``, by id.
    """
    return Difference(compare_models(old.head, new.head, titles), tuple(_compare_cards(old, new, titles)))

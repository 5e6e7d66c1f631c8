"""Options that confuse a learner, and right ones that length or place gives away over a deck."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from math import sqrt
from typing import Final

from quizapp.core.deck.checks.desk import CardView, Finding
from quizapp.core.deck.schema import Choice, Deck
from quizapp.core.deck.text import shorten
from quizapp.core.messages import say

_FEWEST = 8
_UNLIKELY = 2.33  # standard deviations: what chance does in one deck of a hundred
_OF_THE_OTHERS = re.compile(
    r"(all|any|both|either|neither|none|some) of (the |these |those )?"
    r"(above|answers|choices|options|others?|them|these|those)( (answers|choices|options|ones|mentioned))?"
    r"|(both |only |either |neither )?[a-e] (and|or|nor|&) [a-e]"
    r"|(alle|beide|keine[rs]?) (der |von )?(antworten|beiden|diesen|genannten|obigen)( (antworten|genannten))?"
    r"|(aucune|toutes) (de |des |les |ces )*(ci-dessus|propositions|réponses)( ci-dessus| précédentes)?"
    r"|(ninguna|todas) (de )?(las )?(anteriores|opciones|respuestas)( anteriores)?"
)
_EDGES = " \t.,;:?*_\"'“”„‘’«»"
_ARTICLE = re.compile(r"(the|an?|der|die|das|eine?|le|la|les|une?|el|los|las) ")
_LIST_MARK = re.compile(r"\s*[,;]\s*(?:(?:and|or|und|oder|et|ou|y|o)\s+)?|\s+(?:and|or|&|und|oder|et|ou|y|o)\s+")
_RANGE = re.compile(r"\D{0,12}?(\d+(?:\.\d+)?)\s*(?:[-–—]|to|bis|à)\s*(\d+(?:\.\d+)?)\D{0,12}")
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)*")
_YEARS = range(1000, 2200)


def _fold(text: str) -> str:
    """The option without case and marks at its ends; a sign or mark within it counts (C, C# and C++)."""
    return " ".join(text.casefold().split()).strip(_EDGES)


def _bare(text: str) -> str:
    """The option without case, marks at its ends and article."""
    bare = _fold(text)
    article = _ARTICLE.match(bare)
    return bare[article.end() :] if article else bare


def _list_items(bare: str) -> frozenset[str]:
    return frozenset(_bare(item) for item in _LIST_MARK.split(bare) if item)


def _parse_range(text: str) -> tuple[float, float] | None:
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    low, high = float(match[1]), float(match[2])
    return (low, high) if low < high and not (low in _YEARS and high in _YEARS) else None


def _find_overlap(options: Sequence[str], bare: Sequence[str]) -> tuple[str, str] | None:
    items = [_list_items(text) for text in bare]
    if any(len(listed) > 1 for listed in items):
        for smaller, some in enumerate(items):
            for larger, more in enumerate(items):
                if some and some < more:
                    return options[smaller], options[larger]
    ranges = [_parse_range(option) for option in options]
    known = sorted((found, option) for found, option in zip(ranges, options, strict=True) if found)
    if len(known) == len(options):
        for ((_, end), first), ((start, _), second) in pairwise(known):
            if start <= end:
                return first, second
    return None


def check_options(view: CardView) -> Iterator[Finding]:
    """The rules on the options of one card."""
    card = view.card
    if card.type == "order":
        options = card.items
    elif card.type == "choice" or card.type == "multiple":
        options = card.options
    else:
        return
    bare = [_bare(option) for option in options]
    key = "items" if card.type == "order" else "wrong"
    twice = next((option for index, option in enumerate(options) if bare[index] and bare[index] in bare[:index]), None)
    if twice is not None:
        message = say("“%(twice)s” differs from another option in punctuation or article only.", twice=shorten(twice))
        yield Finding("alike-options", message, say("Delete one, or tell them apart."), view.number, (key,))
    if card.type == "order":
        return
    if pair := _find_overlap(options, bare):
        message = say(
            "The options “%(pair)s” and “%(pair_2)s” overlap.", pair=shorten(pair[0]), pair_2=shorten(pair[1])
        )
        fix = say("Make each option stand for something that no other holds.")
        yield Finding("overlapping-options", message, fix, view.number, (key,))
    for option in options:
        if _OF_THE_OTHERS.fullmatch(_fold(option)):
            message = say(
                "The option “%(option)s” speaks of the other options, which are shuffled.", option=shorten(option)
            )
            yield Finding("all-of-the-above", message, say("Name the thing, or use `multiple`."), view.number, (key,))


def _is_too_often(count: int, chances: Sequence[float]) -> bool:
    """Whether so many hits are more than chance explains, given the chance of each try."""
    expected = sum(chances)
    spread = sqrt(sum(chance * (1 - chance) for chance in chances))
    return len(chances) >= _FEWEST and count > expected + _UNLIKELY * spread


def _is_longest(card: Choice) -> bool:
    """Visibly: by a fifth and three letters."""
    longest_wrong = max(len(option.text) for option in card.wrong)
    return len(card.answer) >= max(1.2 * longest_wrong, longest_wrong + 3)


def _check_lengths(choices: Sequence[Choice]) -> Iterator[Finding]:
    count = sum(map(_is_longest, choices))
    chances = [1 / len(card.options) for card in choices]
    if _is_too_often(count, chances):
        message = say(
            "The right option is the longest in %(count)s of %(all)s `choice` cards;"
            " by chance it would be about %(expected)s.",
            count=count,
            all=len(choices),
            expected=f"{sum(chances):.0f}",
        )
        fix = say("Shorten right options, or let wrong ones grow, until length tells nothing.")
        yield Finding("longest-is-right", message, fix, None, ("cards",))


def _rank(card: Choice) -> tuple[str, int] | None:
    """Where the right one stands among numbers, and among how many; None where the options are no numbers."""
    if not all(_NUMBER.fullmatch(option) for option in card.options):
        return None
    numbers = [Decimal(option.replace(",", "").replace("−", "-")) for option in card.options]
    if len(numbers) < 3 or len(set(numbers)) < len(numbers):
        return None
    right = sorted(numbers).index(numbers[0])
    return "lowest" if right == 0 else "highest" if right == len(numbers) - 1 else "middle", len(numbers)


_PLACES: Final[Mapping[str, str]] = {
    "lowest": say("the lowest"),
    "highest": say("the highest"),
    "middle": say("between others"),
}


def _check_positions(choices: Sequence[Choice]) -> Iterator[Finding]:
    ranks = [rank for card in choices if (rank := _rank(card))]
    counts = Counter(place for place, _ in ranks)
    for place, count in sorted(counts.items()):
        chances = [1 - 2 / among if place == "middle" else 1 / among for _, among in ranks]
        if _is_too_often(count, chances):
            message = say(
                "Of %(count)s cards whose options are numbers, the right one is %(where)s in %(count_2)s.",
                count=len(ranks),
                where=_PLACES[place],
                count_2=count,
            )
            fix = say("Choose wrong numbers on both sides, now more below, now more above.")
            yield Finding("unbalanced-position", message, fix, None, ("cards",))


def _check_truths(truths: Sequence[bool]) -> Iterator[Finding]:
    for truth in (True, False):
        count = truths.count(truth)
        if _is_too_often(count, [0.5] * len(truths)):
            counted = {"count": len(truths), "right": count}
            message = (
                say("Of %(count)s statements %(right)s are true.", **counted)
                if truth
                else say("Of %(count)s statements %(right)s are false.", **counted)
            )
            fix = say("Turn some of them round, so that about half are true.")
            yield Finding("unbalanced-truth", message, fix, None, ("cards",))


def check_balance(deck: Deck) -> Iterator[Finding]:
    """The rules on what a guesser learns over a whole deck, from eight cards of a kind on."""
    choices = [card for card in deck.cards if card.type == "choice"]
    yield from _check_lengths(choices)
    yield from _check_positions(choices)
    yield from _check_truths([card.answer for card in deck.cards if card.type == "truefalse"])

"""Made-up answers to real cards: right ones, and wrong ones such as a class would give."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import Card, Choice, Cloze, Flashcard, Match, Multiple, Order, Short, TrueFalse

FAVOURITE = 0.6
"""The share of wrong answers that fall for the same mistake, so that a class has misconceptions and not only noise."""


def answer_right(card: Card) -> Any:
    """The right response to a card, in the shape of Contracts 3.4; None for a flashcard, which is rated instead."""
    match card:
        case Flashcard():
            return None
        case Choice() | Short() | TrueFalse():
            return card.answer
        case Multiple():
            return list(card.answers)
        case Cloze():
            return [blank[0] for blank in parse_cloze(card.text).blanks]
        case Order():
            return list(card.items)
    return dict(card.pairs)


def _pick(dice: Random, options: Sequence[Any]) -> Any:
    """One of some wrong answers: mostly the first, which is the favourite mistake."""
    return options[0] if dice.random() < FAVOURITE else dice.choice(options)


def _wrong_choice(card: Choice, dice: Random, _: Sequence[str]) -> Any:
    return _pick(dice, [option.text for option in card.wrong])


def _wrong_multiple(card: Multiple, dice: Random, _: Sequence[str]) -> Any:
    """One right option is missed, and a wrong one taken for it."""
    missed = _pick(dice, card.answers)
    return [*(answer for answer in card.answers if answer != missed), _pick(dice, [each.text for each in card.wrong])]


def _wrong_truth(card: TrueFalse, *_: Any) -> Any:
    return not card.answer


def _wrong_short(card: Short, dice: Random, others: Sequence[str]) -> Any:
    """What is the answer to another card of the deck."""
    known = {card.answer, *card.accept}
    return _pick(dice, [other for other in others if other not in known] or ["no idea"])


def _wrong_cloze(card: Cloze, dice: Random, others: Sequence[str]) -> Any:
    right = [blank[0] for blank in parse_cloze(card.text).blanks]
    place = dice.randrange(len(right))
    known = set(parse_cloze(card.text).blanks[place])
    return [
        *right[:place],
        _pick(dice, [each for each in others if each not in known] or ["no idea"]),
        *right[place + 1 :],
    ]


def _wrong_order(card: Order, dice: Random, _: Sequence[str]) -> Any:
    """Moved around: no item stands where it belongs."""
    by = dice.randrange(1, len(card.items))
    return [*card.items[by:], *card.items[:by]]


def _wrong_match(card: Match, dice: Random, _: Sequence[str]) -> Any:
    left, right = [pair[0] for pair in card.pairs], [pair[1] for pair in card.pairs]
    by = dice.randrange(1, len(right))
    return dict(zip(left, [*right[by:], *right[:by]], strict=True))


_WRONG: dict[type, Callable[[Any, Random, Sequence[str]], Any]] = {
    Choice: _wrong_choice,
    Multiple: _wrong_multiple,
    TrueFalse: _wrong_truth,
    Short: _wrong_short,
    Cloze: _wrong_cloze,
    Order: _wrong_order,
    Match: _wrong_match,
}


def answer_wrong(card: Card, dice: Random, others: Sequence[str] = ()) -> Any:
    """A wrong response to a card, in the same shape; None for a flashcard.

    ``others`` are the typed answers of other cards, which students mix up.
    """
    find = _WRONG.get(type(card))
    return None if find is None else find(card, dice, others)


def list_typed(cards: Sequence[Card]) -> tuple[str, ...]:
    """The answers that the short cards of a deck want, in their order."""
    return tuple(card.answer for card in cards if isinstance(card, Short))

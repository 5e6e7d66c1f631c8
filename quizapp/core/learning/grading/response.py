"""What a learner may answer, checked against the card before anything is graded or recorded."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, assert_never

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import (
    Card,
    Choice,
    Cloze,
    Flashcard,
    Match,
    Multiple,
    Order,
    Short,
    TrueFalse,
    option_key,
)
from quizapp.core.errors import Invalid
from quizapp.core.learning.grading.folding import limit_marks
from quizapp.core.learning.memory import Rating, parse_rating
from quizapp.core.messages import Message, say

LONGEST_TYPED = 10_000
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST_NORMALISED = 2 * LONGEST_TYPED  # one character of Unicode can stand for eighteen


@dataclass(frozen=True, slots=True)
class Response:
    """A checked answer, as texts in the order of the card.

    ``short``: what was typed. ``cloze``: what was typed, for each blank. ``choice``: the option. ``multiple``: the
    options with a tick. ``order``: the items from first to last. ``match``: the right side given to each left side.
    ``truefalse``: ``true`` or ``false``. ``flashcard``: nothing, but a ``rating``, which no other card has.
    """

    texts: tuple[str, ...]
    rating: Rating | None = None


def _refuse(message: Message) -> NoReturn:
    raise Invalid(message, {"response": message})


def _check_text(raw: object) -> str:
    if not isinstance(raw, str):
        _refuse(say("The answer is to be a text."))
    if len(raw) > LONGEST_TYPED:
        _refuse(say("The answer is too long: at most %(most)s characters.", most=LONGEST_TYPED))
    if "\x00" in raw or _SURROGATE.search(raw):
        _refuse(say("The answer holds characters that are no text."))
    if not raw.isascii() and len(unicodedata.normalize("NFKC", limit_marks(raw))) > _LONGEST_NORMALISED:
        _refuse(say("The answer holds too many composed characters."))
    return raw


def _check_list(raw: object) -> Sequence[object]:
    if not isinstance(raw, list | tuple):
        _refuse(say("The answer is to be a list."))
    return raw


def _find_each(raw: Sequence[object], options: Sequence[str]) -> list[str]:
    """The options as the deck writes them. Forms may change white space, so that and letter case do not matter."""
    by_key = {option_key(option): option for option in options}
    found = [by_key.get(option_key(_check_text(one))) for one in raw]
    known = [option for option in found if option is not None]
    if len(known) < len(found):
        _refuse(say("The answer names an option that this card does not have."))
    return known


def _find_different(raw: Sequence[object], options: Sequence[str]) -> list[str]:
    if len(raw) > len(options):
        _refuse(say("The answer lists more options than the %(count)s of this card.", count=len(options)))
    found = _find_each(raw, options)
    if len(set(found)) < len(found):
        _refuse(say("The answer names an option twice."))
    return found


def _parse_ticks(card: Multiple, raw: object) -> tuple[str, ...]:
    ticked = set(_find_different(_check_list(raw), card.options))
    return tuple(option for option in card.options if option in ticked)


def _parse_blanks(card: Cloze, raw: object) -> tuple[str, ...]:
    texts = [_check_text(one) for one in _check_list(raw)]
    if len(texts) != (blanks := len(parse_cloze(card.text).blanks)):
        _refuse(
            say("Fill all blanks of this card: it has %(count)s, the answer %(given)s.", count=blanks, given=len(texts))
        )
    if sum(map(len, texts)) > LONGEST_TYPED:
        _refuse(say("The answer is too long: at most %(most)s characters in all.", most=LONGEST_TYPED))
    _check_text("".join(texts))  # all blanks together: what each is composed of adds up
    return tuple(texts)


def _parse_order(card: Order, raw: object) -> tuple[str, ...]:
    items = _find_different(_check_list(raw), card.items)
    if len(items) < len(card.items):
        _refuse(say("Put all %(count)s items of this card in order.", count=len(card.items)))
    return tuple(items)


def _parse_pairs(card: Match, raw: object) -> tuple[str, ...]:
    if not isinstance(raw, Mapping):
        _refuse(say("The answer is to be an object that gives each left side its right side."))
    lefts = _find_different(list(raw.keys()), [left for left, _ in card.pairs])
    if len(lefts) < len(card.pairs):
        _refuse(say("Find the right side for all %(count)s left sides of this card.", count=len(card.pairs)))
    rights = _find_each(list(raw.values()), [right for _, right in card.pairs])
    chosen = dict(zip(lefts, rights, strict=True))
    return tuple(chosen[left] for left, _ in card.pairs)


def _parse_truth(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, bool):
        _refuse(say("The answer is to be true or false."))
    return ("true" if raw else "false",)


def _parse_nothing(raw: object) -> tuple[str, ...]:
    if raw not in (None, ""):
        _refuse(say("A flashcard takes no answer, only a rating."))
    return ()


def parse_response(card: Card, raw: object, rating: object = None) -> Response:
    """Check an answer as it came in (JSON values) against its card.

    "I don't know" is an empty text, an empty list of ticks, or blanks left empty; ``order`` and ``match`` are complete
    or not answered. ``rating`` belongs to a flashcard, which needs it, and is not looked at elsewhere.
    Raises Invalid, with the field ``response`` or ``rating``, for anything that the card cannot be answered with.
    """
    match card:
        case Flashcard():
            return Response(_parse_nothing(raw), parse_rating(rating))
        case Choice():
            return Response(tuple(_find_each([raw], card.options)))
        case Multiple():
            return Response(_parse_ticks(card, raw))
        case TrueFalse():
            return Response(_parse_truth(raw))
        case Short():
            return Response((_check_text(raw),))
        case Cloze():
            return Response(_parse_blanks(card, raw))
        case Order():
            return Response(_parse_order(card, raw))
        case Match():
            return Response(_parse_pairs(card, raw))
        case _:
            assert_never(card)

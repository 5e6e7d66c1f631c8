"""What a student gave to a question so far: nothing, a part, or an answer that can be graded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from quizapp.core.deck.schema import Card, option_key
from quizapp.core.errors import Invalid
from quizapp.core.learning.grading import parse_response
from quizapp.core.learning.presentation import AskedCard
from quizapp.core.messages import say

Typed = str | list[str] | dict[str, str]


class Fill(StrEnum):
    """How much of a question is answered. Only ``whole`` answers are graded."""

    NOTHING = "nothing"
    PART = "part"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Given:
    """``typed`` is what stands in the fields of the form, ``response`` what the grading reads (Contracts 3.4)."""

    typed: Typed
    response: Any


def _is_blank(typed: Typed) -> bool:
    texts = typed.values() if isinstance(typed, Mapping) else [typed] if isinstance(typed, str) else typed
    return not any(text.strip() for text in texts)


def _check_offered(texts: Sequence[str], offered: Sequence[str]) -> None:
    known = {option_key(text) for text in offered}
    if any(option_key(text) not in known for text in texts):
        message = say("The answer names an option that this card does not have.")
        raise Invalid(message, {"response": message})


def _fill_order(given: Given, asked: AskedCard) -> Fill:
    _check_offered(given.response, asked.options)
    places = sorted(given.typed)
    whole = places == sorted(str(number) for number in range(1, len(asked.options) + 1))
    return Fill.WHOLE if whole else Fill.PART


def _fill_match(given: Given, asked: AskedCard) -> Fill:
    pairs: dict[str, str] = given.response
    _check_offered([left for left in pairs if left], asked.left)
    _check_offered([right for right in pairs.values() if right], asked.right)
    return Fill.WHOLE if all(pairs.get(left) for left in asked.left) else Fill.PART


def check_given(card: Card, asked: AskedCard, given: Given) -> Fill:
    """How much is answered. Raises Invalid (field ``response``) for what the card cannot be answered with.

    An order or a match of which some lines are still open is a part; a text with some of its blanks filled is whole.
    """
    if asked.type == "order":
        fill = _fill_order(given, asked)
    elif asked.type == "match":
        fill = _fill_match(given, asked)
    else:
        fill = Fill.WHOLE
    if _is_blank(given.typed):
        return Fill.NOTHING
    if fill is Fill.WHOLE:
        parse_response(card, given.response)
    return fill

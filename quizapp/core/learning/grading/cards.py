"""Grading an answer: what it is worth, part by part."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import assert_never

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
from quizapp.core.learning.grading.dates import judge_date
from quizapp.core.learning.grading.folding import ENGLISH
from quizapp.core.learning.grading.number import judge_number
from quizapp.core.learning.grading.response import Response
from quizapp.core.learning.grading.spelling import find_difference
from quizapp.core.learning.grading.typed import judge_typed
from quizapp.core.learning.grading.verdict import Grade, Judgement, Part, Verdict
from quizapp.core.learning.memory import Rating, parse_rating


def _exactly(same: bool) -> Verdict:
    return Verdict.RIGHT if same else Verdict.WRONG


def _summarise(parts: Sequence[Part], score: Fraction) -> Grade:
    """The grade of several parts: right when all are, almost when those that are not have slips only."""
    verdicts = {part.verdict for part in parts}
    if score == 1:
        verdict = Verdict.RIGHT
    elif score == 0:
        verdict = Verdict.WRONG
    else:
        verdict = Verdict.ALMOST if verdicts <= {Verdict.RIGHT, Verdict.ALMOST} else Verdict.PARTLY
    return Grade(float(score), verdict, tuple(parts))


def _grade_flashcard(card: Flashcard, rating: Rating) -> Grade:
    known = rating is not Rating.AGAIN
    return Grade(float(known), _exactly(known), (Part("", card.answer, _exactly(known)),), self_rating=rating)


def _grade_choice(card: Choice, chosen: str) -> Grade:
    right = chosen == card.answer
    why = next((option.why for option in card.wrong if option.text == chosen), "")
    return Grade(float(right), _exactly(right), (Part(chosen, card.answer, _exactly(right), why=why),))


def _grade_multiple(card: Multiple, ticked: Sequence[str]) -> Grade:
    """One share for each right tick, one less for each wrong one, none below zero."""
    why = {option.text: option.why for option in card.wrong}
    parts = []
    for option in card.options:
        given, expected = option in ticked, option in card.answers
        feedback = why.get(option, "") if given else ""
        texts = (option if given else "", option if expected else "")
        parts.append(Part(*texts, _exactly(given == expected), label=option, why=feedback))
    right = sum(option in card.answers for option in ticked)
    wrong = len(ticked) - right
    return _summarise(parts, Fraction(max(0, right - wrong), len(card.answers)))


def _grade_truefalse(card: TrueFalse, said: str) -> Grade:
    truth = "true" if card.answer else "false"
    verdict = _exactly(said == truth)
    return Grade(float(said == truth), verdict, (Part(said, truth, verdict),))


def _typed_part(given: str, judgement: Judgement) -> Part:
    near = judgement.verdict is Verdict.ALMOST
    difference = find_difference(given, judgement.wording) if near else ()
    return Part(given, judgement.wording, judgement.verdict, difference=difference)


def _grade_short(card: Short, given: str, language: str) -> Grade:
    wordings = (card.answer, *card.accept)
    match card.match:
        case "text":
            judgement = judge_typed(given, wordings, language)
        case "number":
            judgement = judge_number(given, wordings, tolerance=card.tolerance, language=language, prompt=card.prompt)
        case "date":
            judgement = judge_date(given, wordings, language)
        case _:
            assert_never(card.match)
    taken = judgement.wording if judgement.score else ""
    return Grade(float(judgement.score), judgement.verdict, (_typed_part(given, judgement),), taken=taken)


def _grade_cloze(card: Cloze, given: Sequence[str], language: str) -> Grade:
    blanks = parse_cloze(card.text).blanks
    judgements = [judge_typed(text, wordings, language) for text, wordings in zip(given, blanks, strict=True)]
    parts = [_typed_part(text, judgement) for text, judgement in zip(given, judgements, strict=True)]
    return _summarise(parts, sum((one.score for one in judgements), Fraction(0)) / len(judgements))


def _grade_order(card: Order, given: Sequence[str]) -> Grade:
    """The share of all pairs of items of which the earlier stands before the later."""
    place = {item: number for number, item in enumerate(given)}
    pairs = [place[earlier] < place[later] for earlier, later in combinations(card.items, 2)]
    parts = [Part(one, other, _exactly(one == other)) for one, other in zip(given, card.items, strict=True)]
    return _summarise(parts, Fraction(sum(pairs), len(pairs)))


def _grade_match(card: Match, given: Sequence[str]) -> Grade:
    parts = [
        Part(text, right, _exactly(option_key(text) == option_key(right)), label=left)
        for text, (left, right) in zip(given, card.pairs, strict=True)
    ]
    right = sum(part.verdict is Verdict.RIGHT for part in parts)
    return _summarise(parts, Fraction(right, len(parts)))


def grade(card: Card, response: Response, language: str = ENGLISH) -> Grade:
    """What a checked answer to this card is worth; ``language`` is the card's (BCP 47).

    The shares are those of the deck format: all or nothing for ``choice``, ``truefalse`` and ``short``; right ticks
    less wrong ones for ``multiple``; the mean of the blanks for ``cloze``; pairs of items in the right order for
    ``order``; right pairs for ``match``. A slip in spelling is worth 0.9.
    """
    texts = response.texts
    match card:
        case Flashcard():
            return _grade_flashcard(card, parse_rating(response.rating))
        case Choice():
            return _grade_choice(card, texts[0])
        case Multiple():
            return _grade_multiple(card, texts)
        case TrueFalse():
            return _grade_truefalse(card, texts[0])
        case Short():
            return _grade_short(card, texts[0], language)
        case Cloze():
            return _grade_cloze(card, texts, language)
        case Order():
            return _grade_order(card, texts)
        case Match():
            return _grade_match(card, texts)
        case _:
            assert_never(card)


def count_wrong(card: Card, response: Response) -> Grade:
    """The grade of an answer that is wrong in all it says, whatever it says."""
    match card:
        case Cloze():
            expected = [wordings[0] for wordings in parse_cloze(card.text).blanks]
        case Short():
            expected = [card.answer]
        case _:
            expected = ["" for _ in response.texts]
    parts = tuple(Part(given, right, Verdict.WRONG) for given, right in zip(response.texts, expected, strict=True))
    return Grade(0.0, Verdict.WRONG, parts)

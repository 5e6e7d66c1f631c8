"""The answers between the braces of a GIFT question, as the values of a card."""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from quizapp.core.exchange.gift_blocks import BrokenQuestion, Question
from quizapp.core.exchange.gift_text import Written, read_format, read_weight
from quizapp.core.messages import say

_FULL: Final = Decimal(100)
_TRUTHS: Final = {"T": "true", "TRUE": "true", "F": "false", "FALSE": "false"}
_MARKS = re.compile("[~=]")
_RANGE = re.compile(r"(-?[0-9.]{1,30}(?:[eE][+-]?[0-9]{1,3})?)\s*\.\.\s*(-?[0-9.]{1,30}(?:[eE][+-]?[0-9]{1,3})?)")
_GAP = "_____"
_WILDCARD = re.compile(r"(?<!\\)\*")
_MOST_ANSWERS = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its weight in percent, its text and the feedback to whoever gives it."""

    weight: Decimal
    text: Written
    feedback: Written


@dataclass(slots=True)
class Values:
    """The values of a card, the parts of its explanation, and what could not be taken over."""

    values: dict[str, Any]
    told: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def _split_feedback(text: str) -> tuple[Written, Written]:
    answer, _, feedback = text.partition("#")
    return read_format(answer), read_format(feedback)


def split_answers(text: str, first: Decimal = _FULL) -> list[Answer]:
    """The answers that begin with ``=`` or ``~``; one without a mark before it weighs ``first``."""
    count = text.count("~") + text.count("=")
    if count > _MOST_ANSWERS:
        raise BrokenQuestion(
            say(
                "it has %(count)s answers; at most %(most_answers)s are read",
                count=f"{count:,}",
                most_answers=_MOST_ANSWERS,
            )
        )
    marks = list(_MARKS.finditer(text))
    ends = [*(mark.start() for mark in marks), len(text)]
    pieces = [("", text[: ends[0]]), *((m[0], text[m.end() : end]) for m, end in zip(marks, ends[1:], strict=True))]
    answers = []
    for mark, piece in pieces:
        if not piece.strip():
            continue
        weight, rest = read_weight(piece.strip())
        usual = _FULL if mark == "=" else Decimal(0) if mark == "~" else first
        answers.append(Answer(usual if weight is None else weight, *_split_feedback(rest)))
    return answers


def _line(text: Written, usual: str) -> str:
    return " ".join(text.to_markdown(usual).replace("\\\n", " ").split())


def _read_choice(question: Question, usual: str) -> Values:
    answers = split_answers(question.answers or "", Decimal(0))
    is_single = any(answer.weight == _FULL for answer in answers)
    right = [answer for answer in answers if (answer.weight == _FULL if is_single else answer.weight > 0)]
    wrong = [answer for answer in answers if answer not in right]
    if not right or not wrong:
        raise BrokenQuestion(say("it has no right answer") if not right else say("it has no wrong answer to choose"))
    made = Values({"prompt": question.show(_GAP).to_markdown()})
    options = [{"text": _line(one.text, usual), "why": one.feedback.to_markdown(usual)} for one in wrong]
    texts = [_line(answer.text, usual) for answer in right]
    if len(texts) == 1:
        made.values |= {"type": "choice", "answer": texts[0], "wrong": options}
    else:
        made.values |= {"type": "multiple", "answers": texts, "wrong": options}
    if is_single and len(texts) > 1:
        made.lost.append(say("each of its right answers was enough; now all of them have to be ticked"))
    if is_single and any(answer.weight > 0 for answer in wrong):
        made.lost.append(say("answers that were half right count as wrong"))
    made.told = [text for one in right if (text := one.feedback.to_markdown(usual))]
    return made


def _read_match(question: Question, usual: str) -> Values:
    pairs, blanks = [], 0
    for piece in (question.answers or "").split("="):
        left, arrow, right = piece.partition("->")
        if not piece.strip():
            continue
        if not arrow:
            raise BrokenQuestion(say("one of its pairs has no ->"))
        if not left.strip():
            blanks += 1
        else:
            pairs.append([_line(read_format(left), usual), read_format(right).to_plain(usual)])
    made = Values({"type": "match", "prompt": question.show(_GAP).to_markdown(), "pairs": pairs})
    if blanks:
        made.lost.append(say("right sides that belong to nothing were left out"))
    return made


def _read_truth(question: Question, usual: str) -> Values | None:
    word, *feedback = (question.answers or "").split("#", 2)
    truth = _TRUTHS.get(word.strip().upper())
    if truth is None:
        return None
    made = Values({"type": "truefalse", "prompt": question.show(_GAP).to_markdown(), "answer": truth})
    made.told = [text for part in feedback if (text := read_format(part).to_markdown(usual))]
    return made


def _tell_lost(answers: list[Answer]) -> list[str]:
    lost = list[str]()
    if any(0 < answer.weight < _FULL for answer in answers):
        lost.append(say("answers that were half right are not accepted"))
    if any(answer.weight <= 0 and answer.feedback.text for answer in answers):
        lost.append(say("feedback to wrong answers was left out"))
    return lost


def _read_short(question: Question, usual: str) -> Values:
    answers = split_answers(question.answers or "")
    texts = (one.text.to_plain(usual).replace("\\*", "*") for one in answers if one.weight == _FULL)
    right = [text for text in texts if text]
    if not right:
        raise BrokenQuestion(say("it has no answer that is wholly right"))
    if question.has_gap:
        blank = "|".join(" ".join(re.sub("[{}|]", " ", text).split()) for text in right)
        shown = question.show("\U000f0b00").to_markdown().replace("{{", "{ {").replace("}}", "} }")
        values: dict[str, Any] = {"type": "cloze", "text": shown.replace("\U000f0b00", f"{{{{{blank}}}}}")}
    else:
        prompt = question.before.to_markdown()
        values = {"type": "short", "prompt": prompt, "answer": right[0], "accept": right[1:]}
    made = Values(values, lost=_tell_lost(answers))
    if any(_WILDCARD.search(one.text.to_plain()) for one in answers if one.weight == _FULL):
        made.lost.append(say("its * stands for itself, and no longer for any letters"))
    made.told = list(
        dict.fromkeys(t for one in answers if one.weight == _FULL and (t := one.feedback.to_markdown(usual)))
    )
    return made


def _read_number(text: str) -> tuple[str, Decimal | None]:
    """A number as written and its tolerance: ``4``, ``4:0.5`` or ``3.5..4.5``. Raises BrokenQuestion."""
    try:
        if found := _RANGE.fullmatch(text):
            low, high = Decimal(found[1]), Decimal(found[2])
            middle = (low + high) / 2
            return format(middle.normalize(), "f"), abs(high - low) / 2
        number, colon, tolerance = text.partition(":")
        Decimal(number.strip())
        return number.strip(), Decimal(tolerance.strip()) if colon else None
    except InvalidOperation as error:
        raise BrokenQuestion(say("“%(text)s” is no number", text=text[:40])) from error


def _read_numerical(question: Question, usual: str) -> Values:
    answers = split_answers((question.answers or "")[1:])
    right = [one for one in answers if one.weight == _FULL and one.text.text.strip() not in ("", "*")]
    if not right:
        raise BrokenQuestion(say("it has no number that is wholly right"))
    # The colon of a tolerance is a mark here, unless somebody escaped it.
    numbers = [_read_number(one.text.to_plain()) for one in right]
    answer, tolerance = numbers[0]
    values: dict[str, Any] = {"type": "short", "prompt": question.show(_GAP).to_markdown(), "answer": answer}
    values |= {"match": "number", "accept": [text for text, _ in numbers[1:]]}
    if tolerance is not None:
        values["tolerance"] = tolerance
    made = Values(values, lost=_tell_lost(answers))
    if any(other != tolerance for _, other in numbers[1:]):
        made.lost.append(say("all its numbers now have the tolerance of the first"))
    made.told = [text for one in right if (text := one.feedback.to_markdown(usual))]
    return made


def read_answers(question: Question) -> Values | None:
    """The card that a question makes; None for an essay or a description. Raises BrokenQuestion."""
    answers = question.answers
    if not answers:
        return None
    usual = question.before.format or "moodle"
    if answers.startswith("#"):
        return _read_numerical(question, usual)
    if "~" in answers:
        return _read_choice(question, usual)
    if "=" in answers and "->" in answers:
        return _read_match(question, usual)
    return _read_truth(question, usual) or _read_short(question, usual)

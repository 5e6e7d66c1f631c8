"""Reading an answer out of a form: each card type has fields of its own, and all must work without script."""

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from quizapp.core.errors import Invalid
from quizapp.core.learning.presentation import AskedCard
from quizapp.web.words import gettext

Form = MultiDict[str, str]
Typed = str | list[str] | dict[str, str]


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """``typed`` is what to put back into the form; ``response`` what the grading reads (see Contracts 3.4)."""

    typed: Typed
    response: Any


@dataclass(frozen=True, slots=True)
class Carried:
    """What the form of every card carries beside the answer, as hidden fields.

    ``learner`` is the handle of who was asked, blank for a visitor; ``hint_used`` is "1" where the hint was shown.
    """

    key: str
    card: str
    revision: str
    learner: str
    hint_used: str
    shown_ms: str


def read_answer(form: Form, asked: AskedCard) -> FormAnswer:
    """The answer in a form for a card as asked. Raises Invalid where a choice or a place is missing."""
    answer = read_typed(form, asked)
    check = _CHECKS.get(asked.type)
    if check is not None:
        check(answer, asked)
    return answer


def read_typed(form: Form, asked: AskedCard) -> FormAnswer:
    """The same without complaint, for a form that is only shown again."""
    match asked.type:
        case "multiple":
            chosen = form.getlist("response")
            return FormAnswer(chosen, chosen)
        case "cloze":
            blanks = [form.get(f"blank-{number}", "") for number in range(asked.blanks)]
            return FormAnswer(blanks, blanks)
        case "order":
            return _read_order(form, asked)
        case "match":
            return _read_match(form, asked)
        case "truefalse":
            typed = form.get("response", "")
            return FormAnswer(typed, {"true": True, "false": False}.get(typed))
        case "flashcard":
            return FormAnswer("", None)
        case _:
            typed = form.get("response", "")
            return FormAnswer(typed, typed)


def _is_place(text: str) -> bool:
    return text.isdecimal() and len(text) < 4


def _read_order(form: Form, asked: AskedCard) -> FormAnswer:
    """``item-N`` names the line shown at N, ``position-N`` the place given to it."""
    count = len(asked.options)
    places = {form.get(f"item-{number}", ""): form.get(f"position-{number}", "") for number in range(count)}
    typed = [places.get(item, "") for item in asked.options]
    in_order = sorted((int(place), item) for item, place in places.items() if _is_place(place))
    return FormAnswer(typed, [item for _, item in in_order])


def _read_match(form: Form, asked: AskedCard) -> FormAnswer:
    count = len(asked.left)
    pairs = {form.get(f"left-{number}", ""): form.get(f"right-{number}", "") for number in range(count)}
    return FormAnswer(pairs, pairs)


def _check_chosen(answer: FormAnswer, asked: AskedCard) -> None:
    if not answer.typed:
        raise Invalid(gettext("No answer yet."), {"response": gettext("Choose an answer.")})


def _check_order(answer: FormAnswer, asked: AskedCard) -> None:
    items, places = asked.options, list(answer.typed)
    fields: dict[str, str] = {}
    for number, (item, place) in enumerate(zip(items, places, strict=True)):
        if not _is_place(place) or not 1 <= int(place) <= len(items):
            fields[f"position-{number}"] = gettext("Give “%(item)s” a place.", item=item)
        elif places.index(place) < number:
            fields[f"position-{number}"] = gettext("Place %(place)s is given twice.", place=place)
    if fields:
        raise Invalid(gettext("Not every line has a place of its own."), fields)


def _check_match(answer: FormAnswer, asked: AskedCard) -> None:
    chosen = answer.typed if isinstance(answer.typed, dict) else {}
    fields = {
        f"right-{number}": gettext("Choose a partner for “%(left)s”.", left=left)
        for number, left in enumerate(asked.left)
        if not chosen.get(left)
    }
    if fields:
        raise Invalid(gettext("Not every line has a partner."), fields)


_CHECKS = {
    "choice": _check_chosen,
    "truefalse": _check_chosen,
    "order": _check_order,
    "match": _check_match,
}

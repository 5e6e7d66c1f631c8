"""Answers out of the form of a test: the fields of question 3 are ``q3-…``; the rest is as in study."""

import hashlib
import json
from collections.abc import Callable

from werkzeug.datastructures import MultiDict

from quizapp.core.assessments.answers import Given, Typed
from quizapp.core.assessments.saving import Stamp
from quizapp.core.learning.presentation import AskedCard
from quizapp.services.assessments.sitting import Save
from quizapp.web.answers import read_typed
from quizapp.web.numbers import LATEST, number_of, read_whole

Form = MultiDict[str, str]


def digest(typed: Typed | None, confidence: int | None) -> str:
    """What a page was made with, short: so that a form tells what was changed on it."""
    held = json.dumps([typed or "", confidence], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(held.encode()).hexdigest()[:16]


def _part(form: Form, position: int) -> Form:
    """The fields of one question, without their prefix."""
    prefix = f"q{position}-"
    return MultiDict(
        [(name.removeprefix(prefix), value) for name, value in form.items(multi=True) if name.startswith(prefix)]
    )


def _make_reader(part: Form) -> Callable[[AskedCard], Given]:
    def read(asked: AskedCard) -> Given:
        answer = read_typed(part, asked)
        return Given(answer.typed, answer.response)

    return read


def _confidence(part: Form) -> int | None:
    return read_whole(part.get("confidence"), LATEST) or None


def read_save(form: Form, position: int, *, whole_page: bool = False) -> Save:
    """The answer to one question. ``whole_page``: the form sends all it has, so what was not changed is left out."""
    part = _part(form, position)
    confidence, was = _confidence(part), part.get("was", "")
    counter = read_whole(form.get("counter"), LATEST) or 0
    stamp = Stamp(form.get("client", ""), counter, number_of(part.get("version", "")))
    unchanged = (lambda typed: digest(typed, confidence) == was) if whole_page else None
    return Save(position, stamp, _make_reader(part), confidence, unchanged)


def read_saves(form: Form) -> list[Save]:
    """The answers to all questions that the page shows."""
    shown = dict.fromkeys(number_of(text) for text in form.getlist("shown"))
    return [read_save(form, position, whole_page=True) for position in shown if position]

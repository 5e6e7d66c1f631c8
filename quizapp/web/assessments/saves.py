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

Form = MultiDict[str, str]


def digest(typed: Typed | None, confidence: int | None) -> str:
    """What a page was made with, short: so that a form tells what was changed on it."""
    held = json.dumps([typed or "", confidence], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(held.encode()).hexdigest()[:16]


def _whole(text: str | None) -> int:
    """The number in a hidden field; 0 for what is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 12 else 0


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
    return _whole(part.get("confidence")) or None


def read_save(form: Form, position: int, *, whole_page: bool = False) -> Save:
    """The answer to one question. ``whole_page``: the form sends all it has, so what was not changed is left out."""
    part = _part(form, position)
    confidence, was = _confidence(part), part.get("was", "")
    stamp = Stamp(form.get("client", ""), _whole(form.get("counter")), _whole(part.get("version")))
    unchanged = (lambda typed: digest(typed, confidence) == was) if whole_page else None
    return Save(position, stamp, _make_reader(part), confidence, unchanged)


def read_saves(form: Form) -> list[Save]:
    """The answers to all questions that the page shows."""
    shown = dict.fromkeys(_whole(text) for text in form.getlist("shown"))
    return [read_save(form, position, whole_page=True) for position in shown if position]

"""The form of an assignment: what is in its fields, as the services read it."""

from flask import request
from werkzeug.datastructures import MultiDict

from quizapp.core.assignments.draft import TypedAssignment
from quizapp.core.assignments.standing import Standing
from quizapp.core.learning.examdraft import PARAGRAPHS
from quizapp.web.numbers import number_of

Form = MultiDict[str, str]


def read_typed(form: Form) -> TypedAssignment:
    """What stands in the form."""
    return TypedAssignment(
        title=form.get("title", ""),
        instructions=form.get("instructions", ""),
        kind=form.get("kind", "study"),
        decks=tuple(form.getlist("decks")),
        themes=tuple(form.getlist("themes")),
        tags=tuple(form.getlist("tags")),
        paragraphs={
            name.removeprefix(PARAGRAPHS): value for name, value in form.items() if name.startswith(PARAGRAPHS)
        },
        test=form.get("test", ""),
        opens=form.get("opens", ""),
        due=form.get("due", ""),
        closes=form.get("closes", ""),
        whom=form.get("whom", ""),
        groups=tuple(form.getlist("groups")),
        students=tuple(form.getlist("students")),
    )


def read_version(form: Form) -> int:
    """The version that a form was made from; 0, which none has, where the form does not say."""
    return number_of(form.get("version", ""))


def read_shown() -> str:
    """Which students the page is asked to show; blank: all."""
    shown = request.args.get("show", "")
    return shown if shown in set(Standing) else ""

"""What a field of some form is called beside it: for pages that show what was typed into a form that is not there."""

import sys
from collections.abc import Iterator

from flask import current_app
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField
from wtforms.fields.core import UnboundField

from quizapp.web.forms import PageForm

_OTHERS = {
    "accept": _l("Also right"),
    "answer": _l("Answer"),
    "answers": _l("Answers"),
    "attempts": _l("Attempts"),
    "class": _l("Class"),
    "class_handle": _l("Class"),
    "closes": _l("Closes"),
    "deck": _l("Deck"),
    "decks": _l("Decks"),
    "due": _l("Due"),
    "excused": _l("Excused"),
    "explanation": _l("Explanation"),
    "friday": _l("Friday"),
    "hint": _l("Hint"),
    "instructions": _l("Instructions"),
    "introduction": _l("What students read before they begin"),
    "items": _l("Items in the right order"),
    "limit_minutes": _l("Time limit, in minutes"),
    "minutes_per_day": _l("Minutes a day"),
    "monday": _l("Monday"),
    "new_per_day": _l("New cards a day"),
    "note": _l("Note"),
    "opens": _l("Opens"),
    "pairs": _l("Pairs"),
    "paragraph": _l("Paragraph"),
    "prompt": _l("Question"),
    "rating": _l("How well you knew it"),
    "response": _l("Your answer"),
    "saturday": _l("Saturday"),
    "steps": _l("Steps"),
    "sunday": _l("Sunday"),
    "tags": _l("Tags"),
    "text": _l("Text"),
    "theme": _l("Theme"),
    "thursday": _l("Thursday"),
    "tuesday": _l("Tuesday"),
    "type": _l("Type"),
    "wednesday": _l("Wednesday"),
}
"""What fields are called that no form of WTForms describes."""


def _list_forms(kind: type[PageForm]) -> Iterator[type[PageForm]]:
    for form in kind.__subclasses__():
        yield form
        yield from _list_forms(form)


def _list_fields(form: type[PageForm]) -> Iterator[tuple[str, UnboundField]]:
    for base in reversed(form.__mro__):
        yield from ((name, field) for name, field in vars(base).items() if isinstance(field, UnboundField))


def find_passwords() -> frozenset[str]:
    """The names that fields for passwords have in any form."""
    fields = (field for form in _list_forms(PageForm) for field in _list_fields(form))
    return frozenset(name for name, field in fields if issubclass(field.field_class, PasswordField))


def _find_labels(form: type[PageForm]) -> Iterator[tuple[str, str]]:
    """The names and labels of a form's fields, in the reader's language; those that nobody sees have none."""
    for name, field in _list_fields(form):
        if not issubclass(field.field_class, HiddenField):
            label = field.kwargs.get("label") or next(iter(field.args), None)
            if label:
                yield name, str(label)


def find_labels(endpoint: str | None) -> dict[str, str]:
    """The label of each field, by its name: as in the forms that the endpoint's module uses, then as in any other."""
    view = current_app.view_functions.get(endpoint or "")
    used = list(vars(sys.modules[view.__module__]).values()) if view else []
    forms = sorted(_list_forms(PageForm), key=lambda form: (form in used, form.__module__, form.__qualname__))
    others = {name: str(label) for name, label in _OTHERS.items()}
    return others | {name: label for form in forms for name, label in _find_labels(form)}

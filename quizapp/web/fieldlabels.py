"""What a field of some form is called beside it: for pages that show what was typed into a form that is not there."""

import sys
from collections.abc import Iterator

from flask import current_app
from wtforms import HiddenField
from wtforms.fields.core import UnboundField

from quizapp.web.forms import PageForm


def _list_forms(kind: type[PageForm]) -> Iterator[type[PageForm]]:
    for form in kind.__subclasses__():
        yield form
        yield from _list_forms(form)


def _find_labels(form: type[PageForm]) -> Iterator[tuple[str, str]]:
    """The names and labels of a form's fields, in the reader's language; those that nobody sees have none."""
    for base in reversed(form.__mro__):
        for name, field in vars(base).items():
            if not isinstance(field, UnboundField) or issubclass(field.field_class, HiddenField):
                continue
            if label := field.kwargs.get("label") or next(iter(field.args), None):
                yield name, str(label)


def find_labels(endpoint: str | None) -> dict[str, str]:
    """The label of each field, by its name: as in the forms that the endpoint's module uses, then as in any other."""
    view = current_app.view_functions.get(endpoint or "")
    used = list(vars(sys.modules[view.__module__]).values()) if view else []
    forms = sorted(_list_forms(PageForm), key=lambda form: (form in used, form.__module__, form.__qualname__))
    return {name: label for form in forms for name, label in _find_labels(form)}

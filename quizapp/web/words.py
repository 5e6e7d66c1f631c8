"""Gettext with types: the words of the interface, in the reader's language.

A page says some thirty things, so the catalogue is found once a request, and what has no places to fill is made ready
for templates once for all.
"""

from functools import lru_cache
from gettext import NullTranslations
from typing import cast

import flask_babel
from flask import Flask, g, has_request_context
from markupsafe import Markup, escape

from quizapp.web.templating import SpeakingEnvironment


def _find_catalogue() -> NullTranslations:
    if not has_request_context():
        return cast(NullTranslations, flask_babel.get_translations())
    if "catalogue" not in g:
        g.catalogue = flask_babel.get_translations()
    return cast(NullTranslations, g.catalogue)


def gettext(message: str, **values: object) -> str:
    """A message in the reader's language, with its named places filled."""
    said = _find_catalogue().gettext(message)
    return said % values if values else said


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The form of a message that goes with ``count``, which is also its place ``num``."""
    return _find_catalogue().ngettext(one, many, count) % ({"num": count} | values)


def _fill(said: str, values: dict[str, object]) -> Markup:
    """Fill the places of a message; what is filled in is text, save what says that it is HTML. Numbers stay numbers."""
    safe = {name: value if isinstance(value, int | float) else escape(value) for name, value in values.items()}
    return Markup(said % safe)  # noqa: S704 - translators are trusted, and the values are escaped


@lru_cache(maxsize=8192)
def _make_ready(catalogue: NullTranslations, message: str) -> Markup:
    return _fill(catalogue.gettext(message), {})


def _say(message: str, /, **values: object) -> Markup:
    catalogue = _find_catalogue()
    return _fill(catalogue.gettext(message), values) if values else _make_ready(catalogue, message)


def _say_number(one: str, many: str, count: int, /, **values: object) -> Markup:
    return _fill(_find_catalogue().ngettext(one, many, count), {"num": count} | values)


def _say_in_context(context: str, message: str, /, **values: object) -> Markup:
    return _fill(_find_catalogue().pgettext(context, message), values)


def _find(message: str) -> str:
    return _find_catalogue().gettext(message)


def _find_in_context(context: str, message: str) -> str:
    return _find_catalogue().pgettext(context, message)


def teach_templates(app: Flask) -> None:
    """Let templates speak with these words in the place of Jinja's, which look everything up for every word."""
    app.jinja_env.globals.update(_=_say, gettext=_say, ngettext=_say_number, pgettext=_say_in_context)
    if isinstance(app.jinja_env, SpeakingEnvironment):
        app.jinja_env.pure |= {"_": _say, "gettext": _say, "pgettext": _say_in_context}
        app.jinja_env.words |= {"_": _find, "gettext": _find, "pgettext": _find_in_context}

"""Gettext with types: the words of the interface, in the reader's language.

What has no places to fill is made ready for templates once for all.
"""

from functools import lru_cache
from gettext import NullTranslations

from flask import Flask
from markupsafe import Markup, escape

from quizapp.web.locales import catalogue
from quizapp.web.templating import SpeakingEnvironment


def gettext(message: str, **values: object) -> str:
    """A message in the reader's language, with its named places filled."""
    said = catalogue().gettext(message)
    return said % values if values else said


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The form of a message that goes with ``count``, which is also its place ``num``."""
    return catalogue().ngettext(one, many, count) % ({"num": count} | values)


def _fill(said: str, values: dict[str, object]) -> Markup:
    """Fill the places of a message; what is filled in is text, save what says that it is HTML. Numbers stay numbers."""
    safe = {name: value if isinstance(value, int | float) else escape(value) for name, value in values.items()}
    return Markup(said % safe)  # noqa: S704 - translators are trusted, and the values are escaped


@lru_cache(maxsize=8192)
def _make_ready(spoken: NullTranslations, message: str) -> Markup:
    return _fill(spoken.gettext(message), {})


def _say(message: str, /, **values: object) -> Markup:
    spoken = catalogue()
    return _fill(spoken.gettext(message), values) if values else _make_ready(spoken, message)


def _say_number(one: str, many: str, count: int, /, **values: object) -> Markup:
    return _fill(catalogue().ngettext(one, many, count), {"num": count} | values)


def _say_in_context(context: str, message: str, /, **values: object) -> Markup:
    return _fill(catalogue().pgettext(context, message), values)


def _find(message: str) -> str:
    return catalogue().gettext(message)


def _find_in_context(context: str, message: str) -> str:
    return catalogue().pgettext(context, message)


def teach_templates(app: Flask) -> None:
    """Let templates speak with these words in the place of Jinja's, which look everything up for every word."""
    app.jinja_env.globals.update(_=_say, gettext=_say, ngettext=_say_number, pgettext=_say_in_context)
    if isinstance(app.jinja_env, SpeakingEnvironment):
        app.jinja_env.pure |= {"_": _say, "gettext": _say, "pgettext": _say_in_context}
        app.jinja_env.words |= {"_": _find, "gettext": _find, "pgettext": _find_in_context}

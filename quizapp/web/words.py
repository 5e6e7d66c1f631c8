"""Gettext with types: the words of the interface, in the reader's language."""

import flask_babel


def gettext(message: str, **values: object) -> str:
    """A message in the reader's language, with its named places filled."""
    return str(flask_babel.gettext(message, **values))


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The form of a message that goes with ``count``, which is also its place ``num``."""
    return str(flask_babel.ngettext(one, many, count, **values))

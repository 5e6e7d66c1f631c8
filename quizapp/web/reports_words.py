"""What stands in files that are made while nobody looks, in the language of who asked for them."""

import gettext
from functools import cache
from pathlib import Path

from quizapp.core.messages import Message
from quizapp.core.reports.model import Words

_CATALOGUES = Path(__file__).resolve().parent.parent / "translations"


@cache
def _load(language: str) -> gettext.NullTranslations:
    return gettext.translation("messages", _CATALOGUES, [language], fallback=True)


def say_in(language: str) -> Words:
    """What says messages in a language; in English where there is no catalogue of it."""
    catalogue = _load(language)

    def translate(message: str) -> str:
        if not isinstance(message, Message):
            return message
        said = catalogue.gettext(message.template)
        values = {name: translate(value) if isinstance(value, str) else value for name, value in message.values.items()}
        return said % values if values else said

    return translate

"""Which language the reader wants, and its catalogue: found once a request, since a page asks dozens of times."""

from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import cast

import flask_babel
from babel import Locale, negotiate_locale
from babel.support import Translations
from flask import g, has_request_context, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from quizapp.web.context import services

TRANSLATIONS = Path(__file__).parent.parent / "translations"
LANGUAGES = ("en", *sorted(path.parent.parent.name for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo")))
"""What the interface can speak: English, in which it is written, and each language that has a catalogue."""
LANGUAGE_COOKIE = "language"
"""The name of the choice in an address; that of the cookie is ``language_cookie()``."""

_parse = lru_cache(len(LANGUAGES))(Locale.parse)


def language_cookie() -> str:
    """The cookie that keeps the reader's choice. Browsers bind the ``__Host-`` prefix to HTTPS and this very host."""
    return f"__Host-{LANGUAGE_COOKIE}" if services().secure else LANGUAGE_COOKIE


def choose_language() -> str:
    """The language that the reader has chosen, else the one that the browser asks for, else English.

    The page that a device keeps for when there is no network is fetched without cookies: its address says which.
    """
    for sent, name in ((request.cookies, language_cookie()), (request.args, LANGUAGE_COOKIE)):
        if name in sent and sent[name] in LANGUAGES:
            return str(sent[name])
    return _negotiate(request.headers.get("Accept-Language", ""))


@lru_cache(256)
def _negotiate(asked: str) -> str:
    """The language for what a browser asks for."""
    accepted = parse_accept_header(asked, LanguageAccept)
    wanted = [language.replace("-", "_") for language, quality in accepted if quality > 0]
    return negotiate_locale(wanted, LANGUAGES) or "en"


def locale() -> Locale:
    """The reader's language."""
    if not has_request_context():
        return flask_babel.get_locale() or Locale("en")
    here = g._get_current_object()
    if "locale" not in here:
        here.locale = _parse(choose_language())
    found: Locale = here.locale
    return found


@lru_cache(len(LANGUAGES))
def _load_catalogue(language: str) -> NullTranslations:
    return Translations.load(TRANSLATIONS, [language])


def catalogue() -> NullTranslations:
    """The interface's words in the reader's language."""
    if not has_request_context():
        return cast(NullTranslations, flask_babel.get_translations())
    here = g._get_current_object()
    if "catalogue" not in here:
        here.catalogue = _load_catalogue(str(locale()))
    found: NullTranslations = here.catalogue
    return found

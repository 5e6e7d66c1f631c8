"""Words, dates and numbers for the page: in the reader's language and the school's time zone."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_decimal, format_percent
from flask import Flask, request
from flask_babel import Babel
from markupsafe import Markup, escape

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.markup import Medium, render
from quizapp.core.messages import Message
from quizapp.web.context import now, rules, viewer
from quizapp.web.locales import TRANSLATIONS, choose_language, locale
from quizapp.web.templating import SpeakingEnvironment
from quizapp.web.words import gettext, ngettext, teach_templates

SOON = timedelta(minutes=90)
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"})


def translate(message: str) -> str:
    """A message from below, in the reader's language, with the messages that stand in it."""
    if isinstance(message, Message):
        values = {
            name: translate(value) if isinstance(value, Message) else value for name, value in message.values.items()
        }
        return gettext(message.template, **values) if values else gettext(message.template)
    return message


def name_language(language: str) -> str:
    """The language's name in itself: ``English``, ``العربية``."""
    return Locale.parse(language).get_display_name() or language


def text_direction(language: str) -> str:
    """``rtl`` for languages written from right to left, else ``ltr``."""
    return "rtl" if language.lower().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def own_direction() -> str:
    """The direction of the reader's language."""
    return text_direction(locale().language)


def say_interval(length: timedelta) -> str:
    """A length of time in its largest unit: ``10 min``, ``3 days``."""
    minutes = max(round(length.total_seconds() / 60), 1)
    if minutes < 60:
        return format_timedelta(
            timedelta(minutes=minutes), granularity="minute", threshold=10_000, format="short", locale=locale()
        )
    return format_timedelta(length, threshold=1.2, format="long", locale=locale())


def say_when(moment: datetime) -> str:
    """When something comes back or was: ``in 9 minutes``, ``today at 14:30``, ``tomorrow``, ``on 3 December``."""
    ahead = moment - now()
    calendar = rules().calendar
    days = (calendar.day_of(moment) - calendar.day_of(now())).days
    if ahead <= timedelta(0):
        return _say_past(moment, -ahead, -days)
    if ahead <= SOON and days == 0:
        minutes = max(-(-int(ahead.total_seconds()) // 60), 1)
        return ngettext("in %(num)d minute", "in %(num)d minutes", minutes)
    if days == 0:
        return gettext("today at %(time)s", time=say_time(moment))
    if days == 1:
        return gettext("tomorrow")
    if days < 7:
        return ngettext("in %(num)d day", "in %(num)d days", days)
    return gettext("on %(date)s", date=say_day(moment))


def _say_past(moment: datetime, ago: timedelta, days: int) -> str:
    if ago < timedelta(minutes=1):
        return gettext("now")
    if days == 0:
        return gettext("today at %(time)s", time=say_time(moment))
    if days == 1:
        return gettext("yesterday")
    return gettext("on %(date)s", date=say_day(moment))


def say_time(moment: datetime) -> str:
    """The time of day in the school's zone."""
    return format_time(moment, "short", tzinfo=rules().calendar.zone, locale=locale())


def say_day(moment: datetime) -> str:
    """The study day of a moment; the year is left out where it is this one."""
    day = rules().calendar.day_of(moment)
    if day.year == rules().calendar.day_of(now()).year:
        return format_skeleton("MMMMd", datetime(day.year, day.month, day.day), locale=locale())  # noqa: DTZ001 - a date
    return format_date(day, "long", locale=locale())


def show_time(moment: datetime, words: str) -> Markup:
    """A moment in words, readable for machines too."""
    machine = moment.isoformat(timespec="seconds")
    return Markup(f'<time datetime="{machine}">{escape(words)}</time>')  # noqa: S704 - escaped


@cache
def _find_static(filename: str) -> Path:
    return Path(__file__).parent / "static" / filename


@cache
def _static_digest(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def static_url(filename: str) -> str:
    """The address of a static file; it changes with the content, so that browsers may keep the file for ever.

    Written by hand: a page has ten of them, and what Flask does for each took a tenth of the page's time.
    """
    path = _find_static(filename)
    changed = os.stat(path).st_mtime_ns  # noqa: PTH116 - pathlib is slower
    return f"{request.script_root}/static/{filename}?v={_static_digest(path, changed)}"


def is_present_version(filename: str, version: str | None) -> bool:
    """Whether an address of a static file that is there holds the mark of what the file holds now."""
    path = (Path(__file__).parent / "static" / filename).resolve()  # one file, however it is called
    return version == _static_digest(path, path.stat().st_mtime_ns)


_BLANK = "\ue000"


def cloze_html(pieces: Sequence[str], media: Mapping[str, Medium] | None = None) -> list[Markup]:
    """The pieces of a cloze text as HTML, with room for a field between each two.

    The text is set as a whole, so that marks around a blank stay in pairs. Where a blank would land inside a tag (in
    the title of a link, say) or is swallowed, the plain pieces are given.
    """
    parts = render(_BLANK.join(pieces), media or {}).split(_BLANK)
    opened = [sum(part.count("<") - part.count(">") for part in parts[:end]) for end in range(1, len(parts) + 1)]
    if len(parts) != len(pieces) or any(opened):
        return [escape(piece) for piece in pieces]
    return [Markup(part) for part in parts]  # noqa: S704 - render's HTML is safe


@lru_cache(maxsize=4096, typed=True)
def _say_number(number: float, spoken: Locale) -> str:
    return format_decimal(number, locale=spoken)


@lru_cache(maxsize=4096, typed=True)
def _say_percent(share: float, spoken: Locale) -> str:
    return format_percent(share, locale=spoken)


def _page_values() -> dict[str, Any]:
    return {
        "layout": "fragment.html" if request.headers.get("X-Fragment") == "main" else "base.html",
        "viewer": viewer(),
        "locale": str(locale()),
    }


def init_app(app: Flask) -> None:
    """Teach the app's templates languages, times and numbers."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=choose_language)
    teach_templates(app)
    if isinstance(app.jinja_env, SpeakingEnvironment):
        app.jinja_env.find_language = lambda: str(locale())
    app.jinja_env.globals.update(text_direction=text_direction, own_direction=own_direction, static_url=static_url)
    app.context_processor(_page_values)
    app.add_template_filter(lambda moment: show_time(moment, say_when(moment)), "when")
    app.add_template_filter(lambda moment: show_time(moment, say_time(moment)), "moment")
    app.add_template_filter(lambda moment: show_time(moment, say_day(moment)), "day")
    app.add_template_filter(lambda text: parse_cloze(text).pieces, "cloze_pieces")
    app.add_template_filter(say_interval, "interval")
    app.add_template_filter(translate, "translate")
    app.add_template_filter(lambda number: _say_number(number, locale()), "number")
    app.add_template_filter(lambda share: _say_percent(round(share, 4), locale()), "percent")

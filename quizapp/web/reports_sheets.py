"""A student's sheet for parents: as a page that prints well, and as a PDF."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_skeleton
from babel.numbers import format_percent
from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.core.analysis.charts import Bar, Caption, Scale, ShareBar, draw_bars, draw_shares
from quizapp.later import load_later
from quizapp.services import classes
from quizapp.services.classes import TaughtClass
from quizapp.services.reports.sheets import Sheet, view_sheet
from quizapp.web.context import now, reader, services, viewer
from quizapp.web.locales import locale
from quizapp.web.reports_files import tidy
from quizapp.web.text import say_interval, translate
from quizapp.web.words import gettext, ngettext

if TYPE_CHECKING:
    from quizapp.services.reports import pdf as drawing
else:
    drawing = load_later("quizapp.services.reports.pdf")

bp = Blueprint("sheets", __name__)


def _say_date(day: date) -> str:
    return format_skeleton("MMMd", datetime(day.year, day.month, day.day), locale=locale())  # noqa: DTZ001 - a date


def _say_share(share: float) -> str:
    return str(format_percent(share, locale=locale()))


def _say_time(length: timedelta) -> str:
    return say_interval(length)


def _draw_weeks(sheet: Sheet) -> Markup:
    """The answers of each week."""
    last = len(sheet.weeks) - 1
    bars = []
    for number, week in enumerate(sheet.weeks):
        answers = ngettext("%(num)s answer", "%(num)s answers", week.work.answers)
        label = gettext("Week of %(day)s: %(answers)s", day=_say_date(week.first), answers=answers)
        mark = _say_date(week.first) if number in (0, last // 2, last) else ""
        bars.append(Bar(week.work.answers, label, mark))
    top = max(*(week.work.answers for week in sheet.weeks), 2)
    caption = Caption(
        "weeks", gettext("Answers by week"), gettext("Answers in each of the last weeks; the table has the numbers.")
    )
    return Markup(draw_bars(caption, bars, Scale(top, str(top), str(top // 2))))  # noqa: S704 - charts escape


def _draw_decks(sheet: Sheet) -> Markup:
    """What is remembered of each deck."""
    bars = [
        ShareBar(deck.title, deck.language, deck.recall.share, _say_share(deck.recall.share)) for deck in sheet.decks
    ]
    caption = Caption("decks", gettext("Remembered today"), gettext("Each deck with the share that is remembered."))
    return Markup(draw_shares(caption, bars))  # noqa: S704 - charts escape


def _view(handle: str, learner: str) -> tuple[TaughtClass, Sheet]:
    taught = classes.load_taught_class(reader(), viewer(), handle)
    tidy(taught)
    return taught, view_sheet(reader(), taught, learner, services().rules, now())


@bp.get("/classes/<handle>/reports/students/<learner>")
def sheet(handle: str, learner: str) -> ResponseReturnValue:
    """The sheet as a page."""
    taught, shown = _view(handle, learner)
    return render_template(
        "reports/sheet.html", taught=taught, sheet=shown, weeks=_draw_weeks(shown), decks=_draw_decks(shown)
    )


@bp.get("/classes/<handle>/reports/students/<learner>.pdf")
def pdf(handle: str, learner: str) -> ResponseReturnValue:
    """The sheet as a PDF."""
    _, shown = _view(handle, learner)
    data = drawing.draw_sheet(shown, drawing.Saying(translate, _say_date, _say_time, _say_share))
    response = Response(data, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{shown.member.pseudonym or 'student'}.pdf")
    return response

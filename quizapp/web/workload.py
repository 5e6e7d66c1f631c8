"""What each desired retention costs and brings a learner: a picture, a table, and a button to choose one."""

from collections.abc import Callable

from babel.numbers import format_decimal
from babel.units import format_unit
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.core.analysis import charts, workloadchart
from quizapp.core.analysis.charts import Caption, Scale
from quizapp.core.analysis.workloadchart import Curve, Point
from quizapp.core.learning.workload import Workload
from quizapp.services import workload
from quizapp.services.workload import WorkloadPage
from quizapp.web.context import learner_id, lost_sign_in, now, reader, rules
from quizapp.web.locales import locale
from quizapp.web.progress import say_retention
from quizapp.web.settings_form import write_percent
from quizapp.web.words import gettext

bp = Blueprint("workload", __name__)

_MARKED = (0.70, 0.75, 0.80, 0.85, 0.90, 0.97)
"""The retentions that have their names under the picture: between the others is no room on a phone."""


def say_amount(value: float) -> str:
    """A number as precise as it is worth: ``0.4``, ``7.5``, ``23``."""
    return format_decimal(round(value, 1 if value < 10 else 0), format="#,##0.#", locale=locale())


def _say_minutes(value: float) -> str:
    return format_unit(round(value, 1 if value < 10 else 0), "minute", "short", format="#,##0.#", locale=locale())


def _make_curve(page: WorkloadPage, name: str, read: Callable[[Workload], float], say: Callable[[float], str]) -> Curve:
    top = charts.find_top(max(read(row) for row in page.rows))
    points = [
        Point(
            share=row.retention,
            value=read(row),
            label=f"{say_retention(row.retention)}: {say(read(row))}",
            mark=say_retention(row.retention) if row.retention in _MARKED else "",
            own=row.retention == page.own,
        )
        for row in page.rows
    ]
    return Curve(name, points, Scale(top, say(top), say(top / 2)))


def _find_own(page: WorkloadPage) -> Workload:
    return next(row for row in page.rows if row.retention == page.own)


def _draw(page: WorkloadPage) -> Markup:
    first, own, last = page.rows[0], _find_own(page), page.rows[-1]
    told = [
        gettext(
            "%(retention)s: %(minutes)s a day, %(cards)s cards remembered.",
            retention=say_retention(row.retention),
            minutes=_say_minutes(row.minutes),
            cards=say_amount(row.remembered),
        )
        for row in dict.fromkeys((first, own, last))
    ]
    caption = Caption("workload", gettext("What each desired recall costs and brings"), " ".join(told))
    curves = [
        _make_curve(page, gettext("Minutes a day"), lambda row: row.minutes, _say_minutes),
        _make_curve(page, gettext("Cards remembered after a year"), lambda row: row.remembered, say_amount),
    ]
    return Markup(workloadchart.draw_curves(caption, curves))  # noqa: S704 - the chart escapes its words


@bp.get("/workload")
def show() -> ResponseReturnValue:
    """What each desired retention would bring the viewer; a visitor is told how it begins."""
    learner = learner_id()
    page = None if learner is None else workload.view_workload(reader(), learner, rules(), now())
    if page is None or not page.begun:
        return render_template("workload/begin.html", signed_out=lost_sign_in())
    return render_template(
        "workload/workload.html",
        page=page,
        own=_find_own(page),
        picture=_draw(page),
        say_retention=say_retention,
        say_amount=say_amount,
        write_percent=write_percent,
    )

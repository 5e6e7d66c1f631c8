"""The reports of a class: what there is, each as a table with its columns explained, and as files."""

from itertools import islice

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.reports.cells import show_value
from quizapp.core.reports.columns import TYPE_WORDS, Row, Type
from quizapp.core.reports.definitions import DEFINITIONS
from quizapp.core.reports.formats import Format
from quizapp.core.reports.model import Report
from quizapp.services import classes
from quizapp.services.classes import TaughtClass
from quizapp.services.reports import items
from quizapp.services.reports.making import find_definition, make_report
from quizapp.services.reports.scope import load_scope
from quizapp.web import reports_api, reports_filing, reports_sheets
from quizapp.web.classes_guard import require_sign_in
from quizapp.web.context import now, reader, services, viewer
from quizapp.web.reports_files import TooLong, send_report, tidy

PREVIEW = 50
"""So many rows are on the page; the files hold all."""
_NUMBERS = (Type.WHOLE, Type.NUMBER, Type.SHARE)

bp = Blueprint("reports", __name__)
bp.before_request(require_sign_in)
bp.register_blueprint(reports_sheets.bp)
bp.register_blueprint(reports_filing.bp)

PROGRAMS = reports_api.report
"""The same for programs: a view of the API's blueprint."""


def _load(handle: str) -> TaughtClass:
    return classes.load_taught_class(reader(), viewer(), handle)


@bp.get("/classes/<handle>/reports")
def index(handle: str) -> ResponseReturnValue:
    """The reports there are."""
    taught = _load(handle)
    members = classes.list_members(reader(), taught)
    return render_template(
        "reports/index.html", taught=taught, definitions=DEFINITIONS.values(), formats=list(Format), members=members
    )


def _show_rows(report: Report, rows: list[Row]) -> list[list[str]]:
    return [[show_value(value, report.zone) for value in row] for row in rows]


@bp.get("/classes/<handle>/reports/<kind>")
def show(handle: str, kind: str) -> ResponseReturnValue:
    """A report: its first rows, what its columns mean, and its files."""
    taught, sort = _load(handle), request.args.get("sort", "")
    find_definition(kind)
    tidy(taught)
    report = make_report(reader(), taught, kind, services().rules, now(), sort=sort)
    rows = list(islice(report.rows, PREVIEW + 1))
    return render_template(
        "reports/report.html",
        taught=taught,
        report=report,
        definition=report.definition,
        rows=_show_rows(report, rows[:PREVIEW]),
        more=len(rows) > PREVIEW,
        preview=PREVIEW,
        sort=sort,
        formats=list(Format),
        numbers=_NUMBERS,
        type_words=TYPE_WORDS,
    )


@bp.get("/classes/<handle>/reports/<kind>.<any(csv, xlsx, ods, json):extension>")
def download(handle: str, kind: str, extension: str) -> ResponseReturnValue:
    """A report as a file, unless it is long; ``?bom=1`` begins a CSV file as Excel wants it."""
    bom, sort = "bom" in request.args, request.args.get("sort", "")
    try:
        return send_report(_load(handle), kind, Format(extension), bom=bom, sort=sort, any_length=False)
    except TooLong:
        asked = url_for(
            "reports.files.index", handle=handle, kind=kind, format=extension, sort=sort or None, bom=1 if bom else None
        )
        return redirect(asked, code=303)


@bp.get("/classes/<handle>/reports/items/<deck>/<card>/<int:revision>")
def item(handle: str, deck: str, card: str, revision: int) -> ResponseReturnValue:
    """One card in one place: who chose what, what it tells, and what the class believes instead."""
    taught = _load(handle)
    tidy(taught)
    scope = load_scope(reader(), taught, services().rules, now())
    view = items.view_item(reader(), scope, f"{deck}/{card}", revision, request.args.get("test", ""))
    return render_template("reports/item.html", taught=taught, view=view, figures=view.figures, card=view.card)

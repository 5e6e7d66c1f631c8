"""What is kept of oneself: to see, to take along, to have deleted."""

from datetime import datetime
from itertools import chain
from typing import Any

from babel.dates import format_date
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.core.errors import Invalid, TooManyAttempts
from quizapp.core.privacy.acts import ACT_WORDS
from quizapp.services.privacy import audit, erasing, exporting, pages
from quizapp.web.context import client_address, now, reader, services, viewer, writer
from quizapp.web.forms import PageForm, fill_errors
from quizapp.web.locales import locale
from quizapp.web.numbers import read_whole
from quizapp.web.privacy import school
from quizapp.web.privacy.forms import DeleteForm, DownloadForm
from quizapp.web.privacy.record import write_act_down
from quizapp.web.text import say_time, show_time, translate
from quizapp.web.words import gettext


def say_act_time(moment: datetime) -> Markup:
    """Day and time of an act by the calendar of the wall: an act after midnight is of the new day, whoever studies."""
    local = moment.astimezone(services().rules.calendar.zone)
    return show_time(moment, f"{format_date(local.date(), 'medium', locale=locale())}, {say_time(moment)}")


bp = Blueprint("privacy", __name__)
bp.after_app_request(write_act_down)
bp.add_app_template_filter(say_act_time, "act_time")
school.add_views(bp)


def _show(status: int = 200, headers: dict[str, str] | None = None, **forms: PageForm) -> ResponseReturnValue:
    if viewer() is None:
        return render_template("privacy/nothing.html"), 200
    values: dict[str, Any] = {
        "page": pages.view_own(reader(), viewer(), now()),
        "download_form": DownloadForm(formdata=None),
        "delete_form": DeleteForm(formdata=None),
    }
    return render_template("privacy/own.html", **(values | forms)), status, headers or {}


def refuse(form: PageForm, error: Invalid | TooManyAttempts, field: str) -> tuple[int, dict[str, str]]:
    """Put a refusal into a form, that of the password at ``field``; gives status and headers."""
    if isinstance(error, Invalid):
        named = {field if name == "password" else name: text for name, text in error.fields.items()}
        fill_errors(form, Invalid(error.message, named))
        return 422, {}
    form[field].errors = (*form[field].errors, translate(error.message))
    return 429, {"Retry-After": str(error.retry_after)}


@bp.get("/settings/privacy")
def show() -> ResponseReturnValue:
    """What is kept of whoever looks, and what can be done about it."""
    return _show()


@bp.post("/settings/privacy/download")
def download() -> ResponseReturnValue:
    """All that is kept, as one archive."""
    form = DownloadForm()
    try:
        whose = exporting.begin_download(writer(), viewer(), form.password.data or "", client_address(), now())
    except (Invalid, TooManyAttempts) as error:
        status, headers = refuse(form, error, "password")
        return _show(status, headers, download_form=form)
    session = services().database.new_reader()
    pieces = exporting.stream_export(session, whose, now())
    try:
        first = next(pieces)
    except BaseException:
        session.close()
        raise
    response = Response(chain((first,), pieces), mimetype="application/zip")
    response.call_on_close(pieces.close)
    response.call_on_close(session.close)
    day = services().rules.calendar.day_of(now()).isoformat()
    response.headers.set("Content-Disposition", "attachment", filename=f"quizapp-my-data-{day}.zip")
    return response


@bp.post("/settings/privacy/delete")
def ask() -> ResponseReturnValue:
    """Ask to be deleted."""
    form = DeleteForm()
    if not form.validate():
        return _show(422, delete_form=form)
    try:
        erasing.ask(writer(), viewer(), form.current.data or "", client_address(), services().rules, now())
    except (Invalid, TooManyAttempts) as error:
        status, headers = refuse(form, error, "current")
        return _show(status, headers, delete_form=form)
    flash(gettext("You asked to be deleted. Until then you can change your mind here."))
    return redirect(url_for("privacy.show"), code=303)


@bp.post("/settings/privacy/keep")
def keep() -> ResponseReturnValue:
    """Take the wish to be deleted back."""
    erasing.take_back(writer(), viewer(), now())
    flash(gettext("Nothing will be deleted."))
    return redirect(url_for("privacy.show"), code=303)


@bp.get("/settings/privacy/acts")
def acts() -> ResponseReturnValue:
    """Who looked at, took away or changed what is kept of whoever looks."""
    if viewer() is None:
        return render_template("privacy/nothing.html")
    act, before = request.args.get("act", ""), read_whole(request.args.get("before"))
    found = audit.list_own_acts(reader(), viewer(), act, before)
    return render_template("privacy/acts.html", acts=found, words=ACT_WORDS)

"""Calendars: the private address of a feed, the feed itself, and one assignment as a file."""

from typing import cast

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services.accounts import Viewer
from quizapp.services.assignments import calendar
from quizapp.web.assignments.blueprint import bp
from quizapp.web.classes_guard import secret
from quizapp.web.context import now, reader, services, viewer, writer
from quizapp.web.words import gettext


def _person() -> Viewer:
    return cast(Viewer, viewer())


def _send(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="text/calendar")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


@bp.get("/calendar")
def calendar_page() -> ResponseReturnValue:
    """The address of one's calendar, or how to get one."""
    token = calendar.find_token(reader(), _person(), secret())
    base = services().public_url.rstrip("/") or request.url_root.rstrip("/")
    address = base + url_for("assignments.feed", token=token) if token else ""
    response = Response(render_template("assignments/calendar.html", address=address))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/calendar")
def make_calendar() -> ResponseReturnValue:
    """Make a calendar with a new address; an older one leads nowhere from then on."""
    calendar.make_feed(writer(), _person(), secret(), now())
    flash(gettext("This is the address of your calendar. An older one leads nowhere now."))
    return redirect(url_for("assignments.calendar_page"), code=303)


@bp.post("/calendar/end")
def end_calendar() -> ResponseReturnValue:
    """End the calendar."""
    calendar.end_feed(writer(), _person())
    flash(gettext("The address of your calendar leads nowhere now."))
    return redirect(url_for("assignments.calendar_page"), code=303)


@bp.get("/calendar/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """What is due, for whoever has the address."""
    return _send(calendar.write_feed(reader(), token, now()), "quizapp")


@bp.get("/assignments/<handle>.ics")
def one_date(handle: str) -> ResponseReturnValue:
    """The due date of one assignment, for a calendar."""
    return _send(calendar.write_one(reader(), viewer(), handle, now()), "assignment")

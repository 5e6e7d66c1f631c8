"""The blueprint of assignments, and what its views share."""

from datetime import datetime

from babel.dates import format_skeleton, format_time
from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.core.errors import Conflict, Invalid
from quizapp.web.classes_guard import SIGN_IN
from quizapp.web.context import now, rules, viewer
from quizapp.web.locales import locale
from quizapp.web.resend import ask_to_sign_in
from quizapp.web.text import show_time, translate
from quizapp.web.words import gettext

bp = Blueprint("assignments", __name__)
_FEED = "assignments.feed"
"""A calendar program has no sign-in: the address is the key."""


@bp.before_request
def require_learner() -> ResponseReturnValue | None:
    """Send visitors to the sign-in, and back to the page they wanted; a form keeps what was typed."""
    if request.endpoint == _FEED or viewer() is not None:
        return None
    if request.method == "POST":
        return ask_to_sign_in()
    return redirect(url_for(SIGN_IN, next=request.path), code=303)


def say_errors(error: Invalid | Conflict | None) -> dict[str, str]:
    """What went wrong, by field, in the reader's language."""
    if error is None:
        return {}
    if isinstance(error, Conflict):
        kept = gettext("What you typed is still here. Saving it again puts it in the place of theirs.")
        return {"": f"{translate(error.message)} {kept}"}
    return {name: translate(message) for name, message in error.fields.items()} or {"": translate(error.message)}


@bp.app_template_filter("day_and_time")
def say_day_and_time(moment: datetime) -> Markup:
    """Weekday, day and time of day in the reader's zone, with the year where it is not this one."""
    zone = rules().calendar.zone
    local = moment.astimezone(zone)
    skeleton = "MMMEd" if local.year == now().astimezone(zone).year else "yMMMEd"
    day = format_skeleton(skeleton, local, tzinfo=zone, locale=locale())
    time = format_time(moment, "short", tzinfo=zone, locale=locale())
    return show_time(moment, gettext("%(day)s, %(time)s", day=day, time=time))

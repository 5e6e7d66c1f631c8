"""The page of a class today, for its teacher."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from quizapp.core.analysis.classpage import (
    AWAY_DAYS,
    BEHIND_CARDS,
    DISMISSED_DAYS,
    FEWEST_CARDS,
    FORGETS_BELOW,
    OVERDUE_DAYS,
    STUCK_DAYS,
    STUCK_TIMES,
)
from quizapp.services import classpage
from quizapp.web.classes_guard import go_to, require_sign_in
from quizapp.web.context import now, reader, services, viewer, writer
from quizapp.web.numbers import number_of
from quizapp.web.words import gettext

bp = Blueprint("classpage", __name__)
bp.before_request(require_sign_in)
_BOUNDS = {
    "away": AWAY_DAYS,
    "behind": BEHIND_CARDS,
    "fewest": FEWEST_CARDS,
    "forgets": FORGETS_BELOW,
    "overdue": OVERDUE_DAYS,
    "stuck_days": STUCK_DAYS,
    "stuck_times": STUCK_TIMES,
    "dismissed": DISMISSED_DAYS,
}


@bp.get("/classes/<handle>/today")
def today(handle: str) -> ResponseReturnValue:
    """Who has studied, what each student remembers, and who may need help."""
    order = request.args.get("sort", "name")
    page = number_of(request.args.get("page", ""), 1)
    found = classpage.read_class_today(reader(), viewer(), handle, services().rules, now(), order, page)
    return render_template("classes/today.html", today=found, taught=found.taught, order=order, bounds=_BOUNDS)


@bp.post("/classes/<handle>/students/<learner>/signs/<sign>/dismiss")
def dismiss(handle: str, learner: str, sign: str) -> ResponseReturnValue:
    """Take a sign from the page for a while."""
    classpage.dismiss_sign(writer(), viewer(), handle, learner, sign, now())
    return go_to("classpage.today", gettext("Seen to. It comes back in two weeks if it still holds."), handle=handle)

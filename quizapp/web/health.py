"""The page of the server's state, for teachers and administrators: is the database sound, and when was it saved?"""

from babel.units import format_unit
from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from quizapp.services import health
from quizapp.services.backups import EVERY
from quizapp.web.classes_guard import require_sign_in
from quizapp.web.context import now, viewer
from quizapp.web.locales import locale

bp = Blueprint("health", __name__)
bp.before_request(require_sign_in)

_LATE = 2 * EVERY
_UNITS = (("kilobyte", 1_000), ("megabyte", 1_000_000), ("gigabyte", 1_000_000_000), ("terabyte", 1_000_000_000_000))


def say_size(size: int) -> str:
    """So many bytes in a unit that one can picture: ``12.3 MB``."""
    unit, step = next((each for each in reversed(_UNITS) if size >= each[1]), _UNITS[0])
    return format_unit(round(size / step, 1), unit, "short", locale=locale())


@bp.get("/health")
def show() -> ResponseReturnValue:
    """Whether the database is sound, how much room there is, and how its backups stand."""
    config = current_app.config
    state = health.describe_server(viewer(), config["DATABASE_URL"], config["BACKUP_FOLDER"])
    made = state.backups
    late = made is not None and made.unsaved and (made.newest is None or now() - made.newest > _LATE)
    return render_template("health/health.html", state=state, late=late, say_size=say_size)

"""Long reports as files: asked for, followed, taken away, removed."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.errors import Conflict, Invalid
from quizapp.core.privacy.acts import Act, Way
from quizapp.core.reports.definitions import DEFINITIONS, Definition, Kind
from quizapp.core.reports.formats import Format
from quizapp.services import classes
from quizapp.services.privacy import audit
from quizapp.services.reports import filing
from quizapp.services.reports.filing import KEPT_FOR, State
from quizapp.web.classes_guard import go_to
from quizapp.web.context import now, reader, viewer, writer
from quizapp.web.health import say_size
from quizapp.web.locales import locale
from quizapp.web.reports_files import send_file
from quizapp.web.text import say_day
from quizapp.web.words import gettext

bp = Blueprint("files", __name__)


def _read_wanted() -> tuple[Definition, Format] | None:
    """The report that the address speaks of, if any."""
    kind, file_format = request.args.get("kind", ""), request.args.get("format", "")
    if kind not in DEFINITIONS or file_format not in tuple(Format):
        return None
    return DEFINITIONS[Kind(kind)], Format(file_format)


@bp.get("/classes/<handle>/reports/files")
def index(handle: str) -> ResponseReturnValue:
    """The files asked for, how each stands, and the one that is wanted now."""
    taught = classes.load_taught_class(reader(), viewer(), handle)
    return render_template(
        "reports/files.html",
        taught=taught,
        wanted=_read_wanted(),
        sort=request.args.get("sort", ""),
        bom="bom" in request.args,
        lines=filing.list_lines(reader(), viewer(), taught, now()),
        states=State,
        say_size=say_size,
        say_day=say_day,
        days=KEPT_FOR.days,
        long=filing.LONG,
    )


@bp.post("/classes/<handle>/reports/files")
def ask(handle: str) -> ResponseReturnValue:
    """Ask for a report as a file."""
    form = request.form
    try:
        filing.ask(
            writer(),
            viewer(),
            handle,
            form.get("kind", ""),
            form.get("format", ""),
            now(),
            sort=form.get("sort", ""),
            bom="bom" in form,
            language=str(locale()),
        )
    except (Conflict, Invalid) as error:
        return go_to("reports.files.index", error.message, handle=handle)
    return go_to("reports.files.index", gettext("The file is being made. You may leave this page."), handle=handle)


@bp.get("/classes/<handle>/reports/files/<file>")
def download(handle: str, file: str) -> ResponseReturnValue:
    """A file, once it is made; before that, the page that says how it stands."""
    taught = classes.load_taught_class(reader(), viewer(), handle)
    opened = filing.open_file(reader(), viewer(), taught, file, now())
    if opened is None:
        return redirect(url_for("reports.files.index", handle=handle), code=303)
    session = writer()
    audit.write_down(
        session,
        Act.REPORT,
        Way.PAGE,
        viewer(),
        now(),
        class_id=taught.id,
        detail=opened.kind,
        file_format=opened.format.value,
    )
    session.commit()
    return send_file(opened)


@bp.post("/classes/<handle>/reports/files/<file>/remove")
def remove(handle: str, file: str) -> ResponseReturnValue:
    """Remove a file."""
    filing.remove(writer(), viewer(), handle, file, now())
    return go_to("reports.files.index", gettext("The file is removed."), handle=handle)

"""What is different for one student in one assignment, by form."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.assignments.dates import FIELDS
from quizapp.core.errors import Invalid
from quizapp.services.assignments import students
from quizapp.web.assignments.blueprint import bp, say_errors
from quizapp.web.context import now, reader, services, viewer, writer
from quizapp.web.words import gettext


def _show_form(handle: str, learner: str, error: Invalid | None = None) -> ResponseReturnValue:
    page = students.view_student(reader(), viewer(), handle, learner)
    rendered = render_template(
        "assignments/student.html",
        page=page,
        record=page.found.record,
        values=request.form if error else None,
        errors=say_errors(error),
        zone=services().rules.calendar.zone.key,
    )
    return rendered, 422 if error else 200


@bp.get("/assignments/<handle>/students/<learner>")
def student_page(handle: str, learner: str) -> ResponseReturnValue:
    """What is different for a student, as it is."""
    return _show_form(handle, learner)


@bp.post("/assignments/<handle>/students/<learner>")
def student(handle: str, learner: str) -> ResponseReturnValue:
    """Change what is different for a student."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    excused = "excused" in request.form
    try:
        students.set_own(writer(), viewer(), handle, learner, typed, services().rules, now(), excused=excused)
    except Invalid as error:
        return _show_form(handle, learner, error)
    flash(gettext("The changes are saved."))
    return redirect(url_for("assignments.show", handle=handle), code=303)

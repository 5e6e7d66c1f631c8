"""The student's side: what is to be done, one assignment, and studying it card by card."""

from typing import cast

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.services.accounts import Viewer
from quizapp.services.assignments import class_view, studying, todo
from quizapp.services.assignments.access import find_taught
from quizapp.services.classes import list_taught_classes
from quizapp.web.assessments.blueprint import tidy_test
from quizapp.web.assignments.blueprint import bp
from quizapp.web.assignments.forms import read_shown
from quizapp.web.context import learner_id, now, reader, rules, viewer
from quizapp.web.following import follow
from quizapp.web.study import show_question


@bp.get("/assignments")
def index() -> ResponseReturnValue:
    """What whoever looks has to do, and for teachers the way to the assignments of their classes."""
    found = todo.list_todo(reader(), learner_id(), now())
    taught = list_taught_classes(reader(), viewer())
    return render_template("assignments/index.html", todo=found, taught=taught)


@bp.get("/assignments/<handle>")
def show(handle: str) -> ResponseReturnValue:
    """An assignment: for its teachers with every student, for a student with what is to be done."""
    found = find_taught(reader(), viewer(), handle)
    if found is None:
        page = todo.view_own(reader(), viewer(), handle, now())
        return render_template("assignments/own.html", page=page, own=page.own, now=now())
    if found.record.assessment_id is not None:
        tidy_test(found.record.assessment_id)
    seen = class_view.view_assignment(reader(), viewer(), handle, now(), read_shown())
    return render_template("assignments/class.html", page=seen, record=seen.found.record, shown=read_shown())


@bp.get("/assignments/<handle>/study")
def study(handle: str) -> ResponseReturnValue:
    """The next card that is not done, whatever its deck, or the word that all is done."""
    if find_taught(reader(), viewer(), handle) is not None:
        return redirect(url_for("assignments.show", handle=handle))
    step = studying.next_step(reader(), cast(Viewer, viewer()), handle, rules(), now())
    decks = [(title, url_for("study.ask", deck=slug)) for slug, title, _ in step.decks]
    follow("assignment", handle)  # from here on, not for the addresses above
    undo = None if step.undoable is None else url_for("study.undo", deck=step.undoable[0], key=step.undoable[1])
    if step.question is None:
        return render_template("assignments/done.html", step=step, own=step.own, undoable=undo, decks=decks, now=now())
    return show_question(step.question, template="assignments/question.html", step=step, own=step.own, undoable=undo)

"""Joining a class by its link or code: for students, for guests, and for who was never here."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.errors import Invalid, NotFound
from quizapp.core.rosters.codes import read_code
from quizapp.services import joining
from quizapp.services.accounts import Role
from quizapp.web.classes_forms import CodeForm, NameForm
from quizapp.web.classes_guard import go_to
from quizapp.web.context import client_address, ensure_learner, now, viewer, writer
from quizapp.web.forms import fill_errors
from quizapp.web.text import translate
from quizapp.web.words import gettext

bp = Blueprint("joining", __name__)


@bp.get("/join")
def ask() -> ResponseReturnValue:
    """Ask for the code."""
    return render_template("classes/join.html", form=CodeForm(formdata=None))


@bp.post("/join")
def look_up() -> ResponseReturnValue:
    """From a typed code to its page."""
    form = CodeForm()
    if form.validate():
        try:
            joining.view_invitation(writer(), viewer(), form.code.data, client_address(), now())
        except NotFound as error:
            form.code.errors = (translate(error.message),)
        else:
            return redirect(url_for("classes.joining.invitation", code=read_code(form.code.data)), code=303)
    return render_template("classes/join.html", form=form), 422


@bp.get("/join/<code>")
def invitation(code: str) -> ResponseReturnValue:
    """The class behind a code, and how to come in."""
    return _show(code, NameForm(formdata=None))


def _show(code: str, form: NameForm, status: int = 200) -> ResponseReturnValue:
    person = viewer()
    invited = joining.view_invitation(writer(), person, code, client_address(), now())
    teaches = person is not None and person.role in (Role.TEACHER, Role.ADMIN)
    page = render_template("classes/invitation.html", invited=invited, code=code, form=form, teaches=teaches)
    return page, status


@bp.post("/join/<code>")
def join(code: str) -> ResponseReturnValue:
    """Come in, or onto the list of those who wait."""
    form = NameForm()
    person = viewer()
    try:
        if person is None:  # nobody becomes a guest for a code that is none, or without a name
            joining.view_invitation(writer(), None, code, client_address(), now())
            joining.check_given_name(form.name.data or "")
        joined = joining.join(writer(), ensure_learner(), code, form.name.data or "", client_address(), now())
    except Invalid as error:
        fill_errors(form, error)
        return _show(code, form, 422)
    if joined.standing == "waiting":
        return redirect(url_for("classes.joining.invitation", code=code), code=303)
    return go_to("classes.show", gettext("You are in the class."), handle=joined.class_handle)

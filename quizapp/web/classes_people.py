"""The students of a class: ways in, who waits, details, new passwords."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from quizapp.core.errors import Invalid
from quizapp.services import classes, classes_passwords, classes_settings, classpage, joining, textmap
from quizapp.web.classes_forms import InviteForm, StudentForm
from quizapp.web.classes_guard import go_to, require_sign_in, secret
from quizapp.web.context import now, reader, services, viewer, writer
from quizapp.web.forms import fill_errors
from quizapp.web.words import gettext

bp = Blueprint("people", __name__)
bp.before_request(require_sign_in)


@bp.post("/classes/<handle>/invites")
def open_invite(handle: str) -> ResponseReturnValue:
    """Open a new link or short code."""
    form = InviteForm()
    kind, lasts = form.kind.data or "", form.lasts.data or ""
    joining.open_invite(writer(), viewer(), handle, kind, lasts, secret(), now())
    return go_to("classes.show", gettext("It is open. Anything older of its kind is closed."), handle=handle)


@bp.post("/classes/<handle>/invites/<kind>/close")
def close_invite(handle: str, kind: str) -> ResponseReturnValue:
    """Close the link or the short code."""
    joining.close_invite(writer(), viewer(), handle, kind)
    return go_to("classes.show", gettext("Closed. Nobody comes in that way any more."), handle=handle)


@bp.post("/classes/<handle>/requests/<learner>")
def settle_request(handle: str, learner: str) -> ResponseReturnValue:
    """Let somebody in who waits, or not."""
    let_in = request.form.get("choice") == "yes"
    joining.settle_request(writer(), viewer(), handle, learner, let_in=let_in, now=now())
    notice = gettext("One student more is in the class.") if let_in else gettext("Not let in.")
    return go_to("classes.show", notice, handle=handle)


def _show_student(handle: str, learner: str, form: StudentForm | None = None) -> ResponseReturnValue:
    taught = classes.load_taught_class(reader(), viewer(), handle)
    member = classes.load_member(reader(), taught, learner)
    page = render_template(
        "classes/student.html",
        taught=taught,
        member=member,
        today=classpage.read_student_today(reader(), taught, learner, services().rules, now()),
        maps=textmap.list_maps(reader(), viewer(), handle)[1],
        form=form or StudentForm(formdata=None, obj=member),
        resets=classes_passwords.list_resets(reader(), taught, learner),
    )
    return page, 422 if form else 200


@bp.route("/classes/<handle>/students/<learner>", methods=["GET", "POST"])
def student(handle: str, learner: str) -> ResponseReturnValue:
    """One student: details, password, taking out."""
    if request.method != "POST":
        return _show_student(handle, learner)
    form = StudentForm()
    names = ("first_name", "last_name", "email", "external_id")
    details = {name: str(form[name].data or "") for name in names}
    try:
        classes_settings.change_member(writer(), viewer(), handle, learner, details)
    except Invalid as error:
        fill_errors(form, error)
        return _show_student(handle, learner, form)
    return go_to("classes.people.student", gettext("Saved."), handle=handle, learner=learner)


@bp.post("/classes/<handle>/students/<learner>/reset")
def reset_password(handle: str, learner: str) -> ResponseReturnValue:
    """Give a student a new start password."""
    classes_passwords.reset_password(writer(), viewer(), handle, learner, secret(), now())
    notice = gettext("Here is the new start password. The old one is gone, and the student is signed out everywhere.")
    return go_to("classes.rosters.slips", notice, handle=handle, only=learner)


@bp.post("/classes/<handle>/students/<learner>/remove")
def remove(handle: str, learner: str) -> ResponseReturnValue:
    """Take a student out of the class."""
    classes.remove_member(writer(), viewer(), handle, learner, now())
    notice = gettext("Taken out of the class. The account and its answers stay.")
    return go_to("classes.show", notice, handle=handle)

"""The list of classes, a class as its teacher or its student sees it, and its settings and groups."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.errors import Invalid
from quizapp.core.rosters.codes import show_code
from quizapp.services import classes, classes_passwords, classes_settings, joining
from quizapp.services.accounts import Role
from quizapp.services.classes import TaughtClass
from quizapp.web import classes_join, classes_people, classes_rosters
from quizapp.web.classes_forms import LASTS, ClassForm, CodeForm, NameForm
from quizapp.web.classes_guard import go_to, join_url, require_sign_in, secret
from quizapp.web.context import now, reader, viewer, writer
from quizapp.web.forms import fill_errors
from quizapp.web.words import gettext

bp = Blueprint("classes", __name__)
for part in (classes_join.bp, classes_people.bp, classes_rosters.bp):
    bp.register_blueprint(part)


def _show_index(form: ClassForm, status: int = 200) -> ResponseReturnValue:
    person = viewer()
    if person is None:
        return redirect(url_for("accounts.sign_in_page", next=url_for("classes.index")), code=303)
    page = render_template(
        "classes/index.html",
        form=form,
        code_form=CodeForm(formdata=None),
        teaches=person.role in (Role.TEACHER, Role.ADMIN),
        taught=classes.list_taught_classes(reader(), person),
        own=classes.list_classes_of(reader(), person.learner_id),
    )
    return page, status


@bp.get("/classes")
def index() -> ResponseReturnValue:
    """The classes that one teaches, or is in."""
    return _show_index(ClassForm(formdata=None))


@bp.post("/classes")
def create() -> ResponseReturnValue:
    """Make a class."""
    form = ClassForm()
    try:
        made = classes.create_class(writer(), viewer(), form.name.data or "", now())
    except Invalid as error:
        fill_errors(form, error)
        return _show_index(form, 422)
    return go_to("classes.show", gettext("The class is made. Now let your students in."), handle=made.handle)


@bp.get("/classes/<handle>")
def show(handle: str) -> ResponseReturnValue:
    """A class: all of it for its teacher, their own part for its students."""
    person = viewer()
    if person is None:
        return redirect(url_for("accounts.sign_in_page", next=request.path), code=303)
    if person.role not in (Role.TEACHER, Role.ADMIN):
        own = classes.load_own_class(reader(), person, handle)
        return render_template("classes/own.html", own=own)
    taught = classes.load_taught_class(reader(), person, handle)
    return _show_taught(taught)


def _show_taught(taught: TaughtClass) -> ResponseReturnValue:
    invites = joining.list_invites(reader(), taught, secret(), now())
    slips = classes_passwords.list_slips(reader(), taught, secret(), now()) if taught.sees_names else []
    return render_template(
        "classes/show.html",
        taught=taught,
        members=classes.list_members(reader(), taught),
        not_yet={slip.member.handle for slip in slips},
        waiting=joining.list_waiting(reader(), taught),
        invites=invites,
        codes={kind: show_code(invite.code) for kind, invite in invites.items()},
        links={kind: join_url(invite.code) for kind, invite in invites.items()},
        lasts=LASTS,
    )


@bp.post("/classes/<handle>/leave")
def leave(handle: str) -> ResponseReturnValue:
    """Leave a class."""
    classes.leave(writer(), viewer(), handle, now())
    return go_to("classes.index", gettext("You have left the class."))


def _show_settings(
    handle: str, form: ClassForm | None = None, teacher_form: NameForm | None = None
) -> ResponseReturnValue:
    taught = classes.load_taught_class(reader(), viewer(), handle)
    page = render_template(
        "classes/settings.html",
        taught=taught,
        form=form or ClassForm(formdata=None, name=taught.name, pseudonymous=taught.pseudonymous),
        teacher_form=teacher_form or NameForm(formdata=None, prefix="teacher"),
        teachers=classes.list_teachers(reader(), taught),
    )
    return page, 422 if form or teacher_form else 200


@bp.route("/classes/<handle>/settings", methods=["GET", "POST"])
def settings(handle: str) -> ResponseReturnValue:
    """The name of a class, its pseudonyms, teachers and archive."""
    refused = require_sign_in()
    if refused or request.method != "POST":
        return refused or _show_settings(handle)
    form = ClassForm()
    try:
        name, hidden = form.name.data or "", bool(form.pseudonymous.data)
        classes_settings.change_class(writer(), viewer(), handle, name, pseudonymous=hidden)
    except Invalid as error:
        fill_errors(form, error)
        return _show_settings(handle, form)
    return go_to("classes.settings", gettext("The class is changed."), handle=handle)


@bp.post("/classes/<handle>/teachers")
def add_teacher(handle: str) -> ResponseReturnValue:
    """Let another teacher teach the class too."""
    form = NameForm(prefix="teacher")
    try:
        name = classes_settings.add_teacher(writer(), viewer(), handle, form.name.data or "", now())
    except Invalid as error:
        fill_errors(form, error)
        return _show_settings(handle, teacher_form=form)
    return go_to("classes.settings", gettext("%(name)s teaches the class too.", name=name), handle=handle)


@bp.post("/classes/<handle>/teachers/<teacher>/remove")
def remove_teacher(handle: str, teacher: str) -> ResponseReturnValue:
    """Take the class from a teacher."""
    classes_settings.remove_teacher(writer(), viewer(), handle, teacher)
    return go_to("classes.index", gettext("The class has one teacher less."))


@bp.post("/classes/<handle>/archive")
def archive(handle: str) -> ResponseReturnValue:
    """Put a class away."""
    classes_settings.archive_class(writer(), viewer(), handle, now())
    return go_to("classes.show", gettext("The class is archived. Nothing is lost."), handle=handle)


@bp.post("/classes/<handle>/restore")
def restore(handle: str) -> ResponseReturnValue:
    """Bring a class back."""
    classes_settings.restore_class(writer(), viewer(), handle)
    return go_to("classes.show", gettext("The class is back."), handle=handle)


def _show_groups(handle: str, form: NameForm, status: int = 200) -> ResponseReturnValue:
    taught = classes.load_taught_class(reader(), viewer(), handle)
    page = render_template(
        "classes/groups.html",
        taught=taught,
        groups=classes_settings.list_groups(reader(), taught),
        members=classes.list_members(reader(), taught),
        form=form,
    )
    return page, status


@bp.get("/classes/<handle>/groups")
def groups(handle: str) -> ResponseReturnValue:
    """The groups of a class."""
    return require_sign_in() or _show_groups(handle, NameForm(formdata=None))


@bp.post("/classes/<handle>/groups")
def add_group(handle: str) -> ResponseReturnValue:
    """Make a group."""
    form = NameForm()
    try:
        classes_settings.add_group(writer(), viewer(), handle, form.name.data or "")
    except Invalid as error:
        fill_errors(form, error)
        return _show_groups(handle, form, 422)
    return go_to("classes.groups", gettext("The group is made. Now tick who is in it."), handle=handle)


@bp.post("/classes/<handle>/groups/<group>")
def change_group(handle: str, group: str) -> ResponseReturnValue:
    """Say who is in a group."""
    members = request.form.getlist("member")
    classes_settings.set_group_members(writer(), viewer(), handle, group, members)
    return go_to("classes.groups", gettext("The group is saved."), handle=handle)


@bp.post("/classes/<handle>/groups/<group>/remove")
def remove_group(handle: str, group: str) -> ResponseReturnValue:
    """Remove a group."""
    classes_settings.remove_group(writer(), viewer(), handle, group)
    return go_to("classes.groups", gettext("The group is gone. Its students are still in the class."), handle=handle)

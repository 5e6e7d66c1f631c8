"""The teacher's side: the assignments of a class; making, changing, copying and deleting them."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.assignments.draft import TypedAssignment
from quizapp.core.errors import Conflict, Invalid
from quizapp.core.learning.examdraft import PARAGRAPHS
from quizapp.services.assignments import class_view, editing
from quizapp.services.assignments.access import TaughtAssignment, load_open, load_taught
from quizapp.services.assignments.editing import Offer
from quizapp.web.assignments.blueprint import bp, say_errors
from quizapp.web.assignments.forms import read_typed, read_version
from quizapp.web.context import now, reader, services, viewer, writer
from quizapp.web.words import gettext, ngettext


@bp.get("/classes/<handle>/assignments")
def of_class(handle: str) -> ResponseReturnValue:
    """The assignments of a class, the newest first."""
    found = class_view.list_class_assignments(reader(), viewer(), handle, now())
    return render_template("assignments/of_class.html", found=found, taught=found.taught)


def _show_form(
    typed: TypedAssignment,
    offer: Offer,
    found: TaughtAssignment | None = None,
    error: Invalid | Conflict | None = None,
) -> ResponseReturnValue:
    is_stale = isinstance(error, Conflict) and found is not None
    version = found.record.version if found is not None else 0
    page = render_template(
        "assignments/form.html",
        typed=typed,
        offer=offer,
        taught=offer.taught,
        record=found.record if found else None,
        version=version if is_stale else request.form.get("version") or version,
        errors=say_errors(error),
        key=request.form.get("key") or str(uuid.uuid4()),
        field_of=PARAGRAPHS,
        zone=services().rules.calendar.zone.key,
    )
    return page, 409 if is_stale else 422 if error else 200


def _type_copy(handle: str) -> TypedAssignment:
    """What the form holds at first: nothing, or a copy of an assignment that the viewer teaches."""
    copied = request.args.get("from", "")
    if not copied:
        usual = TypedAssignment(decks=tuple(request.args.getlist("deck")), test=request.args.get("test", ""))
        return usual if not usual.test else TypedAssignment(kind="test", test=usual.test)
    found = load_taught(reader(), viewer(), copied)
    typed = editing.type_assignment(reader(), found, services().rules)
    return typed if found.taught.handle == handle else editing.without_people(typed)


@bp.get("/classes/<handle>/assignments/new")
def new(handle: str) -> ResponseReturnValue:
    """The form of a new assignment; the address may name decks, a test, or an assignment to copy."""
    offer = editing.offer_for_class(reader(), viewer(), handle)
    return _show_form(_type_copy(handle), offer)


@bp.post("/classes/<handle>/assignments")
def create(handle: str) -> ResponseReturnValue:
    """Make an assignment."""
    typed, key = read_typed(request.form), request.form.get("key", "")
    try:
        made = editing.create_assignment(writer(), viewer(), handle, typed, services().rules, now(), key=key)
    except Invalid as error:
        return _show_form(typed, editing.offer_for_class(writer(), viewer(), handle), error=error)
    flash(gettext("The assignment is made. This is how your class stands."))
    return redirect(url_for("assignments.show", handle=made), code=303)


@bp.get("/assignments/<handle>/edit")
def edit_page(handle: str) -> ResponseReturnValue:
    """The form with the assignment as it is."""
    found = load_open(reader(), viewer(), handle)
    offer = editing.offer_assignment(reader(), found.taught, found.record)
    return _show_form(editing.type_assignment(reader(), found, services().rules), offer, found)


@bp.post("/assignments/<handle>/edit")
def edit(handle: str) -> ResponseReturnValue:
    """Change an assignment."""
    typed, version = read_typed(request.form), read_version(request.form)
    try:
        editing.change_assignment(writer(), viewer(), handle, typed, version, services().rules, now())
    except (Invalid, Conflict) as error:
        found = load_open(writer(), viewer(), handle)
        offer = editing.offer_assignment(writer(), found.taught, found.record)
        return _show_form(typed, offer, found, error)
    flash(gettext("The changes are saved."))
    return redirect(url_for("assignments.show", handle=handle), code=303)


@bp.post("/assignments/<handle>/cards")
def take_cards(handle: str) -> ResponseReturnValue:
    """Ask the cards that came into the material since it was chosen, too."""
    taken = editing.take_new_cards(writer(), viewer(), handle, now())
    flash(ngettext("%(num)s card was added.", "%(num)s cards were added.", taken))
    return redirect(url_for("assignments.show", handle=handle), code=303)


@bp.get("/assignments/<handle>/copy")
def copy(handle: str) -> ResponseReturnValue:
    """Choose the class for which a copy is made; the form of the copy comes next, and nothing is made before."""
    found = load_taught(reader(), viewer(), handle)
    classes = editing.list_copy_choices(reader(), viewer())
    return render_template("assignments/copy.html", record=found.record, taught=found.taught, classes=classes)


@bp.get("/assignments/<handle>/delete")
def delete_page(handle: str) -> ResponseReturnValue:
    """Ask whether an assignment is to be deleted."""
    found = load_open(reader(), viewer(), handle)
    return render_template("assignments/delete.html", record=found.record, taught=found.taught)


@bp.post("/assignments/<handle>/delete")
def delete(handle: str) -> ResponseReturnValue:
    """Delete an assignment; the answers stay."""
    record = editing.delete_assignment(writer(), viewer(), handle)
    flash(gettext("The assignment “%(title)s” is deleted. All answers are kept.", title=record.title))
    return redirect(url_for("assignments.of_class", handle=record.class_handle), code=303)

"""Importing a list into a class, and the slips to print for who is new."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from quizapp.core.rosters.codes import show_code
from quizapp.services import classes, classes_passwords, rosters
from quizapp.services.rosters import Imported
from quizapp.web.classes_forms import ImportForm
from quizapp.web.classes_guard import go_to, require_sign_in, secret
from quizapp.web.context import now, reader, services, viewer, writer
from quizapp.web.words import gettext, ngettext

bp = Blueprint("rosters", __name__)
bp.before_request(require_sign_in)


@bp.get("/classes/<handle>/import")
def choose(handle: str) -> ResponseReturnValue:
    """Ask for the list."""
    taught = classes.load_taught_class(reader(), viewer(), handle)
    return render_template("classes/import.html", taught=taught, form=ImportForm(formdata=None), classes=(), error="")


@bp.post("/classes/<handle>/import")
def preview(handle: str) -> ResponseReturnValue:
    """The dry run: what the list would do."""
    form = ImportForm()
    upload = request.files.get("file")
    data = upload.read() if upload and upload.filename else (form.pasted.data or "").encode("utf-8", "replace")
    shown = rosters.preview_import(reader(), viewer(), handle, data, form.chosen.data or "", secret())
    if shown.classes or not data.strip():
        error = "" if shown.classes else gettext("Choose a file, or paste the list.")
        page = render_template(
            "classes/import.html", taught=shown.taught, form=form, classes=shown.classes, error=error
        )
        return page, 200 if shown.classes else 422
    return render_template("classes/preview.html", taught=shown.taught, preview=shown, plan=shown.plan)


def _say_done(done: Imported) -> str:
    said = [
        ngettext("%(num)s student is new.", "%(num)s students are new.", done.added) if done.added else "",
        ngettext("%(num)s joined.", "%(num)s joined.", done.joined) if done.joined else "",
        ngettext("%(num)s came back.", "%(num)s came back.", done.returned) if done.returned else "",
        ngettext("%(num)s was changed.", "%(num)s were changed.", done.changed) if done.changed else "",
        ngettext("%(num)s line was left out.", "%(num)s lines were left out.", done.left_out) if done.left_out else "",
    ]
    return " ".join(filter(None, said)) or gettext("Nothing was left to import: the class was as the list says.")


@bp.post("/classes/<handle>/import/confirm")
def confirm(handle: str) -> ResponseReturnValue:
    """Import what the dry run has shown."""
    text = request.form.get("text", "")
    done = rosters.import_roster(writer(), viewer(), handle, text, secret(), now())
    return go_to("classes.rosters.slips" if done.added else "classes.show", _say_done(done), handle=handle)


@bp.get("/classes/<handle>/slips")
def slips(handle: str) -> ResponseReturnValue:
    """A slip to print for everybody who has not chosen a password yet."""
    taught = classes.load_taught_class(reader(), viewer(), handle)
    only = request.args.get("only", "")
    found = classes_passwords.list_slips(reader(), taught, secret(), now())
    return render_template(
        "classes/slips.html",
        taught=taught,
        only=only,
        slips=[(slip, show_code(slip.code)) for slip in found if slip.code and only in ("", slip.member.handle)],
        too_old=sum(not slip.code for slip in found),
        address=services().public_url.rstrip("/") or request.url_root.rstrip("/"),
    )


@bp.post("/classes/<handle>/slips")
def renew(handle: str) -> ResponseReturnValue:
    """New start passwords in the place of those that are too old."""
    count = classes_passwords.renew_slips(writer(), viewer(), handle, secret(), now())
    notice = ngettext("%(num)s new start password.", "%(num)s new start passwords.", count)
    return go_to("classes.rosters.slips", notice, handle=handle)

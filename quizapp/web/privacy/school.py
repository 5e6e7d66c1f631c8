"""Privacy for teachers and administrators: who looked at what of a class, who will be deleted, how long things stay."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.errors import Invalid, TooManyAttempts
from quizapp.core.privacy.acts import ACT_WORDS
from quizapp.core.privacy.choices import CHOICES
from quizapp.services.privacy import audit, erasing, pages, sweeping
from quizapp.services.privacy.proving import require_admin
from quizapp.web.classes_guard import require_sign_in
from quizapp.web.context import client_address, now, reader, services, viewer, writer
from quizapp.web.forms import fill_errors
from quizapp.web.numbers import read_whole
from quizapp.web.privacy.forms import EraseForm
from quizapp.web.text import translate
from quizapp.web.words import gettext


def of_class(handle: str) -> ResponseReturnValue:
    """Who looked at what of a class, and which of its students will be deleted."""
    act, before = request.args.get("act", ""), read_whole(request.args.get("before"))
    page = pages.view_class(reader(), viewer(), handle, now(), act, before)
    return render_template("privacy/class.html", page=page, taught=page.taught, acts=page.acts, words=ACT_WORDS)


def _show(status: int = 200, headers: dict[str, str] | None = None, **more: Any) -> ResponseReturnValue:
    page = pages.view_school(reader(), viewer())
    values: dict[str, Any] = {"erase_form": EraseForm(formdata=None), "typed": page.choices, "errors": {}}
    page_html = render_template("privacy/school.html", page=page, choices=CHOICES, **(values | more))
    return page_html, status, headers or {}


def of_school() -> ResponseReturnValue:
    """What administrators decide."""
    return _show()


def all_acts() -> ResponseReturnValue:
    """Who looked at what, everywhere."""
    act, before = request.args.get("act", ""), read_whole(request.args.get("before"))
    found = audit.list_all_acts(reader(), viewer(), act, before)
    return render_template("privacy/all_acts.html", acts=found, words=ACT_WORDS)


def choose() -> ResponseReturnValue:
    """Choose how long things are kept."""
    require_admin(viewer())
    typed = {name: request.form.get(name, "").strip() for name in CHOICES}
    try:
        chosen = {name: int(text) if text.isdecimal() and len(text) < 6 else -1 for name, text in typed.items()}
        sweeping.choose_all(writer(), viewer(), chosen)
    except Invalid as error:
        return _show(422, typed=typed, errors={name: translate(text) for name, text in error.fields.items()})
    flash(gettext("Saved."))
    return redirect(url_for("privacy.school.of_school"), code=303)


def _refuse(form: EraseForm, error: Invalid | TooManyAttempts) -> tuple[int, dict[str, str]]:
    if isinstance(error, Invalid):
        fill_errors(form, error)
        return 422, {}
    form.password.errors = (*form.password.errors, translate(error.message))
    return 429, {"Retry-After": str(error.retry_after)}


def erase() -> ResponseReturnValue:
    """Delete somebody at once."""
    require_admin(viewer())
    form = EraseForm()
    if not form.validate():
        return _show(422, erase_form=form)
    name, password = form.name.data or "", form.password.data or ""
    try:
        gone = erasing.erase_by_admin(writer(), viewer(), name, password, client_address(), services().rules, now())
    except (Invalid, TooManyAttempts) as error:
        status, headers = _refuse(form, error)
        return _show(status, headers, erase_form=form)
    flash(gettext("Deleted. In the list of acts it says “%(code)s” from now on.", code=gone.code))
    return redirect(url_for("privacy.school.of_school"), code=303)


_VIEWS = (
    ("/classes/<handle>/privacy", of_class, ["GET"]),
    ("/privacy", of_school, ["GET"]),
    ("/privacy/acts", all_acts, ["GET"]),
    ("/privacy/choices", choose, ["POST"]),
    ("/privacy/erase", erase, ["POST"]),
)


def add_views(bp: Blueprint) -> None:
    """Add these views to the blueprint, for who is signed in."""
    guarded = Blueprint("school", __name__)
    guarded.before_request(require_sign_in)
    for path, view, methods in _VIEWS:
        guarded.add_url_rule(path, view_func=view, methods=methods)
    bp.register_blueprint(guarded)

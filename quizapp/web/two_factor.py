"""The second factor: setting it up, turning it off, and the second step of a sign-in."""

import io

import segno
from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from quizapp.core.errors import Invalid, NotFound, TooManyAttempts
from quizapp.services import two_factor
from quizapp.web.accounts import go_on_after_sign_in
from quizapp.web.classes_guard import require_sign_in
from quizapp.web.context import client_address, client_device, now, open_sign_in, reader, rules, viewer, writer
from quizapp.web.forms import CodeOfAppForm, ProveForm, TurnOffForm, WaitingForm, fill_errors
from quizapp.web.security import forget_form_token
from quizapp.web.text import translate

bp = Blueprint("two_factor", __name__)


def _secret() -> bytes:
    return rules().secret


def _refused(form: FlaskForm, error: Invalid | TooManyAttempts) -> tuple[int, dict[str, str]]:
    """Put the refusal into the form; gives status and headers."""
    if isinstance(error, Invalid):
        fill_errors(form, error)
        return 422, {}
    field = form["otp"] if "otp" in form else form["password"]
    field.errors = (*field.errors, translate(error.message))
    return 429, {"Retry-After": str(error.retry_after)}


def _show(
    form: FlaskForm | None = None, status: int = 200, headers: dict[str, str] | None = None
) -> ResponseReturnValue:
    factor = two_factor.view_factor(reader(), viewer(), now())
    begun = factor.begun and not isinstance(form, ProveForm)
    setup = two_factor.view_setup(reader(), viewer(), _secret(), now()) if begun else None
    usual = TurnOffForm if factor.on else CodeOfAppForm if setup else ProveForm
    page = render_template("accounts/two_factor.html", factor=factor, setup=setup, form=form or usual(formdata=None))
    return page, status, headers or {}


@bp.get("/account/two-factor")
def show() -> ResponseReturnValue:
    """How it stands, and what can be done."""
    return require_sign_in() or _show()


@bp.post("/account/two-factor/begin")
def begin() -> ResponseReturnValue:
    """Make a key, to be confirmed; wants the password."""
    if (asked := require_sign_in()) is not None:
        return asked
    if two_factor.view_factor(reader(), viewer(), now()).on:
        return redirect(url_for("two_factor.show"), code=303)
    form = ProveForm()
    status, headers = 422, dict[str, str]()
    if form.validate():
        try:
            two_factor.begin(writer(), viewer(), form.password.data, client_address(), _secret(), now())
        except (Invalid, TooManyAttempts) as error:
            status, headers = _refused(form, error)
        else:
            return redirect(url_for("two_factor.show"), code=303)
    return _show(form, status, headers)


@bp.get("/account/two-factor/key.png")
def picture() -> ResponseReturnValue:
    """The key as a picture for the camera of a telephone. Kept by nobody."""
    if (asked := require_sign_in()) is not None:
        return asked
    setup = two_factor.view_setup(reader(), viewer(), _secret(), now())
    out = io.BytesIO()
    segno.make(setup.uri, micro=False).save(out, kind="png", scale=6)
    return Response(out.getvalue(), content_type="image/png")


@bp.post("/account/two-factor/confirm")
def confirm() -> ResponseReturnValue:
    """Confirm the key by a code; shows the recovery codes, once."""
    if (asked := require_sign_in()) is not None:
        return asked
    two_factor.view_setup(reader(), viewer(), _secret(), now())
    form = CodeOfAppForm()
    status, headers = 422, dict[str, str]()
    if form.validate():
        try:
            done = two_factor.confirm(writer(), viewer(), form.otp.data, _secret(), now(), client_device())
        except (Invalid, TooManyAttempts) as error:
            status, headers = _refused(form, error)
        else:
            forget_form_token()
            open_sign_in(done.opened)
            return render_template("accounts/recovery_codes.html", codes=done.codes)
    return _show(form, status, headers)


@bp.post("/account/two-factor/off")
def turn_off() -> ResponseReturnValue:
    """Be asked for codes no more."""
    if (asked := require_sign_in()) is not None:
        return asked
    if not two_factor.view_factor(reader(), viewer(), now()).on:
        return redirect(url_for("two_factor.show"), code=303)
    form = TurnOffForm()
    status, headers = 422, dict[str, str]()
    if form.validate():
        try:
            given = form.current.data, form.otp.data, client_address()
            opened = two_factor.turn_off(writer(), viewer(), *given, _secret(), now(), client_device())
        except (Invalid, TooManyAttempts) as error:
            status, headers = _refused(form, error)
        else:
            forget_form_token()
            open_sign_in(opened)
            return redirect(url_for("two_factor.show"), code=303)
    return _show(form, status, headers)


@bp.post("/sign-in/code")
def finish() -> ResponseReturnValue:
    """The second step of a sign-in."""
    form, guest = WaitingForm(), viewer()
    status, headers = 422, dict[str, str]()
    if form.validate():
        try:
            given = form.waiting.data or "", form.otp.data, _secret(), now()
            opened = two_factor.finish_sign_in(writer(), *given, client_device())
        except NotFound:
            return redirect(url_for("accounts.sign_in_page", next=form.next.data or None), code=303)
        except (Invalid, TooManyAttempts) as error:
            status, headers = _refused(form, error)
        else:
            return go_on_after_sign_in(form, opened, guest)
    return render_template("accounts/code.html", form=form), status, headers

"""Signing up, in and out; the account's page; the first teacher."""

import logging
from contextlib import suppress
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from quizapp.core.errors import Invalid, NotFound, TooManyAttempts
from quizapp.services import accounts, first_teacher, merging, oidc, sign_ins
from quizapp.services.accounts import NewSignIn, Viewer
from quizapp.services.accounts_codes import AskForCode
from quizapp.services.classes_start import ChooseOwnPassword
from quizapp.web.classes_forms import StartForm
from quizapp.web.context import (
    client_address,
    client_device,
    close_sign_in,
    lasting_token,
    now,
    open_sign_in,
    reader,
    rules,
    sign_in_token,
    viewer,
    writer,
)
from quizapp.web.forms import PasswordForm, ProveForm, SignInForm, SignUpForm, TokenForm, WaitingForm, fill_errors
from quizapp.web.resend import offer_carried
from quizapp.web.school import find_school, is_only_way, refuse_passwords
from quizapp.web.security import forget_form_token, is_safe_path
from quizapp.web.text import translate
from quizapp.web.words import gettext

bp = Blueprint("accounts", __name__)

log = logging.getLogger("quizapp")

_NONE: dict[str, str] = {}
_GUEST = "guest"


def _go_to(wanted: str, sign_in: NewSignIn) -> ResponseReturnValue:
    """After a sign-in: a fresh browser session, then where the person was going. The sign-in of before ends."""
    before, token = viewer(), sign_in_token()
    if before is not None and before.signed_in and token:
        accounts.sign_out(writer(), token)
    log.info("somebody signed in")
    forget_form_token()
    open_sign_in(sign_in)
    return redirect(wanted if is_safe_path(wanted) else url_for("pages.home"), code=303)


def _go_on(form: FlaskForm, sign_in: NewSignIn) -> ResponseReturnValue:
    return _go_to(str(form["next"].data or "") if "next" in form else "", sign_in)


def _refused(form: FlaskForm, error: Invalid | TooManyAttempts) -> tuple[int, dict[str, str]]:
    """Put the refusal into the form; gives status and headers."""
    log.info("a password was refused" if isinstance(error, Invalid) else "a password was tried too often")
    if isinstance(error, Invalid):
        fill_errors(form, error)
        return 422, {}
    field = form["password"] if "password" in form else form["current"]
    field.errors = (*field.errors, translate(error.message))
    return 429, {"Retry-After": str(error.retry_after)}


def show_code_page(wanted: AskForCode, wanted_next: str | None, carried: str | None = "") -> ResponseReturnValue:
    """The second step of a sign-in: the password fitted, now the code."""
    known = {"waiting": wanted.token, "next": wanted_next, "carried": carried}
    return render_template("accounts/code.html", form=WaitingForm(formdata=None, **known))


def go_on_after_sign_in(form: FlaskForm, opened: NewSignIn, guest: Viewer | None) -> ResponseReturnValue:
    """Where a sign-in leads: to the form that was carried along, to the question about a guest, or on."""
    response = _go_on(form, opened)
    return offer_carried(form["carried"].data or "") or _ask_about_guest(guest) or response


def go_on_from_server(opened: NewSignIn, guest: Viewer | None, wanted: str) -> ResponseReturnValue:
    """Where a sign-in by way of the school's server leads: to the question about a guest, or on."""
    response = _go_to(wanted, opened)
    return _ask_about_guest(guest) or response


def _show_sign_in(form: SignInForm, status: int = 200, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    return render_template("accounts/sign_in.html", form=form, school=find_school()), status, headers or {}


@bp.get("/sign-in")
def sign_in_page() -> ResponseReturnValue:
    """Ask for name and password."""
    return _show_sign_in(SignInForm(formdata=None, next=request.args.get("next")))


def _sign_in_as_typed(form: SignInForm) -> NewSignIn:
    typed = form.name.data or "", form.password.data or ""
    return accounts.sign_in(writer(), *typed, client_address(), now(), client_device())


@bp.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Sign in, and go on where the person was."""
    refuse_passwords()
    form = SignInForm()
    status, headers = 422, _NONE
    guest = viewer()
    if form.validate():
        try:
            opened = _sign_in_as_typed(form)
        except ChooseOwnPassword:
            known = {name: form[name].data for name in ("name", "password", "next", "carried")}
            return render_template("accounts/start.html", form=StartForm(formdata=None, **known))
        except AskForCode as wanted:
            return show_code_page(wanted, form.next.data, form.carried.data)
        except (Invalid, TooManyAttempts) as error:
            status, headers = _refused(form, error)
        else:
            return go_on_after_sign_in(form, opened, guest)
    return _show_sign_in(form, status, headers)


@bp.post("/sign-in/start")
def choose_password() -> ResponseReturnValue:
    """Choose a password in the place of a start password, and sign in."""
    refuse_passwords()
    form = StartForm()
    status, headers = 422, _NONE
    guest = viewer()
    if form.validate():
        typed = form.name.data or "", form.password.data or "", form.new.data
        try:
            opened = accounts.use_start_password(writer(), *typed, client_address(), now(), client_device())
        except AskForCode as wanted:
            return show_code_page(wanted, form.next.data, form.carried.data)
        except (Invalid, TooManyAttempts) as error:
            status, headers = _refused(form, error)
        else:
            return go_on_after_sign_in(form, opened, guest)
    return render_template("accounts/start.html", form=form), status, headers


def _ask_about_guest(guest: Viewer | None) -> ResponseReturnValue | None:
    """After signing in as a guest with progress: the page that asks whose it is: devices are shared."""
    if guest is None or guest.signed_in or merging.find_guest(writer(), guest.handle) is None:
        return None
    session[_GUEST] = guest.handle
    return redirect(url_for("accounts.guest"), code=303)


@bp.get("/account/guest")
def guest() -> ResponseReturnValue:
    """Ask whether a guest's answers are this person's."""
    found = merging.find_guest(reader(), session.get(_GUEST, ""))
    if found is None or _require_account() is None:
        return redirect(url_for("pages.home"), code=303)
    return render_template("accounts/guest.html", answers=found[1])


@bp.post("/account/guest")
def settle_guest() -> ResponseReturnValue:
    """Add the guest's answers to the account, or leave them."""
    person, handle = _require_account(), session.pop(_GUEST, "")
    if person is not None and handle and request.form.get("choice") == "add":
        with suppress(NotFound):  # pressed twice: they are added already
            merging.merge_guest(writer(), person, handle, rules())
    return redirect(url_for("pages.home"), code=303)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this sign-in. A guest keeps the cookie: it is the only way back to the progress."""
    person, token = viewer(), sign_in_token()
    follow = find_school() is not None and person is not None and person.signed_in
    linked = follow and oidc.view_link(reader(), person).linked
    if person is not None and person.signed_in and token:
        accounts.sign_out(writer(), token)
        forget_form_token()
        close_sign_in()
    return redirect(url_for("oidc.signed_out" if linked else "pages.home"), code=303)


@bp.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> ResponseReturnValue:
    """Make a student's account; what a guest has learned becomes the account's."""
    if is_only_way():
        return redirect(url_for("accounts.sign_in_page"), code=303)
    form = SignUpForm(next=request.args.get("next"))
    status, headers = 200, _NONE
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                typed = form.name.data, form.password.data, viewer()
                opened = accounts.sign_up(writer(), *typed, client_address(), now(), client_device())
                return _go_on(form, opened)
            except (Invalid, TooManyAttempts) as error:
                status, headers = _refused(form, error)
    kept = accounts.count_guest_answers(reader(), viewer())
    return render_template("accounts/sign_up.html", form=form, guest_answers=kept), status, headers


@bp.route("/welcome/<token>", methods=["GET", "POST"])
def welcome(token: str) -> ResponseReturnValue:
    """The one-time link of the first start: make the first teacher."""
    first_teacher.check_setup_link(reader(), token, now())
    form = SignUpForm()
    if request.method == "POST" and form.validate():
        try:
            typed = form.name.data, form.password.data
            opened = first_teacher.make_first_teacher(writer(), token, *typed, now(), client_device())
            return _go_on(form, opened)
        except Invalid as error:
            fill_errors(form, error)
    return render_template("accounts/welcome.html", form=form), 422 if request.method == "POST" else 200


def _require_account() -> Viewer | None:
    person = viewer()
    return person if person is not None and person.signed_in else None


def _to_sign_in() -> ResponseReturnValue:
    return redirect(url_for("accounts.sign_in_page", next=url_for("accounts.account")), code=303)


def _show_account(
    person: Viewer, status: int = 200, headers: dict[str, str] | None = None, **more: Any
) -> ResponseReturnValue:
    page = accounts.view_account(reader(), person)
    values: dict[str, Any] = {
        "account": page,
        "tokens": page.tokens,
        "password_form": PasswordForm(formdata=None),
        "token_form": TokenForm(formdata=None),
        "new_token": None,
        "notice": None,
        "school": find_school(),
        "link": oidc.view_link(reader(), person),
        "link_form": ProveForm(formdata=None),
        "sign_ins": sign_ins.list_sign_ins(reader(), person, lasting_token(), now()),
        "fresh": sign_ins.is_fresh(reader(), person, lasting_token(), now()),
    }
    return render_template("accounts/account.html", **(values | more)), status, headers or {}


def show_account(status: int, headers: dict[str, str], **more: Any) -> ResponseReturnValue:
    """The account's page of whoever looks, with a form that was not right yet."""
    person = _require_account()
    return _to_sign_in() if person is None else _show_account(person, status, headers, **more)


@bp.get("/account")
def account() -> ResponseReturnValue:
    """The account's page."""
    person = _require_account()
    return _to_sign_in() if person is None else _show_account(person)


@bp.post("/account/password")
def change_password() -> ResponseReturnValue:
    """Set a new password; every other browser is signed out."""
    person = _require_account()
    if person is None:
        return _to_sign_in()
    form = PasswordForm()
    status, headers = 422, _NONE
    if form.validate():
        try:
            typed = form.current.data, form.new.data
            opened = accounts.change_password(writer(), person, *typed, client_address(), now(), client_device())
        except (Invalid, TooManyAttempts) as error:
            status, headers = _refused(form, error)
        else:
            forget_form_token()
            open_sign_in(opened)
            return _show_account(
                person,
                notice=gettext(
                    "Your password is changed. All other devices are signed out, and all access tokens are ended."
                ),
            )
    return _show_account(person, status, headers, password_form=form)


def _refuse_token(form: TokenForm, error: Invalid | TooManyAttempts) -> tuple[int, dict[str, str]]:
    """Put the refusal into the form, a wrong password beside its field there; gives status and headers."""
    if isinstance(error, Invalid):
        named = {"proof" if name == "password" else name: message for name, message in error.fields.items()}
        fill_errors(form, Invalid(error.message, named))
        return 422, {}
    form.proof.errors = (*form.proof.errors, translate(error.message))
    return 429, {"Retry-After": str(error.retry_after)}


@bp.post("/account/tokens")
def create_token() -> ResponseReturnValue:
    """Make an access token, for who gives the password again; it is shown once."""
    person = _require_account()
    if person is None:
        return _to_sign_in()
    form = TokenForm()
    status, headers = 422, _NONE
    if form.validate():
        proof = sign_ins.Proof(form.proof.data or "", client_address(), lasting_token())
        try:
            made = sign_ins.make_token(writer(), person, form.label.data or "", proof, now())
        except (Invalid, TooManyAttempts) as error:
            status, headers = _refuse_token(form, error)
        else:
            return _show_account(person, 201, new_token=made)
    return _show_account(person, status, headers, token_form=form)


@bp.post("/account/tokens/<int:token_id>/revoke")
def revoke_token(token_id: int) -> ResponseReturnValue:
    """End an access token at once."""
    person = _require_account()
    if person is None:
        return _to_sign_in()
    accounts.revoke_token(writer(), person, token_id)
    return redirect(url_for("accounts.account"), code=303)

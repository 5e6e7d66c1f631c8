"""Signing in by way of the school's sign-in server: there and back, linking an account, and signing out."""

import logging
from dataclasses import asdict
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.errors import Conflict, Invalid, TooManyAttempts
from quizapp.core.identities import Identity, Mistrusted
from quizapp.core.messages import say
from quizapp.services import oidc
from quizapp.services.oidc import Answer, Attempt, ProviderAway
from quizapp.web.accounts import go_on_from_server, show_account
from quizapp.web.classes_guard import require_sign_in
from quizapp.web.context import client_address, client_device, close_sessions, now, viewer, writer
from quizapp.web.forms import ProveForm, fill_errors
from quizapp.web.school import School, require_school
from quizapp.web.security import is_safe_path
from quizapp.web.text import translate

bp = Blueprint("oidc", __name__)
log = logging.getLogger("quizapp")

_ATTEMPTS, _PROVED = "school_attempts", "school_proved"
_MOST_ATTEMPTS = 3
"""Ways to the server that one browser may have under way, in windows side by side."""
_LONGEST_WANTED = 300  # three of them must find room in a cookie of 4,096 bytes


def _keep(attempt: Attempt) -> None:
    kept = [*session.get(_ATTEMPTS, []), asdict(attempt)]
    session[_ATTEMPTS] = kept[-_MOST_ATTEMPTS:]


def _take(state: str) -> Attempt | None:
    """The attempt of this browser with this state; it is good once."""
    kept: list[dict[str, Any]] = session.get(_ATTEMPTS, [])
    found = next((Attempt(**each) for each in kept if each["state"] == state), None)
    if found is not None:
        session[_ATTEMPTS] = [each for each in kept if each["state"] != state]
    return found if found is not None and found.is_open(now()) else None


def _show_trouble(school: School, kind: str, status: int) -> ResponseReturnValue:
    return render_template("accounts/school_trouble.html", school=school, kind=kind), status


def _send(school: School, attempt: Attempt) -> ResponseReturnValue:
    close_sessions()  # nothing is held open while the server is asked
    try:
        address = school.provider.start(attempt)
    except ProviderAway as error:
        log.warning("the sign-in server cannot be used: %s", error)
        return _show_trouble(school, "away", 503)
    _keep(attempt)
    return redirect(address, code=303)


@bp.get("/sign-in/school")
def go() -> ResponseReturnValue:
    """On to the server; it sends the browser back to ``come_back``.

    A link on another site only leads to the page with the button: nobody is signed in without asking for it.
    """
    school, wanted = require_school(), request.args.get("next", "")
    wanted = wanted if is_safe_path(wanted) and len(wanted) <= _LONGEST_WANTED else ""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return redirect(url_for("accounts.sign_in_page", next=wanted or None), code=303)
    return _send(school, oidc.begin(now(), wanted))


def _ask(school: School, attempt: Attempt) -> Identity:
    """Who came back. Raises Mistrusted, ProviderAway, TooManyAttempts."""
    oidc.count_return(writer(), client_address(), now())
    close_sessions()
    answer = Answer(request.args.get("code", ""), request.args.get("iss"))
    return school.provider.finish(answer, attempt, now())


@bp.get("/sign-in/school/back")
def come_back() -> ResponseReturnValue:
    """Back from the server: signed in, or linked."""
    school, person = require_school(), viewer()
    attempt = _take(request.args.get("state", ""))
    if attempt is None:
        return _show_trouble(school, "lost", 400)
    if not request.args.get("code"):
        return _show_trouble(school, "cancelled", 403)
    try:
        identity = _ask(school, attempt)
    except ProviderAway as error:
        log.warning("the sign-in server cannot be used: %s", error)
        return _show_trouble(school, "away", 503)
    except Mistrusted as error:
        log.warning("what came from the sign-in server is not believed: %s", error)
        return _show_trouble(school, "mistrusted", 403)
    if attempt.account_id is not None:
        oidc.link(writer(), person, identity, attempt.account_id, now())
        return redirect(url_for("accounts.account"), code=303)
    opened = oidc.sign_in(writer(), identity, client_address(), now(), client_device())
    return go_on_from_server(opened, person, attempt.wanted)


def _prove(use: str) -> ResponseReturnValue:
    """Ask for the password again, then link or unlink."""
    form = ProveForm()
    status, headers = 422, dict[str, str]()
    if form.validate():
        given = writer(), viewer(), form.password.data, client_address(), now()
        try:
            if use == "unlink":
                oidc.unlink(*given)
                return redirect(url_for("accounts.account"), code=303)
            session[_PROVED] = [oidc.allow_link(*given), int(now().timestamp())]
            return render_template("accounts/school_link.html", school=require_school())
        except Invalid as error:
            fill_errors(form, error)
        except TooManyAttempts as error:
            form.password.errors = (*form.password.errors, translate(error.message))
            status, headers = 429, {"Retry-After": str(error.retry_after)}
    return show_account(status, headers, link_form=form)


@bp.post("/account/school/link")
def prove_link() -> ResponseReturnValue:
    """Whoever links an account types its password again; then a page leads on to the server.

    A page, since the policy of our pages lets no form lead elsewhere.
    """
    require_school()
    return require_sign_in() or _prove("link")


@bp.get("/account/school/go")
def go_link() -> ResponseReturnValue:
    """On to the server, to link the account whose password was typed a moment ago."""
    school = require_school()
    account_id, moment = session.pop(_PROVED, (None, 0))
    attempt = oidc.begin(now(), account_id=account_id)
    if account_id is None or not Attempt("", "", "", moment).is_open(now()):
        raise Conflict(say("Type your password on your account’s page first."))
    return _send(school, attempt)


@bp.post("/account/school/unlink")
def unlink() -> ResponseReturnValue:
    """Sign in with the server no more. The password is asked for."""
    require_school()
    return require_sign_in() or _prove("unlink")


@bp.get("/signed-out")
def signed_out() -> ResponseReturnValue:
    """After signing out: how to sign out of the server as well, for whoever shares the device."""
    school = require_school()
    close_sessions()
    try:
        address = school.provider.find_sign_out()
    except ProviderAway as error:
        log.warning("the sign-in server cannot be used: %s", error)
        address = None
    return render_template("accounts/signed_out.html", school=school, address=address)

"""What all pages of classes share: who may come in, and what is said after a change."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.web.context import rules, services, viewer
from quizapp.web.resend import ask_to_sign_in

SIGN_IN = "accounts.sign_in_page"


def require_sign_in() -> ResponseReturnValue | None:
    """Send visitors and guests to the sign-in, and back to the page they wanted; a form keeps what was typed."""
    person = viewer()
    if person is not None and person.signed_in:
        return None
    if request.method == "POST":
        return ask_to_sign_in()
    return redirect(url_for(SIGN_IN, next=request.path), code=303)


def go_to(endpoint: str, notice: str = "", **values: Any) -> ResponseReturnValue:
    """After a change: on to a page, where the notice is said."""
    if notice:
        flash(notice)
    return redirect(url_for(endpoint, **values), code=303)


def join_url(code: str) -> str:
    """The whole address under which a code opens a class."""
    path = url_for("classes.joining.invitation", code=code)
    base = services().public_url.rstrip("/") or request.url_root.rstrip("/")
    return base + path


def secret() -> bytes:
    """The installation's secret, from which codes are made."""
    return rules().secret

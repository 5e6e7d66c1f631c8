"""What all pages of authors share: who may come in, and what is said after a change."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.errors import NotFound
from quizapp.core.messages import say
from quizapp.services.accounts import Role
from quizapp.services.authoring import Author
from quizapp.web.context import viewer
from quizapp.web.resend import ask_to_sign_in

SIGN_IN = "accounts.sign_in_page"


def require_sign_in() -> ResponseReturnValue | None:
    """Send visitors and guests to the sign-in, and back to the page they wanted; a form keeps what was typed.

    For ``bp.before_request``.
    """
    person = viewer()
    if person is not None and person.signed_in:
        return None
    if request.method == "POST":
        return ask_to_sign_in()
    return redirect(url_for(SIGN_IN, next=request.path), code=303)


def author() -> Author:
    """Whoever looks, as an author. Raises NotFound for students: for them these pages are not there."""
    person = viewer()
    if person is None or person.account_id is None or person.role not in (Role.TEACHER, Role.ADMIN):
        raise NotFound(say("There is no such page. Check the address, or begin at the list of decks."))
    return Author(person.account_id, person.name or "", person.role is Role.ADMIN)


def go_to(endpoint: str, notice: str = "", **values: Any) -> ResponseReturnValue:
    """After a change: on to a page, where the notice is said."""
    if notice:
        flash(notice)
    return redirect(url_for(endpoint, **values), code=303)

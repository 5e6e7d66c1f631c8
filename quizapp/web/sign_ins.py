"""Ending sign-ins of one's own elsewhere; the account's page lists them."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import sign_ins
from quizapp.web.classes_guard import require_sign_in
from quizapp.web.context import lasting_token, now, viewer, writer

bp = Blueprint("sign_ins", __name__)


def _back() -> ResponseReturnValue:
    return redirect(url_for("accounts.account", _anchor="sign-ins"), code=303)


@bp.post("/account/sign-ins/<handle>/end")
def end(handle: str) -> ResponseReturnValue:
    """Sign one other device out at once."""
    if (asked := require_sign_in()) is not None:
        return asked
    sign_ins.end_sign_in(writer(), viewer(), handle, lasting_token(), now())
    return _back()


@bp.post("/account/sign-ins/end-others")
def end_others() -> ResponseReturnValue:
    """Sign all other devices out at once."""
    if (asked := require_sign_in()) is not None:
        return asked
    sign_ins.end_other_sign_ins(writer(), viewer(), lasting_token())
    return _back()

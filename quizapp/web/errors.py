"""Every error a person can meet: a page that says what happened and what to do, or a problem document for programs.

The pages need no database: they must show when it is the database that does not answer.
"""

import logging

from flask import Flask, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, SecurityError

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound, QuizappError, TooManyAttempts
from quizapp.services import health
from quizapp.services.assessments.holding import HeldBack
from quizapp.web.api.problem import make_problem
from quizapp.web.context import lost_sign_in, viewer
from quizapp.web.resend import ask_to_sign_in, offer_again
from quizapp.web.text import translate
from quizapp.web.words import gettext

log = logging.getLogger("quizapp")

_STATUS: tuple[tuple[type[QuizappError], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (Invalid, 422),
    (TooManyAttempts, 429),
)


_SIGN_INS = frozenset({"accounts", "two_factor", "oidc"})
"""Blueprints whose own forms are the way in: what is refused there is tried again, not kept."""


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _title(status: int) -> str:
    titles = {
        400: gettext("The request was not understood"),
        403: gettext("This is not for you"),
        404: gettext("This page is not here"),
        405: gettext("This cannot be done that way"),
        408: gettext("That took too long"),
        409: gettext("That does not fit"),
        413: gettext("That is too large"),
        422: gettext("Something is not right yet"),
        429: gettext("Too often"),
        503: gettext("The data cannot be reached just now"),
    }
    return titles.get(status, gettext("Something went wrong"))


def show_error(
    status: int,
    message: str,
    advice: str = "",
    fields: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> ResponseReturnValue:
    """An error as a page, or as a problem document for the API."""
    if _is_api():
        return make_problem(status, _title(status), message, fields, headers)
    know_viewer_if_possible(status)
    page = render_template(
        "errors/error.html",
        status=status,
        title=_title(status),
        message=message,
        advice=advice,
        links=[(gettext("To the decks"), url_for("pages.home"))],
    )
    return page, status, headers or {}


def know_viewer_if_possible(status: int = 400) -> None:
    """Find out who is looking, for a page that must also show when the database does not answer."""
    try:
        g.viewer = None if status >= 500 else viewer()
    except SQLAlchemyError:
        g.viewer = None


def _ask_who() -> ResponseReturnValue | None:
    """To the sign-in, for a visitor or guest before what is for somebody else; a program is told so instead."""
    person = viewer()
    if _is_api() or (person is not None and person.signed_in):
        return None
    if request.method == "POST" and request.blueprint not in _SIGN_INS:
        return ask_to_sign_in()
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in_page", next=wanted), code=303)


def _came_from_a_lost_sign_in() -> bool:
    return request.method == "POST" and not _is_api() and request.blueprint not in _SIGN_INS and lost_sign_in()


def on_quizapp_error(error: QuizappError) -> ResponseReturnValue:
    """What a use case refused. Who is not signed in is asked to, before anything is said to be for others.

    A form whose sign-in has run out finds nothing of its sender's any more: it is kept.
    """
    if isinstance(error, NotFound | Forbidden) and _came_from_a_lost_sign_in():
        return ask_to_sign_in()
    if isinstance(error, Forbidden) and (asked := _ask_who()) is not None:
        return asked
    status = next(code for kind, code in _STATUS if isinstance(error, kind))
    fields = {name: translate(text) for name, text in error.fields.items()} if isinstance(error, Invalid) else None
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyAttempts | HeldBack) else None
    advice = " ".join(fields.values()) if fields else ""
    return show_error(status, translate(error.message), advice, fields, headers)


def on_forged_form(error: CSRFError) -> ResponseReturnValue:
    """A form without a good token."""
    if _is_api():
        message = gettext("The X-CSRFToken header is missing or old. Reload the page, or use an access token.")
        return make_problem(400, gettext("The request could not be taken"), message)
    know_viewer_if_possible()
    return offer_again()


def on_http_error(error: HTTPException) -> ResponseReturnValue:
    """What the framework refused: an unknown address, a wrong method, too large a body, a host that is not ours."""
    if isinstance(error, SecurityError):  # no page can be made: there is no address for its links
        return Response("This server does not answer for that host name.\n", 400, content_type="text/plain")
    status = error.code or 500
    advice = {
        404: gettext("Check the address, or begin at the decks."),
        413: gettext("Send less at once."),
    }.get(status, "")
    message = {
        404: gettext("There is nothing at this address, or it is not yours to see."),
        405: gettext("This address does not take such a request."),
        408: gettext("The request did not arrive in time. Send it again; the connection may be slow."),
        413: gettext("What was sent is larger than the server takes."),
    }.get(status, gettext("The server could not make sense of the request."))
    if status < 400:
        return error
    methods = getattr(error, "valid_methods", None)
    return show_error(status, message, advice, headers={"Allow": ", ".join(sorted(methods))} if methods else None)


def _say_trouble(trouble: health.Trouble) -> tuple[str, str]:
    """What happened to the database, and what to do."""
    match trouble:
        case health.Trouble.FULL:
            message = gettext(
                "The server's disk is full. You can read; nothing new can be kept. What was confirmed before is kept."
            )
            return message, gettext("Tell whoever runs this server to make room. Then try again.")
        case health.Trouble.DISK:
            message = gettext(
                "The server's disk does not take what is written to it. What was confirmed before is kept."
            )
            return message, gettext("Tell whoever runs this server to look after the disk. Then try again.")
        case health.Trouble.DAMAGED:
            message = gettext("The database is damaged. Until it is mended it is only read, and nothing can be kept.")
            return message, gettext(
                "Tell whoever runs this server: stop it and go back to the last good backup (quizapp db restore)."
            )
        case health.Trouble.SILENT:
            message = gettext("The database does not answer. Nothing is lost: what was confirmed before is kept.")
            return message, gettext("Wait a minute, then try again.")


def on_silent_database(error: DatabaseError | InterfaceError | PoolTimeoutError) -> ResponseReturnValue:
    """The database does not answer, not in time, or cannot write."""
    trouble = health.explain(error)
    if trouble is health.Trouble.SILENT and not isinstance(error, OperationalError | InterfaceError | PoolTimeoutError):
        return on_crash(error)  # a statement of ours that the database refuses
    g.database_error = type(error).__name__
    log.error("the database does not answer: %s", getattr(error, "orig", error))
    message, advice = _say_trouble(trouble)
    return show_error(503, message, advice, headers={"Retry-After": "30"})


def on_crash(error: Exception) -> ResponseReturnValue:
    """A mistake of ours."""
    log.exception("%s %s failed", request.method, request.path)
    message = gettext("The mistake is ours, and it is written down in the server's log.")
    return show_error(500, message, gettext("Go back and try again. If it happens again, tell your teacher."))


def init_app(app: Flask) -> None:
    """Handle every error of the app."""
    app.register_error_handler(QuizappError, on_quizapp_error)
    app.register_error_handler(CSRFError, on_forged_form)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(DatabaseError, on_silent_database)
    app.register_error_handler(InterfaceError, on_silent_database)
    app.register_error_handler(PoolTimeoutError, on_silent_database)
    app.register_error_handler(Exception, on_crash)

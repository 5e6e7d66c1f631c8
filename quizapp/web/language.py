"""The reader's choice of a language, kept in a cookie, so that it holds signed out and on this device alone."""

from datetime import timedelta
from functools import cache

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from quizapp.core.errors import Invalid
from quizapp.core.messages import say
from quizapp.web.context import services
from quizapp.web.locales import LANGUAGE_COOKIE, LANGUAGES, language_cookie
from quizapp.web.security import is_safe_path
from quizapp.web.text import name_language

_A_YEAR = timedelta(days=365)
_KEPT_BY_ALL = ("static", "media.send")
"""What may be kept between server and browser sets no cookies."""

bp = Blueprint("language", __name__)


@bp.app_template_global("languages")
@cache
def list_languages() -> list[tuple[str, str]]:
    """Each language with its name in itself."""
    return [(language, name_language(language)) for language in LANGUAGES]


@bp.app_template_global("path_here")
def find_path_here() -> str:
    """Where the reader is, as an address that can be opened again: after a form was sent, its page may have none."""
    if request.method in ("GET", "HEAD"):
        return request.full_path if request.query_string else request.path
    adapter = current_app.create_url_adapter(request)
    try:
        if adapter is not None:
            adapter.match(request.path, method="GET")
            return request.path
    except (NotFound, MethodNotAllowed, RequestRedirect):
        pass
    return url_for("pages.home")


@bp.after_app_request
def forget_nonsense(response: Response) -> Response:
    """Take a cookie away that names no language we have: it counts for nothing, and would be sent for a year.

    So is the cookie of the plain name, on a site that uses the protected one: it is from before, or from a neighbour.
    """
    name, sent = language_cookie(), request.cookies
    if not sent or request.endpoint in _KEPT_BY_ALL:
        return response
    chosen = request.endpoint == "language.choose" and response.status_code < 400
    if name in sent and sent[name] not in LANGUAGES and not chosen:
        response.delete_cookie(name, secure=services().secure, httponly=True, samesite="Lax", path="/")
    if name != LANGUAGE_COOKIE and LANGUAGE_COOKIE in sent:
        response.delete_cookie(LANGUAGE_COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return response


@bp.post("/language")
def choose() -> ResponseReturnValue:
    """Keep the choice, and go back to the page where it was made.

    Raises Invalid for a language in which there is no catalogue.
    """
    language, wanted = request.form.get("language", ""), request.form.get("next", "")
    if language not in LANGUAGES:
        raise Invalid(say("Choose one of these."))
    response = redirect(wanted if is_safe_path(wanted) else url_for("pages.home"), code=303)
    response.set_cookie(
        language_cookie(), language, max_age=_A_YEAR, secure=services().secure, httponly=True, samesite="Lax", path="/"
    )
    return response

"""What keeps strangers out of every request: headers, the origin of forms, and forged forms."""

from functools import partial
from urllib.parse import urlsplit

from flask import Flask, Response, g, request, session
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import NotFound

from quizapp.web import remembering
from quizapp.web.context import came_with_token, lasting_token, services, viewer
from quizapp.web.remembering import FormTokens
from quizapp.web.text import is_present_version

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_HEADERS = tuple((name, name.lower(), value) for name, value in _ALWAYS.items())
_KEPT = frozenset({"static", "media.send"})
_OF_A_FILE = frozenset({200, 206, 304})
"""What answers with a file; where there is none, a page says so, with the reader's name in it, which nobody keeps."""
_A_YEAR = 365 * 24 * 60 * 60


def is_safe_path(path: str) -> bool:
    """Whether a path to come back to stays on this site: it begins with one slash and holds nothing a browser mends."""
    return (
        path.startswith("/")
        and not path.startswith("//")
        and "\\" not in path
        and path.isprintable()
        and not urlsplit(path).netloc
    )


def comes_from_here() -> bool:
    """Whether the browser says that this request was made by one of our own pages."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    return _origin_fits() is True


def _origin_fits() -> bool | None:
    """Whether the Origin header names this site; None where the browser tells nothing."""
    origin = request.headers.get("Origin")
    if origin is None or origin == "null":
        return None
    try:
        return urlsplit(origin).netloc in (request.host, urlsplit(services().public_url).netloc)
    except ValueError:
        return False


def forget_form_token() -> None:
    """Begin the browser session anew: what came before a sign-in is worth nothing after it."""
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF keeps one a request; the page still to be made needs a new one


def refuse_forgery(tokens: FormTokens) -> None:
    """Let no unsafe request pass without a form token of ours; one with an access token needs none.

    Raises CSRFError.
    """
    if request.method in SAFE_METHODS or request.routing_exception is not None:
        return  # what leads nowhere is told so
    if request.blueprint == "api" and (came_with_token() or viewer() is None):
        return  # no cookie counts, so there is nothing to forge; without a person the API refuses by itself
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none") or _origin_fits() is False:
        raise CSRFError("The form was sent by another site.")
    if request.endpoint == "language.choose":
        return  # nothing to gain by forging it, and pages without forms need no browser session for it
    tokens.prove()


def _drop_nul(fields: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    pairs = fields.items(multi=True)  # a part of a form may have no name at all
    return ImmutableMultiDict([(name.replace("\0", ""), value.replace("\0", "")) for name, value in pairs if name])


def drop_nul() -> None:
    """Let no NUL in, which PostgreSQL takes in no text: from forms and queries it is dropped, as it says nothing.

    So are the parts of a form that have no name.

    Raises NotFound for one in a path.
    """
    if "\0" in request.path:
        raise NotFound
    if b"%00" in request.query_string:
        request.args = _drop_nul(request.args)
    if request.method in SAFE_METHODS or request.routing_exception is not None:
        return  # no form is read
    if request.environ.get("CONTENT_TYPE", "").startswith("application/json"):
        return  # here neither
    if any(not name or "\0" in name + value for name, value in request.form.items(multi=True)):
        request.form = _drop_nul(request.form)


def add_headers(response: Response) -> Response:
    """Headers for every response; pages are personal and kept by nobody."""
    headers, endpoint = response.headers, request.endpoint
    known = {name.lower() for name in headers.keys()}  # noqa: SIM118 - the headers themselves are pairs
    for name, lower, value in _HEADERS:
        if lower not in known:
            headers.add(name, value)
    if endpoint in _KEPT and response.status_code in _OF_A_FILE:  # those say themselves how long they are kept
        if endpoint == "static" and not is_present_version(**request.view_args or {}, version=request.args.get("v")):
            headers["Cache-Control"] = "no-cache"  # without its mark, the address may hold something else tomorrow
    else:
        if "cache-control" not in known:
            headers.add("Cache-Control", "no-store")
        if headers.get("Vary", "Cookie") == "Cookie":  # nobody's, or that of a session
            headers["Vary"] = "Cookie, X-Fragment, Accept-Language"
        else:
            response.vary.update(("Cookie", "X-Fragment", "Accept-Language"))
    if services().secure and "strict-transport-security" not in known:
        headers.add("Strict-Transport-Security", f"max-age={_A_YEAR}")
    return response


def init_app(app: Flask) -> None:
    """Guard every request of the app."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # checked by refuse_forgery, which knows access tokens
    app.config["WTF_CSRF_SSL_STRICT"] = False  # wants a Referer, which some browsers keep back; Origin says the same
    tokens = remembering.init_app(app, lambda: lasting_token() if viewer() is not None else "")
    app.before_request(drop_nul)  # first: Flask-WTF looks into every name of a form
    app.before_request(partial(refuse_forgery, tokens))
    app.after_request(add_headers)

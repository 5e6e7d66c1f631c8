"""What browsers send again and again, checked once: session cookies and form tokens with their signatures.

Flask and Flask-WTF look at both anew in every request, and make a new token for every page; that was a tenth of an
answer. A signature that was right stays right, so what they found is remembered here: a session's cookie for a minute,
a token for as long as its session has the same secret. They remain the judges of all that is new or was refused.
"""

import time
from collections.abc import Callable
from copy import deepcopy
from typing import Any, Generic, TypeVar

from flask import Flask, Request, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import Signer, URLSafeTimedSerializer
from markupsafe import Markup

_MOST = 4096
_SECONDS = 60.0
_FIELD = "csrf_token"
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

csrf = CSRFProtect()


class _Memory(Generic[_Key, _Value]):
    """A table with an end: full, it begins anew. Where two threads find nothing, both look for themselves."""

    def __init__(self) -> None:
        self._known: dict[_Key, _Value] = {}

    def find(self, key: _Key) -> _Value | None:
        return self._known.get(key)

    def keep(self, key: _Key, value: _Value) -> None:
        if len(self._known) >= _MOST:
            self._known = {}
        self._known[key] = value


class RememberingSessions(SecureCookieSessionInterface):
    """Flask's sessions; a cookie that was read within the last minute is not proved again."""

    def __init__(self) -> None:
        self._read: _Memory[str, tuple[float, dict[str, Any]]] = _Memory()
        self._serializer: tuple[object, URLSafeTimedSerializer | None] | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Flask's own, made once for a secret."""
        secrets = (app.secret_key, app.config["SECRET_KEY_FALLBACKS"])
        if self._serializer is None or self._serializer[0] != secrets:
            self._serializer = secrets, super().get_signing_serializer(app)
            self._read = _Memory()
        return self._serializer[1]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session that a cookie holds; an empty one without a good cookie."""
        cookie = request.cookies.get(self.get_cookie_name(app)) if request.cookies else None
        self.get_signing_serializer(app)
        known = self._read.find(cookie) if cookie else None
        if known is not None and time.monotonic() - known[0] < _SECONDS:
            return self.session_class(deepcopy(known[1]))
        opened = super().open_session(app, request)
        if cookie and opened:
            self._read.keep(cookie, (time.monotonic(), deepcopy(dict(opened))))
        return opened


def _sign(secret: str) -> str:
    return Signer(current_app.secret_key or "", salt="the secret of a browser session").get_signature(secret).decode()


class FormTokens:
    """The tokens in the forms of one app's pages, against forgery.

    A browser session begun by somebody with a sign-in has its secret from that sign-in. Pages that are asked for at
    once, as when a phone opens its tabs again, then begin the same one; with a secret drawn for each, the last to come
    would make the forms of all others worthless.
    """

    def __init__(self, find_sign_in: Callable[[], str] = str) -> None:
        """``find_sign_in`` gives the secret of the sign-in that holds; blank for a visitor."""
        self._find_sign_in = find_sign_in
        self._made: _Memory[str, str] = _Memory()
        self._proved: _Memory[tuple[str, str], bool] = _Memory()

    def make(self) -> str:
        """The token for the forms of this browser session, which begins with it."""
        if _FIELD not in session and (sign_in := self._find_sign_in()):
            session[_FIELD] = _sign(sign_in)
        known = self._made.find(session.get(_FIELD, ""))
        if known is not None:
            g.csrf_token = known  # where Flask-WTF's own fields look first
            return known
        token = str(generate_csrf())
        self._made.keep(session[_FIELD], token)
        return token

    def show(self) -> Markup:
        """The hidden field of a form."""
        return Markup(f'<input type="hidden" name="csrf_token" value="{self.make()}">')  # noqa: S704 - letters and points

    def prove(self) -> None:
        """Let a request pass whose token fits its browser session. Raises CSRFError."""
        pair = request.form.get(_FIELD, ""), session.get(_FIELD, "")
        if self._proved.find(pair):
            g.csrf_valid = True
            return
        csrf.protect()
        if all(pair):
            self._proved.keep(pair, True)


def form_tokens() -> FormTokens:
    """Those of this app."""
    found: FormTokens = current_app.extensions["form_tokens"]
    return found


def init_app(app: Flask, find_sign_in: Callable[[], str] = str) -> FormTokens:
    """Give an app sessions and tokens that are remembered. The templates' ``csrf_field()`` is a form's hidden field."""
    csrf.init_app(app)
    app.session_interface = RememberingSessions()
    tokens = app.extensions["form_tokens"] = FormTokens(find_sign_in)
    app.jinja_env.globals.update(csrf_token=tokens.make, csrf_field=tokens.show)
    return tokens

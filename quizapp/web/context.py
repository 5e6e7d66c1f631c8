"""What belongs to one request: its database sessions, its moment, and who is looking."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from quizapp.core.devices import read_device
from quizapp.services import accounts
from quizapp.services.accounts import NewSignIn, Viewer
from quizapp.services.rules import StudyRules, find_rules

log = logging.getLogger("quizapp")

COOKIE = "quizapp_sign_in"
SECURE_COOKIE = "__Host-quizapp_sign_in"


class Sessions(Protocol):
    """What gives sessions."""

    def new_reader(self) -> Session:
        """A session that only reads."""

    def new_writer(self) -> Session:
        """A session for one writing use case."""


class SharedSessions(Sessions, Protocol):
    """Sessions of one request, over one connection."""

    def end(self) -> None:
        """Give the connection back."""


class OpenDatabase(Sessions, Protocol):
    """The part of the database that requests use."""

    def share(self) -> SharedSessions:
        """Sessions for one request."""


@dataclass(frozen=True, slots=True)
class Services:
    """What ``create_app`` wires up for the views."""

    database: OpenDatabase
    rules: StudyRules
    secure: bool
    public_url: str

    @property
    def cookie(self) -> str:
        """The name of the sign-in cookie. Browsers bind the ``__Host-`` prefix to HTTPS and this very host."""
        return SECURE_COOKIE if self.secure else COOKIE


def _here() -> Any:
    """What this request keeps, itself: each look through ``g`` would find it anew, and a page looks a hundred times."""
    return g._get_current_object()


def services() -> Services:
    """The services of this app."""
    here = _here()
    if "wired" not in here:
        here.wired = current_app.extensions["quizapp"]
    found: Services = here.wired
    return found


def rules() -> StudyRules:
    """The study rules for whoever is looking: what was chosen, laid over those of the installation."""
    here = _here()
    if "rules" not in here:
        person = viewer()
        here.rules = services().rules
        if person is not None:
            # Where the request writes already, a second session would go on seeing what was there before.
            session = here.writer if "writer" in here else reader()
            here.rules = find_rules(session, here.rules, person.learner_id)
    found: StudyRules = here.rules
    return found


def now() -> datetime:
    """The moment of this request: the same wherever it is asked, cut to the millisecond."""
    here = _here()
    if "now" not in here:
        moment = datetime.now(UTC)
        here.now = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    found: datetime = here.now
    return found


def _sessions(here: Any) -> SharedSessions:
    if "sessions" not in here:
        here.sessions = services().database.share()
    found: SharedSessions = here.sessions
    return found


def reader() -> Session:
    """The request's reading session. Never use it after ``writer()`` where the writer's rows matter."""
    here = _here()
    if "reader" not in here:
        here.reader = _sessions(here).new_reader()
    found: Session = here.reader
    return found


def writer() -> Session:
    """The request's writing session; ends what the reading one saw, so that nothing is decided on old rows."""
    here = _here()
    if "reader" in here:
        here.reader.close()  # who reads with it again reads anew
    if "writer" not in here:
        here.writer = _sessions(here).new_writer()
    found: Session = here.writer
    return found


def close_sessions(_: BaseException | None = None) -> None:
    """End what the request opened; what was not committed is rolled back."""
    here = _here()
    for name in ("reader", "writer"):
        if name in here:
            here.pop(name).close()
    if "sessions" in here:
        here.pop("sessions").end()


def _bearer_token() -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def came_with_token() -> bool:
    """Whether the request signs itself with a personal access token: then no cookie counts, and no CSRF is possible."""
    return _bearer_token() is not None


def viewer() -> Viewer | None:
    """Who is looking; None for a visitor. Looked up once a request."""
    here = _here()
    if "viewer" not in here:
        here.viewer = _recognise()
    found: Viewer | None = here.viewer
    return found


def _recognise() -> Viewer | None:
    token = _bearer_token()
    if token is not None:
        return _recognise_token(token) if request.blueprint == "api" else None
    cookie = request.cookies.get(services().cookie)
    if not cookie:
        return None
    found = accounts.recognise(reader(), cookie, now())
    if found is None:
        g.stale_cookie = True
        return None
    person, wants_touch = found
    g.touch = wants_touch
    return person


def _recognise_token(token: str) -> Viewer | None:
    found = accounts.recognise_token(reader(), token, now())
    if found is None:
        return None
    person, g.note_token = found
    return person


def lost_sign_in() -> bool:
    """Whether the browser showed a sign-in that no longer holds."""
    return viewer() is None and bool(g.get("stale_cookie"))


def learner_id() -> int | None:
    """The id of whoever is looking; None for a visitor."""
    person = viewer()
    return None if person is None else person.learner_id


def open_sign_in(sign_in: NewSignIn) -> None:
    """From this response on the browser is this person."""
    g.viewer = sign_in.viewer
    g.new_sign_in = sign_in
    g.pop("rules", None)


def close_sign_in() -> None:
    """From this response on the browser is a visitor."""
    g.viewer = None
    g.new_sign_in = None
    g.pop("rules", None)


def sign_in_token() -> str | None:
    """The secret of the sign-in cookie that the browser sent."""
    return request.cookies.get(services().cookie)


def lasting_token() -> str:
    """The secret of the sign-in that holds from this response on: the cookie's, or a newer one; blank without any."""
    opened: NewSignIn | None = g.get("new_sign_in")
    return opened.token if opened is not None else sign_in_token() or ""


def client_address() -> str:
    """Where the request comes from, as far as the trusted proxies tell."""
    return request.remote_addr or "unknown"


def client_device() -> str:
    """What kind of browser the request comes from, as coarse as it is kept."""
    return read_device(request.headers.get("User-Agent", ""))


def ensure_learner() -> Viewer:
    """Who is looking; a visitor becomes a guest, whose progress is kept behind a cookie."""
    person = viewer()
    if person is None:
        sign_in = accounts.start_guest(writer(), client_address(), now(), client_device())
        open_sign_in(sign_in)
        person = sign_in.viewer
    return person


def send_cookie(response: Response) -> Response:
    """Set, renew or clear the sign-in cookie as the request decided."""
    here = _here()
    if "new_sign_in" in here:
        sign_in: NewSignIn | None = here.new_sign_in
        if sign_in is None:
            _clear_cookie(response)
        else:
            _set_cookie(response, sign_in.token, sign_in.expires_at)
    elif here.get("stale_cookie"):
        if not _came_beside_a_page():
            _clear_cookie(response)
    elif here.get("touch") or here.get("note_token"):
        _note_use(response)
    return response


def _came_beside_a_page() -> bool:
    """Whether a script asked for this, or the browser for a picture, while a page goes on being shown.

    Such a reply may come after that of a newer sign-in, whose cookie it must leave alone.
    """
    return request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate" or "X-Fragment" in request.headers


def _note_use(response: Response) -> None:
    """Once in a while, write down that a sign-in or a token is in use. The response does not depend on it."""
    person, cookie, token = g.get("viewer"), sign_in_token(), _bearer_token()
    try:
        if g.get("touch") and person is not None and cookie and not _came_beside_a_page():
            _set_cookie(response, cookie, accounts.keep_alive(writer(), person, cookie, now(), client_device()))
        if g.get("note_token") and token:
            accounts.note_token(writer(), token, now())
    except SQLAlchemyError as error:
        log.warning("the use of a sign-in was not noted: %s", error)
        close_sessions()


def _clear_cookie(response: Response) -> None:
    wired = services()
    response.delete_cookie(wired.cookie, secure=wired.secure, httponly=True, samesite="Lax")


def _set_cookie(response: Response, token: str, expires_at: datetime) -> None:
    wired = services()
    response.set_cookie(
        wired.cookie, token, expires=expires_at, secure=wired.secure, httponly=True, samesite="Lax", path="/"
    )


def init_app(app: Flask) -> None:
    """Tie sessions and cookies to the app's requests."""
    app.after_request(send_cookie)
    app.teardown_request(close_sessions)

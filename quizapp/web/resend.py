"""Forms that could not be taken: nothing was recorded, and nothing that was typed is lost.

What was typed is shown, however long it is, so that it can be copied. It can be sent again as well, but for a file,
which no page can hold, and for texts longer than the sign-in's form may be: then the page says so.
"""

from typing import Any
from urllib.parse import quote

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from quizapp.web.context import viewer
from quizapp.web.fieldlabels import find_labels, find_passwords
from quizapp.web.forms import SignInForm
from quizapp.web.school import is_only_way
from quizapp.web.security import comes_from_here, is_safe_path
from quizapp.web.words import gettext

CARRIED_FOR = 24 * 60 * 60
LONGEST_CARRIED = 600_000
"""Bytes of a signed form that go through the sign-in, whose own form is at most a million."""
_HIDDEN = frozenset({"csrf_token", "carried"})
_CODES = frozenset({"otp"})
_MACHINE = frozenset(
    {"key", "card", "revision", "learner", "hint_used", "shown_ms", "next", "waiting", "version", "seen", "act"}
)


def _typed_fields() -> list[tuple[str, str]]:
    """What the form held, without secrets: what is a password in any form is one wherever it is sent."""
    left = _HIDDEN | _CODES | find_passwords()
    return [(name, value) for name, values in request.form.lists() if name not in left for value in values]


def _find_action() -> str:
    """The address that the form was sent to, with its query."""
    query = request.query_string.decode("ascii", "replace")
    path = quote(request.script_root + request.path, safe="/:@!$&'()*+,;=~-._")
    return f"{path}?{query}" if query else path


def _has_files() -> bool:
    return any(file.filename for file in request.files.values())


def _shown(fields: list[tuple[str, str]], endpoint: str | None) -> list[tuple[str, str]]:
    """The part of the fields that a person typed or chose, called as the endpoint's form calls them."""
    labels = find_labels(endpoint)
    return [
        (_label(name, labels), value)
        for name, value in fields
        if name not in _MACHINE and value and not _is_frame(name)
    ]


def _is_frame(name: str) -> bool:
    return name.startswith(("item-", "left-"))


def _label(name: str, labels: dict[str, str]) -> str:
    kind, _, number = name.partition("-")
    if number.isdecimal() and len(number) < 4:
        return gettext("Part %(number)s of your answer", number=int(number) + 1)
    return labels.get(name) or labels.get(kind, kind)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="carried-form")


def carry() -> str:
    """The form in hand, signed, to be taken along through a sign-in; blank where that would be too much."""
    fields = [(name, value) for name, value in _typed_fields() if name != "learner"]
    carried = str(_serializer().dumps({"action": _find_action(), "fields": fields, "endpoint": request.endpoint}))
    return carried if len(carried) <= LONGEST_CARRIED and not _has_files() else ""


def is_somebody_elses() -> bool:
    """Whether the form was made for somebody who is no longer signed in here. A visitor's form is anybody's."""
    person, marked = viewer(), request.form.get("learner", "")
    return marked != "" and (person is None or person.handle != marked)


def ask_to_sign_in() -> ResponseReturnValue:
    """The page for a form whose sign-in has run out: sign in again, and the answer is still there."""
    carried = carry()
    message = gettext("Nothing was recorded yet. Sign in again; then you can send it.")
    if not carried:
        message = gettext(
            "Nothing was recorded yet. A file, or a text as long as this, cannot be kept through a sign-in: copy what"
            " you need from this page, sign in, and send it from its own page again."
        )
    by_password = not is_only_way()
    if carried and not by_password:
        message = gettext("Nothing was recorded yet. Sign in in another tab; then come back here and send it.")
    page = render_template(
        "errors/resend.html",
        title=gettext("You are no longer signed in") if viewer() is None else gettext("Sign in first"),
        message=message,
        typed=_shown(_typed_fields(), request.endpoint),
        fields=[(name, value) for name, value in _typed_fields() if name != "learner"],
        action=_find_action(),
        can_resend=bool(carried),
        sign_in_form=SignInForm(formdata=None, carried=carried) if by_password else None,
    )
    return page, 401


def offer_carried(carried: str) -> ResponseReturnValue | None:
    """After the sign-in: the page with the carried form, to be sent with one press. None where there is none."""
    try:
        held: dict[str, Any] = _serializer().loads(carried, max_age=CARRIED_FOR)
    except BadSignature:
        return None
    fields = [(str(name), str(value)) for name, value in held["fields"]]
    title, message = gettext("You are signed in again"), gettext("Your answer is still here.")
    return _offer(title, message, str(held["action"]), fields, endpoint=held.get("endpoint")), 200


def offer_again() -> ResponseReturnValue:
    """The page for a form without a good token: it says so, shows what was typed, and can send it again.

    A form that another site has sent is shown, and cannot be sent from here.
    """
    can_resend = comes_from_here() and is_safe_path(request.path) and not _has_files()
    advice = gettext("Nothing was recorded. The page was open for too long, or cookies are switched off.")
    title, fields = gettext("This form could not be taken"), _typed_fields()
    return _offer(title, advice, _find_action(), fields, can_resend=can_resend, endpoint=request.endpoint), 400


def _offer(
    title: str,
    message: str,
    action: str,
    fields: list[tuple[str, str]],
    *,
    can_resend: bool = True,
    endpoint: str | None,
) -> str:
    return render_template(
        "errors/resend.html",
        title=title,
        message=message,
        typed=_shown(fields, endpoint),
        fields=fields,
        action=action,
        can_resend=can_resend,
        sign_in_form=None,
    )

"""What a school's sign-in server says of a person: the claims of an ID token, checked.

Source: OpenID Connect Core 1.0, sections 2 and 3.1.3.7. Who somebody is, is the issuer with the subject; names and
addresses of e-mail may change hands and identify nobody.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from quizapp.core.errors import Invalid
from quizapp.core.names import LONGEST_NAME, clean_name

CLOCKS_DIFFER = timedelta(seconds=60)
OLDEST_TOKEN = timedelta(minutes=10)
LONGEST_SUBJECT = 255
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NAME_CLAIMS = ("name", "preferred_username", "nickname", "given_name")


class Mistrusted(Exception):
    """What came is not a token for us, here and now. The text is for the log and names nobody."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say: by whom it was made, for whom, and the nonce of this one sign-in."""

    issuer: str
    client_id: str
    nonce: str


@dataclass(frozen=True, slots=True)
class TeacherMark:
    """The claim, and its value, that teachers have: ``groups`` and ``teachers``; a dot leads into an object."""

    claim: str
    value: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as the school's sign-in server knows them. ``name`` is blank where it tells none that can be used.

    ``is_teacher`` is None where the school does not let the server say so.
    """

    issuer: str
    subject: str
    name: str
    is_teacher: bool | None


def is_safe_server(address: str) -> bool:
    """Whether an address may be asked or sent to: https, or this very machine for trying things out."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port  # a wrong port is a ValueError
    except ValueError:
        return False
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    plain = address.isascii() and address.isprintable() and " " not in address and "\\" not in address
    return safe and plain and bool(host) and "@" not in parts.netloc and "#" not in address


def read_mark(text: str) -> TeacherMark:
    """The mark written as ``claim=value``. Raises ValueError."""
    claim, _, value = text.partition("=")
    if not claim.strip() or not value.strip():
        raise ValueError("write a claim and its value, such as groups=teachers")
    return TeacherMark(claim.strip(), value.strip())


def _read_moment(claims: Mapping[str, object], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Mistrusted(f"{name} is no number")
    return value


def _check_time(claims: Mapping[str, object], now: datetime) -> None:
    moment, grace = now.timestamp(), CLOCKS_DIFFER.total_seconds()
    expires, issued, begins = (_read_moment(claims, name) for name in ("exp", "iat", "nbf"))
    # Written so that a number that is none (NaN) passes no test.
    if expires is None or not moment < expires + grace:
        raise Mistrusted("the token has expired")
    if issued is None or not moment - OLDEST_TOKEN.total_seconds() - grace <= issued <= moment + grace:
        raise Mistrusted("the token was not made just now")
    if begins is not None and not begins <= moment + grace:
        raise Mistrusted("the token does not hold yet")


def _check_audience(claims: Mapping[str, object], client_id: str) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences:
        raise Mistrusted("the token is for somebody else")
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise Mistrusted("the token was given to somebody else")


def read_subject(claims: Mapping[str, object]) -> str:
    """Whom the claims are about. Raises Mistrusted for none, or one that the standard does not allow."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise Mistrusted("the token is about nobody")
    if not subject.isascii() or not subject.isprintable():
        raise Mistrusted("the subject holds signs that it must not")
    return subject


def check_claims(claims: Mapping[str, object], expected: Expected, now: datetime) -> None:
    """Raise Mistrusted unless these claims, whose signature was checked before, are for this sign-in."""
    if claims.get("iss") != expected.issuer:
        raise Mistrusted("the token was made by somebody else")
    _check_audience(claims, expected.client_id)
    _check_time(claims, now)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise Mistrusted("the token is for another sign-in")
    read_subject(claims)


def _find_claim(claims: Mapping[str, object], path: str) -> object:
    """A claim by its name, or by names with dots between them that lead into objects."""
    if path in claims:
        return claims[path]
    found: object = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def has_claim(claims: Mapping[str, object], path: str) -> bool:
    """Whether the claims hold one of this name."""
    return _find_claim(claims, path) is not None


def _is_marked(claims: Mapping[str, object], mark: TeacherMark) -> bool:
    found = _find_claim(claims, mark.claim)
    values = found if isinstance(found, Sequence) and not isinstance(found, str) else [found]
    return any(isinstance(value, str) and value == mark.value for value in values)


def find_name(claims: Mapping[str, object]) -> str:
    """What the person may be called here; blank where no claim can be used as a name."""
    for claim in _NAME_CLAIMS:
        value = claims.get(claim)
        if isinstance(value, str):
            try:
                return clean_name(value[:LONGEST_NAME])
            except Invalid:
                continue
    return ""


def read_identity(claims: Mapping[str, object], mark: TeacherMark | None) -> Identity:
    """Who somebody is, from claims that were checked."""
    is_teacher = None if mark is None else _is_marked(claims, mark)
    return Identity(str(claims["iss"]), read_subject(claims), find_name(claims), is_teacher)

"""The school's own sign-in server as the pages know it, where there is one."""

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, current_app, url_for

from quizapp.core.errors import Forbidden, NotFound
from quizapp.core.identities import read_mark
from quizapp.core.messages import say
from quizapp.services import oidc
from quizapp.services.oidc import Provider, ProviderSettings
from quizapp.settings import Settings

_PLACE = "quizapp-school"


@dataclass(frozen=True, slots=True)
class School:
    """The sign-in server: what people call it, whether it is the only way in, and how it is spoken to."""

    name: str
    only: bool
    provider: Provider


def find_school() -> School | None:
    """The sign-in server; None where there is none."""
    return cast("School | None", current_app.extensions.get(_PLACE))


def require_school() -> School:
    """The sign-in server. Raises NotFound where there is none."""
    school = find_school()
    if school is None:
        raise NotFound(say("There is nothing at this address, or it is not yours to see."))
    return school


def is_only_way() -> bool:
    """Whether the sign-in server is the only way in."""
    school = find_school()
    return school is not None and school.only


def refuse_passwords() -> None:
    """Raise Forbidden where the sign-in server is the only way in."""
    if is_only_way():
        raise Forbidden(say("Passwords count no more here. Sign in with the button."))


def init_app(app: Flask, settings: Settings) -> None:
    """Know the sign-in server that the settings name. Nothing is asked of it before somebody signs in."""
    if not settings.oidc_issuer:
        return
    with app.test_request_context(base_url=settings.public_url):
        back = url_for("oidc.come_back")
    wired = ProviderSettings(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.find_client_secret(),
        redirect_uri=settings.public_url + back,
        home=f"{settings.public_url}/",
        mark=read_mark(settings.oidc_teachers) if settings.oidc_teachers else None,
    )
    name = settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or ""
    app.extensions[_PLACE] = School(name, settings.oidc_only, oidc.connect(wired))

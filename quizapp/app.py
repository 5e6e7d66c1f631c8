"""Wiring: settings in, a Flask app out."""

import logging
from collections.abc import Callable
from ipaddress import IPv6Address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import Flask, Request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import MapAdapter
from werkzeug.wsgi import get_host

from quizapp.core.hosts import find_ipv6
from quizapp.services.rules import make_school_rules
from quizapp.settings import Settings
from quizapp.store.engine import Database
from quizapp.store.writers import WriteQueue
from quizapp.web import (
    accounts,
    assessments,
    assignments,
    authoring,
    claims,
    classes,
    classpage,
    compression,
    context,
    drafting,
    errors,
    exchange,
    games,
    health,
    icons,
    language,
    logs,
    media,
    media_shown,
    metrics,
    offline,
    oidc,
    pages,
    plans,
    practice,
    privacy,
    progress,
    reports,
    school,
    security,
    sign_ins,
    sources,
    study,
    templating,
    text,
    textmap,
    texts,
    texts_replace,
    two_factor,
    urls,
    workload,
)
from quizapp.web import settings as own_settings
from quizapp.web.api import views as api

LARGEST_BODY = 1_000_000
LOOPBACK = ("localhost", "127.0.0.1")
LOOPBACK_IPV6 = IPv6Address("::1")
A_YEAR = 365 * 24 * 60 * 60
BLUEPRINTS = (
    pages.bp,
    study.bp,
    claims.bp,
    classes.bp,
    sources.bp,
    authoring.bp,
    drafting.bp,
    exchange.bp,
    texts.bp,
    texts_replace.bp,
    accounts.bp,
    sign_ins.bp,
    two_factor.bp,
    oidc.bp,
    classpage.bp,
    textmap.bp,
    progress.bp,
    own_settings.bp,
    privacy.bp,
    workload.bp,
    plans.bp,
    practice.bp,
    assessments.bp,
    assignments.bp,
    games.bp,
    health.bp,
    offline.bp,
    language.bp,
    reports.bp,
    media.bp,
    media.desk,
    api.bp,
)


class _Plain(Flask):
    """Flask without coroutines: none of our functions is one, and each request asks a dozen times."""

    jinja_environment = templating.SpeakingEnvironment

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func

    _names: list[str] | None = None
    _addresses: frozenset[IPv6Address] = frozenset()

    def trust(self, public: SplitResult) -> None:
        """Answer for this address and for this very machine alone."""
        own = find_ipv6(public.netloc)
        self._names = [*LOOPBACK] if own else [public.hostname or "", *LOOPBACK]
        self._addresses = frozenset((LOOPBACK_IPV6, own) if own else (LOOPBACK_IPV6,))

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Check the host that was asked for. Raises SecurityError.

        Werkzeug's own check cuts IPv6 addresses at their first colon, and trusts none. So they are compared here, by
        what they mean, and everything else by Werkzeug.
        """
        if request is not None and self._names is not None:
            is_own = find_ipv6(get_host(request.environ)) in self._addresses
            request.trusted_hosts = None if is_own else self._names
        return super().create_url_adapter(request)


def _configure(app: _Plain, settings: Settings, secret: str, secure: bool) -> None:
    app.config.update(
        SECRET_KEY=secret,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=1_000,
        SEND_FILE_MAX_AGE_DEFAULT=A_YEAR,
        SESSION_COOKIE_NAME="__Host-quizapp_form" if secure else "quizapp_form",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a card may stay open over lunch; the token ends with the sign-in
    )
    if settings.public_url:
        app.trust(urlsplit(settings.public_url))
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """The web app of one installation. ``database`` is opened from the settings where it is not given."""
    secret = settings.find_secret()
    app = _Plain("quizapp.web", static_folder="static", template_folder="templates")
    secure = settings.public_url.startswith("https://")
    _configure(app, settings, secret, secure)
    app.config.update(DATABASE_URL=settings.resolved_database_url, BACKUP_FOLDER=settings.backup_folder)
    app.config.update(DRAFT_URL=settings.draft_url, DRAFT_TOKEN=settings.draft_token)
    opened = database or Database(settings.resolved_database_url)
    app.extensions["quizapp"] = context.Services(
        database=opened,
        rules=make_school_rules(settings.zone, settings.day_start, secret),
        secure=secure,
        public_url=settings.public_url,
    )
    if settings.metrics:
        WriteQueue.around_waiting = staticmethod(metrics.init_app(app).waiting)
    for part in (logs, context, compression, security, text, icons, urls, media_shown, errors):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    school.init_app(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    logging.getLogger("quizapp").setLevel(logging.INFO)
    return app

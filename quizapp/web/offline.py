"""Without network: the service worker, the page for when nothing can be reached, questions to take along, the app's
manifest."""

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.services import offline
from quizapp.services.accounts import Viewer
from quizapp.services.asking import Question
from quizapp.web.context import now, reader, rules, viewer
from quizapp.web.locales import locale
from quizapp.web.remembering import form_tokens
from quizapp.web.study import show_question
from quizapp.web.text import static_url
from quizapp.web.words import gettext

_KEPT = (
    "app.css",
    "offline.css",
    "page.js",
    "outbox.js",
    "outbox-more.js",
    "study.js",
    "order.js",
    "match.js",
    "offline.js",
    "assessments.css",
    "assessments.js",
    "assessments-store.js",
    "assessments-kept.js",
    "icon.svg",
)
"""The static files that studying and sitting a test need: on the device before the network goes. Others are kept once
they were used."""
_ICONS = (
    ("icons/icon-192.png", 192, "any"),
    ("icons/icon-512.png", 512, "any"),
    ("icons/maskable-512.png", 512, "maskable"),
)
_PAPER = "#f7f4ec"
_MOST_KEPT = 64
"""Pages and parts of pages that are kept as they were made: one for each language, and a few while files change."""
_MEDIUM = re.compile(r'<(?:img|audio) [^>]*?src="([^"]+)"')

bp = Blueprint("offline", __name__)


@lru_cache(maxsize=2)
def _read_static(path: Path, _changed: int) -> str:
    return path.read_text(encoding="utf-8")


def _read_worker() -> str:
    path = Path(__file__).parent / "static" / "service-worker.js"
    return _read_static(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=_MOST_KEPT)
def _find_version(_language: str, files: tuple[str, ...]) -> str:
    """Short, and another one whenever what the worker keeps is."""
    kept = render_template("offline/page.html", layout="base.html")
    return hashlib.sha256(f"{files} {kept}".encode()).hexdigest()[:12]


def _holder() -> Viewer | None:
    """The holder of an account who is looking. Guests keep nothing on a device: it is often not theirs."""
    person = viewer()
    return person if person is not None and person.signed_in else None


@lru_cache(maxsize=_MOST_KEPT)
def _render_part(template: str, _language: str, _root: str, _script: str) -> Markup:
    return Markup(render_template(template))  # noqa: S704 - a template of ours


@bp.app_template_global("shared_part")
def show_part(template: str) -> Markup:
    """A part of a page that is the same for all who read this language: rendered once, since each page has it."""
    scripts = static_url("outbox-more.js") + static_url("assessments-kept.js")
    return _render_part(template, str(locale()), request.script_root, scripts)


@bp.get("/service-worker.js")
def worker() -> ResponseReturnValue:
    """The service worker, with the addresses that it keeps. It changes whenever one of them or the page does."""
    files = tuple(static_url(name) for name in _KEPT)
    known = {
        "version": _find_version(str(locale()), files),
        "page": url_for("offline.page", language=str(locale())),  # fetched without cookies: the address says it
        "files": files,
        "statics": url_for("static", filename=""),
        "study": url_for("study.ask", deck=""),
        "decks": url_for("offline.take_along", deck=""),
        "media": url_for("media.send", deck="d", mark="m", name="n").removesuffix("d/m/n"),
    }
    response = Response(
        f"const KNOWN = {json.dumps(known)};\n{_read_worker()}", content_type="text/javascript; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """What a device shows of the installed app."""
    described: dict[str, Any] = {
        "id": url_for("pages.home"),
        "name": "Quizapp",
        "short_name": "Quizapp",
        "description": gettext("Study cards, each with the passage that proves its answer."),
        "start_url": url_for("pages.home"),
        "scope": url_for("pages.home"),
        "display": "standalone",
        "theme_color": _PAPER,
        "background_color": _PAPER,
        "icons": [
            {"src": static_url(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for name, size, purpose in _ICONS
        ],
    }
    response = jsonify(described)
    response.content_type = "application/manifest+json"
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/offline")
def page() -> ResponseReturnValue:
    """What this device keeps, and what can be done without network. It shows nothing of whoever is looking: what it
    says of them, its script finds on the device."""
    return render_template("offline/page.html")


@bp.get("/offline/token")
def token() -> ResponseReturnValue:
    """For sending what was kept: whose answers can be sent now, and the token that their forms need.

    For a visitor nothing can be sent, so no browser session is begun: this is asked for beside pages, and a session
    that came after that of a sign-in's page would take its place, and that form would be refused.
    """
    person = viewer()
    return jsonify(learner=person.handle if person else "", csrf_token=form_tokens().make() if person else "")


def _show(question: Question) -> str:
    made = show_question(question, layout="fragment.html", bare=True)
    return str(made[0]) if isinstance(made, tuple) else str(made)


@bp.get("/offline/decks/<deck>")
def take_along(deck: str) -> ResponseReturnValue:
    """The next questions of a deck for the device of whoever is signed in: as the study page would show them."""
    person = _holder()
    if person is None:
        return jsonify(message=gettext("Sign in to study without network.")), 401
    packed = offline.pack_questions(reader(), deck, person, rules(), now())
    questions = [{"card": question.slug, "html": _show(question)} for question in packed.questions]
    return jsonify(
        learner=person.handle,
        deck=packed.deck.slug,
        title=packed.deck.title,
        language=packed.deck.language,
        address=url_for("study.ask", deck=packed.deck.slug),
        questions=questions,
        media=list(dict.fromkeys(address for one in questions for address in _MEDIUM.findall(one["html"]))),
    )

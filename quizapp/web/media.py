"""Pictures and sound: sending them, and a page on which teachers add them."""

import io
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.deck.media import list_media_names
from quizapp.core.errors import Invalid, NotFound
from quizapp.core.exchange.model import MediaFile
from quizapp.core.media import LARGEST_PICTURE, PICTURES, SOUNDS
from quizapp.services import media
from quizapp.services.authoring import load_draft
from quizapp.web.authoring.guard import author, require_sign_in
from quizapp.web.context import now, reader, writer
from quizapp.web.media_shown import media_url
from quizapp.web.words import gettext

A_YEAR = 365 * 24 * 60 * 60
LARGEST_FORM = LARGEST_PICTURE + 100_000
"""Bytes of a form that brings a picture."""

bp = Blueprint("media", __name__)
desk = Blueprint("media_desk", __name__, url_prefix="/author")
desk.before_request(require_sign_in)


@bp.get("/media/<deck>/<mark>/<name>")
def send(deck: str, mark: str, name: str) -> ResponseReturnValue:
    """A picture or sound: to all where the deck is published, else to its authors. Parts of it can be asked for."""
    if not media.is_public(reader(), deck):
        load_draft(reader(), author(), deck)
    sent = media.load(reader(), deck, mark, name)
    response = send_file(
        io.BytesIO(sent.data), sent.media_type, conditional=True, etag=sent.digest, max_age=A_YEAR, download_name=name
    )
    response.headers["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"  # it may bring a cookie
    response.headers["Accept-Ranges"] = "bytes"
    # Opened by itself, it can load nothing and run nothing, whatever it holds.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@desk.url_value_preprocessor
def take_large_forms(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let pictures in, which are larger than the forms of other pages; before the guards read the form."""
    request.max_content_length = LARGEST_FORM


def _show_desk(slug: str, errors: Mapping[str, str], status: int = 200) -> ResponseReturnValue:
    draft = load_draft(reader(), author(), slug)
    used = list_media_names(draft.content.cards)
    page = render_template(
        "media/desk.html",
        draft=draft,
        media=[(shown, media_url(shown), shown.name in used) for shown in media.list_all(reader(), slug)],
        endings=",".join(f".{ending}" for ending in (*PICTURES, *SOUNDS)),
        errors=errors,
    )
    return page, status


@desk.get("/<slug>/media")
def show_desk(slug: str) -> ResponseReturnValue:
    """The pictures and sounds of a draft, with a form to add one."""
    return _show_desk(slug, {})


@desk.post("/<slug>/media")
def add(slug: str) -> ResponseReturnValue:
    """Keep a picture or sound for a draft."""
    load_draft(reader(), author(), slug)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _show_desk(slug, {"file": gettext("Choose a picture or a sound.")}, 422)
    data = sent.read()
    sent.close()
    try:
        name, problems = media.add(writer(), slug, MediaFile(sent.filename, data), now())
    except Invalid as error:
        return _show_desk(slug, error.fields, 422)
    for problem in problems:
        flash(problem.message)
    flash(gettext("%(name)s is here. Copy its line into a card.", name=name))
    return redirect(url_for("media_desk.show_desk", slug=slug, _anchor=f"file-{name}"), code=303)


@desk.post("/<slug>/media/<name>/remove")
def remove(slug: str, name: str) -> ResponseReturnValue:
    """Take a picture or sound away that no card shows."""
    draft = load_draft(reader(), author(), slug)
    if name in list_media_names(draft.content.cards):
        raise Invalid(gettext("A card shows this. Take it out of the card first."))
    if name not in media.list_names(reader(), slug):
        raise NotFound(gettext("There is no such picture or sound."))
    media.remove(writer(), slug, name)
    flash(gettext("%(name)s is removed.", name=name))
    return redirect(url_for("media_desk.show_desk", slug=slug), code=303)

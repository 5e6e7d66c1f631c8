"""Pictures and sound: sending them, and a page on which teachers add them."""

import io
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.deck.media import list_media_names
from quizapp.core.errors import Invalid, NotFound
from quizapp.core.exchange.model import MediaFile
from quizapp.core.media import PICTURES, SOUNDS, is_plain_name
from quizapp.core.media.bundles import LARGEST_BUNDLE
from quizapp.core.messages import say
from quizapp.core.problem import Problem
from quizapp.services import media, media_history
from quizapp.services.authoring import load_draft, versions
from quizapp.web.authoring.guard import author, require_sign_in
from quizapp.web.context import now, reader, writer
from quizapp.web.media_shown import media_url
from quizapp.web.numbers import number_of
from quizapp.web.text import translate
from quizapp.web.words import gettext, ngettext

A_YEAR = 365 * 24 * 60 * 60
LARGEST_FORM = LARGEST_BUNDLE + 100_000
"""Bytes of a form that brings a picture, or an archive of some."""
MOST_TOLD = 20

bp = Blueprint("media", __name__)
desk = Blueprint("media_desk", __name__, url_prefix="/author")
desk.before_request(require_sign_in)


def _authorise(deck: str) -> None:
    """Let everybody see what is published, and authors their drafts. Raises NotFound."""
    if not media.is_public(reader(), deck):
        load_draft(reader(), author(), deck)


@bp.get("/media/<deck>/<name>")
def find(deck: str, name: str) -> ResponseReturnValue:
    """Where a picture or sound is now: for programs, which know it by the name in the card."""
    _authorise(deck)
    shown = media.find(reader(), deck, [name]).get(name) if is_plain_name(name) else None
    if shown is None:
        raise NotFound(say("There is no such picture or sound."))
    return redirect(media_url(shown))


@bp.get("/media/<deck>/<mark>/<name>")
def send(deck: str, mark: str, name: str) -> ResponseReturnValue:
    """A picture or sound under an address that never means another. Parts of it can be asked for."""
    _authorise(deck)
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
        former=[(one, media_url(one.shown)) for one in media_history.list_former(reader(), slug)],
        endings=",".join(f".{ending}" for ending in (*PICTURES, *SOUNDS, "zip")),
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
        name, problems = _keep(slug, MediaFile(sent.filename, data))
    except Invalid as error:
        return _show_desk(slug, error.fields, 422)
    for problem in problems[:MOST_TOLD]:
        flash(f"{problem.file.rpartition('/')[2]}: {translate(problem.message)} {translate(problem.fix)}")
    return redirect(url_for("media_desk.show_desk", slug=slug, _anchor=f"file-{name}"), code=303)


def _keep(slug: str, file: MediaFile) -> tuple[str, tuple[Problem, ...]]:
    """Keep what was sent, and say so; gives the name where it was one file. Raises Invalid."""
    if file.data.startswith(b"PK\x03\x04"):
        count, problems = media.add_bundle(writer(), slug, file.data, now())
        flash(ngettext("%(num)d file of the archive is here.", "%(num)d files of the archive are here.", count))
        return "", problems
    name, problems = media.add(writer(), slug, file, now())
    flash(gettext("%(name)s is here. Copy its line into a card.", name=name))
    return name, problems


@desk.get("/<slug>/deck.zip")
def download(slug: str) -> ResponseReturnValue:
    """The deck's file with its pictures and sounds, in one archive: as they are, or as they were at a version."""
    draft, number = load_draft(reader(), author(), slug), number_of(request.args.get("version", ""))
    if number in (0, draft.version):
        data, name = media.pack(reader(), slug, draft.text), f"{slug}.zip"
    else:
        data, name = versions.pack_version(reader(), author(), slug, number), f"{slug}-version-{number}.zip"
    return send_file(io.BytesIO(data), "application/zip", as_attachment=True, download_name=name, max_age=0)


@desk.post("/<slug>/media/<name>/remove")
def remove(slug: str, name: str) -> ResponseReturnValue:
    """Take a picture or sound away that no card shows."""
    draft = load_draft(reader(), author(), slug)
    if name in list_media_names(draft.content.cards):
        raise Invalid(gettext("A card shows this. Take it out of the card first."))
    if name not in media.list_names(reader(), slug):
        raise NotFound(gettext("There is no such picture or sound."))
    media.remove(writer(), slug, name, now())
    flash(gettext("%(name)s is removed.", name=name))
    return redirect(url_for("media_desk.show_desk", slug=slug), code=303)


@desk.post("/<slug>/media/<name>/former/<mark>/back")
def bring_back(slug: str, name: str, mark: str) -> ResponseReturnValue:
    """Show a former picture or sound again, in the place of the one that has its name now."""
    load_draft(reader(), author(), slug)
    media_history.bring_back(writer(), slug, name, mark, now())
    flash(gettext("%(name)s is what it was. What it was until now is kept below.", name=name))
    return redirect(url_for("media_desk.show_desk", slug=slug, _anchor=f"file-{name}"), code=303)


@desk.post("/<slug>/media/<name>/former/<mark>/forget")
def forget(slug: str, name: str, mark: str) -> ResponseReturnValue:
    """Delete a former picture or sound for good: one that should never have been here."""
    load_draft(reader(), author(), slug)
    media_history.forget(writer(), slug, name, mark)
    flash(gettext("The former %(name)s is deleted for good.", name=name))
    return redirect(url_for("media_desk.show_desk", slug=slug), code=303)

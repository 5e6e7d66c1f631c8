"""Decks from other systems and to them: upload, a look at what would come, taking it; downloads in other formats."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.errors import Invalid
from quizapp.core.exchange.encodings import ENCODINGS
from quizapp.core.exchange.quizlet import answer_in_words
from quizapp.core.exchange.registry import FORMATS
from quizapp.services import exchange
from quizapp.services.exchange import LARGEST_UPLOAD, Choices
from quizapp.web.authoring.guard import author, go_to, require_sign_in
from quizapp.web.context import now, reader, writer
from quizapp.web.past_reviews import bp as past_reviews_bp
from quizapp.web.text import translate
from quizapp.web.words import ngettext

bp = Blueprint("exchange", __name__, url_prefix="/author")
bp.before_request(require_sign_in)
bp.register_blueprint(past_reviews_bp)

LARGEST_FORM = LARGEST_UPLOAD + 100_000
SHOWN_CARDS = 30
SHOWN_PROBLEMS = 200
_PASTED = "pasted.txt"


@bp.url_value_preprocessor
def take_large_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Packages are larger than the forms of other pages. Before anything reads the form."""
    if request.method == "POST" and endpoint == "exchange.upload":
        request.max_content_length = request.max_form_memory_size = LARGEST_FORM


def _read_choices() -> Choices:
    values = request.values
    return Choices(
        format=values.get("from", "")[:40],
        title=values.get("title", "").strip()[:500],
        language=values.get("language", "").strip()[:35] or "en",
        theme=values.get("theme", "").strip()[:500],
        separator=values.get("separator", "").replace("tab", "\t")[:10],
        as_new=values.get("as_new") == "yes",
        encoding=encoding if (encoding := values.get("encoding", "")) in ENCODINGS else "",
    )


def _errors(error: Invalid) -> dict[str, str]:
    return {name: translate(text) for name, text in error.fields.items()} or {"": translate(error.message)}


def _show_form(errors: dict[str, str]) -> ResponseReturnValue:
    author()
    typed = {name: request.form.get(name, "") if request.method == "POST" else "" for name in ("pasted", "title")}
    page = render_template("exchange/upload.html", errors=errors, **typed)
    return page, 422 if errors else 200


@bp.get("/import")
def choose() -> ResponseReturnValue:
    """Ask for the file."""
    return _show_form({})


@bp.post("/import")
def upload() -> ResponseReturnValue:
    """Keep the file while its teacher looks at it."""
    file = request.files.get("file")
    chosen = file is not None and bool(file.filename)
    data = file.read() if file and chosen else request.form.get("pasted", "").encode("utf-8", "replace")
    name = (file.filename or "") if file and chosen else _PASTED
    try:
        handle = exchange.keep_upload(writer(), author(), name, data, now())
    except Invalid as error:
        return _show_form(_errors(error))
    return redirect(url_for("exchange.look", handle=handle, title=_read_choices().title or None), code=303)


def _show_look(handle: str, choices: Choices, errors: dict[str, str]) -> ResponseReturnValue:
    seen = exchange.look(reader(), author(), handle, choices)
    page = render_template(
        "exchange/look.html",
        seen=seen,
        choices=choices,
        formats=FORMATS,
        encodings=ENCODINGS,
        errors=errors,
        shown=[(card, answer_in_words(card)) for plan in seen.plans[:1] for card in plan.deck.cards[:SHOWN_CARDS]],
        most_problems=SHOWN_PROBLEMS,
    )
    return page, 422 if errors else 200


@bp.get("/import/<handle>")
def look(handle: str) -> ResponseReturnValue:
    """The dry run: what was guessed, what would come, and what cannot."""
    return _show_look(handle, _read_choices(), {})


@bp.post("/import/<handle>")
def take(handle: str) -> ResponseReturnValue:
    """Take what the dry run has shown."""
    choices, with_reviews = _read_choices(), request.form.get("reviews") == "yes"
    try:
        taken = exchange.take(writer(), author(), handle, choices, now(), keep=with_reviews)
    except Invalid as error:
        return _show_look(handle, choices, _errors(error))
    said = ngettext("%(num)s card is in your draft now.", "%(num)s cards are in your draft now.", taken.cards)
    if taken.problems:
        said += " " + ngettext(
            "%(num)s picture or sound could not be kept.",
            "%(num)s pictures or sounds could not be kept.",
            len(taken.problems),
        )
    if with_reviews:
        here = {"handle": handle, "from": choices.format or None, "title": choices.title or None, "deck": taken.slugs}
        return go_to("exchange.past_reviews.show", said, language=choices.language, **here)
    if len(taken.slugs) > 1:
        return go_to("authoring.decks.index", said)
    return go_to("authoring.decks.show", said, slug=taken.slugs[0])


@bp.get("/<slug>/export")
def show(slug: str) -> ResponseReturnValue:
    """The formats that a deck can be downloaded in."""
    deck = exchange.load_own_deck(reader(), author(), slug)
    return render_template("exchange/formats.html", deck=deck, formats=FORMATS)


@bp.get("/<slug>/export/<name>")
def download(slug: str, name: str) -> ResponseReturnValue:
    """A deck as a file of another system, or the list of what it cannot hold."""
    try:
        written = exchange.export(reader(), author(), slug, name, now())
    except Invalid as error:
        return render_template("exchange/refused.html", slug=slug, message=translate(error.message)), 422
    if written.problems and request.args.get("anyway") != "yes":
        deck = exchange.load_own_deck(reader(), author(), slug)
        return render_template(
            "exchange/losses.html", deck=deck, name=name, problems=written.problems, most_problems=SHOWN_PROBLEMS
        )
    response = Response(written.data, mimetype=written.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(written.file)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def describe(name: str) -> str:
    """What becomes of a deck in a format, in the reader's language."""
    return next((translate(form.about) for form in FORMATS if form.name == name), "")


@bp.app_template_filter("about_format")
def about_format(name: str) -> str:
    """``describe`` for templates."""
    return describe(name)

"""The list of decks, a deck with all its cards, what is said of it, and who writes it."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.deck.schema import DeckHead
from quizapp.core.errors import Invalid
from quizapp.core.media.bundles import LARGEST_BUNDLE
from quizapp.core.problem import Problem
from quizapp.services import sources
from quizapp.services.authoring import drafts, editing, handing, history, pages, sharing
from quizapp.services.authoring.editing import BulkChange, HeadConflict
from quizapp.services.authoring.history import Unreadable
from quizapp.services.authoring.pages import Filter
from quizapp.web.authoring.card_form import split_tags
from quizapp.web.authoring.guard import author, go_to
from quizapp.web.authoring.head_form import fill_head, read_head
from quizapp.web.context import now, reader, writer
from quizapp.web.numbers import number_of
from quizapp.web.text import translate
from quizapp.web.words import gettext, ngettext

bp = Blueprint("decks", __name__)
LARGEST_FORM = drafts.LARGEST_TEXT + 100_000
LARGEST_ARCHIVE = LARGEST_BUNDLE + 100_000
_TAKES_ARCHIVES = ("authoring.decks.upload", "authoring.decks.replace")
MOST_TOLD = 20


@bp.url_value_preprocessor
def take_large_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Decks are larger than the forms of other pages. Before anything reads the form."""
    request.max_content_length = LARGEST_ARCHIVE if endpoint in _TAKES_ARCHIVES else LARGEST_FORM


def _tell_files(taken: history.Upload) -> None:
    """Say what became of the pictures and sounds of an archive."""
    if taken.files:
        flash(ngettext("%(num)s picture or sound came along.", "%(num)s pictures and sounds came along.", taken.files))
    for problem in taken.problems[:MOST_TOLD]:
        flash(f"{problem.file.rpartition('/')[2]}: {translate(problem.message)} {translate(problem.fix)}")


def _errors(error: Invalid) -> dict[str, str]:
    return {name: translate(message) for name, message in error.fields.items()} or {"": translate(error.message)}


def _list_there(*ways: tuple[str, str]) -> list[tuple[str, str]]:
    """The pages of other parts of the app, as (endpoint, words), as far as they are there."""
    return [way for way in ways if way[0] in current_app.view_functions]


def _show_index(typed: dict[str, object], errors: dict[str, str], error: Invalid | None = None) -> ResponseReturnValue:
    page = render_template(
        "authoring/index.html",
        entries=pages.list_entries(reader(), author(), now()),
        texts=sources.list_sources(reader(), None),
        typed=typed,
        errors=errors,
        problems=error.problems if isinstance(error, Unreadable) else (),
        ways=_list_there(("texts.new", gettext("Bring a text")), ("exchange.choose", gettext("Import from elsewhere"))),
    )
    return page, 422 if errors else 200


@bp.get("/")
def index() -> ResponseReturnValue:
    """The decks one writes, and those from folders."""
    return _show_index({"language": "en"}, {})


@bp.post("/")
def create() -> ResponseReturnValue:
    """Begin a deck."""
    typed = read_head(request.form)
    listed = [str(name) for name in request.form.getlist("sources")]
    texts = (str(typed["title"]), str(typed["language"]), str(typed["theme"]))
    try:
        slug = drafts.start_draft(writer(), author(), *texts, listed, now())
    except Invalid as error:
        return _show_index(typed, _errors(error))
    return go_to("authoring.cards.new", gettext("The deck is there. Now its first card."), slug=slug)


@bp.post("/upload")
def upload() -> ResponseReturnValue:
    """Begin a deck by uploading its file."""
    file = request.files.get("file")
    data = file.read() if file else b""
    try:
        taken = history.upload_new(writer(), author(), data, now(), file.filename or "deck.yaml" if file else "")
    except Invalid as error:
        return _show_index({"language": "en"}, _errors(error), error)
    _tell_files(taken)
    return go_to("authoring.decks.show", gettext("The file is a deck now."), slug=taken.slug)


def read_filter() -> Filter:
    """Which cards the address asks for."""
    asked = request.args
    return Filter(
        words=asked.get("words", "")[:200],
        type=asked.get("type", ""),
        tag=asked.get("tag", ""),
        difficulty=asked.get("difficulty", ""),
        show=asked.get("show", ""),
        source=asked.get("source", ""),
        paragraph=number_of(asked.get("paragraph", "")),
        sort=asked.get("sort", "order"),
        page=number_of(asked.get("page", ""), 1),
    )


@bp.get("/<slug>/")
def show(slug: str) -> ResponseReturnValue:
    """A deck: its cards, what the checks say, and what its texts still hold."""
    wanted = read_filter()
    page = pages.load_page(reader(), author(), slug, wanted)
    more = _list_there(
        ("drafting.show", gettext("Suggestions")),
        ("media_desk.show", gettext("Pictures and sounds")),
        ("exchange.show", gettext("Export")),
    )
    if page.draft and handing.find_origin(reader(), page.draft):
        more.append(("authoring.history.hand_back", gettext("Hand back to the folder…")))
    return render_template("authoring/deck.html", page=page, wanted=wanted, enough=pages.ENOUGH, more=more)


@bp.post("/<slug>/bulk")
def bulk(slug: str) -> ResponseReturnValue:
    """Change the chosen cards at once."""
    chosen, act = request.form.getlist("chosen"), request.form.get("act", "")
    tags = tuple(split_tags(request.form.get("tags", "")))
    if not chosen:
        return go_to("authoring.decks.show", gettext("Tick the cards to change first."), slug=slug)
    if act == "retire":
        editing.retire_cards(writer(), author(), slug, chosen, now())
    else:
        change = {
            "tag": BulkChange(add_tags=tags),
            "untag": BulkChange(remove_tags=tags),
            "difficulty": BulkChange(difficulty=request.form.get("level", "")),
        }.get(act, BulkChange())
        editing.change_cards(writer(), author(), slug, chosen, change, now())
    said = ngettext("%(num)d card is changed.", "%(num)d cards are changed.", len(chosen))
    return go_to("authoring.decks.show", said, slug=slug)


@bp.post("/<slug>/take-over")
def take_over(slug: str) -> ResponseReturnValue:
    """Make the browser the master of a folder's deck."""
    history.take_over(writer(), author(), slug, now())
    return go_to("authoring.decks.show", gettext("From now on this deck is written here."), slug=slug)


@bp.get("/<slug>/deck.yaml")
def download(slug: str) -> ResponseReturnValue:
    """The deck as a file."""
    text = history.download_text(reader(), author(), slug)
    found = Response(text.encode(), mimetype="application/yaml")
    found.headers["Content-Disposition"] = f'attachment; filename="{slug}.yaml"'
    return found


@bp.route("/<slug>/upload", methods=["GET", "POST"])
def replace(slug: str) -> ResponseReturnValue:
    """Upload the deck's file again, edited elsewhere."""
    errors, problems = dict[str, str](), tuple[Problem, ...]()
    if request.method == "POST":
        file, seen = request.files.get("file"), number_of(request.form.get("seen", ""))
        data = file.read() if file else b""
        try:
            taken = history.upload_text(
                writer(), author(), slug, data, seen, now(), (file.filename if file else "") or "deck.yaml"
            )
        except Unreadable as error:
            errors, problems = _errors(error), error.problems
        except Invalid as error:
            errors = _errors(error)
        else:
            _tell_files(taken)
            said = (
                gettext("The file is taken.")
                if taken.changed
                else gettext("The file’s text says what is here: no difference.")
                if taken.files
                else gettext("The file says what is here: no difference.")
            )
            if not taken.changed:
                return go_to("authoring.decks.show", said, slug=slug)
            return go_to("authoring.history.version", said, slug=slug, number=taken.version)
    draft = drafts.load_draft(reader(), author(), slug)
    page = render_template("authoring/upload.html", draft=draft, errors=errors, problems=problems)
    return page, 422 if errors else 200


def _show_about(
    slug: str, typed: object = None, errors: dict[str, str] | None = None, theirs: DeckHead | None = None, seen: int = 0
) -> ResponseReturnValue:
    page = pages.load_page(reader(), author(), slug, Filter())
    if page.draft is None:
        return redirect(url_for("authoring.decks.show", slug=slug), code=303)
    shown = render_template(
        "authoring/about.html",
        page=page,
        typed=typed or fill_head(page.head),
        errors=errors or {},
        theirs=fill_head(theirs) if theirs else None,
        seen=seen or page.draft.version,
        texts=sources.list_sources(reader(), None),
    )
    return shown, 409 if theirs else 422 if errors else 200


@bp.route("/<slug>/about", methods=["GET", "POST"])
def about(slug: str) -> ResponseReturnValue:
    """What is said of the deck as a whole, and who writes it."""
    if request.method != "POST":
        return _show_about(slug)
    values, seen = read_head(request.form), number_of(request.form.get("seen", ""))
    typed = values | {"tags": request.form.get("tags", "")}
    try:
        editing.save_head(writer(), author(), slug, values, seen, now())
    except HeadConflict as conflict:
        return _show_about(slug, typed, {"": translate(conflict.message)}, conflict.theirs, conflict.version)
    except Invalid as error:
        return _show_about(slug, typed, _errors(error), seen=seen)
    return go_to("authoring.decks.about", gettext("The deck is saved."), slug=slug)


@bp.post("/<slug>/editors")
def add_editor(slug: str) -> ResponseReturnValue:
    """Let another teacher write the deck too."""
    try:
        name = sharing.add_editor(writer(), author(), slug, request.form.get("name", ""), now())
    except Invalid as error:
        return _show_about(slug, errors=_errors(error))
    return go_to("authoring.decks.about", gettext("%(name)s writes this deck too.", name=name), slug=slug)


@bp.post("/<slug>/editors/<handle>/remove")
def remove_editor(slug: str, handle: str) -> ResponseReturnValue:
    """Take the deck from a teacher."""
    sharing.remove_editor(writer(), author(), slug, handle)
    return go_to("authoring.decks.index", gettext("The deck has one writer less."))

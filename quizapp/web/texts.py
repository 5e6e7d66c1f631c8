"""The texts of teachers: bringing one, reading it, and making cards from it."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.core.deck.schema import LONGEST_QUOTE_WORDS
from quizapp.core.errors import Invalid
from quizapp.core.messages import Message
from quizapp.core.source.importing.reading import LARGEST_UPLOAD, read_text
from quizapp.services import texts
from quizapp.services.accounts import Role
from quizapp.services.authoring import list_drafts, start_draft
from quizapp.services.texts import TextPage
from quizapp.web.authoring.guard import author, go_to, require_sign_in
from quizapp.web.context import now, reader, viewer, writer
from quizapp.web.forms import fill_errors
from quizapp.web.numbers import number_of
from quizapp.web.text import translate
from quizapp.web.texts_forms import PASTED_FORMS, BringForm, TextForm, make_form, read_upload
from quizapp.web.words import gettext

bp = Blueprint("texts", __name__, url_prefix="/texts")
bp.before_request(require_sign_in)

_LARGEST_BODY = LARGEST_UPLOAD + 6_000_000
_NEW_DECK = "+"  # no slug: a deck yet to be made


@bp.url_value_preprocessor
def allow_large_bodies(_: str | None, __: dict[str, object] | None) -> None:
    """Let teachers send more than others: this is asked before a form is read."""
    person = viewer()
    if person is not None and person.role in (Role.TEACHER, Role.ADMIN):
        request.max_content_length = _LARGEST_BODY
        request.max_form_memory_size = _LARGEST_BODY


@bp.get("")
def index() -> ResponseReturnValue:
    """All texts, one's own first."""
    return render_template("texts/index.html", lines=texts.list_texts(reader(), author()))


def show_bring(form: BringForm, page: TextPage | None = None) -> ResponseReturnValue:
    """The page on which a text is uploaded or pasted; ``page`` is the text it shall replace."""
    largest = LARGEST_UPLOAD // 1024 // 1024
    shown = render_template("texts/bring.html", form=form, page=page, forms=PASTED_FORMS, largest=largest)
    return shown, 422 if form.form_errors or form.file.errors else 200


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Ask for a text."""
    author()
    return show_bring(BringForm(formdata=None))


def show_correct(form: TextForm, remarks: tuple[Message, ...] = (), page: TextPage | None = None) -> str:
    """The page on which a text is read and corrected before it is kept."""
    shown = texts.preview_text(reader(), form.read(), page.text.id if page else "")
    blocks = [(block, Markup(block.html)) for block in shown.blocks]  # noqa: S704 - made by core.markup
    said = [translate(remark) for remark in remarks]
    return render_template("texts/correct.html", form=form, shown=shown, blocks=blocks, remarks=said, page=page)


@bp.post("/new")
def bring() -> ResponseReturnValue:
    """Read what was brought, and show it."""
    author()
    data, name, form = read_upload()
    try:
        read = read_text(data, name, form)
    except Invalid as error:
        asked = BringForm()
        fill_errors(asked, error)
        return show_bring(asked)
    return show_correct(make_form(texts.take_fields(read), name), read.remarks)


@bp.post("/preview")
def preview() -> ResponseReturnValue:
    """Show a text again, as corrected."""
    author()
    return show_correct(TextForm())


@bp.post("/keep")
def keep() -> ResponseReturnValue:
    """Keep a text."""
    form = TextForm()
    try:
        source_id = texts.keep_text(writer(), author(), form.read(), form.name.data or "", now())
    except Invalid as error:
        fill_errors(form, error)
        return show_correct(form), 422
    return go_to("texts.read", gettext("The text is kept. Select words in it to make a card."), source_id=source_id)


def _show_text(page: TextPage, typed: dict[str, str], error: str = "") -> str:
    blocks = texts.read_for_cards(reader(), author(), page)
    return render_template(
        "texts/read.html",
        page=page,
        source=page.source,
        blocks=[(block, Markup(block.html)) for block in blocks],  # noqa: S704 - made by core.markup
        drafts=list_drafts(reader(), author()),
        ways=texts.find_ways(reader(), author()),
        new_deck=_NEW_DECK,
        most=LONGEST_QUOTE_WORDS,
        typed=typed,
        error=error,
    )


@bp.get("/<source_id>")
def read(source_id: str) -> ResponseReturnValue:
    """A text, to make cards from."""
    typed = {"deck": request.args.get("deck", "")}
    return _show_text(texts.load_text(reader(), author(), source_id), typed)


def _read_choice() -> tuple[int, str]:
    """The paragraph and the words: as selected, or as typed under a paragraph."""
    form = request.form
    chosen = form.get("paragraph", "")
    if not chosen:
        filled = (name for name, value in form.items() if name.startswith("quote-") and value.strip())
        chosen = next(filled, "").removeprefix("quote-")
    return number_of(chosen), form.get("quote") or form.get(f"quote-{chosen}", "")


def _find_deck(page: texts.TextPage, deck: str) -> str:
    """The deck that new cards go to; a new one where the teacher wants that."""
    if deck != _NEW_DECK:
        return deck
    source = page.source
    title = gettext("Cards on “%(title)s”", title=source.title[:400])
    return start_draft(writer(), author(), title, source.language, "", [source.id], now())


@bp.post("/<source_id>/card")
def card(source_id: str) -> ResponseReturnValue:
    """On to a new card that cites the chosen words, or to suggestions, in one of the teacher's decks or a new one."""
    page = texts.load_text(reader(), author(), source_id)
    if request.form.get("suggest"):
        deck = _find_deck(page, request.form.get("deck", "") or _NEW_DECK)
        return redirect(url_for("drafting.board", slug=deck, source_id=source_id), code=303)
    paragraph, words = _read_choice()
    deck = request.form.get("deck", "") or _NEW_DECK
    try:
        quote = texts.check_quote(page, paragraph or 1, words)
    except Invalid as error:
        typed = {"deck": deck, "paragraph": str(paragraph or 1), "quote": words[:500]}
        return _show_text(page, typed, translate(error.message)), 422
    cited = url_for(
        "authoring.cards.new", slug=_find_deck(page, deck), source=source_id, paragraph=paragraph, quote=quote
    )
    return redirect(cited, code=303)


@bp.get("/<source_id>/file")
def file(source_id: str) -> ResponseReturnValue:
    """The text as a file."""
    page = texts.load_text(reader(), author(), source_id)
    response = Response(texts.write_file(page), mimetype="text/markdown; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{page.text.id}.md"'
    return response


def _show_about(page: TextPage, form: TextForm) -> str:
    return render_template("texts/about.html", page=page, form=form)


@bp.get("/<source_id>/about")
def about(source_id: str) -> ResponseReturnValue:
    """What is known of a text."""
    page = texts.load_own_text(reader(), author(), source_id)
    return _show_about(page, make_form(page.fields))


@bp.post("/<source_id>/about")
def change_about(source_id: str) -> ResponseReturnValue:
    """Write down what is known of a text."""
    form = TextForm()
    try:
        texts.change_about(writer(), author(), source_id, form.read(), now())
    except Invalid as error:
        fill_errors(form, error)
        return _show_about(texts.load_own_text(reader(), author(), source_id), form), 422
    return go_to("texts.read", gettext("Saved."), source_id=source_id)


@bp.post("/<source_id>/delete")
def delete(source_id: str) -> ResponseReturnValue:
    """Delete a text that nothing cites."""
    texts.delete_text(writer(), author(), source_id)
    return go_to("texts.index", gettext("The text is deleted."))

"""Another text in the place of one: first what becomes of every citation, then the deed."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from quizapp.core.errors import Invalid
from quizapp.core.source.importing.reading import read_text
from quizapp.services import sources_replace, texts
from quizapp.services.sources_replace import Replacement
from quizapp.web.authoring.guard import author, go_to, require_sign_in
from quizapp.web.context import now, reader, writer
from quizapp.web.forms import fill_errors
from quizapp.web.texts import allow_large_bodies, show_bring, show_correct
from quizapp.web.texts_forms import BringForm, TextForm, make_form, read_upload
from quizapp.web.words import gettext, ngettext

bp = Blueprint("texts_replace", __name__, url_prefix="/texts")
bp.before_request(require_sign_in)
bp.url_value_preprocessor(allow_large_bodies)


@bp.get("/<source_id>/replace")
def choose(source_id: str) -> ResponseReturnValue:
    """Ask for the other text."""
    return show_bring(BringForm(formdata=None), texts.load_own_text(reader(), author(), source_id))


@bp.get("/<source_id>/correct")
def correct(source_id: str) -> ResponseReturnValue:
    """The text itself, to be corrected."""
    page = texts.load_own_text(reader(), author(), source_id)
    return show_correct(make_form(page.fields, seen=page.digest), page=page)


@bp.post("/<source_id>/replace")
def bring(source_id: str) -> ResponseReturnValue:
    """Read what was brought, and show it; what the text is called stays as it was."""
    page = texts.load_own_text(reader(), author(), source_id)
    data, name, said = read_upload()
    try:
        read = read_text(data, name, said)
    except Invalid as error:
        asked = BringForm()
        fill_errors(asked, error)
        return show_bring(asked, page)
    form = make_form(page.fields, name, page.digest)
    form.body.data = read.body
    return show_correct(form, read.remarks, page)


@bp.post("/<source_id>/preview")
def preview(source_id: str) -> ResponseReturnValue:
    """Show the other text again, as corrected."""
    return show_correct(TextForm(), page=texts.load_own_text(reader(), author(), source_id))


@bp.post("/<source_id>/check")
def check(source_id: str) -> ResponseReturnValue:
    """What replacing the text would do to every citation."""
    page = texts.load_own_text(reader(), author(), source_id)
    form = TextForm()
    try:
        new, _ = texts.make_source(source_id, form.read(), page.source)
    except Invalid as error:
        fill_errors(form, error)
        return show_correct(form, page=page), 422
    told = sources_replace.preview_replacement(reader(), source_id, new)
    ways = texts.find_ways(reader(), author())
    return render_template("texts/replace.html", page=page, form=form, told=told, ways=ways)


def _say_done(told: Replacement) -> str:
    said = [gettext("The text is replaced.")]
    if count := len(told.resting):
        said.append(
            ngettext(
                "%(num)s card lost its words and waits for you.",
                "%(num)s cards lost their words and wait for you.",
                count,
            )
        )
    return " ".join(said)


@bp.post("/<source_id>/confirm")
def confirm(source_id: str) -> ResponseReturnValue:
    """Replace the text, and let the cards follow."""
    page = texts.load_own_text(reader(), author(), source_id)
    form = TextForm()
    new, data = texts.make_source(source_id, form.read(), page.source)
    told = sources_replace.replace_source(
        writer(), source_id, new, data, now(), author=author(), file=form.name.data or "", seen=form.seen.data or ""
    )
    return go_to("texts.read", _say_done(told), source_id=source_id)

"""What became of a deck: its versions, what each changed, publishing, and the history of a card."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from quizapp.core.errors import Conflict, Invalid
from quizapp.services.authoring import cardhistory, drafts, handing, history, publishing
from quizapp.services.authoring.versions import compare_media
from quizapp.web.authoring.guard import author, go_to
from quizapp.web.context import now, reader, services, writer
from quizapp.web.media_shown import media_url
from quizapp.web.numbers import number_of
from quizapp.web.text import translate
from quizapp.web.words import gettext

bp = Blueprint("history", __name__)


@bp.get("/<slug>/versions")
def versions(slug: str) -> ResponseReturnValue:
    """Every save of the deck."""
    page = max(number_of(request.args.get("page", ""), 1), 1)
    found = history.list_versions(reader(), author(), slug, page)
    draft = drafts.load_draft(reader(), author(), slug)
    more = len(found) > history.PAGE
    return render_template("authoring/versions.html", draft=draft, versions=found[: history.PAGE], page=page, more=more)


@bp.get("/<slug>/versions/<int:number>")
def version(slug: str, number: int) -> ResponseReturnValue:
    """What a version changed, as against the one before or another."""
    draft = drafts.load_draft(reader(), author(), slug)
    against = number_of(request.args.get("against", ""), number - 1)
    against = min(against, draft.version)
    difference = history.compare_versions(reader(), author(), slug, against, number)
    shown = {"media": compare_media(reader(), author(), slug, against, number), "media_url": media_url}
    return render_template(
        "authoring/version.html", draft=draft, number=number, against=against, difference=difference, **shown
    )


@bp.post("/<slug>/versions/<int:number>/restore")
def restore(slug: str, number: int) -> ResponseReturnValue:
    """Make a version the draft again."""
    history.restore_version(writer(), author(), slug, number, now())
    said = gettext("Version %(number)s is back. What came after it is kept too.", number=number)
    return go_to("authoring.decks.show", said, slug=slug)


def _show_publish(slug: str, errors: dict[str, str]) -> ResponseReturnValue:
    preview = publishing.preview_publish(reader(), author(), slug, services().rules.secret)
    page = render_template("authoring/publish.html", preview=preview, draft=preview.draft, errors=errors)
    return page, 422 if errors else 200


@bp.route("/<slug>/publish", methods=["GET", "POST"])
def publish(slug: str) -> ResponseReturnValue:
    """What publishing would change for whom; and doing it."""
    if request.method != "POST":
        return _show_publish(slug, {})
    chosen = {
        name.removeprefix("again-"): value == "yes"
        for name, value in request.form.items()
        if name.startswith("again-") and value in ("yes", "no")
    }
    seen, rules = number_of(request.form.get("seen", "")), services().rules
    try:
        publishing.publish(writer(), author(), slug, now(), seen_version=seen, again=chosen, rules=rules)
    except Conflict as error:
        return _show_publish(slug, {"": translate(error.message)})
    except Invalid as error:
        told = {name: translate(message) for name, message in error.fields.items()}
        return _show_publish(slug, told or {"": translate(error.message)})
    return go_to("authoring.decks.show", gettext("Published: this is what students study now."), slug=slug)


def _show_hand_back(slug: str, error: str = "") -> ResponseReturnValue:
    preview = handing.preview_hand_back(reader(), author(), slug)
    errors = {"": error} if error else {}
    page = render_template("authoring/hand_back.html", preview=preview, draft=preview.draft, errors=errors)
    return page, 409 if errors else 200


@bp.route("/<slug>/hand-back", methods=["GET", "POST"])
def hand_back(slug: str) -> ResponseReturnValue:
    """What handing a deck back to its folder would change for whom; and doing it."""
    if request.method != "POST":
        return _show_hand_back(slug)
    try:
        handing.hand_back(writer(), author(), slug, number_of(request.form.get("seen", "")), now())
    except Conflict as error:
        return _show_hand_back(slug, translate(error.message))
    said = gettext("From now on this deck is changed in its folder. “quizapp deck load” brings what stands there.")
    return go_to("authoring.decks.show", said, slug=slug)


@bp.get("/<slug>/cards/<card_id>/history")
def card(slug: str, card_id: str) -> ResponseReturnValue:
    """What a card said from when on, how it did, and what became of old answers."""
    draft = drafts.load_draft(reader(), author(), slug)
    found = cardhistory.load_card_history(reader(), author(), slug, card_id, services().rules.secret)
    return render_template("authoring/card_history.html", draft=draft, found=found)

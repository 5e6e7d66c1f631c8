"""Writing one card: the form, the students' view and the checks beside it, and what the table does with a card."""

from dataclasses import dataclass, field

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.deck.checks import RULES
from quizapp.core.deck.schema import CARD_TYPES, Card
from quizapp.core.errors import NotFound
from quizapp.core.messages import say
from quizapp.services import sources
from quizapp.services.authoring import drafts, editing
from quizapp.services.authoring.drafts import Draft
from quizapp.services.authoring.editing import CardConflict
from quizapp.services.authoring.previewing import preview_card
from quizapp.web.authoring.card_form import CardFields, fill_fields, make_card, read_fields
from quizapp.web.authoring.guard import author, go_to
from quizapp.web.context import now, reader, writer
from quizapp.web.numbers import number_of
from quizapp.web.text import translate
from quizapp.web.words import gettext

bp = Blueprint("cards", __name__)
_SPARE = 2
"""How many empty rows wait below those that are filled, for whoever has no script to add them."""


@dataclass(frozen=True, slots=True)
class _Form:
    """The form of a card and what is to be said of it."""

    fields: CardFields
    seen: int
    card: Card | None = None
    errors: dict[str, str] = field(default_factory=dict)
    conflict: CardConflict | None = None
    asked: bool = False

    @property
    def status(self) -> int:
        """The status of the page: 409 for a conflict, 422 for what is to be put right."""
        return 409 if self.conflict else 422 if self.errors else 200


def _show(draft: Draft, card_id: str | None, form: _Form, template: str = "authoring/card.html") -> ResponseReturnValue:
    card = form.card
    conflict = form.conflict
    page = render_template(
        template,
        draft=draft,
        card_id=card_id,
        form=form,
        fields=form.fields,
        errors=form.errors,
        types=CARD_TYPES,
        spare=_SPARE,
        rules=[rule for rule in RULES.values() if rule.can_be_waived],
        texts=sources.list_sources(reader(), None),
        preview=preview_card(reader(), draft.content, card, card_id) if card else None,
        theirs=fill_fields(conflict.theirs) if conflict and conflict.theirs else None,
        address=url_for(".edit", slug=draft.slug, card_id=card_id) if card_id else url_for(".new", slug=draft.slug),
    )
    return page, form.status


def _find(draft: Draft, card_id: str) -> Card:
    card = draft.content.find(card_id)
    if card is None:
        raise NotFound(say("There is no such card in this deck."))
    return card


def _begin(draft: Draft) -> CardFields:
    """An empty card; the address may say which words it cites."""
    asked = request.args
    source = asked.get("source", "") or next(iter(draft.content.head.sources), "")
    cited = (source, asked.get("paragraph", "")[:6], asked.get("quote", "")[:500])
    kind = asked.get("type", "")
    return CardFields(kind if kind in CARD_TYPES else "choice", {"match": "text"}, citations=(cited,))


def _save(draft: Draft, card_id: str | None, fields: CardFields) -> ResponseReturnValue:
    """Save what was typed, or show it again with what is in the way."""
    seen, act = number_of(request.form.get("seen", "")), request.form.get("act", "save")
    card, errors = make_card(fields)
    errors = {name: translate(message) for name, message in errors.items()}
    if act == "type":
        return _show(draft, card_id, _Form(fields, seen))
    if card is None or act == "check":
        return _show(draft, card_id, _Form(fields, seen, card, errors, asked=act == "check"))
    try:
        back = bool(request.form.get("put_back"))
        saved = editing.save_card(writer(), author(), draft.slug, card, card_id, seen, now(), put_back=back)
    except CardConflict as conflict:
        fresh = drafts.load_draft(reader(), author(), draft.slug)
        told = {"": translate(conflict.message)}
        return _show(fresh, card_id, _Form(fields, conflict.version, card, told, conflict))
    if act == "next":
        source, paragraph = (*fields.citations, ("", "", ""))[0][:2]
        again = {"source": source, "paragraph": paragraph, "type": fields.type}
        return go_to(".new", gettext("The card is saved. The next one:"), slug=draft.slug, **again)
    return go_to("authoring.decks.show", gettext("The card is saved."), slug=draft.slug, _anchor=saved.id)


@bp.route("/<slug>/cards/new", methods=["GET", "POST"])
def new(slug: str) -> ResponseReturnValue:
    """A new card."""
    draft = drafts.load_draft(reader(), author(), slug)
    if request.method != "POST":
        return _show(draft, None, _Form(_begin(draft), draft.version))
    return _save(draft, None, read_fields(request.form))


@bp.route("/<slug>/cards/<card_id>", methods=["GET", "POST"])
def edit(slug: str, card_id: str) -> ResponseReturnValue:
    """A card that is there."""
    draft = drafts.load_draft(reader(), author(), slug)
    if request.method != "POST":
        card = _find(draft, card_id)
        return _show(draft, card_id, _Form(fill_fields(card), draft.version, card))
    return _save(draft, card_id, read_fields(request.form))


@bp.post("/<slug>/preview")
def preview(slug: str) -> ResponseReturnValue:
    """The students' view of what is being typed, and what the checks say of it, while it is typed."""
    draft = drafts.load_draft(reader(), author(), slug)
    fields = read_fields(request.form)
    card, errors = make_card(fields)
    told = {name: translate(message) for name, message in errors.items()}
    shown = preview_card(reader(), draft.content, card, request.form.get("card_id") or None) if card else None
    return render_template("authoring/preview.html", draft=draft, preview=shown, errors=told)


@bp.post("/<slug>/cards/<card_id>/move")
def move(slug: str, card_id: str) -> ResponseReturnValue:
    """Move a card: to the position that was typed, or one up or down."""
    draft = drafts.load_draft(reader(), author(), slug)
    at = draft.content.cards.index(_find(draft, card_id)) + 1
    step = {"up": at - 1, "down": at + 1}.get(request.form.get("to", ""))
    position = number_of(request.form.get("position", ""), at) if step is None else max(step, 1)
    editing.move_card(writer(), author(), slug, card_id, position, now())
    return go_to("authoring.decks.show", slug=slug, _anchor=card_id)


@bp.post("/<slug>/cards/<card_id>/duplicate")
def duplicate(slug: str, card_id: str) -> ResponseReturnValue:
    """Copy a card and open the copy."""
    saved = editing.duplicate_card(writer(), author(), slug, card_id, now())
    return go_to(".edit", gettext("This is the copy."), slug=slug, card_id=saved.id)


@bp.post("/<slug>/cards/<card_id>/retire")
def retire(slug: str, card_id: str) -> ResponseReturnValue:
    """Take a card out of the deck."""
    editing.retire_cards(writer(), author(), slug, [card_id], now())
    said = gettext("The card is out of the deck. Once that is published, nobody is asked it any more.")
    return go_to("authoring.decks.show", said, slug=slug)


@bp.post("/<slug>/cards/<card_id>/bring-back")
def bring_back(slug: str, card_id: str) -> ResponseReturnValue:
    """Put a retired card back."""
    editing.bring_back(writer(), author(), slug, card_id, now())
    return go_to("authoring.decks.show", gettext("The card is back, as the last one."), slug=slug, _anchor=card_id)

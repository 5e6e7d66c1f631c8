"""Suggested cards beside their sentences: to take into the deck, to change, or to leave."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.drafting import Suggestion
from quizapp.core.deck.schema import Card
from quizapp.core.errors import Invalid
from quizapp.core.markup import render_inline
from quizapp.core.messages import say
from quizapp.services import drafting
from quizapp.services.drafting_model import Hook, ModelFailed
from quizapp.web.authoring.guard import author, require_sign_in
from quizapp.web.context import close_sessions, now, reader, writer
from quizapp.web.numbers import number_of
from quizapp.web.text import cloze_html, translate
from quizapp.web.words import gettext, ngettext

bp = Blueprint("drafting", __name__, url_prefix="/author")
bp.before_request(require_sign_in)


@dataclass(frozen=True, slots=True)
class _Option:
    """An answer or option as shown, and whether it is right."""

    html: Markup
    is_right: bool


def _html(markdown: str) -> Markup:
    return Markup(render_inline(markdown))  # noqa: S704 - made by core.markup


def _list_options(card: Card) -> list[_Option]:
    if card.type == "choice" or card.type == "multiple":
        right = (card.answer,) if card.type == "choice" else card.answers
        wrong = [_Option(_html(option.text), False) for option in card.wrong]
        return [*(_Option(_html(text), True) for text in right), *wrong]
    if card.type == "short":
        return [_Option(_html(text), True) for text in (card.answer, *card.accept)]
    if card.type == "flashcard":
        return [_Option(_html(card.answer), True)]
    if card.type == "truefalse":
        return [_Option(Markup.escape(gettext("True") if card.answer else gettext("False")), True)]
    if card.type == "order":
        return [_Option(_html(text), True) for text in card.items]
    if card.type == "match":
        return [_Option(_html(f"{left} – {right}"), True) for left, right in card.pairs]
    return []


def _list_pieces(card: Card) -> list[tuple[Markup, str]]:
    """A cloze text in pieces, each with the answer that belongs behind it; none for other types."""
    if card.type != "cloze":
        return []
    cloze = parse_cloze(card.text)
    answers = [" / ".join(blank) for blank in cloze.blanks]
    return list(zip(cloze_html(cloze.pieces), (*answers, ""), strict=True))


def _view(suggestion: Suggestion) -> dict[str, Any]:
    card = suggestion.card
    return {
        "key": suggestion.key,
        "kind": suggestion.kind,
        "by_model": suggestion.sort == "model",
        "paragraph": suggestion.paragraph,
        "parts": suggestion.parts,
        "type": card.type,
        "prompt": _html(card.prompt) if card.prompt else "",
        "pieces": _list_pieces(card),
        "options": _list_options(card),
        "explanation": _html(card.explanation) if card.explanation else "",
    }


def _hook() -> Hook | None:
    url = current_app.config["DRAFT_URL"]
    return Hook(url, current_app.config["DRAFT_TOKEN"]) if url else None


def _show_board(slug: str, source_id: str, error: str = "") -> ResponseReturnValue:
    asked = request.values
    page = number_of(asked.get("page", ""), 1)
    board = drafting.load_board(reader(), author(), slug, source_id, asked.get("kind", ""), page)
    hook = _hook()
    page_html = render_template(
        "drafting/board.html",
        board=board,
        slug=slug,
        suggestions=[_view(one) for one in board.suggestions],
        left=[_view(one) for one in board.left],
        model_host=urlsplit(hook.url).hostname if hook else "",
        errors={"take": error} if error else {},
    )
    return page_html, 422 if error else 200


def _go_back(slug: str, source_id: str, notice: str) -> ResponseReturnValue:
    flash(notice)
    kind, page = request.form.get("kind") or None, number_of(request.form.get("page", ""), 1)
    where = url_for("drafting.board", slug=slug, source_id=source_id, kind=kind, page=page if page > 1 else None)
    return redirect(where, code=303)


@bp.get("/<slug>/suggestions")
def show(slug: str) -> ResponseReturnValue:
    """Choose a text to take suggestions from; a deck of one text leads straight to it."""
    draft, texts = drafting.list_texts(reader(), author(), slug)
    listed = [text for text in texts if text.listed]
    if len(listed) == 1 and "choose" not in request.args:
        return redirect(url_for("drafting.board", slug=slug, source_id=listed[0].id), code=303)
    return render_template("drafting/choose.html", draft=draft, slug=slug, texts=texts)


@bp.get("/<slug>/suggestions/<source_id>")
def board(slug: str, source_id: str) -> ResponseReturnValue:
    """The suggestions for a text."""
    return _show_board(slug, source_id)


def _change(slug: str, source_id: str, key: str) -> ResponseReturnValue:
    """Take one suggestion, and open its card to be changed."""
    made = drafting.take(writer(), author(), slug, source_id, [key], now())
    if not made:
        return _go_back(slug, source_id, gettext("This suggestion is in the deck already."))
    flash(gettext("The card is in your draft. Change it here."))
    return redirect(url_for("authoring.cards.edit", slug=slug, card_id=made[0]), code=303)


@bp.post("/<slug>/suggestions/<source_id>")
def decide(slug: str, source_id: str) -> ResponseReturnValue:
    """Take, change, leave or bring back suggestions."""
    what, _, key = request.form.get("do", "").partition(":")
    keys = [key] if key else request.form.getlist("key")
    if what == "change" and key:
        return _change(slug, source_id, key)
    if what in ("take", "leave") and not keys:
        return _show_board(slug, source_id, gettext("Tick the suggestions first."))
    if what == "take":
        made = len(drafting.take(writer(), author(), slug, source_id, keys, now()))
        said = ngettext("%(num)s card is in your draft now.", "%(num)s cards are in your draft now.", made)
    elif what == "leave":
        count = drafting.leave(writer(), author(), slug, source_id, keys, now())
        said = ngettext("%(num)s suggestion is left out.", "%(num)s suggestions are left out.", count)
    elif what == "back":
        count = drafting.bring_back(writer(), author(), slug, source_id, keys)
        said = ngettext("%(num)s suggestion is back.", "%(num)s suggestions are back.", count)
    else:
        raise Invalid(say("Choose what to do with the suggestions."))
    return _go_back(slug, source_id, said)


@bp.post("/<slug>/suggestions/<source_id>/model")
def ask(slug: str, source_id: str) -> ResponseReturnValue:
    """Ask the school's own language model, where there is one."""
    who, hook = author(), _hook()
    source = drafting.prepare_question(reader(), who, slug, source_id)
    if hook is None:
        raise Invalid(say("No language model is set up here."))
    close_sessions()  # nobody waits for a database while the model thinks
    try:
        suggestions, asked = drafting.question_model(hook, source)
    except ModelFailed as failed:
        more = gettext("The suggestions made by rules are here as before.")
        return _go_back(slug, source_id, f"{translate(failed.message)} {more}")
    drafting.keep_answer(writer(), who, slug, source, suggestions, now())
    said = ngettext(
        "The language model made %(num)s suggestion.", "The language model made %(num)s suggestions.", asked.kept
    )
    if asked.refused:
        said += " " + ngettext(
            "%(num)s more did not pass the checks.", "%(num)s more did not pass the checks.", asked.refused
        )
    return _go_back(slug, source_id, said)

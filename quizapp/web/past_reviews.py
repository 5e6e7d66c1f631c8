"""Past reviews in an imported package: taken into one's own study history, once students can study its decks."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from quizapp.core.deck.schema import Deck
from quizapp.core.errors import Invalid, NotFound
from quizapp.core.exchange.model import PastReview
from quizapp.core.messages import say
from quizapp.services import exchange, past_reviews
from quizapp.services.accounts import Viewer
from quizapp.services.exchange import Choices
from quizapp.services.past_reviews import TakenReviews
from quizapp.web.authoring.guard import author, go_to
from quizapp.web.context import now, reader, rules, viewer, writer
from quizapp.web.text import translate
from quizapp.web.words import ngettext

bp = Blueprint("past_reviews", __name__)


@dataclass(frozen=True, slots=True)
class WaitingDeck:
    """A deck of a package under the id that it got here, with its reviews. ``studied``: they can be taken."""

    slug: str
    deck: Deck
    reviews: tuple[PastReview, ...]
    studied: bool


def _learner() -> Viewer:
    person = viewer()
    if person is None:
        raise NotFound(say("There is no such page. Check the address, or begin at the list of decks."))
    return person


def _list_waiting(handle: str) -> tuple[list[WaitingDeck], int]:
    """The decks with reviews in an upload, and how many reviews there are. Raises NotFound."""
    seen = exchange.look(reader(), author(), handle, Choices(format=request.values.get("from", "")[:40]))
    slugs = request.values.getlist("deck")
    if len(slugs) != len(seen.plans):
        slugs = [plan.slug for plan in seen.plans]
    unstudied = past_reviews.list_unstudied(reader(), slugs)
    found = [
        WaitingDeck(slug, deck, past_reviews.pick_reviews(deck, seen.imported.reviews), slug not in unstudied)
        for slug, deck in zip(slugs, seen.imported.decks, strict=True)
    ]
    return [one for one in found if one.reviews], len(seen.imported.reviews)


def _show(handle: str, error: str = "") -> ResponseReturnValue:
    waiting, total = _list_waiting(handle)
    page = render_template(
        "exchange/reviews.html",
        handle=handle,
        waiting=waiting,
        ready=sum(len(one.reviews) for one in waiting if one.studied),
        total=total,
        errors={"": error} if error else {},
    )
    return page, 422 if error else 200


def describe(told: TakenReviews) -> str:
    """What became of the reviews, in words."""
    said = [
        ngettext(
            "%(num)s review is part of your study history now.",
            "%(num)s reviews are part of your study history now.",
            told.taken,
        )
    ]
    if told.known:
        said.append(ngettext("%(num)s was there already.", "%(num)s were there already.", told.known))
    if told.skipped:
        said.append(
            ngettext(
                "%(num)s was left out: its card or its time cannot be.",
                "%(num)s were left out: their cards or their times cannot be.",
                told.skipped,
            )
        )
    return " ".join(said)


@bp.get("/import/<handle>/reviews")
def show(handle: str) -> ResponseReturnValue:
    """Which reviews wait, and what is to be done before they can be taken."""
    return _show(handle)


@bp.post("/import/<handle>/reviews")
def take(handle: str) -> ResponseReturnValue:
    """Take the reviews of all decks that are published."""
    waiting, _ = _list_waiting(handle)
    told = TakenReviews()
    try:
        for one in waiting:
            if one.studied:
                told += past_reviews.take(writer(), _learner(), one.slug, one.reviews, rules(), now())
    except Invalid as error:
        return _show(handle, translate(error.message))
    if all(one.studied for one in waiting):
        exchange.forget(writer(), author(), handle)
        return go_to("authoring.decks.index", describe(told))
    here = {"handle": handle, "from": request.values.get("from") or None, "deck": request.values.getlist("deck")}
    return go_to("exchange.past_reviews.show", describe(told), **here)

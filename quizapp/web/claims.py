"""Telling a teacher of an answer or a card, and the teacher's desk where that is settled."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.errors import Invalid
from quizapp.core.messages import say
from quizapp.services import claims, settling, study
from quizapp.services.claims import DeskClaim
from quizapp.web.context import ensure_learner, learner_id, now, reader, services, viewer, writer
from quizapp.web.numbers import number_of
from quizapp.web.passages import view_passage
from quizapp.web.study import show_verdict
from quizapp.web.text import translate

bp = Blueprint("claims", __name__, url_prefix="/claims")


def _page_number() -> int:
    return number_of(request.values.get("page", ""), 1)


def _say_fields(error: Invalid) -> dict[str, str]:
    return {name: translate(message) for name, message in error.fields.items()}


def _back_to_answer(key: str, kind: str, anchor: str) -> ResponseReturnValue:
    result = study.view_result(reader(), learner_id(), key, now())
    return redirect(url_for("study.verdict", deck=result.deck.slug, key=key, told=kind, _anchor=anchor), code=303)


@bp.post("/about/<key>/<kind>")
def tell(key: str, kind: str) -> ResponseReturnValue:
    """Claim to have been right, or write a note on the card, and come back to the answer."""
    text = request.form.get("text", "")
    study.view_result(
        reader(), learner_id(), key, now()
    )  # raises for an answer of somebody else's, before anything is made
    try:
        claims.make_claim(writer(), ensure_learner(), key, kind, text, now())
    except Invalid as error:
        field = "text" if kind == claims.NOTE else "right-text"
        said = {field: " ".join(_say_fields(error).values())}
        return show_verdict(study.view_result(reader(), learner_id(), key, now()), text, said), 422
    return _back_to_answer(key, kind, f"told-{kind}")


@bp.post("/about/<key>/<kind>/withdraw")
def withdraw(key: str, kind: str) -> ResponseReturnValue:
    """Take a claim or a note back."""
    study.view_result(reader(), learner_id(), key, now())
    claims.withdraw_claim(writer(), ensure_learner(), key, kind)
    return _back_to_answer(key, kind, "verdict")


def _passages(claim: DeskClaim) -> list[dict[str, object]]:
    return [view_passage(passage, claim.result.key) for passage in claim.result.passages if passage.html]


def _show_desk(*, handle: str = "", reply: str = "", error: str = "") -> str:
    settled = request.values.get("show") == "settled"
    desk = claims.read_desk(reader(), viewer(), settled=settled, page=_page_number())
    return render_template(
        "claims/desk.html",
        desk=desk,
        passages={each.claim.handle: _passages(each) for each in desk.claims},
        settled=settled,
        done=request.args.get("done"),
        at_fault=handle,
        reply=reply,
        errors={f"reply-{handle}": error} if error else {},
    )


@bp.get("")
def desk() -> ResponseReturnValue:
    """A teacher's desk; students come to what they told themselves, and whoever is not signed in to do so."""
    person = viewer()
    if person is None or not person.signed_in:
        return redirect(url_for("accounts.sign_in_page", next=url_for("claims.desk")), code=303)
    if person.kind == "student":
        return redirect(url_for("claims.mine"), code=303)
    return _show_desk()


@bp.get("/mine")
def mine() -> ResponseReturnValue:
    """What the viewer told, and what became of it."""
    person = viewer()
    own = () if person is None else claims.list_own(reader(), person.learner_id, now())
    return render_template("claims/mine.html", own=own)


@bp.post("/<handle>")
def settle(handle: str) -> ResponseReturnValue:
    """Accept or decline a claim."""
    form = request.form
    accept = form.get("decision") == "accept"
    try:
        claims.desk_of(viewer())
        if form.get("decision") not in ("accept", "decline"):
            raise Invalid(say("Press one of the buttons below the claim."))
        settling.settle_claim(
            writer(),
            viewer(),
            handle,
            accept=accept,
            reply=form.get("reply", ""),
            alike=form.get("alike") == "1",
            rules=services().rules,
            now=now(),
        )
    except Invalid as error:
        said = _say_fields(error).get("reply", translate(error.message))
        return _show_desk(handle=handle, reply=form.get("reply", ""), error=said), 422
    return redirect(url_for("claims.desk", page=_page_number(), done="accepted" if accept else "declined"), code=303)

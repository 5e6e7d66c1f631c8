"""Studying a deck in the browser: the card, the answer, the verdict, and taking it back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import Card, Cloze, Short
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.learning.grading import Part, Verdict
from quizapp.core.messages import say
from quizapp.services import asking, claims, study
from quizapp.services.asking import Question, QueueEnd
from quizapp.services.assessments.holding import HeldBack
from quizapp.services.claims import Claims
from quizapp.services.results import AnswerResult
from quizapp.services.submissions import Submission, check_key
from quizapp.web.answers import Carried, FormAnswer, read_answer, read_typed
from quizapp.web.context import (
    close_sessions,
    ensure_learner,
    learner_id,
    lost_sign_in,
    now,
    reader,
    rules,
    viewer,
    writer,
)
from quizapp.web.numbers import LATEST, read_whole
from quizapp.web.passages import view_passage
from quizapp.web.resend import ask_to_sign_in, is_somebody_elses
from quizapp.web.text import translate
from quizapp.web.urls import url_for

SOON = timedelta(minutes=15)
_MORE = "more"
_MOST_WORDINGS = 6

bp = Blueprint("study", __name__, url_prefix="/study")


@dataclass(frozen=True, slots=True)
class StudyPlace:
    """Where a card of a deck is asked."""

    deck: str

    def url(self, action: str = "answer") -> str:
        """The address of one of the card's actions: ``answer``, ``hint`` or ``reveal``."""
        return url_for(f"study.{action}", deck=self.deck)


@bp.app_template_filter("also_right")
def list_also_right(card: Card, parts: Sequence[Part]) -> list[tuple[int, list[str]]]:
    """The other accepted wordings of a typed answer, at most six; of a cloze with the number of their blank, else 0."""
    match card:
        case Short():
            wordings = [(0, (card.answer, *card.accept))]
        case Cloze():
            wordings = list(enumerate(parse_cloze(card.text).blanks, start=1))
        case _:
            return []
    others = [
        (number, [wording for wording in accepted if wording != part.expected][:_MOST_WORDINGS])
        for (number, accepted), part in zip(wordings, parts, strict=True)
    ]
    return [(number, found) for number, found in others if found]


def _undo_url(deck: str, key: str | None) -> str | None:
    return None if key is None else url_for("study.undo", deck=deck, key=key)


def _say_errors(error: Invalid | None) -> dict[str, str]:
    if error is None:
        return {}
    return {name: translate(message) for name, message in error.fields.items()} or {
        "response": translate(error.message)
    }


def show_question(
    question: Question,
    answer: FormAnswer | None = None,
    error: Invalid | None = None,
    *,
    template: str = "study/question.html",
    **more: Any,
) -> ResponseReturnValue:
    """The page of a card, with what was typed and what is wrong with it.

    ``more`` is for a page made from it by a ``template`` of its own: values beside the usual ones, or in their place.
    """
    person = viewer()
    carried = Carried(
        key=request.form.get("key") or question.key,
        card=question.slug,
        revision=str(question.revision),
        learner=person.handle if person else "",
        hint_used="1" if question.hint else "",
        shown_ms=request.form.get("shown_ms", ""),
    )
    values: dict[str, Any] = {
        "question": question,
        "place": StudyPlace(question.deck.slug),
        "carried": carried,
        "typed": answer.typed if answer else None,
        "errors": _say_errors(error),
        "undoable": _undo_url(question.deck.slug, question.undoable),
        "lost_sign_in": lost_sign_in(),
    }
    return render_template(template, **(values | more)), 422 if error else 200


@bp.get("/<deck>")
def ask(deck: str) -> ResponseReturnValue:
    """The next card, or the end of the queue."""
    asked = asking.next_question(reader(), deck, viewer(), rules(), now(), extra=_goes_on(deck))
    return _show_end(asked) if isinstance(asked, QueueEnd) else show_question(asked)


def _goes_on(deck: str) -> bool:
    """Whether the learner decided to go beyond the limits of this study day in this deck."""
    return bool(session.get(_MORE, {}).get(deck) == _today())


def _today() -> int:
    return rules().calendar.day_of(now()).toordinal()


def _show_end(end: QueueEnd) -> str:
    choices = rules().choices
    return render_template(
        "study/end.html",
        end=end,
        soon=end.next_due is not None and end.next_due - now() <= SOON,
        undoable=_undo_url(end.deck.slug, end.undoable),
        limits=choices.limits,
        deck_limits=choices.decks.get(end.deck.slug),
    )


@bp.post("/<deck>/more")
def go_on(deck: str) -> ResponseReturnValue:
    """Go beyond the daily limits, in this deck and until the study day ends."""
    asking.count_queue(reader(), deck, learner_id(), rules(), now())  # raises where there is no such deck
    earlier = {slug: day for slug, day in session.get(_MORE, {}).items() if day == _today()}
    session[_MORE] = earlier | {deck: _today()}
    return redirect(url_for("study.ask", deck=deck), code=303)


def _asked_before(deck: str, *, hint: bool = False, back: bool = False) -> Question:
    """The card that the form in hand is about, as it was asked."""
    form: MultiDict[str, str] = request.form
    return asking.same_question(
        reader(),
        deck,
        form.get("card", ""),
        read_whole(form.get("revision")) or 0,
        viewer(),
        rules(),
        now(),
        hint=hint or form.get("hint_used") == "1",
        back=back,
    )


@bp.post("/<deck>")
def answer(deck: str) -> ResponseReturnValue:
    """Grade an answer and show what came of it; a reload of that page sends nothing again."""
    if is_somebody_elses():
        return ask_to_sign_in()
    told = None
    try:
        result = _record(deck)
        told = None if result.repeated else Claims()  # nothing can have been told of it yet
    except Invalid as error:
        close_sessions()  # others may write while this page is made
        question = _asked_before(deck, back=True)
        return show_question(question, read_typed(request.form, question.asked), error)
    except HeldBack:
        raise
    except Conflict:  # the reply to an earlier sending was lost: that answer counts, and here is what came of it
        close_sessions()
        result = study.view_result(reader(), learner_id(), request.form.get("key", ""), now(), deck)
    if request.headers.get("X-Fragment") != "main":
        return redirect(url_for("study.verdict", deck=deck, key=result.key), code=303)
    page = show_verdict(result, told=told)
    return page, 200, {"Content-Location": url_for("study.verdict", deck=deck, key=result.key)}


def _record(deck: str) -> AnswerResult:
    form: MultiDict[str, str] = request.form
    fields = form.to_dict()  # plain: what is missing in the form itself costs an exception each time
    submission = Submission(
        deck=deck,
        card=fields.get("card", ""),
        revision=read_whole(fields.get("revision")) or 0,
        shown_ms=read_whole(fields.get("shown_ms"), LATEST),
        hint_used=fields.get("hint_used") == "1",
        rating=read_whole(fields.get("rating")),
        promised=fields.get("promised", ""),
        given_at=read_whole(fields.get("given_at"), LATEST),
    )
    key = check_key(fields.get("key") or str(uuid.uuid4()))
    if viewer() is None:
        asked = asking.read_asked(reader(), deck, submission.card, submission.revision, None, rules(), now())
        whole = replace(submission, response=read_answer(form, asked).response)
        study.check_submission(reader(), whole)  # first: an answer that is refused makes nobody a guest
    person, kept = ensure_learner(), rules()
    return study.answer_card(
        writer(), person, submission, key, kept, now(), read=lambda asked: read_answer(form, asked).response
    )


def show_verdict(
    result: AnswerResult,
    note: str = "",
    errors: Mapping[str, str] | None = None,
    first_verdict: Verdict | None = None,
    *,
    told: Claims | None = None,
) -> str:
    """The page of an answer. ``note`` is what was typed for the teacher and, by ``errors``, could not be taken.

    ``first_verdict`` is what the answer counted as before it was graded again. ``told`` is what the learner told a
    teacher of the answer, where that is known already.
    """
    deck, person = result.deck.slug, viewer()
    may_undo = told is not None or study.may_undo(reader(), learner_id(), result.key, rules())
    counts = asking.NOTHING
    if person is not None:
        counts = asking.count_after(reader(), result, person.learner_id, rules(), now(), extra=_goes_on(deck))
    return render_template(
        "study/verdict.html",
        result=result,
        passages=[view_passage(passage, result.key) for passage in result.passages],
        counts=counts,
        undo_url=url_for("study.undo", deck=deck, key=result.key) if may_undo else None,
        next_url=url_for("study.ask", deck=deck),
        claims=claims.find_claims(reader(), learner_id(), result.key) if told is None else told,
        told=request.args.get("told"),
        note=note,
        errors=errors or {},
        first_verdict=first_verdict,
    )


@bp.post("/<deck>/hint")
def hint(deck: str) -> ResponseReturnValue:
    """The same card with its hint; what was typed stays."""
    question = _asked_before(deck, hint=True)
    return show_question(question, read_typed(request.form, question.asked))


@bp.post("/<deck>/reveal")
def reveal(deck: str) -> ResponseReturnValue:
    """A flashcard turned over, to be rated. From here on a visitor is a guest, so that the promised days hold."""
    if viewer() is None:
        _asked_before(deck)
        ensure_learner()
    return show_question(_asked_before(deck, back=True))


@bp.get("/<deck>/answers/<key>")
def verdict(deck: str, key: str) -> ResponseReturnValue:
    """An answer of the viewer's, with what came of it."""
    result = study.view_result(reader(), learner_id(), key, now(), deck)
    return show_verdict(result, first_verdict=study.find_first_verdict(reader(), learner_id(), result.key))


@bp.post("/<deck>/answers/<key>/undo")
def undo(deck: str, key: str) -> ResponseReturnValue:
    """Take an answer back and ask again."""
    person = viewer()
    if person is None:
        raise NotFound(say("There is no such answer."))
    study.undo_answer(writer(), person.learner_id, key, now(), deck, rules=rules())
    return redirect(url_for("study.ask", deck=deck), code=303)

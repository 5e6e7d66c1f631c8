"""Practising in the browser: choosing cards, being asked, the verdict, and what came of the round."""

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from quizapp.core.errors import Conflict, Invalid, NotFound, QuizappError
from quizapp.core.learning.practice import PracticeChoice, read_choice
from quizapp.core.messages import say
from quizapp.services import practice, practice_round
from quizapp.services.practice_round import PracticeQuestion, PracticeResult, PracticeSubmission
from quizapp.services.submissions import check_key
from quizapp.web.answers import Carried, FormAnswer, read_answer, read_typed
from quizapp.web.context import ensure_learner, learner_id, lost_sign_in, now, reader, rules, viewer, writer
from quizapp.web.numbers import LATEST, read_whole
from quizapp.web.passages import view_passage
from quizapp.web.practice_places import RoundPlace, find_round, find_trial, make_token, read_key
from quizapp.web.resend import ask_to_sign_in, is_somebody_elses
from quizapp.web.text import translate
from quizapp.web.words import gettext, ngettext

bp = Blueprint("practice", __name__, url_prefix="/practice")

Form = MultiDict[str, str]


def _fields(form: Form) -> dict[str, list[str]]:
    return form.to_dict(flat=False)


def _say_errors(error: QuizappError, field: str) -> dict[str, str]:
    """What went wrong, by field; what has none stands at ``field``."""
    found = error.fields if isinstance(error, Invalid) else {}
    return {name: translate(message) for name, message in found.items()} or {field: translate(error.message)}


def _show_start(form: Form, error: QuizappError | None = None) -> ResponseReturnValue:
    try:
        choice = read_choice(_fields(form))
        fitting = practice.count_fitting(reader(), learner_id(), choice, rules(), now())
    except (Invalid, NotFound) as wrong:
        error, fitting, choice = error or wrong, None, PracticeChoice()
    page = render_template(
        "practice/start.html",
        offer=practice.offer_practice(reader(), learner_id(), choice, rules(), now()),
        choice=choice,
        chosen=form if error else MultiDict(choice.to_fields()),
        prefilled=bool(form),
        fitting=fitting,
        fitting_words=_say_count(fitting, choice) if fitting is not None else "",
        errors=_say_errors(error, "start") if error else {},
        key=str(uuid.uuid4()),
    )
    return page, 200 if error is None else 404 if isinstance(error, NotFound) else 422


@bp.get("")
def start() -> ResponseReturnValue:
    """What can be practised; the address may hold a choice."""
    return _show_start(request.args)


def _say_count(fitting: int, choice: PracticeChoice) -> str:
    if choice.count is not None and choice.count < fitting:
        return gettext("%(fitting)s cards fit; you get %(count)s of them.", fitting=fitting, count=choice.count)
    return ngettext("One card fits.", "%(num)s cards fit.", fitting) if fitting else gettext("No card fits.")


@bp.get("/count")
def count() -> ResponseReturnValue:
    """How many cards fit what is chosen, in words, for the script of the start page."""
    try:
        choice = read_choice(_fields(request.args))
        words = _say_count(practice.count_fitting(reader(), learner_id(), choice, rules(), now()), choice)
    except (Invalid, NotFound) as error:
        words = next(iter(_say_errors(error, "start").values()))
    return words, 200, {"Content-Type": "text/plain; charset=utf-8"}


@bp.post("/count")
def recount() -> ResponseReturnValue:
    """The start page with the number of cards that fit, for browsers without script."""
    return _show_start(request.form)


@bp.post("")
def begin() -> ResponseReturnValue:
    """Begin a round. A visitor's is in its address alone until the first answer."""
    person, handle, own = viewer(), read_key(), rules()
    try:
        choice = read_choice(_fields(request.form))
        if person is None:
            practice.plan_practice(reader(), None, choice, handle, own, now())
            return redirect(url_for("practice.try_it", token=make_token(handle, choice)), code=303)
        handle = practice.start_practice(writer(), person, choice, handle, own, now())
    except (Invalid, NotFound) as error:
        return _show_start(request.form, error)
    return redirect(url_for("practice.ask", handle=handle), code=303)


def _show_question(
    place: RoundPlace, question: PracticeQuestion, answer: FormAnswer | None = None, error: Invalid | None = None
) -> ResponseReturnValue:
    person = viewer()
    carried = Carried(
        key=read_key(),
        card=question.ref,
        revision="",
        learner=person.handle if person else "",
        hint_used="1" if question.hint or request.form.get("hint_used") == "1" else "",
        shown_ms=request.form.get("shown_ms", ""),
    )
    page = render_template(
        "practice/question.html",
        question=question,
        head=question.head,
        place=place,
        carried=carried,
        typed=answer.typed if answer else None,
        confidence=request.form.get("confidence", ""),
        errors=_say_errors(error, "response") if error else {},
        lost_sign_in=lost_sign_in(),
    )
    return page, 422 if error else 200


def _ask(place: RoundPlace) -> ResponseReturnValue:
    question = practice_round.next_question(place.round, rules())
    return _show_result(place) if question is None else _show_question(place, question)


@bp.get("/<handle>")
def ask(handle: str) -> ResponseReturnValue:
    """The next card of a round, or what came of it."""
    return _ask(find_round(handle))


@bp.get("/try/<token>")
def try_it(token: str) -> ResponseReturnValue:
    """The first card of a round that is not written down; once it is, the round under its handle."""
    place = find_trial(token)
    if place.round.answers:
        return redirect(url_for("practice.ask", handle=place.round.plan.handle), code=303)
    return _ask(place)


def _asked_before(place: RoundPlace, *, hint: bool = False, back: bool = False) -> PracticeQuestion:
    """The card that the form in hand is about, as it was asked."""
    hint = hint or request.form.get("hint_used") == "1"
    return practice_round.same_question(place.round, request.form.get("card", ""), rules(), hint=hint, back=back)


def _answer(place: RoundPlace) -> ResponseReturnValue:
    question = _asked_before(place, back=True)
    try:
        given = read_answer(request.form, question.asked)
        result = _record(place, question, given)
    except Invalid as error:
        return _show_question(place, question, read_typed(request.form, question.asked), error)
    except Conflict as error:
        return _show_answer_that_counts(place, question.ref, error)
    address = url_for("practice.verdict", handle=place.round.plan.handle, key=result.key)
    if request.headers.get("X-Fragment") != "main":
        return redirect(address, code=303)
    return _show_verdict(place.round.plan.handle, result), 200, {"Content-Location": address}


def _record(place: RoundPlace, question: PracticeQuestion, given: FormAnswer) -> PracticeResult:
    form: Form = request.form
    submission = PracticeSubmission(
        card=question.ref,
        response=given.response,
        shown_ms=read_whole(form.get("shown_ms"), LATEST),
        hint_used=form.get("hint_used") == "1",
        confidence=_read_confidence(form) if question.head.choice.confidence else None,
        rating=read_whole(form.get("rating")),
    )
    key = check_key(form.get("key") or question.key)
    practice_round.check_submission(place.round, submission)  # first: an answer that is refused makes nobody a guest
    person = ensure_learner()
    own, handle = rules(), place.round.plan.handle  # the rules are read before anything is written
    return practice_round.answer_card(writer(), person, handle, submission, key, own, now(), place.choice)


def _read_confidence(form: Form) -> int | None:
    text = form.get("confidence", "")
    if text not in ("", "1", "2", "3"):
        raise Invalid(
            gettext("The answer was not recorded."), {"confidence": gettext("Choose one of the three steps.")}
        )
    return int(text) if text else None


def _show_answer_that_counts(place: RoundPlace, ref: str, conflict: Conflict) -> ResponseReturnValue:
    """After an answer that came too late: the first one, and why this one does not count."""
    try:
        result = practice_round.view_answer_to(reader(), learner_id(), place.round.plan.handle, ref, now())
    except NotFound:
        raise conflict from None
    return _show_verdict(place.round.plan.handle, result, notice=translate(conflict.message)), 409


@bp.post("/<handle>")
def answer(handle: str) -> ResponseReturnValue:
    """Grade an answer and show what came of it; a reload of that page sends nothing again."""
    return ask_to_sign_in() if is_somebody_elses() else _answer(find_round(handle))


@bp.post("/try/<token>")
def try_answer(token: str) -> ResponseReturnValue:
    """The same for a round that is not written down: its first answer does it, and makes a visitor a guest."""
    return ask_to_sign_in() if is_somebody_elses() else _answer(find_trial(token))


def _hint(place: RoundPlace) -> ResponseReturnValue:
    question = _asked_before(place, hint=True)
    return _show_question(place, question, read_typed(request.form, question.asked))


@bp.post("/<handle>/hint")
def hint(handle: str) -> ResponseReturnValue:
    """The same card with its hint; what was typed stays."""
    return _hint(find_round(handle))


@bp.post("/try/<token>/hint")
def try_hint(token: str) -> ResponseReturnValue:
    """The same for a round that is not written down."""
    return _hint(find_trial(token))


@bp.post("/<handle>/reveal")
def reveal(handle: str) -> ResponseReturnValue:
    """A flashcard turned over, to be rated."""
    place = find_round(handle)
    return _show_question(place, _asked_before(place, back=True))


@bp.post("/try/<token>/reveal")
def try_reveal(token: str) -> ResponseReturnValue:
    """The same for a round that is not written down."""
    place = find_trial(token)
    return _show_question(place, _asked_before(place, back=True))


def _show_verdict(handle: str, result: PracticeResult, notice: str = "") -> str:
    return render_template(
        "practice/verdict.html",
        head=practice_round.load_round(reader(), learner_id(), handle, now()).head,
        result=result,
        passages=[view_passage(passage) for passage in result.passages],
        notice=notice,
        next_url=url_for("practice.ask", handle=handle),
    )


@bp.get("/<handle>/answers/<key>")
def verdict(handle: str, key: str) -> ResponseReturnValue:
    """An answer of a round, with what came of it."""
    return _show_verdict(handle, practice_round.view_result(reader(), learner_id(), handle, key, now()))


def _show_result(place: RoundPlace, error: QuizappError | None = None) -> ResponseReturnValue:
    shown = practice_round.view_round(reader(), place.round)
    page = render_template(
        "practice/result.html",
        shown=shown,
        head=shown.head,
        results=[(one, [view_passage(passage) for passage in one.passages]) for one in shown.results],
        wrong=sum(not one.grade.correct for one in shown.results),
        errors=_say_errors(error, "again") if error else {},
        key=str(uuid.uuid4()),
    )
    return page, 422 if error else 200


@bp.get("/<handle>/result")
def result(handle: str) -> ResponseReturnValue:
    """What came of a round so far."""
    return _show_result(find_round(handle))


@bp.post("/<handle>/again")
def again(handle: str) -> ResponseReturnValue:
    """Begin a round of what was wrong in this one."""
    person = viewer()
    if person is None:
        raise NotFound(say("There is no such practice, or it is not yours."))
    own = rules()
    try:
        fresh = practice.start_again(writer(), person, handle, read_key(), own, now())
    except Invalid as error:
        return _show_result(find_round(handle), error)
    return redirect(url_for("practice.ask", handle=fresh), code=303)

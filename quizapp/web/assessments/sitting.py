"""Sitting a test: the page before it, the questions, saving, handing in, and the result."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.assessments.answers import Fill
from quizapp.core.assessments.scoring import SCHEME
from quizapp.core.errors import Conflict, Invalid, NotFound, QuizappError
from quizapp.services.accounts import Viewer
from quizapp.services.assessments import editing, results, sitting
from quizapp.services.assessments.access import find_taught, is_staff
from quizapp.services.assessments.counting import make_key
from quizapp.services.assessments.results import AttemptResult, JudgedQuestion
from quizapp.services.assessments.sitting import Saved, Sitting, SittingQuestion
from quizapp.web.assessments.blueprint import bp, say_errors, say_seconds, tidy_own, to_sign_in
from quizapp.web.assessments.forms import new_client
from quizapp.web.assessments.saves import digest, read_save, read_saves
from quizapp.web.context import now, reader, rules, services, viewer, writer
from quizapp.web.numbers import number_of
from quizapp.web.passages import view_passage
from quizapp.web.resend import ask_to_sign_in
from quizapp.web.text import translate
from quizapp.web.words import gettext

_NONE: Mapping[str, str] = {}


def _is_signed_in_as_before() -> bool:
    """Whether the form was made for whoever is signed in now."""
    person = viewer()
    return person is not None and request.form.get("learner", "") in ("", person.handle)


def _person() -> Viewer:
    """Who is sitting; ``_is_signed_in_as_before`` has been asked."""
    return cast(Viewer, viewer())


@bp.get("")
def index() -> ResponseReturnValue:
    """The tests that are there for whoever looks; for teachers, those they set."""
    person = viewer()
    if person is None:
        return to_sign_in()
    tidy_own()
    return render_template(
        "assessments/index.html",
        own=results.list_own_tests(reader(), person, now()),
        taught=editing.list_tests(reader(), person) if is_staff(person) else None,
    )


def show_start(handle: str) -> ResponseReturnValue:
    """What a student should know before beginning."""
    tidy_own()
    try:
        own = results.view_own_test(reader(), viewer(), handle, now())
    except NotFound:
        if viewer() is None or not _person().signed_in:
            return to_sign_in()
        raise
    return render_template("assessments/start.html", own=own, test=own.assessment, scheme=SCHEME)


@bp.post("/<handle>/attempts")
def begin(handle: str) -> ResponseReturnValue:
    """Begin an attempt, or go on with the open one."""
    person = viewer()
    if person is None:
        return to_sign_in()
    seed = secrets.token_bytes(16)
    drawn = sitting.draw_attempt(reader(), person, handle, seed, rules())
    attempt = sitting.begin_attempt(writer(), person, handle, drawn, now())
    return redirect(url_for("assessments.sit", handle=handle, attempt=attempt), code=303)


def _left(ends_at: datetime | None) -> int | None:
    return None if ends_at is None else max(int((ends_at - now()).total_seconds() * 1000), 0)


MOST_AT_HAND = 60
"""Up to so many questions are in the page even where one is shown at a time, so that a student without network can go
on."""


def _choose_questions(held: Sitting, at: str, *, preview: bool) -> tuple[list[SittingQuestion], int]:
    """The questions that the page holds, and the one that it shows; 0: all that it holds."""
    if at == "overview":
        return [], 0
    if held.assessment.plan.all_on_one_page:
        return list(held.questions), 0
    number = min(max(number_of(at), 1), len(held.questions))
    if preview or len(held.questions) > MOST_AT_HAND:
        return [held.questions[number - 1]], number
    return list(held.questions), number


def show_sitting(
    held: Sitting,
    at: str,
    *,
    error: Invalid | None = None,
    notice: str = "",
    settled: Mapping[int, JudgedQuestion] | None = None,
    preview: bool = False,
) -> ResponseReturnValue:
    """The page of an open attempt, or of a preview."""
    person = viewer()
    questions, current = _choose_questions(held, at, preview=preview)
    page = render_template(
        "assessments/sit.html",
        sitting=held,
        test=held.assessment,
        questions=questions,
        current=current,
        overview=at == "overview",
        at=at,
        errors=say_errors(error),
        notice=notice,
        client=new_client(),
        learner=person.handle if person else "",
        digest=digest,
        left_ms=_left(held.ends_at),
        settled=settled or {},
        judged_view=judged_view,
        preview=preview,
        scheme=SCHEME,
        parts=Fill.PART,
        whole=Fill.WHOLE,
    )
    return page, 422 if error else 200


def _list_settled(held: Sitting, handle: str, attempt: str) -> dict[int, JudgedQuestion]:
    some = any(question.settled for question in held.questions)
    return results.list_settled(reader(), viewer(), handle, attempt) if some else {}


def judged_view(judged: JudgedQuestion) -> dict[str, Any]:
    """What the template of a judged question wants: the passages know their addresses in the text."""
    return {"passages": [view_passage(passage) for passage in judged.passages]}


@bp.get("/<handle>/attempts/<attempt>")
def sit(handle: str, attempt: str) -> ResponseReturnValue:
    """An attempt: its questions while it is open, then what came of it. For a teacher, what came of it so far."""
    person = viewer()
    if person is None:
        return to_sign_in()
    if find_taught(reader(), person, handle) is not None:
        return _show_result(results.view_taught_result(reader(), person, handle, attempt))
    tidy_own()
    held = sitting.view_sitting(reader(), person, handle, attempt)
    if held is None:
        return _show_result(results.view_own_result(reader(), person, handle, attempt, now()))
    at = request.args.get("at", "")
    notice = (
        gettext("Another window had changed this answer. Yours is newer and counts.") if "over" in request.args else ""
    )
    return show_sitting(held, at, notice=notice, settled=_list_settled(held, handle, attempt))


def _list_answers(result: AttemptResult) -> dict[int, str]:
    """The addresses of a student's own answers, by question, once they count as reviews: there teachers are told."""
    attempt = result.attempt
    if result.student or attempt.counted_at is None:
        return {}
    secret = services().rules.secret
    return {
        one.position: url_for(
            "study.verdict", deck=one.ref.split("/")[0], key=make_key(secret, attempt.handle, one.position)
        )
        for one in result.questions
        if one.grade is not None
    }


def _show_result(result: AttemptResult) -> ResponseReturnValue:
    return render_template(
        "assessments/result.html",
        result=result,
        answers=_list_answers(result),
        test=result.assessment,
        judged_view=judged_view,
        scheme=SCHEME,
        taught=bool(result.student),
    )


def _show_again(handle: str, attempt: str, at: str, error: Invalid) -> ResponseReturnValue:
    """The page with what went wrong. What could be saved before is there; the rest is still in the browser's form."""
    held = sitting.view_sitting(reader(), viewer(), handle, attempt)
    if held is None:
        return redirect(url_for("assessments.sit", handle=handle, attempt=attempt), code=303)
    return show_sitting(held, at, error=error, settled=_list_settled(held, handle, attempt))


def _next_place(held_count: int, at: str, go: str) -> str:
    number = max(number_of(at), 1)
    if go == "next":
        return "overview" if number >= held_count else str(number + 1)
    if go == "previous":
        return str(max(number - 1, 1))
    return go if go == "overview" or number_of(go) else at


@bp.post("/<handle>/attempts/<attempt>")
def save_page(handle: str, attempt: str) -> ResponseReturnValue:
    """Save what the page holds, and go where the button says: on, back, to the overview, or hand in."""
    if not _is_signed_in_as_before():
        return ask_to_sign_in()
    person, go, at = _person(), request.form.get("go", ""), request.form.get("at", "")
    here: dict[str, Any] = {"handle": handle, "attempt": attempt}
    try:
        saved = sitting.save_answers(writer(), person, attempt, read_saves(request.form), now())
        if go.startswith("check-"):
            sitting.check_answer(writer(), person, attempt, read_save(request.form, number_of(go[6:])), now())
            return redirect(url_for("assessments.sit", **here, at=at or None, _anchor=f"q{go[6:]}"), code=303)
    except Invalid as error:
        return _show_again(handle, attempt, at, error)
    except Conflict:
        return redirect(url_for("assessments.sit", **here), code=303)
    if go == "hand-in":
        sitting.hand_in(writer(), person, handle, attempt, now())
        return redirect(url_for("assessments.sit", **here), code=303)
    held = sitting.view_sitting(reader(), person, handle, attempt)
    place = _next_place(len(held.questions) if held else 0, at, go)
    over = "1" if any(each.overtaken for each in saved) else None
    return redirect(url_for("assessments.sit", **here, at=place or None, over=over), code=303)


def _saved_json(saved: Saved) -> dict[str, Any]:
    return {
        "position": saved.position,
        "version": saved.version,
        "saved": "" if saved.saved_at is None else say_seconds(saved.saved_at),
        "fill": saved.fill.value,
        "overtaken": saved.overtaken,
        "stale": saved.stale,
        "left_ms": _left(saved.ends_at),
    }


def _refuse(error: QuizappError) -> tuple[Response, int]:
    status = {NotFound: 404, Conflict: 409, Invalid: 422}.get(type(error), 400)
    fields = " ".join(translate(text) for text in error.fields.values()) if isinstance(error, Invalid) else ""
    return jsonify(message=fields or translate(error.message)), status


@bp.post("/<handle>/attempts/<attempt>/answers/<int:position>")
def save_answer(handle: str, attempt: str, position: int) -> ResponseReturnValue:
    """Save one answer, for the script; what came of it in a few words."""
    if not _is_signed_in_as_before():
        return jsonify(message=gettext("You are no longer signed in.")), 401
    try:
        (saved,) = sitting.save_answers(writer(), _person(), attempt, [read_save(request.form, position)], now())
    except QuizappError as error:
        return _refuse(error)
    return jsonify(_saved_json(saved))


@bp.get("/<handle>/attempts/<attempt>/pulse")
def pulse(handle: str, attempt: str) -> ResponseReturnValue:
    """How an attempt stands, for the script: versions of the answers, and the time that is left."""
    if viewer() is None:
        return jsonify(message=gettext("You are no longer signed in.")), 401
    try:
        found = sitting.view_pulse(reader(), viewer(), handle, attempt, now())
    except QuizappError as error:
        return _refuse(error)
    return jsonify(versions=found.versions, left_ms=_left(found.ends_at), open=found.open)

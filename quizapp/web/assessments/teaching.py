"""The teacher's side of tests: making and changing them, trying them out, their results, and single students."""

import re
import secrets
from dataclasses import fields as fields_of
from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from quizapp.core.assessments.plan import MOST_ATTEMPTS
from quizapp.core.assessments.timing import MOST_PERCENT, NO_EXTRA
from quizapp.core.errors import Conflict, Invalid
from quizapp.core.messages import say
from quizapp.services.accounts import Viewer
from quizapp.services.assessments import editing, results, students
from quizapp.services.assessments.access import Assessment, find_taught, load_taught, require_staff
from quizapp.services.assessments.students import ExceptionRecord
from quizapp.services.sources import list_sources
from quizapp.web.assessments.blueprint import bp, read_moment, read_number, say_errors, tidy_test, to_sign_in
from quizapp.web.assessments.forms import DrawFields, draw_fields, read_draft, read_rows
from quizapp.web.assessments.sitting import show_sitting, show_start
from quizapp.web.context import now, reader, rules, services, viewer, writer
from quizapp.web.numbers import number_of
from quizapp.web.resend import ask_to_sign_in

Form = MultiDict[str, str]
_SEED = re.compile(r"[0-9a-f]{32}")


def _values_of(assessment: Assessment) -> Form:
    """A test as the fields of its form."""
    plan, record = assessment.plan, assessment.record
    chosen = {
        "by_link": record.by_link,
        "holds": record.holds,
        "shuffle_questions": plan.shuffle_questions,
        "shuffle_options": plan.shuffle_options,
        "confidence": plan.confidence,
    }
    values = {
        "title": record.title,
        "introduction": plan.introduction,
        "class_handle": editing.find_class_handle(reader(), assessment),
        "limit_minutes": str(plan.limit_minutes or ""),
        "attempts": str(plan.attempts),
        "counting": plan.counting.value,
        "feedback": plan.feedback.value,
        "layout": "all" if plan.all_on_one_page else "one",
    }
    return MultiDict(values | {name: "1" for name, ticked in chosen.items() if ticked})


_FRESH = Form(
    {"attempts": "1", "counting": "best", "feedback": "at-end", "layout": "one"}
    | {"shuffle_questions": "1", "shuffle_options": "1", "holds": "1"}
)


def _status(error: Invalid | Conflict | None) -> int:
    return 200 if error is None else 409 if isinstance(error, Conflict) else 422


def _show_form(
    assessment: Assessment | None, values: Form, rows: list[DrawFields], error: Invalid | Conflict | None = None
) -> ResponseReturnValue:
    page = render_template(
        "assessments/form.html",
        test=assessment,
        values=values,
        dates={name: values.get(name) for name in ("opens", "due", "closes")},
        rows=[*rows, *[DrawFields()] * (2 if "more" in values else 1)],
        row_fields=[field.name for field in fields_of(DrawFields)],
        classes=editing.list_class_choices(reader(), viewer()),
        decks=editing.list_decks(reader()),
        sources=list_sources(reader(), None),
        zone=services().rules.calendar.zone.key,
        errors=say_errors(error),
        begun=assessment is not None and results.view_report(reader(), viewer(), assessment.handle).begun,
    )
    return page, _status(error)


@bp.route("/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    """Make a test."""
    if viewer() is None:
        return to_sign_in() if request.method == "GET" else ask_to_sign_in()
    require_staff(viewer())
    if request.method != "POST":
        return _show_form(None, _FRESH, [])
    if "more" in request.form:
        return _show_form(None, request.form, read_rows(request.form))
    try:
        handle = editing.create_test(writer(), viewer(), read_draft(request.form, ()), now())
    except Invalid as error:
        return _show_form(None, request.form, read_rows(request.form), error)
    return redirect(url_for("assessments.show", handle=handle), code=303)


def _link(handle: str) -> str:
    """The address of a test as a teacher sends it to students."""
    return (services().public_url or request.url_root).rstrip("/") + url_for("assessments.show", handle=handle)


@bp.get("/<handle>")
def show(handle: str) -> ResponseReturnValue:
    """For its teachers the test with its results; for students the page before it."""
    taught = find_taught(reader(), viewer(), handle)
    if taught is None:
        return show_start(handle)
    tidy_test(taught.record.id)
    report = results.view_report(reader(), viewer(), handle)
    return render_template(
        "assessments/report.html",
        report=report,
        test=report.assessment,
        link=_link(handle),
        errors={},
    )


@bp.route("/<handle>/edit", methods=["GET", "POST"])
def edit(handle: str) -> ResponseReturnValue:
    """Change a test."""
    assessment = load_taught(reader(), viewer(), handle)
    if request.method != "POST":
        values = _values_of(assessment)
        values["version"] = str(assessment.record.version)
        return _show_form(assessment, values, [draw_fields(draw) for draw in assessment.plan.draws])
    if "more" in request.form:
        return _show_form(assessment, request.form, read_rows(request.form))
    try:
        draft = read_draft(request.form, assessment.plan.cards)
        version = number_of(request.form.get("version", ""))
        editing.change_test(writer(), viewer(), handle, draft, version, now())
    except Invalid as error:
        return _show_form(assessment, request.form, read_rows(request.form), error)
    except Conflict as error:
        fresh, values = load_taught(reader(), viewer(), handle), MultiDict(request.form)
        values["version"] = str(fresh.record.version)
        return _show_form(fresh, values, read_rows(request.form), error)
    return redirect(url_for("assessments.show", handle=handle), code=303)


@bp.route("/<handle>/cards", methods=["GET", "POST"])
def cards(handle: str) -> ResponseReturnValue:
    """Choose the cards of a deck that everybody is asked."""
    assessment = load_taught(reader(), viewer(), handle)
    deck, error = request.values.get("deck", ""), cast(Invalid | Conflict | None, None)
    if request.method == "POST":
        version = number_of(request.form.get("version", ""))
        try:
            editing.choose_cards(
                writer(),
                viewer(),
                handle,
                deck,
                request.form.getlist("card"),
                version,
                now(),
            )
            return redirect(url_for("assessments.cards", handle=handle, deck=deck), code=303)
        except (Invalid, Conflict) as wrong:
            assessment, error = load_taught(reader(), viewer(), handle), wrong
    page = render_template(
        "assessments/cards.html",
        test=assessment,
        chosen=request.form.getlist("card") if error else assessment.plan.cards,
        deck=deck,
        decks=editing.list_decks(reader()),
        cards=editing.list_deck_cards(reader(), assessment.plan, deck) if deck else [],
        errors=say_errors(error),
    )
    return page, _status(error)


@bp.get("/<handle>/preview")
def preview(handle: str) -> ResponseReturnValue:
    """A test as a student would have it; nothing is saved."""
    seed = request.args.get("seed", "")
    drawn = bytes.fromhex(seed) if _SEED.fullmatch(seed) else secrets.token_bytes(16)
    held = editing.preview_test(reader(), viewer(), handle, drawn, rules(), now())
    return show_sitting(held, request.args.get("at", ""), preview=True)


@bp.post("/<handle>/publish")
def publish(handle: str) -> ResponseReturnValue:
    """Let students see a test."""
    try:
        editing.publish_test(writer(), viewer(), handle, now())
    except Invalid as error:
        report = results.view_report(reader(), viewer(), handle)
        page = render_template(
            "assessments/report.html",
            report=report,
            test=report.assessment,
            link=_link(handle),
            errors=say_errors(error),
        )
        return page, 422
    return redirect(url_for("assessments.show", handle=handle), code=303)


@bp.post("/<handle>/withdraw")
def withdraw(handle: str) -> ResponseReturnValue:
    """Hide a test that nobody has begun."""
    editing.withdraw_test(writer(), viewer(), handle)
    return redirect(url_for("assessments.show", handle=handle), code=303)


@bp.post("/<handle>/remove")
def remove(handle: str) -> ResponseReturnValue:
    """Delete a test that nobody has begun."""
    editing.remove_test(writer(), viewer(), handle)
    return redirect(url_for("assessments.index"), code=303)


@bp.post("/<handle>/copy")
def copy(handle: str) -> ResponseReturnValue:
    """A new test with the same questions and settings."""
    copied = editing.copy_test(writer(), viewer(), handle, now())
    return redirect(url_for("assessments.edit", handle=copied), code=303)


def _read_exception(form: Form) -> ExceptionRecord:
    faults: dict[str, str] = {}
    given = ExceptionRecord(
        read_number(form, "time_percent", NO_EXTRA, MOST_PERCENT, faults),
        read_number(form, "extra_attempts", 0, MOST_ATTEMPTS, faults),
        *(read_moment(form.get(name, ""), name, faults) for name in ("opens", "due", "closes")),
    )
    if faults:
        raise Invalid(say("Nothing was saved."), faults)
    return given


@bp.route("/<handle>/students/<learner>", methods=["GET", "POST"])
def student(handle: str, learner: str) -> ResponseReturnValue:
    """What is different for one student."""
    page, error = students.view_student(reader(), viewer(), handle, learner), None
    if request.method == "POST":
        try:
            given = _read_exception(request.form)
            students.set_exception(writer(), cast(Viewer, viewer()), handle, learner, given, now())
            return redirect(url_for("assessments.show", handle=handle), code=303)
        except Invalid as wrong:
            error = wrong
    rendered = render_template(
        "assessments/student.html",
        page=page,
        test=page.assessment,
        values=request.form if error else None,
        zone=services().rules.calendar.zone.key,
        errors=say_errors(error),
    )
    return rendered, 422 if error else 200

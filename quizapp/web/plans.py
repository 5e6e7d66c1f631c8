"""Plans towards an exam: made, looked at, followed card by card, changed and deleted; and a class's for its teacher."""

import logging
import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from quizapp.core.errors import Invalid, NotFound
from quizapp.core.learning.examdraft import PARAGRAPHS, TypedPlan
from quizapp.core.messages import say
from quizapp.services import plans, plans_class, plans_forecast, plans_view
from quizapp.services.accounts import Viewer
from quizapp.services.plans import Plan, PlanRole
from quizapp.web.context import close_sessions, lost_sign_in, now, reader, rules, services, viewer, writer
from quizapp.web.following import find_followed, follow, keep_followed
from quizapp.web.forms import PageForm
from quizapp.web.plans_pictures import (
    draw_pictures,
    list_days,
    say_date,
    say_exam_day,
    say_minutes,
    say_share,
    sort_students,
)
from quizapp.web.resend import ask_to_sign_in
from quizapp.web.study import show_question
from quizapp.web.text import translate
from quizapp.web.words import gettext

log = logging.getLogger("quizapp")
bp = Blueprint("plans", __name__)

_USUAL = TypedPlan(recall="90", minutes_per_day="20", new_per_day="10")

bp.add_app_template_filter(say_exam_day, "exam_day")
bp.add_app_template_filter(say_date, "plan_day")
bp.add_app_template_filter(say_minutes, "minutes")
bp.add_app_template_filter(say_share, "share")


bp.before_app_request(find_followed)
bp.app_url_defaults(keep_followed)


def _show_begin() -> ResponseReturnValue:
    return render_template("plans/begin.html", signed_out=lost_sign_in())


def _keep(plan: Plan, changed: tuple[Any, ...]) -> None:
    """Keep what was worked out. The page does not depend on it."""
    if not changed:
        return
    try:
        plans_forecast.keep_forecasts(writer(), plan, changed)
    except SQLAlchemyError as error:
        log.warning("the forecast of a plan was not kept: %s", error)
    close_sessions()


@bp.get("/plans")
def index() -> ResponseReturnValue:
    """All plans that the viewer can see; a visitor is told how it begins."""
    person = viewer()
    if person is None:
        return _show_begin()
    return render_template(
        "plans/index.html", lists=plans.list_plans(reader(), person), today=rules().calendar.day_of(now())
    )


def _read_typed() -> TypedPlan:
    form = request.form
    return TypedPlan(
        title=form.get("title", ""),
        day=form.get("day", ""),
        recall=form.get("recall", ""),
        minutes_per_day=form.get("minutes_per_day", ""),
        new_per_day=form.get("new_per_day", ""),
        decks=tuple(form.getlist("decks")),
        tags=tuple(form.getlist("tags")),
        paragraphs={
            name.removeprefix(PARAGRAPHS): value for name, value in form.items() if name.startswith(PARAGRAPHS)
        },
    )


def _show_form(
    typed: TypedPlan, plan: Plan | None = None, chosen_class: str = "", error: Invalid | None = None
) -> ResponseReturnValue:
    page = render_template(
        "plans/form.html",
        form=PageForm(formdata=None),
        typed=typed,
        plan=plan,
        offer=plans.offer_plan(reader(), viewer()),
        chosen_class=chosen_class,
        errors={name: translate(message) for name, message in error.fields.items()} if error else {},
        key=request.form.get("key") or str(uuid.uuid4()),
        field_of=PARAGRAPHS,
    )
    return page, 422 if error else 200


@bp.get("/plans/new")
def new() -> ResponseReturnValue:
    """The form of a new plan; the address may name decks, tags and a class."""
    if viewer() is None:
        return _show_begin()
    typed = TypedPlan(
        recall=_USUAL.recall,
        minutes_per_day=_USUAL.minutes_per_day,
        new_per_day=_USUAL.new_per_day,
        decks=tuple(request.args.getlist("deck")),
        tags=tuple(request.args.getlist("tag")),
    )
    return _show_form(typed, chosen_class=request.args.get("class", ""))


@bp.post("/plans")
def create() -> ResponseReturnValue:
    """Make a plan, for oneself or for a class."""
    person = viewer()
    if person is None:
        return ask_to_sign_in()
    typed, chosen_class = _read_typed(), request.form.get("class", "")
    try:
        key = request.form.get("key", "")
        handle = plans.create_plan(writer(), person, typed, rules(), now(), class_handle=chosen_class, key=key)
    except Invalid as error:
        return _show_form(typed, chosen_class=chosen_class, error=error)
    return redirect(url_for("plans.show", handle=handle), code=303)


def _load(handle: str) -> tuple[Viewer, Plan]:
    person = viewer()
    if person is None:
        raise NotFound(say("There is no such plan, or it is not yours."))
    return person, plans.load_plan(reader(), person, handle)


@bp.get("/plans/<handle>")
def show(handle: str) -> ResponseReturnValue:
    """A plan as its learner sees it, or its class's teacher."""
    if viewer() is None:
        return _show_begin()
    person, plan = _load(handle)
    if plan.role is PlanRole.TAUGHT:
        return _show_class(person, plan)
    view = plans_view.view_plan(reader(), plan, person.learner_id, rules(), now())
    page = render_template("plans/plan.html", plan=plan, view=view, pictures=draw_pictures(view), days=list_days(view))
    _keep(plan, view.changed)
    return page


def _show_class(person: Viewer, plan: Plan) -> ResponseReturnValue:
    view = plans_class.view_class_plan(reader(), plan, person, rules(), services().rules, now())
    order = request.args.get("sort", "")
    page = render_template(
        "plans/class.html", plan=plan, view=view, students=sort_students(view.students, order), order=order
    )
    _keep(plan, view.changed)
    return page


@bp.get("/plans/<handle>/study")
def study(handle: str) -> ResponseReturnValue:
    """The plan's next card, whatever its deck, or the word that today's portion is done."""
    if viewer() is None:
        return _show_begin()
    person, plan = _load(handle)
    if plan.role is PlanRole.TAUGHT:
        return redirect(url_for("plans.show", handle=handle))
    follow("plan", plan.handle)
    found = plans_view.next_plan_question(reader(), plan, person, rules(), now())
    undoable = None if found.undoable is None else url_for("study.undo", deck=found.undoable[0], key=found.undoable[1])
    if found.question is None:
        page: ResponseReturnValue = render_template("plans/done.html", plan=plan, found=found, undoable=undoable)
    else:
        page = show_question(found.question, template="plans/question.html", plan=plan, found=found, undoable=undoable)
    _keep(plan, found.changed)
    return page


@bp.get("/plans/<handle>/change")
def change_page(handle: str) -> ResponseReturnValue:
    """The form with the plan as it is."""
    if viewer() is None:
        return _show_begin()
    _, plan = _load(handle)
    if not plan.can_change:
        return redirect(url_for("plans.show", handle=handle))
    return _show_form(plans.type_plan(plan), plan)


@bp.post("/plans/<handle>/change")
def change(handle: str) -> ResponseReturnValue:
    """Change a plan."""
    if viewer() is None:
        return ask_to_sign_in()
    typed = _read_typed()
    try:
        plans.change_plan(writer(), viewer(), handle, typed, rules(), now())
    except Invalid as error:
        return _show_form(typed, _load(handle)[1], error=error)
    return redirect(url_for("plans.show", handle=handle), code=303)


@bp.get("/plans/<handle>/delete")
def delete_page(handle: str) -> ResponseReturnValue:
    """Ask whether a plan is to be deleted."""
    if viewer() is None:
        return _show_begin()
    _, plan = _load(handle)
    if not plan.can_change:
        return redirect(url_for("plans.show", handle=handle))
    return render_template("plans/delete.html", plan=plan, form=PageForm(formdata=None))


@bp.post("/plans/<handle>/delete")
def delete(handle: str) -> ResponseReturnValue:
    """Delete a plan; the answers stay."""
    if viewer() is None:
        return ask_to_sign_in()
    title = plans.delete_plan(writer(), viewer(), handle)
    flash(gettext("The plan “%(title)s” is deleted. Your answers are kept.", title=title))
    return redirect(url_for("plans.index"), code=303)

"""The page of a learner's choices: what each does, shown before it is saved and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from quizapp.core.errors import Conflict
from quizapp.core.learning.scheduling import LONGEST_INTERVAL
from quizapp.core.learning.steps import write_steps
from quizapp.core.messages import say
from quizapp.services import rescheduling, settings, settings_model
from quizapp.services.rules import StudyRules
from quizapp.services.settings import Effect, SettingsPage
from quizapp.web.context import ensure_learner, lost_sign_in, now, reader, rules, services, viewer, writer
from quizapp.web.progress import say_retention
from quizapp.web.resend import ask_to_sign_in
from quizapp.web.settings_form import (
    SettingsForm,
    group_zones,
    make_form,
    read_choices,
    write_choices,
    write_percent,
)

bp = Blueprint("settings", __name__, url_prefix="/settings")

_SAVED = "settings_saved"
_MOVED = "settings_moved"
_FRAGMENT = "effect"


@dataclass(frozen=True, slots=True)
class School:
    """What the school has where nothing is chosen, as it would be typed."""

    desired_retention: str
    learning_steps: str
    relearning_steps: str
    maximum_interval: int
    unbounded: bool
    zone: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did to tomorrow: reviews, new cards and minutes, before and after. Kept in the browser's session."""

    before: tuple[int, int, int]
    after: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Moved:
    """What moving cards did: so many were moved, or went back while others were ``kept``."""

    cards: int = 0
    back: int = 0
    kept: int = 0


def _describe_school(rules: StudyRules) -> School:
    chosen = rules.scheduler.settings
    return School(
        desired_retention=write_percent(chosen.desired_retention),
        learning_steps=write_steps(chosen.learning_steps),
        relearning_steps=write_steps(chosen.relearning_steps),
        maximum_interval=chosen.maximum_interval,
        unbounded=chosen.maximum_interval == LONGEST_INTERVAL,
        zone=rules.calendar.zone.key,
    )


def _note_saved(effect: Effect) -> None:
    looks = (effect.now.tomorrow, effect.then.tomorrow)
    session[_SAVED] = [[round(look.reviews), look.new, round(look.minutes)] for look in looks]


def _take_saved() -> Saved | None:
    noted = session.pop(_SAVED, None)
    return None if noted is None else Saved(tuple(noted[0]), tuple(noted[1]))


def _take_moved() -> Moved | None:
    noted = session.pop(_MOVED, None)
    return None if noted is None else Moved(*noted)


def _begin() -> ResponseReturnValue:
    return render_template("settings/begin.html", signed_out=lost_sign_in())


def _show(
    page: SettingsPage, form: SettingsForm, effect: Effect | None, status: int = 200, **more: Any
) -> ResponseReturnValue:
    person = viewer()
    values = {
        "page": page,
        "form": form,
        "effect": effect,
        "school": _describe_school(services().rules),
        "zones": group_zones(),
        "model": settings_model.view_model(reader(), person, rules(), now()) if person and page.decks else None,
        "say_retention": say_retention,
    }
    return render_template("settings/settings.html", **values, **more), status


def _ask_form(page: SettingsPage, handle: str, typed: Mapping[str, str]) -> SettingsForm:
    texts = write_choices(page.choices, page.decks, handle)
    return make_form(page.decks, MultiDict({**texts, **typed}))


@bp.get("")
def show() -> ResponseReturnValue:
    """What the viewer chose; ``desired_retention`` in the address is typed already, and not saved."""
    person = viewer()
    page = None if person is None else settings.view_settings(reader(), person.learner_id)
    if person is None or page is None or not (page.begun or person.signed_in):
        return _begin()
    typed = {name: request.args[name] for name in ("desired_retention",) if name in request.args}
    form = _ask_form(page, person.handle, typed)
    choices = read_choices(form, page.decks)
    if choices is None:
        return _show(page, form, None, 422)
    effect = settings.preview_choices(reader(), person.learner_id, services().rules, choices, now())
    offered = bool(typed) and effect.changed
    return _show(page, form, effect, saved=_take_saved(), moved=_take_moved(), offered=offered)


def _check_owner(handle: str) -> None:
    """Raise Conflict for a form that was opened by somebody else in this browser."""
    if request.form.get("learner", handle) not in ("", handle):
        raise Conflict(say("Somebody else signed in here since this page was opened. Nothing was changed."))


@bp.post("/preview")
def preview() -> ResponseReturnValue:
    """What the choices in the form would do; nothing is saved."""
    person = viewer()
    if person is None:
        return ask_to_sign_in()
    _check_owner(person.handle)
    page = settings.view_settings(reader(), person.learner_id)
    form = make_form(page.decks)
    choices = read_choices(form, page.decks)
    effect = None
    if choices is not None:
        effect = settings.preview_choices(reader(), person.learner_id, services().rules, choices, now())
    status = 200 if effect else 422
    if request.headers.get("X-Fragment") == _FRAGMENT:
        return render_template("settings/effect.html", effect=effect, form=form), status
    return _show(page, form, effect, status, looked=True)


@bp.post("")
def save() -> ResponseReturnValue:
    """Keep the choices; those of a visitor, who goes on without signing in, are a new guest's."""
    person = viewer()
    if person is None and request.form.get("learner"):
        return ask_to_sign_in()
    person = person or ensure_learner()
    _check_owner(person.handle)
    page = settings.view_settings(reader(), person.learner_id)
    form = make_form(page.decks)
    choices = read_choices(form, page.decks)
    if choices is None:
        return _show(page, form, None, 422)
    school = services().rules
    effect = settings.preview_choices(reader(), person.learner_id, school, choices, now())
    settings.save_choices(writer(), person.learner_id, school, choices, now())
    _note_saved(effect)
    return redirect(url_for("settings.show"), code=303)


@bp.post("/reset")
def reset() -> ResponseReturnValue:
    """Have everything as the school has it."""
    person = viewer()
    if person is None:
        return ask_to_sign_in()
    _check_owner(person.handle)
    school = services().rules
    effect = settings.preview_reset(reader(), person.learner_id, school, now())
    settings.reset_choices(writer(), person.learner_id, school, now())
    _note_saved(effect)
    return redirect(url_for("settings.show"), code=303)


@bp.post("/reschedule")
def reschedule() -> ResponseReturnValue:
    """Move the cards that wait to where the saved choices and the memory model would put them."""
    person = viewer()
    if person is None:
        return ask_to_sign_in()
    _check_owner(person.handle)
    own = rules()
    done = rescheduling.apply_reschedule(writer(), person, own, now())
    session[_MOVED] = [done.moved, 0, 0]
    return redirect(url_for("settings.show", _anchor="model"), code=303)


@bp.post("/reschedule/undo")
def undo_reschedule() -> ResponseReturnValue:
    """Put the cards back that were moved last."""
    person = viewer()
    if person is None:
        return ask_to_sign_in()
    _check_owner(person.handle)
    undone = rescheduling.undo_reschedule(writer(), person, now())
    session[_MOVED] = [0, undone.back, undone.kept]
    return redirect(url_for("settings.show", _anchor="model"), code=303)

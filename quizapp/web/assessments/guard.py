"""A second lock on the cards of a test: no page of study, practice or the API shows one to a student in it.

The queues leave held cards out by themselves (``holding.list_held_cards``). Whatever names a card or an answer in its
address or its form, or is about to show a card, is stopped here as well.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Flask, Response, before_render_template, g, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from quizapp.core.errors import Conflict, QuizappError
from quizapp.core.messages import say
from quizapp.services import asking, study
from quizapp.services.asking import Question
from quizapp.services.assessments.holding import list_held_refs
from quizapp.web.api.bodies import read_json
from quizapp.web.assessments.blueprint import bp
from quizapp.web.context import learner_id, now, reader, rules, viewer

_OPEN = frozenset({None, "assessments", "accounts", "pages", "progress"})
"""Blueprints whose pages show no cards, or guard them on their own."""
_PARTS = ("questions", "cards", "answers", "pairs", "results")


def _held() -> frozenset[str]:
    """The cards, as ``DECK/CARD``, that whoever looks must not meet now. Looked up once a request."""
    here = g._get_current_object()
    if "held_refs" not in here:
        here.held_refs = list_held_refs(reader(), learner_id(), now())
    found: frozenset[str] = here.held_refs
    return found


def _find_answered(key: str) -> Iterator[str]:
    """The card that an answer of the viewer's was about."""
    try:
        yield study.view_result(reader(), learner_id(), key).ref
    except QuizappError:
        return  # the page itself says what is wrong with the key


def _list_named() -> Iterator[str]:
    """The cards that the request names."""
    deck = (request.view_args or {}).get("deck", "")
    body = read_json(request)
    named = [*request.values.getlist("card"), body.get("card") if isinstance(body, dict) else None]
    for name in named:
        if isinstance(name, str):
            yield name if "/" in name else f"{deck}/{name}"
    for key in ((request.view_args or {}).get("key"), request.values.get("answer")):
        if isinstance(key, str):
            yield from _find_answered(key)


def _refuse(refs: Iterable[str]) -> None:
    if not _held().isdisjoint(refs):
        raise Conflict(say("This card is part of a test of yours. It waits until the test is over."))


@bp.before_app_request
def stop_named_cards() -> ResponseReturnValue | None:
    """Stop a request that names a held card. Raises Conflict."""
    if request.blueprint in _OPEN or viewer() is None or not _held():
        return None
    _refuse(_list_named())
    if request.endpoint == "api.next_card":
        asked = asking.next_question(reader(), (request.view_args or {})["deck"], viewer(), rules(), now())
        if isinstance(asked, Question) and asked.ref in _held():
            return Response(status=204)
    return None


def _list_shown(value: Any) -> Iterator[str]:
    ref = getattr(value, "ref", None)
    if isinstance(ref, str):
        yield ref
    for name in _PARTS:
        parts = getattr(value, name, None)
        if isinstance(parts, list | tuple):
            yield from (part.ref for part in parts if isinstance(getattr(part, "ref", None), str))


def stop_shown_cards(_: Flask, context: dict[str, Any], **__: object) -> None:
    """Stop a page that is about to show a held card. Raises Conflict."""
    if request.blueprint in _OPEN or g.get("viewer") is None or not _held():
        return
    for value in context.values():
        _refuse(_list_shown(value))


@bp.record_once
def _watch_pages(state: BlueprintSetupState) -> None:
    before_render_template.connect(stop_shown_cards, state.app)

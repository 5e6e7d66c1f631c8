"""A second lock on the cards of a test: no page shows one to a student in it.

The services leave held cards out of queues and rounds, and refuse to tell or take anything of one that is named
(``services.assessments.holding``); for the study page and the API that is all. Any other page whose form or address
names such a card, or that is about to show one, is stopped here as well.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Flask, before_render_template, g, request
from flask.blueprints import BlueprintSetupState

from quizapp.services.assessments.holding import HeldBack, list_held_refs
from quizapp.web.api.bodies import read_json
from quizapp.web.assessments.blueprint import bp
from quizapp.web.context import learner_id, now, reader, viewer

_OPEN = frozenset({None, "assessments", "accounts", "pages", "progress", "study", "api"})
"""Blueprints whose pages show no cards, or whose services guard every one."""
_PARTS = ("questions", "cards", "answers", "pairs", "results")


def _held() -> frozenset[str]:
    """The cards, as ``DECK/CARD``, that whoever looks must not meet now. Looked up once a request."""
    here = g._get_current_object()
    if "held_refs" not in here:
        here.held_refs = list_held_refs(reader(), learner_id(), now())
    found: frozenset[str] = here.held_refs
    return found


def _list_named() -> Iterator[str]:
    """The cards that the request names."""
    deck = (request.view_args or {}).get("deck", "")
    body = read_json(request)
    named = [*request.values.getlist("card"), body.get("card") if isinstance(body, dict) else None]
    for name in named:
        if isinstance(name, str):
            yield name if "/" in name else f"{deck}/{name}"


def _refuse(refs: Iterable[str]) -> None:
    if not _held().isdisjoint(refs):
        raise HeldBack


@bp.before_app_request
def stop_named_cards() -> None:
    """Stop a request that names a held card. Raises HeldBack."""
    if request.blueprint not in _OPEN and viewer() is not None and _held():
        _refuse(_list_named())


def _list_shown(value: Any) -> Iterator[str]:
    ref = getattr(value, "ref", None)
    if isinstance(ref, str):
        yield ref
    for name in _PARTS:
        parts = getattr(value, name, None)
        if isinstance(parts, list | tuple):
            yield from (part.ref for part in parts if isinstance(getattr(part, "ref", None), str))


def stop_shown_cards(_: Flask, context: dict[str, Any], **__: object) -> None:
    """Stop a page that is about to show a held card. Raises HeldBack."""
    if request.blueprint in _OPEN or g.get("viewer") is None or not _held():
        return
    for value in context.values():
        _refuse(_list_shown(value))


@bp.record_once
def _watch_pages(state: BlueprintSetupState) -> None:
    before_render_template.connect(stop_shown_cards, state.app)

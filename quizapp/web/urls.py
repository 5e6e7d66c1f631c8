"""Addresses of pages, built from patterns that were read once.

Flask builds each address anew: which rules there are, which of them fits, how its parts are written. A page has a dozen
of them. What cannot go wrong is put together by hand here; all else is left to Flask.
"""

import re
from typing import Any

import flask
from flask import Flask, current_app, g, request
from werkzeug.routing import IntegerConverter, Map

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
"""Values that stand in an address as they are."""
_PART = re.compile(r"<(?:[a-z]+:)?(\w+)>")


_LARGEST_NUMBER = 2**31 - 1

_KNOWN, _MOST = "quizapp.urls", 2_000
_Pieces = tuple[str, ...] | None


class _Number(IntegerConverter):
    """A number in an address: no larger than those that databases count their rows with. Others lead nowhere."""

    def __init__(self, url_map: Map, **named: Any) -> None:
        super().__init__(url_map, **({"max": _LARGEST_NUMBER} | named))


def _read_pattern(app: Flask, endpoint: str, names: frozenset[str]) -> _Pieces:
    """The address in pieces, text and names in turns; None where Flask has to decide."""
    rules = list(app.url_map.iter_rules(endpoint)) if endpoint in app.view_functions else []
    if len(rules) != 1 or rules[0].arguments != names or rules[0].defaults or "<path:" in rules[0].rule:
        return None
    return tuple(_PART.split(rules[0].rule))


def url_for(endpoint: str, **values: Any) -> str:
    """The address of a page of this app, as Flask's function of this name gives it."""
    here = g._get_current_object()  # each look through it, or through current_app, finds it anew
    if "known_urls" not in here:
        here.known_urls = current_app.extensions[_KNOWN], request.script_root
    known: dict[tuple[str, frozenset[str]], _Pieces]
    known, root = here.known_urls
    wanted = endpoint, frozenset(values)
    if wanted not in known and len(known) < _MOST:
        known[wanted] = _read_pattern(current_app, endpoint, wanted[1])
    pieces = known.get(wanted)
    if pieces is None or "followed" in here:  # see web.following: what is followed comes into every address
        return flask.url_for(endpoint, **values)
    built = list(pieces)
    for place in range(1, len(built), 2):
        value = values[built[place]]
        if not isinstance(value, str) or not _PLAIN.fullmatch(value):
            return flask.url_for(endpoint, **values)
        built[place] = value
    return f"{root}{''.join(built)}"


def init_app(app: Flask) -> None:
    """Let templates find addresses so. Before any route is added: it says what a number in one is."""
    app.url_map.converters["int"] = _Number
    app.extensions[_KNOWN] = {}
    app.jinja_env.globals["url_for"] = url_for

"""What each test's app would work out anew, and always alike, is worked out once in a process: templates and routes.

A pytest plugin. Making an app and showing its first pages takes a third of a second without it, most of it for this.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any

import flask
import jinja2
import pytest
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

_Builder = Callable[..., tuple[str, str]]


class _CompiledTemplates(jinja2.BytecodeCache):
    """The compiled templates, by name and text, in memory."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.code


def _remember_builders(compile_builder: Callable[[Rule, bool], _Builder]) -> Callable[[Rule, bool], _Builder]:
    """What writes a route's address is a function of the route's text alone: the rule is given to it."""
    known: dict[object, _Builder] = {}

    def remember(rule: Rule, append_unknown: bool = True) -> _Builder:
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in known:
            known[key] = compile_builder(rule, append_unknown)
        return known[key]

    return remember


def pytest_configure(config: pytest.Config) -> None:
    patch = pytest.MonkeyPatch()
    options: dict[str, Any] = flask.Flask.jinja_options
    patch.setitem(options, "bytecode_cache", _CompiledTemplates())
    patch.setattr(Rule, "_compile_builder", _remember_builders(Rule._compile_builder))
    config.add_cleanup(patch.undo)

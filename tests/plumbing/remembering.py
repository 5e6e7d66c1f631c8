"""What each test would work out anew, and always alike, is worked out once in a process: templates, routes and SQL.

A pytest plugin. Making an app and showing its first pages takes a third of a second without it, most of it for this.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any

import flask
import jinja2
import pytest
import sqlalchemy
from jinja2.bccache import Bucket
from sqlalchemy.engine.default import DefaultDialect
from werkzeug.routing import Rule

_BUILDERS = ("_build", "_build_unknown")


class _CompiledTemplates(jinja2.BytecodeCache):
    """The compiled templates, by name and text, in memory."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.code


def _remember_routes(compile_route: Callable[[Rule], None]) -> Callable[[Rule], None]:
    """What a route's text says is a function of the text alone; what writes its address is given the route itself."""
    known: dict[object, dict[str, Any]] = {}

    def remember(rule: Rule) -> None:
        if rule.defaults or rule.subdomain or rule.map is None or rule.map.host_matching:
            compile_route(rule)
            return
        key = (rule.rule, rule.merge_slashes, rule.websocket)
        if key not in known:
            compile_route(rule)
            known[key] = {name: getattr(rule, name) for name in ("_parts", "_trace", "_converters", "arguments")}
            known[key] |= {name: getattr(rule, name).__func__ for name in _BUILDERS}
        for name, value in known[key].items():
            setattr(rule, name, value.__get__(rule, None) if name in _BUILDERS else value)

    return remember


def _share_statements(create_engine: Callable[..., sqlalchemy.Engine]) -> Callable[..., sqlalchemy.Engine]:
    """Databases of one kind are asked alike: what one engine has compiled serves all, as a server's only one does."""
    known: dict[str, Any] = {}

    def share(*arguments: Any, **options: Any) -> sqlalchemy.Engine:
        engine = create_engine(*arguments, query_cache_size=5_000, **options)
        engine._compiled_cache = known.setdefault(engine.driver, engine._compiled_cache)
        return engine

    return share


def pytest_configure(config: pytest.Config) -> None:
    patch = pytest.MonkeyPatch()
    options: dict[str, Any] = flask.Flask.jinja_options
    patch.setitem(options, "bytecode_cache", _CompiledTemplates())
    patch.setattr(Rule, "compile", _remember_routes(Rule.compile))
    # What is compiled is kept by the dialect of its engine, whose rules and server are of no account in it.
    patch.setattr(DefaultDialect, "__eq__", lambda one, other: type(one) is type(other))
    patch.setattr(DefaultDialect, "__hash__", lambda one: hash(type(one)))
    patch.setattr(sqlalchemy, "create_engine", _share_statements(sqlalchemy.create_engine))
    config.add_cleanup(patch.undo)

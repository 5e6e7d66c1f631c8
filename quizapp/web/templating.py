"""Templates, made ready once for each language: what never changes is put in when a template is compiled.

Most of what a page says is the same each time that it is shown in one language. So Jinja compiles each template once a
language, with the words of the catalogue, the drawings of the icons, the parts that it includes and no indentation; at
run time only what differs from page to page is left to do.
"""

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from types import FunctionType
from typing import Any

from flask import has_request_context
from flask.templating import Environment
from jinja2 import Environment as BaseEnvironment
from jinja2 import Template, nodes
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

_PLACE = re.compile(r"%\((\w+)\)s")
_INDENTED = re.compile(r"\s*\n\s*")
_KEEPS_SPACE = re.compile(r"<(?:pre|textarea)\b")

_SPECIAL = re.compile("[&<>'\"]")

_FOR_THE_CONTEXT = ("_block_vars", "_loop_vars")
"""What compiled templates send along with a call, for functions that want the context."""

Pure = Callable[..., Markup]
"""A function for templates whose result hangs on its arguments and the language alone."""
Words = Callable[..., str]
"""Finds a message in the catalogue, with its places still to be filled."""
Open = Callable[[str], nodes.Template]
"""Reads a template that another one includes, ready to stand in it."""


def _split(message: str) -> list[str] | None:
    """A message in pieces: words, the name of a place, words, and so on. None where other signs are to be filled in."""
    pieces = _PLACE.split(message)
    return None if any("%" in words for words in pieces[::2]) else pieces


def _list_constants(call: nodes.Call) -> list[Any] | None:
    if call.dyn_args is not None or call.dyn_kwargs is not None:
        return None
    if not all(isinstance(value, nodes.Const) for value in call.args):
        return None
    return [value.value for value in call.args if isinstance(value, nodes.Const)]


class _Folder(NodeTransformer):
    """Puts what is known of a page in one language into a template that is being compiled."""

    def __init__(
        self, pure: Mapping[str, Pure], words: Mapping[str, Words], include: Open | None, *, squeeze: bool
    ) -> None:
        self._pure = pure
        self._words = words
        self._include = include
        self._squeeze = squeeze

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.TemplateData:  # noqa: N802 - Jinja's
        """White space with a line's end in it is one line's end: browsers show the same."""
        return nodes.TemplateData(_INDENTED.sub("\n", node.data)) if self._squeeze else node

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802 - Jinja's
        """A part that is always the same one stands in the template itself: to begin a template takes as long as it.

        A name that the template sets further down is unset in it, where Jinja would look for what the page was given.
        """
        if self._include is None or not isinstance(node.template, nodes.Const):
            return node
        if node.ignore_missing or not node.with_context:
            return node
        included = self._include(node.template.value)
        if included.find(nodes.Extends) or included.find(nodes.Block):
            return node
        for part in included.find_all(nodes.Node):
            part.lineno = node.lineno  # a traceback names this template, in which only the include can be found
        return nodes.Scope(included.body, lineno=node.lineno)

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802 - Jinja's
        """Words with places to fill, shown as they are, become pieces of the page."""
        shown: list[nodes.Expr] = []
        for child in node.nodes:
            folded = self.visit(child)
            if isinstance(child, nodes.Call) and isinstance(folded, nodes.Concat):
                shown += folded.nodes
            else:
                shown.append(folded)
        node.nodes = shown
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 - Jinja's
        """A call of a pure function with constants becomes what it gives."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        constants = _list_constants(node)
        if constants is None:
            return node
        if not node.kwargs:
            return nodes.Const(self._pure[name](*constants)) if name in self._pure else node
        if name not in self._words:
            return node
        values = {pair.key: pair.value for pair in node.kwargs}
        pieces = _split(self._words[name](*constants))
        if pieces is None or not values.keys() >= set(pieces[1::2]):
            return node
        return nodes.Concat(list(_join(pieces, values)))


def _join(pieces: list[str], values: dict[str, nodes.Expr]) -> Iterator[nodes.Expr]:
    for number, piece in enumerate(pieces):
        if number % 2:
            yield values[piece]
        elif piece or number == 0:  # the first one says that all of it is HTML
            yield nodes.Const(Markup(piece))  # noqa: S704 - from our catalogues


def _show(value: Any) -> str:
    """A value as it stands in a page, like ``markupsafe.escape``, which makes an object of HTML of each.

    What is HTML already, and what has no sign that means something in HTML, is shown as it is.
    """
    kind = type(value)
    if kind is Markup or (kind is str and not _SPECIAL.search(value)):
        return value  # type: ignore[no-any-return]
    return escape(value)


class _Context(Context):
    """What a template knows. Jinja asks of each thing that is called what it wants to be given; ours want nothing."""

    def call(self, obj: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        """Call something out of a template."""
        kind = type(obj)
        if kind is Macro or (kind is FunctionType and not hasattr(obj, "jinja_pass_arg")):
            for name in _FOR_THE_CONTEXT:
                named.pop(name, None)
            return obj(*args, **named)
        return super().call(obj, *args, **named)


class _Shared(Template):
    """A template whose macros are the same for all that import them: no page of ours has globals of its own."""

    @classmethod
    def _from_namespace(
        cls,
        environment: BaseEnvironment,
        namespace: MutableMapping[str, Any],
        globals: MutableMapping[str, Any],  # noqa: A002 - Jinja's
    ) -> "Template":
        namespace["escape"] = _show
        return super()._from_namespace(environment, namespace, globals)

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self._module is None:
            self._module = self.make_module()
        return self._module


class _InLanguage(BytecodeCache):
    """The place where compiled templates are kept, if there is one; those in one language apart from all others."""

    def __init__(self, kept: BytecodeCache, language: str) -> None:
        self._kept = kept
        self._language = language

    def get_bucket(self, environment: BaseEnvironment, name: str, filename: str | None, source: str) -> Bucket:
        """Where one template is kept."""
        return self._kept.get_bucket(environment, f"{self._language}/{name}", filename, source)

    def set_bucket(self, bucket: Bucket) -> None:
        """Keep one."""
        self._kept.set_bucket(bucket)


class SpeakingEnvironment(Environment):
    """Jinja with one set of compiled templates for each language."""

    template_class = _Shared
    context_class = _Context

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self.pure: dict[str, Pure] = {}
        self.words: dict[str, Words] = {}
        """What is called while a template is compiled, where its arguments are known then. The language is that of the
        request that needs the template first; ``find_language`` tells it."""
        self.find_language: Callable[[], str] = str
        self._spoken: dict[str, SpeakingEnvironment] = {}
        self._speaks = False
        self._ready: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's
    ) -> Template:
        """A template by its name. Those of one language, which a page fetches ten of, are found in a table."""
        if not self._speaks or self.auto_reload or globals or not isinstance(name, str):
            return super().get_template(name, parent, globals)
        ready = self._ready.get(name)
        if ready is None:
            ready = self._ready[name] = super().get_template(name, parent)
        return ready

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What every template knows. Without anything of its own that is one table, which is copied at once."""
        return self.globals if self._speaks and not d else super().make_globals(d)

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:  # noqa: A002 - Jinja's
        if self._speaks or not has_request_context():
            return super()._load_template(name, globals)
        language = self.find_language()
        spoken = self._spoken.get(language)
        if spoken is None:
            kept = self.bytecode_cache and _InLanguage(self.bytecode_cache, language)
            spoken = self.overlay(bytecode_cache=kept)
            spoken._speaks, spoken._ready = True, {}
            self._spoken[language] = spoken
        return spoken._load_template(name, globals)

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        if self._speaks and name is not None and name.endswith(".html"):
            self._fold(source)
        return super()._generate(source, name, filename, defer_init)

    def _fold(self, source: nodes.Template) -> nodes.Template:
        data = "".join(found.data for found in source.find_all(nodes.TemplateData))
        include = None if self.auto_reload else self._open  # what is edited is looked at in its own place
        _Folder(self.pure, self.words, include, squeeze=_KEEPS_SPACE.search(data) is None).visit(source)
        return source

    def _open(self, name: str) -> nodes.Template:
        assert self.loader is not None  # noqa: S101 - Flask gives one
        source, filename, _ = self.loader.get_source(self, name)
        return self._fold(self._parse(source, name, filename))

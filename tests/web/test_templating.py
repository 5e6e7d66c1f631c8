"""What never changes is put into templates when they are compiled, and pages say the same as before."""

import pytest
from flask import Flask, render_template
from jinja2 import DictLoader, meta, nodes, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from quizapp.web.templating import SpeakingEnvironment


def _make_app(templates: dict[str, str], said: dict[str, dict[str, str]] | None = None) -> Flask:
    """An app whose catalogues are ``said``: for each language the words for a message."""
    app = Flask(__name__)
    app.jinja_environment = SpeakingEnvironment
    environment = app.jinja_env
    assert isinstance(environment, SpeakingEnvironment)
    environment.loader = DictLoader(templates)
    environment.bytecode_cache = None  # the other tests share one; here the same template is said differently
    app.config["SPOKEN"] = "en"
    app.config["ASKED"] = []

    def find(message: str) -> str:
        app.config["ASKED"].append(message)
        return (said or {}).get(app.config["SPOKEN"], {}).get(message, message)

    def say(message: str, **values: object) -> Markup:
        return Markup(find(message)) % values  # noqa: S704 - a test

    environment.globals.update(_=say)
    environment.pure["_"] = lambda message: Markup(find(message))  # noqa: S704 - a test
    environment.words["_"] = find
    environment.find_language = lambda: str(app.config["SPOKEN"])
    return app


def _show(app: Flask, template: str, **values: object) -> str:
    with app.test_request_context():
        return render_template(template, **values)


def test_words_are_looked_up_once_for_each_language() -> None:
    app = _make_app({"page.html": '<p>{{ _("Right") }}</p>'}, {"de": {"Right": "Richtig"}})
    assert [_show(app, "page.html") for _ in range(3)] == ["<p>Right</p>"] * 3
    app.config["SPOKEN"] = "de"
    assert [_show(app, "page.html") for _ in range(3)] == ["<p>Richtig</p>"] * 3
    app.config["SPOKEN"] = "en"
    assert _show(app, "page.html") == "<p>Right</p>"
    assert app.config["ASKED"] == ["Right", "Right"]


def test_values_are_filled_in_escaped_wherever_the_message_stands() -> None:
    message = '_("%(who)s asks %(whom)s.", who=name, whom=other)'
    app = _make_app(
        {
            "page.html": f"{{{{ {message} }}}}",
            "set.html": f'{{% set said = {message} %}}<b title="{{{{ said }}}}">{{{{ said }}}}</b>',
        },
        {"de": {"%(who)s asks %(whom)s.": "%(whom)s wird von %(who)s <i>gefragt</i>."}},
    )
    values = {"name": "<Bob>", "other": Markup("<b>Alice</b>")}
    assert _show(app, "page.html", **values) == "&lt;Bob&gt; asks <b>Alice</b>."
    said = "&lt;Bob&gt; asks <b>Alice</b>."
    assert _show(app, "set.html", **values) == f'<b title="{said}">{said}</b>'
    app.config["SPOKEN"] = "de"
    assert _show(app, "page.html", **values) == "<b>Alice</b> wird von &lt;Bob&gt; <i>gefragt</i>."


def test_what_cannot_be_known_before_is_left_to_the_page() -> None:
    app = _make_app(
        {"page.html": '{{ _(word) }} {{ _("%(share)d %% of %(all)s", share=share, all=all) }} {{ _("a", **more) }}'}
    )
    assert _show(app, "page.html", word="Yes", share=12.7, all=30, more={}) == "Yes 12 % of 30 a"


def test_included_imported_and_inherited_templates_speak_the_same_language() -> None:
    templates = {
        "base.html": '{{ _("Base") }}:{% block main %}{% endblock %}',
        "macros.html": '{% macro word(x) %}{{ _("Macro") }} {{ x }}{% endmacro %}',
        "part.html": '{{ _("Part") }}',
        "page.html": '{% extends "base.html" %}{% from "macros.html" import word %}'
        '{% block main %}{{ word(1) }} {% include "part.html" %}{% endblock %}',
    }
    app = _make_app(templates, {"de": {"Base": "Grund", "Macro": "Makro", "Part": "Teil"}})
    assert _show(app, "page.html") == "Base:Macro 1 Part"
    app.config["SPOKEN"] = "de"
    assert _show(app, "page.html") == "Grund:Makro 1 Teil"


def test_an_included_part_sees_what_its_page_knows_and_leaves_nothing_behind() -> None:
    templates = {
        "page.html": '{% set x = "page" %}{% for each in shown %}{% include "part.html" %}{% endfor %}{{ x }}{{ y }}',
        "part.html": '{% set x = x|default("none") + "!" %}{% set y = "part" %}{% macro say(z) %}{{ z }}{{ each }}'
        '{% endmacro %}[{{ say(x) }}{{ loop.index }}{% include "inner.html" %}]',
        "inner.html": "{{ y }}<pre>\n  {{ each }}</pre>",
    }
    app = _make_app(templates)
    part = "[page!{0}{1}part<pre>\n  {0}</pre>]"
    assert _show(app, "page.html", shown="ab") == part.format("a", 1) + part.format("b", 2) + "page"


def test_a_part_that_is_named_by_the_page_or_may_be_missing_is_found_when_the_page_is_shown() -> None:
    app = _make_app(
        {
            "page.html": '{% include name %}{% include "none.html" ignore missing %}'
            '{% set own = 1 %}{% include "alone.html" without context %}{% include "blocks.html" %}',
            "part.html": "part",
            "alone.html": "({{ own }})",
            "blocks.html": "{% block main %}block{% endblock %}",
        }
    )
    assert _show(app, "page.html", name="part.html") == "part()block"


def test_what_fails_in_an_included_part_is_traced_to_the_line_that_includes_it() -> None:
    app = _make_app({"page.html": "one\n\n{% include 'part.html' %}", "part.html": "\n\n\n\n\n{{ 1 / nothing }}"})
    with pytest.raises(ZeroDivisionError) as caught:
        _show(app, "page.html", nothing=0)
    lines = [entry.lineno + 1 for entry in caught.traceback if entry.frame.code.name == "top-level template code"]
    assert lines == [3]


def test_no_template_of_the_house_sets_a_name_after_a_part_has_looked_for_it(app: Flask) -> None:
    environment = app.jinja_env
    looked = 0
    for name in environment.list_templates(["html"]):
        tree = environment.parse(environment.loader.get_source(environment, name)[0])  # type: ignore[union-attr]
        stored = [(each.name, each.lineno or 0) for each in tree.find_all(nodes.Name) if each.ctx != "load"]
        for include in tree.find_all(nodes.Include):
            if isinstance(include.template, nodes.Const):
                source = environment.loader.get_source(environment, include.template.value)[0]  # type: ignore[union-attr]
                wanted = meta.find_undeclared_variables(environment.parse(source))
                late = {found for found, line in stored if line > include.lineno}
                late -= {found for found, line in stored if line <= include.lineno}
                assert not late & wanted, (name, include.lineno)
                looked += 1
    assert looked > 20


def test_what_is_edited_is_shown_at_once_where_templates_are_looked_at_again() -> None:
    parts = {"page.html": '{% include "part.html" %}', "part.html": "before"}
    app = _make_app(parts)
    app.jinja_env.auto_reload = True
    assert _show(app, "page.html") == "before"
    parts["part.html"] = "after"
    assert _show(app, "page.html") == "after"


def test_indentation_is_not_sent_save_where_it_is_shown() -> None:
    source = "<ul>\n    <li>one</li>\n\n    <li>two  three</li>\n</ul>"
    app = _make_app({"page.html": source, "text.html": f"<pre>\n  a\n</pre>{source}", "mail.txt": source})
    assert _show(app, "page.html") == "<ul>\n<li>one</li>\n<li>two  three</li>\n</ul>"
    assert _show(app, "text.html") == f"<pre>\n  a\n</pre>{source}"
    assert _show(app, "mail.txt") == source


def test_without_a_request_templates_are_as_they_are_written() -> None:
    app = _make_app({"page.html": '<p>\n  {{ _("Right") }}</p>'}, {"en": {"Right": "Correct"}})
    with app.app_context():
        assert app.jinja_env.get_template("page.html").render() == "<p>\n  Correct</p>"


def test_text_is_escaped_and_html_is_shown_as_it_is() -> None:
    class Drawing:
        def __html__(self) -> str:
            return "<svg/>"

    class Bold(Markup):
        """HTML of a kind of its own."""

    app = _make_app({"page.html": "{% for each in shown %}[{{ each }}]{% endfor %}"})
    shown = ["<i>", Markup("<b>"), Bold("<em>"), Drawing(), 7, None, "&amp;"]
    assert _show(app, "page.html", shown=shown) == "[&lt;i&gt;][<b>][<em>][<svg/>][7][None][&amp;amp;]"


def test_what_is_called_gets_what_it_asks_for() -> None:
    @pass_context
    def find(context: Context, name: str) -> object:
        return context.resolve(name)

    class Caller:
        def __call__(self, *parts: str, end: str = ".") -> str:
            return "+".join(parts) + end

    app = _make_app(
        {
            "macros.html": "{% macro bold(x, more='!') %}<b>{{ x }}{{ more }}"
            "{% if caller %}{{ caller() }}{% endif %}</b>{% endmacro %}",
            "page.html": '{% from "macros.html" import bold %}{% block main %}{% for x in "a<" %}{% set y = x %}'
            '{{ bold(x, more="?") }}{{ find("y") }}{{ call("p", x, end=";") }}{{ plain(x) }}{% endfor %}'
            '{% call bold("c") %}{{ plain("d") }}{% endcall %}{% endblock %}',
        }
    )
    values = {"find": find, "call": Caller(), "plain": lambda x: f"({x})"}
    assert _show(app, "page.html", **values) == ("<b>a?</b>ap+a;(a)<b>&lt;?</b>&lt;p+&lt;;(&lt;)<b>c!(d)</b>")

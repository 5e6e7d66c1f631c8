"""Every text of the interface can be translated: no template holds a word that does not go through gettext."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from plumbing.checkout import ROOT

TEMPLATES = ROOT / "quizapp" / "web" / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
SHOWN = ("alt", "aria-description", "aria-label", "aria-roledescription", "label", "placeholder", "title")
"""Attributes that a person reads or hears."""
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701 - nothing is rendered
NO_LANGUAGE = re.compile(r"Quizapp|CSV|JSON|YAML|XLSX|iCalendar|Enter|Esc|sign-in|[A-Za-z]")
"""Names, an address, and letters that stand for keys: the same everywhere."""
_ATTRIBUTES = re.compile(r"""[a-z-]+="[^"]*"|\b(?:checked|disabled|hidden|required|selected)\b""")
"""What is put together outside of a tag, to be written into one."""


def _find_words(source: str) -> list[str]:
    """The words of a template outside gettext; what expressions will write is left out."""
    pieces = [
        node.data if isinstance(node, nodes.TemplateData) else " "
        for output in ENVIRONMENT.parse(source).find_all(nodes.Output)
        for node in output.nodes
    ]
    page = re.sub(r"<(script|style|code)\b.*?</\1>", " ", "".join(pieces), flags=re.DOTALL)
    texts = [
        *re.findall(rf'\b(?:{"|".join(SHOWN)})="([^"]*)"', page),
        _ATTRIBUTES.sub(" ", re.sub(r"<[^>]*>", " ", page)),
    ]
    words = re.findall(r"&\w+;|[^\W\d_][\w'’-]*", " ".join(texts))
    return [word for word in words if not word.startswith("&") and not NO_LANGUAGE.fullmatch(word)]


@pytest.mark.parametrize("name", NAMES)
def test_no_template_says_a_word_outside_gettext(name: str) -> None:
    assert _find_words((TEMPLATES / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Right</p>", ["Right"]),
        ('<p>{{ _("Right") }} and <b>{{ name }}</b></p>', ["and"]),
        ("<p>{% trans %}All of this{% endtrans %}</p>", []),
        ('<img alt="A heron" src="{{ url }}">', ["heron"]),
        ("{% if due %}<td>cards</td>{% else %}<td>none</td>{% endif %}", ["cards", "none"]),
        ('<p class="notice" id="here">…</p>', []),
    ],
)
def test_a_word_outside_gettext_is_found(source: str, words: list[str]) -> None:
    assert _find_words(source) == words


def test_there_are_templates() -> None:
    assert Path(TEMPLATES / "base.html").exists()
    assert len(NAMES) > 20

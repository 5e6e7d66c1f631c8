"""HTML in items of QTI 2.1: a part of XHTML, with MathML for formulas and objects for sounds."""

import html
import re
from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import quote

from quizapp.core.exchange.webtext import Dress, show_tex
from quizapp.core.exchange.xmltree import Node, parse_xml
from quizapp.core.formulas import read_formula
from quizapp.core.media.names import find_type, is_sound
from quizapp.core.problem import Problem

_TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s+[a-z:-]+=\"[^\"]*\")*)\s*/?>")
_ATTRIBUTE = re.compile(r"([a-z:-]+)=\"([^\"]*)\"")
_VOID: Final = frozenset({"br", "hr", "img"})
# What the schema of QTI 2.1 knows at these elements; any other attribute goes.
_KNOWN: Final = {"a": {"href"}, "img": {"src", "alt"}}
_PLAIN: Final = frozenset(
    {"p", "ul", "ol", "li", "blockquote", "code", "em", "strong", "pre", "hr", "br", "sub", "sup", *_KNOWN}
)
_SHOWN: Final = frozenset(
    {"p", "div", "ul", "ol", "li", "blockquote", "code", "kbd", "tt", "em", "strong", "b", "i", "pre", "sub", "sup"}
    | {"table", "tr", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "br"}
)
# What is not text of the question: words for others, feedback, choices, and interactions but that around its text.
_UNSEEN: Final = frozenset(
    {"rubricBlock", "feedbackInline", "feedbackBlock", "templateInline", "templateBlock", "gapText", "gapImg"}
    | {"style", "script"}
)
_AROUND_TEXT: Final = "gapMatchInteraction"


def address_of(name: str) -> str:
    """Where an item of our packages finds a file."""
    return f"../media/{quote(name)}"


def _show_file(name: str, label: str) -> str:
    words = html.escape(label)
    if is_sound(name):
        return f'<object data="{address_of(name)}" type="{find_type(name)}">{words}</object>'
    return f'<img src="{address_of(name)}" alt="{words}">'


def _show_formula(tex: str, is_shown: bool) -> str:
    """MathML that keeps the TeX it was made from, so that it can be edited."""
    formula = read_formula(tex, display=is_shown)
    inside = formula.mathml.partition(">")[2].removesuffix("</math>") if formula else ""
    source = f'<annotation encoding="application/x-tex">{html.escape(tex, quote=False)}</annotation>'
    display = "block" if is_shown else "inline"
    space = f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="{display}">'
    return f"{space}<semantics>{inside}{source}</semantics></math>"


def _close(found: re.Match[str]) -> str:
    tag, attributes = found[1], found[2]
    if tag not in _PLAIN:
        return found[0]
    kept = "".join(
        f' {name}="{value.replace("<", "&lt;")}"'
        for name, value in _ATTRIBUTE.findall(attributes)
        if name in _KNOWN.get(tag, ())
    )
    return f"<{tag}{kept}/>" if tag in _VOID else f"<{tag}{kept}>"


def to_xhtml(markup: str) -> str:
    """HTML that ``quizapp.core.markup`` made as the XHTML of QTI 2.1."""
    return _TAG.sub(_close, markup).replace("&nbsp;", "&#160;")


def _undress(markup: str) -> str:
    """What reading makes of a text that was written."""
    root = parse_xml(f"<div>{to_xhtml(markup)}</div>".encode(), "")
    return markup if isinstance(root, Problem) else show_inside(root)


QTI21: Final = Dress(_show_file, _show_formula, _undress)


def show_inside(node: Node, places: Collection[str] = (), mark: str = "") -> str:
    """What is in an element as HTML; ``mark`` stands for each element of the names in ``places``."""
    return "".join(_show(node, places, mark)).strip()


def _show(node: Node, places: Collection[str], mark: str) -> Iterator[str]:
    for one in node.inside:
        if isinstance(one, str):
            yield html.escape(one, quote=False)
        elif one.tag in places:
            yield mark
        elif one.tag == "math":
            yield _show_math(one)
        elif one.tag in ("img", "object", "audio", "video"):
            yield _show_object(one)
        elif one.tag == "a":
            yield f'<a href="{html.escape(one.get("href"))}">{show_inside(one, places, mark)}</a>'
        elif one.tag in ("br", "hr"):
            yield f"<{one.tag}>"
        elif one.tag in _SHOWN:
            kind = ' class="quizapp-prompt"' if one.tag == "div" and one.get("class") == "quizapp-prompt" else ""
            yield f"<{one.tag}{kind}>{show_inside(one, places, mark)}</{one.tag}>"
        elif one.tag == _AROUND_TEXT or (one.tag not in _UNSEEN and not one.tag.endswith("Interaction")):
            yield from _show(one, places, mark)


def _show_math(node: Node) -> str:
    for annotation in node.search("annotation"):
        if "tex" in annotation.get("encoding").lower():
            return show_tex(" ".join(annotation.text.split()), node.get("display") == "block")
    return html.escape(" ".join("".join(part.text for part in node.walk()).split()), quote=False)


def _show_object(node: Node) -> str:
    source = next((node.get(name) for name in ("src", "data") if node.get(name)), "")
    source = source or next((one.get("src") for one in node.list("source")), "")
    label = node.get("alt") or " ".join("".join(part.text for part in node.walk()).split())
    name = source.split("?", 1)[0]
    tag = "audio" if is_sound(name) or node.tag in ("audio", "video") else "img"
    return f'<{tag} src="{html.escape(source)}" alt="{html.escape(label)}">'

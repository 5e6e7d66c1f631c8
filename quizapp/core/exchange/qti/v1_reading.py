"""Documents of QTI 1.2 as decks: one for each assessment or bank of questions."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from quizapp.core.deck.text import shorten
from quizapp.core.exchange.carry import Carried
from quizapp.core.exchange.effort import Effort
from quizapp.core.exchange.gathering import Gathering
from quizapp.core.exchange.heads import read_head
from quizapp.core.exchange.htmltext import to_text
from quizapp.core.exchange.qti.canvas_writing import CANVAS, GENERAL
from quizapp.core.exchange.qti.common import Item, NotTaken, Pictures, count_parts, read_carried
from quizapp.core.exchange.qti.package import Document
from quizapp.core.exchange.qti.v1_items import ItemParts, list_conditions, list_responses, read_values
from quizapp.core.exchange.webtext import TextReader, join_texts
from quizapp.core.exchange.xmltree import Node
from quizapp.core.messages import join_said, say
from quizapp.core.slugs import is_slug

_EQUATION = re.compile(r"<img\b[^<>]{0,4000}\bequation_image\b[^<>]{0,4000}>")
_TEX = (
    re.compile(r"\bdata-equation-content=\"([^\"]{1,2000})\""),
    re.compile(r"\btitle=\"([^\"]{1,2000})\""),
)
_GROUPS = ("assessment", "objectbank")
_MOST_GROUPS = 1_000
_KINDS = {"matimage": "img", "mataudio": "audio"}


def _show_equation(found: re.Match[str]) -> str:
    tex = next((tex[1] for pattern in _TEX if (tex := pattern.search(found[0]))), "")
    return f"\\({tex}\\)" if tex else ""


def _name_item(node: Node) -> str:
    """What an item is called in problems: its title, or how its text begins."""
    text = next((material.text for material in node.search("mattext") if material.text.strip()), "")
    return shorten(node.get("title") or to_text(text[:1000]) or node.get("ident"))


@dataclass(slots=True)
class V1Reader:
    """Reads the items of one document into one deck."""

    document: Document
    group: Node
    gathering: Gathering
    pictures: Pictures
    effort: Effort

    def read(self) -> None:
        """Read all items; give up where there is more text than is taken."""
        self.gathering.head |= read_head(self.group.find_text("qticomment"))
        for node in self.group.search("item"):
            if not self.effort.start():
                message = say("The file holds more than is read at once; what follows here was left out.")
                self.gathering.report(node.line, "file-too-large", message, say("Export it in several parts."))
                return
            self._read_item(node)

    def _clean(self, markup: str) -> str:
        text = _EQUATION.sub(_show_equation, self.effort.cut(markup))
        return self.pictures.rename(text, self.document.name)

    def _read_material(self, node: Node) -> str:
        """The HTML of all material in an element that is not in a response or a label of its own."""
        return self._clean("\n".join(self._list_texts(node)))

    def _list_texts(self, node: Node) -> Iterator[str]:
        for child in node.children:
            if child.tag in ("mattext", "matemtext"):
                is_html = child.get("texttype") == "text/html"
                text = child.text.strip()
                yield text if is_html else html.escape(text, quote=False)
            elif child.tag in _KINDS:
                name = html.escape(child.get("uri"))
                yield f'<{_KINDS[child.tag]} src="{name}" alt="{html.escape(child.get("label"))}">'
            elif child.tag == "matbreak":
                yield "<br>"
            elif child.tag in ("material", "flow", "flow_mat", "flow_label", "material_ref"):
                yield from self._list_texts(child)

    def _read_feedback(self, node: Node) -> dict[str, str]:
        return {
            feedback.get("ident"): "\n".join(
                self._read_material(part) for part in (feedback, *feedback.search("solutionmaterial", "hintmaterial"))
            ).strip()
            for feedback in node.list("itemfeedback")
        }

    def _read_metadata(self, node: Node) -> dict[str, str]:
        return {one.find_text("fieldlabel"): one.find_text("fieldentry") for one in node.search("qtimetadatafield")}

    def _take_apart(self, node: Node, carried: Carried) -> ItemParts:
        presentation = node.find("presentation")
        texts = TextReader(CANVAS, carried)
        return ItemParts(
            Item(node, texts),
            self._read_material,
            self._read_metadata(node),
            self._read_material(presentation) if presentation else "",
            list_responses(presentation),
            list_conditions(node),
        )

    def _read_item(self, node: Node) -> None:
        try:
            count_parts(node)
            self._take_item(node)
        except NotTaken as refusal:
            message = say(
                "The question “%(text)s” was not taken: %(reason)s.", text=_name_item(node), reason=refusal.reason
            )
            self.gathering.report(node.line, "not-taken", message, refusal.fix)

    def _take_item(self, node: Node) -> None:
        feedback = self._read_feedback(node)
        general, carried = read_carried(feedback.pop(GENERAL, ""), self.effort)
        parts = self._take_apart(node, carried)
        texts = parts.item.texts
        whys = {name: texts.block(markup) for name, markup in feedback.items()}
        values = read_values(parts, whys)
        if "prompt" not in values:
            values["prompt"] = texts.block(parts.text)
        values["explanation"] = join_texts(
            [texts.block(general), *parts.item.feedback, whys.get("correct_fb", ""), *self._list_solutions(parts, whys)]
        )
        if whys.get("general_incorrect_fb"):
            parts.item.lose(say("the feedback for all wrong answers alike"))
        self._add(parts, _name_item(node), values, carried)

    def _list_solutions(self, parts: ItemParts, whys: dict[str, str]) -> Iterator[str]:
        """Feedback that a right answer shows, by names that Canvas does not use."""
        for condition in parts.conditions:
            if condition.score > 0 or condition.is_other:
                names = (name for name in condition.feedback if name not in ("correct_fb", "general_incorrect_fb"))
                yield from (whys[name] for name in names if whys.get(name))

    def _add(self, parts: ItemParts, name: str, values: dict[str, object], carried: Carried) -> None:
        node = parts.item.node
        if values["type"] == "short":
            values |= {key: value for key, value in carried.parts.items() if key in ("match", "tolerance")}
        ident = node.get("ident")
        kept = replace(carried, id=carried.id or (ident if is_slug(ident) else ""))
        if self.gathering.add(node.line, values, kept, ident) and parts.item.lost:
            message = say(
                "The question “%(name)s” was taken without %(text)s.", name=name, text=join_said(parts.item.lost)
            )
            self.gathering.report(node.line, "taken-in-part", message, say("Look at the card once."), warning=True)


def _find_outermost(node: Node) -> Iterator[Node]:
    """The groups that stand in no other."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.tag in _GROUPS:
            yield one
        else:
            waiting.extend(reversed(list(one.children)))


def list_groups(document: Document) -> Iterator[tuple[str, str, Node]]:
    """The assessments and banks of a document with their names and titles; the document itself where it has none."""
    groups = list(islice(_find_outermost(document.root), _MOST_GROUPS))
    for group in groups or [document.root]:
        yield group.get("ident"), group.get("title") or _find_title(group), group


def _find_title(group: Node) -> str:
    """The title that Canvas gives a bank of questions."""
    fields = (node for node in group.search("qtimetadatafield") if node.find_text("fieldlabel") == "bank_title")
    return next((node.find_text("fieldentry") for node in fields), "")

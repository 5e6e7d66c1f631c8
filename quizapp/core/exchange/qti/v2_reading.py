"""Items of QTI 2.0, 2.1 and 2.2 as one deck, in the order of their test."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from quizapp.core.deck.text import shorten
from quizapp.core.exchange.carry import Carried
from quizapp.core.exchange.effort import Effort
from quizapp.core.exchange.gathering import Gathering
from quizapp.core.exchange.heads import read_head
from quizapp.core.exchange.qti.common import Item, NotTaken, Pictures, count_parts, read_carried
from quizapp.core.exchange.qti.package import Document, Package
from quizapp.core.exchange.qti.v2_items import ItemParts, read_values
from quizapp.core.exchange.qti.v2_markup import QTI21, show_inside
from quizapp.core.exchange.webtext import TextReader, join_texts
from quizapp.core.messages import join_said, say
from quizapp.core.slugs import is_slug

_OURS = "Quizapp"


def title_test(tests: Sequence[Document]) -> str:
    """The title of the test; blank where there is none."""
    return next((test.root.get("title") for test in tests), "")


def _order_items(items: Sequence[Document], tests: Sequence[Document]) -> Iterator[Document]:
    """The items in the order in which the tests ask them, then the others."""
    waiting = {item.name: item for item in items}
    for test in tests:
        for ref in test.root.search("assessmentItemRef"):
            name = posixpath.normpath(posixpath.join(posixpath.dirname(test.name), unquote(ref.get("href"))))
            if item := waiting.pop(name, None):
                yield item
    yield from waiting.values()


@dataclass(slots=True)
class _Reader:
    """Reads items into one deck."""

    gathering: Gathering
    pictures: Pictures
    effort: Effort
    file: str

    def read(self, document: Document) -> None:
        """Read one item."""
        if document.name:
            self.gathering.options = replace(self.gathering.options, file=f"{self.file}/{document.name}")
        root = document.root

        def clean(markup: str) -> str:
            return self.pictures.rename(self.effort.cut(markup), document.name)

        name = shorten(root.get("title") or root.get("identifier"))
        try:
            count_parts(root)
            general, rest, carried = self._find_carried(document)
            parts = ItemParts(Item(root, TextReader(QTI21, carried)), clean)
            parts.shown.pop(general, None)
            values = read_values(parts)
        except NotTaken as refusal:
            message = say("The question “%(name)s” was not taken: %(reason)s.", name=name, reason=refusal.reason)
            self.gathering.report(root.line, "not-taken", message, refusal.fix)
            return
        values |= self._read_feedback(parts, clean(rest))
        if values["type"] == "short":
            values |= {key: value for key, value in carried.parts.items() if key in ("match", "tolerance")}
        ident = root.get("identifier")
        if self.gathering.add(root.line, values, self._name(root.get("toolName"), ident, carried), ident):
            self._tell_losses(parts, name)

    def _tell_losses(self, parts: ItemParts, name: str) -> None:
        if parts.item.lost:
            message = say(
                "The question “%(name)s” was taken without %(text)s.", name=name, text=join_said(parts.item.lost)
            )
            self.gathering.report(
                parts.root.line, "taken-in-part", message, say("Look at the card once."), warning=True
            )

    def _name(self, tool: str, ident: str, carried: Carried) -> Carried:
        own = ident.removeprefix("card-") if tool == _OURS else ident
        return replace(carried, id=own) if is_slug(own) and not carried.id else carried

    def _find_carried(self, document: Document) -> tuple[str, str, Carried]:
        """The name of the feedback that carried lines stand in, the rest of it, and what they say."""
        for node in document.root.list("modalFeedback"):
            rest, carried = read_carried(show_inside(node), self.effort)
            if carried.type or carried.id or carried.values or carried.extra:
                return node.get("identifier"), rest, carried
        return "", "", Carried()

    def _read_feedback(self, parts: ItemParts, explanation: str) -> dict[str, str]:
        """Explanation and hint from all feedback that belongs to no option."""
        texts = parts.item.texts
        hints, told = list[str](), [texts.block(explanation), *parts.item.feedback]
        for name, markup in parts.shown.items():
            kind = name.lower()
            if "hint" in kind:
                hints.append(texts.block(markup))
            elif "incorrect" in kind or "wrong" in kind:
                parts.item.lose(say("the feedback for all wrong answers alike"))
            else:
                told.append(texts.block(markup))
        found = {"explanation": join_texts(told)}
        return {**found, "hint": join_texts(hints)} if hints else found


def _read_manifest(package: Package, gathering: Gathering) -> None:
    """What our own manifest says of the deck."""
    general = package.manifest.find("metadata", "lom", "general") if package.manifest else None
    if general:
        gathering.head |= read_head(general.find_text("description", "langstring"))


def read_items(
    package: Package,
    items: Sequence[Document],
    tests: Sequence[Document],
    gathering: Gathering,
    pictures: Pictures,
    effort: Effort,
) -> None:
    """Read the items into the gathering; give up where there is more text than is taken."""
    _read_manifest(package, gathering)
    reader = _Reader(gathering, pictures, effort, gathering.options.file)
    for document in _order_items(items, tests):
        if not effort.start():
            message = say("The file holds more than is read at once; what follows here was left out.")
            gathering.report(document.root.line, "file-too-large", message, say("Export it in several parts."))
            return
        reader.read(document)

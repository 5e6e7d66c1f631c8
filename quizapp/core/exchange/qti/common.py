"""What reading and writing QTI 1.2 and 2.1 share."""

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from quizapp.core.deck.schema import Card, Cloze, Deck, Short
from quizapp.core.deck.text import shorten
from quizapp.core.exchange.carry import Carried, Line, list_lines, pack_lines, unpack_html
from quizapp.core.exchange.effort import Effort
from quizapp.core.exchange.filing import FoundFiles, name_ids
from quizapp.core.exchange.qti.package import Package
from quizapp.core.exchange.webtext import AS_WRITTEN, TextReader, TextWriter
from quizapp.core.exchange.xmltree import Node
from quizapp.core.markup import plain_text
from quizapp.core.messages import say
from quizapp.core.problem import Problem, Severity

MOST_PARTS = 3_000
_LONGEST_NAME = 120
_SOURCE = re.compile(r"(\b(?:src|data)=\")([^\"<>]{1,1000})\"")

MISSING: Final = {
    "code": "missing-file",
    "message": say("Files that these cards show are not there"),
    "fix": say("Add them to the deck's media."),
}

Values = dict[str, Any]


class NotTaken(Exception):
    """A question that cannot become a card, in words for people: what it is, and what to do."""

    def __init__(self, reason: str, fix: str = say("Make a card of another type by hand.")) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


@dataclass(slots=True)
class Item:
    """One question while it is read: its element and texts, what is lost on the way, what joins the explanation."""

    node: Node
    texts: TextReader
    lost: list[str] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)

    def lose(self, what: str) -> None:
        """Note what a card cannot hold."""
        if what not in self.lost:
            self.lost.append(what)


def read_carried(markup: str, effort: Effort) -> tuple[str, Carried]:
    """Feedback without the carried lines in it, and what they say."""
    rest, carried = unpack_html(markup)
    effort.recall(len(carried.extra.get(AS_WRITTEN, ())))
    return rest, carried


def count_parts(node: Node) -> None:
    """Refuse a question of more parts than any card has. Raises NotTaken."""
    if sum(1 for _ in islice(node.walk(), MOST_PARTS + 1)) > MOST_PARTS:
        raise NotTaken(say("it has more parts than any card"), say("Split it into several questions."))


@dataclass(slots=True)
class Pictures:
    """Takes the files that a document shows out of its package, and gives them the names that they have in the deck."""

    package: Package
    found: FoundFiles = field(default_factory=FoundFiles)
    missing: list[str] = field(default_factory=list)
    _known: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def rename(self, markup: str, base: str) -> str:
        """HTML in which the files of the package are called by their plain names."""

        def put(source: re.Match[str]) -> str:
            name = self._take(html.unescape(source[2]), base)
            return f'{source[1]}{quote(name)}"' if name else source[0]

        return _SOURCE.sub(put, markup)

    def _take(self, address: str, base: str) -> str | None:
        if (base, address) not in self._known:
            is_elsewhere = ":" in address.split("/", 1)[0] or address.startswith("//")
            file = None if is_elsewhere else self.package.find_file(base, address)
            self._known[base, address] = self.found.add(*file) if file else None
            if file is None and not is_elsewhere:
                self.missing.append(address)
        return self._known[base, address]


def read_decimal(text: str) -> Decimal | None:
    """The number that a text is; None where it is none."""
    try:
        number = Decimal(text.strip().replace(",", ".")) if len(text) < 100 else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and abs(number.adjusted()) < 100 else None


def write_decimal(number: Decimal) -> str:
    """The number without an exponent and without noughts behind the point."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def list_numbers(card: Short) -> list[Decimal]:
    """The right numbers; empty where an answer is no plain number."""
    numbers = [read_decimal(text) for text in (card.answer, *card.accept)] if card.match == "number" else []
    found = [number for number in numbers if number is not None]
    texts = (card.answer, *card.accept)
    same = all(write_decimal(number) == text for number, text in zip(found, texts, strict=False))
    return found if len(found) == len(texts) and same else []


def make_number(found: Sequence[tuple[str, Decimal]], item: Item) -> Values:
    """A card for numbers, from right answers and the tolerance of each; the first tolerance is the card's."""
    first, tolerance = found[0]
    accept = [text for text, other in found[1:] if other == tolerance]
    if len(accept) < len(found) - 1:
        item.lose(say("numbers with another tolerance than the first"))
    values: Values = {"type": "short", "match": "number", "answer": first, "accept": accept}
    return values if not tolerance else {**values, "tolerance": tolerance}


def list_kept(card: Card, native: frozenset[str], *, whole: bool) -> Iterator[Line]:
    """The lines to carry: what the other system's question has no place for."""
    return (line for line in list_lines(card, whole=whole) if line[0] not in native)


def write_block(lines: Sequence[Line]) -> str:
    """Carried lines as a paragraph of HTML."""
    return f"<p>{'<br>'.join(html.escape(line, quote=False) for line in pack_lines(lines).split(chr(10)))}</p>"


def write_feedback(card: Card, texts: TextWriter, lines: Sequence[Line]) -> str:
    """The explanation and the carried lines, to be called when all texts of the card have been written."""
    explanation = texts.block(card.explanation) if card.explanation else ""
    return "\n".join(part for part in (explanation, write_block([*lines, *texts.extra])) if part)


def name_card(card: Card) -> str:
    """A title for a question: its prompt, cut where it is long."""
    text = card.text if isinstance(card, Cloze) and not card.prompt else card.prompt
    return shorten(plain_text(text), _LONGEST_NAME) or card.id


def tell(deck: Deck, file: str, is_meant: Callable[[Card], bool], words: Mapping[str, str]) -> Iterator[Problem]:
    """One warning about all cards that are meant: ``words`` has its code, message and fix."""
    ids = [card.id for card in deck.cards if is_meant(card)]
    if ids:
        message = say("%(words)s (%(count)s: %(names)s).", words=words["message"], count=len(ids), names=name_ids(ids))
        yield Problem(file, 0, 0, words["code"], message, words["fix"], Severity.WARNING)

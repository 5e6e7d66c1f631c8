"""A deck as a package of QTI 2.1: an item for each card, a test that lists them, and the manifest.

Structure: IMS QTI 2.1 (assessmentItem: declarations, itemBody, responseProcessing, modalFeedback; assessmentTest) and
IMS Content Packaging 1.1.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, assert_never

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import Card, Choice, Cloze, Deck, Flashcard, Match, Multiple, Order, Short, TrueFalse
from quizapp.core.exchange.carry import Line
from quizapp.core.exchange.model import Exported
from quizapp.core.exchange.qti.common import (
    MISSING,
    list_kept,
    list_numbers,
    name_card,
    tell,
    write_decimal,
    write_feedback,
)
from quizapp.core.exchange.qti.package import MANIFEST, write_package
from quizapp.core.exchange.qti.v2_markup import QTI21, to_xhtml
from quizapp.core.exchange.qti.v2_package import SCHEMA, SPACE, item_path, write_manifest, write_test
from quizapp.core.exchange.webtext import TextWriter
from quizapp.core.exchange.xmltree import escape, write_element
from quizapp.core.messages import say
from quizapp.core.problem import Problem

_NATIVE: Final = frozenset({"Option", "Why", "Explanation", "Card"})
_RESPONSE: Final = "RESPONSE"
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
Attributes = Sequence[tuple[str, str]]


def _value(kind: str, text: str) -> str:
    return write_element("baseValue", escape(text), attributes=[("baseType", kind)])


def _variable(name: str, tag: str = "variable") -> str:
    return write_element(tag, attributes=[("identifier", name)])


def _set(outcome: str, value: str) -> str:
    return write_element("setOutcomeValue", value, attributes=[("identifier", outcome)])


def _score_if(test: str) -> str:
    """All of the mark where the test holds, else nothing."""
    met = write_element("responseIf", test, _set("SCORE", _value("float", "1")))
    return write_element("responseCondition", met, write_element("responseElse", _set("SCORE", _value("float", "0"))))


def _declare(name: str, cardinality: str, kind: str, right: Sequence[str], shares: Mapping[str, str]) -> str:
    """A response: what is right, and where it can be right in part, what each value brings."""
    correct = write_element("correctResponse", *(write_element("value", escape(value)) for value in right))
    entries = (
        write_element("mapEntry", attributes=[("mapKey", key), ("mappedValue", share)]) for key, share in shares.items()
    )
    bounds = [("lowerBound", "0"), ("upperBound", "1"), ("defaultValue", "0")]
    mapping = write_element("mapping", *entries, attributes=bounds) if shares else ""
    attributes = [("identifier", name), ("cardinality", cardinality), ("baseType", kind)]
    return write_element("responseDeclaration", correct if right else "", mapping, attributes=attributes)


def _outcome(name: str, cardinality: str, kind: str) -> str:
    attributes = [("identifier", name), ("cardinality", cardinality), ("baseType", kind)]
    return write_element("outcomeDeclaration", attributes=attributes)


@dataclass(slots=True)
class _Item:
    """One card on its way into an item."""

    card: Card
    texts: TextWriter
    declarations: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=lambda: [_outcome("SCORE", "single", "float")])
    scoring: list[str] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)
    extra: list[Line] = field(default_factory=list)

    def show(self, outcome: str, name: str, markup: str) -> None:
        """Feedback that shows while an outcome has this value."""
        attributes = [("outcomeIdentifier", outcome), ("identifier", name), ("showHide", "show")]
        self.feedback.append(write_element("modalFeedback", to_xhtml(markup), attributes=attributes))

    def ask(self, tag: str, *inside: str, more: Attributes = (), name: str = _RESPONSE) -> str:
        """An interaction."""
        return write_element(tag, *inside, attributes=[("responseIdentifier", name), *more])

    def line(self, markdown: str) -> str:
        return to_xhtml(self.texts.line(markdown))

    def whys(self, card: Choice | Multiple, first: int) -> None:
        """Feedback to whoever chose a wrong option."""
        if not any(option.why for option in card.wrong):
            return
        cardinality = "multiple" if isinstance(card, Multiple) else "single"
        self.outcomes.append(_outcome("FEEDBACK", cardinality, "identifier"))
        self.scoring.append(_set("FEEDBACK", _variable(_RESPONSE)))
        for number, option in enumerate(card.wrong, first):
            if option.why:
                self.show("FEEDBACK", f"C{number}", self.texts.block(option.why))


def _choices(
    item: _Item, texts: Sequence[str], tag: str = "simpleChoice", stem: str = "C", more: Attributes = ()
) -> str:
    return "".join(
        write_element(tag, item.line(text), attributes=[("identifier", f"{stem}{number}"), *more]) + "\n"
        for number, text in enumerate(texts, 1)
    )


_MATCH_CORRECT: Final = _score_if(write_element("match", _variable(_RESPONSE), _variable(_RESPONSE, "correct")))


def _write_choice(item: _Item, card: Choice) -> str:
    item.declarations.append(_declare(_RESPONSE, "single", "identifier", ["C1"], {}))
    item.scoring.append(_MATCH_CORRECT)
    item.whys(card, 2)
    return item.ask("choiceInteraction", _choices(item, card.options), more=[("shuffle", "true"), ("maxChoices", "1")])


def _write_multiple(item: _Item, card: Multiple) -> str:
    count = len(card.answers)
    names = [f"C{number}" for number in range(1, len(card.options) + 1)]
    share = f"{1 / count:.6f}"
    shares = {name: share if number < count else f"-{share}" for number, name in enumerate(names)}
    item.declarations.append(_declare(_RESPONSE, "multiple", "identifier", names[:count], shares))
    item.scoring.append(_set("SCORE", _variable(_RESPONSE, "mapResponse")))
    item.whys(card, count + 1)
    return item.ask("choiceInteraction", _choices(item, card.options), more=[("shuffle", "true"), ("maxChoices", "0")])


def _write_truefalse(item: _Item, card: TrueFalse) -> str:
    item.declarations.append(_declare(_RESPONSE, "single", "identifier", ["true" if card.answer else "false"], {}))
    item.scoring.append(_MATCH_CORRECT)
    choices = (
        write_element("simpleChoice", name.capitalize(), attributes=[("identifier", name)])
        for name in ("true", "false")
    )
    return item.ask("choiceInteraction", *choices, more=[("shuffle", "false"), ("maxChoices", "1")])


def _write_number(item: _Item, card: Short, numbers: Sequence[Decimal]) -> None:
    item.declarations.append(_declare(_RESPONSE, "single", "float", [write_decimal(numbers[0])], {}))
    if card.tolerance:
        bound = write_decimal(card.tolerance)
        mode = [("toleranceMode", "absolute"), ("tolerance", f"{bound} {bound}")]
    else:
        mode = [("toleranceMode", "exact")]
    tests = [
        write_element("equal", _variable(_RESPONSE), _value("float", write_decimal(number)), attributes=mode)
        for number in numbers
    ]
    item.scoring.append(_score_if(tests[0] if len(tests) == 1 else write_element("or", *tests)))


def _write_short(item: _Item, card: Short) -> str:
    numbers = list_numbers(card)
    if numbers:
        _write_number(item, card, numbers)
    else:
        texts = [item.texts.verbatim(text) for text in (card.answer, *card.accept)]
        item.declarations.append(_declare(_RESPONSE, "single", "string", texts[:1], dict.fromkeys(texts, "1")))
        item.scoring.append(_set("SCORE", _variable(_RESPONSE, "mapResponse")))
    if card.match != ("number" if numbers else "text"):
        item.extra.append(("Match", card.match))
    if card.tolerance is not None and not (numbers and card.tolerance):
        item.extra.append(("Tolerance", str(card.tolerance)))
    return write_element("p", item.ask("textEntryInteraction", more=[("expectedLength", "20")]))


def _write_cloze(item: _Item, card: Cloze) -> str:
    blanks = parse_cloze(card.text).blanks
    places, sums = [], []
    for number, wordings in enumerate(blanks, 1):
        name = f"{_RESPONSE}_{number}"
        texts = [item.texts.verbatim(text) for text in wordings]
        item.declarations.append(_declare(name, "single", "string", texts[:1], dict.fromkeys(texts, "1")))
        places.append(item.ask("textEntryInteraction", more=[("expectedLength", "15")], name=name))
        sums.append(_variable(name, "mapResponse"))
    total = write_element("divide", write_element("sum", *sums), _value("float", str(len(blanks))))
    item.scoring.append(_set("SCORE", total))
    return to_xhtml(item.texts.cloze(card.prompt, card.text, places))


def _write_order(item: _Item, card: Order) -> str:
    names = [f"C{number}" for number in range(1, len(card.items) + 1)]
    item.declarations.append(_declare(_RESPONSE, "ordered", "identifier", names, {}))
    item.scoring.append(_MATCH_CORRECT)
    return item.ask("orderInteraction", _choices(item, card.items), more=[("shuffle", "true")])


def _write_match(item: _Item, card: Match) -> str:
    rights = list(dict.fromkeys(right for _, right in card.pairs))
    pairs = [f"L{number} R{rights.index(right) + 1}" for number, (_, right) in enumerate(card.pairs, 1)]
    share = f"{1 / len(pairs):.6f}"
    item.declarations.append(_declare(_RESPONSE, "multiple", "directedPair", pairs, dict.fromkeys(pairs, share)))
    item.scoring.append(_set("SCORE", _variable(_RESPONSE, "mapResponse")))
    tag = "simpleAssociableChoice"
    lefts = _choices(item, [left for left, _ in card.pairs], tag, "L", [("matchMax", "1")])
    others = _choices(item, rights, tag, "R", [("matchMax", "0")])
    sets = (write_element("simpleMatchSet", "\n", one) for one in (lefts, others))
    more = [("shuffle", "true"), ("maxAssociations", str(len(pairs)))]
    return item.ask("matchInteraction", *sets, more=more)


def _write_flashcard(item: _Item) -> str:
    item.declarations.append(_declare(_RESPONSE, "single", "string", [], {}))
    return item.ask("extendedTextInteraction", more=[("expectedLines", "4")])


def _write_body(item: _Item) -> str:
    match card := item.card:
        case Cloze():
            return _write_cloze(item, card)
        case Choice():
            asked = _write_choice(item, card)
        case Multiple():
            asked = _write_multiple(item, card)
        case TrueFalse():
            asked = _write_truefalse(item, card)
        case Short():
            asked = _write_short(item, card)
        case Order():
            asked = _write_order(item, card)
        case Match():
            asked = _write_match(item, card)
        case Flashcard():
            asked = _write_flashcard(item)
        case _:
            assert_never(card)
    return f"{to_xhtml(item.texts.block(card.prompt))}\n{asked}"


def _write_item(deck: Deck, item: _Item) -> bytes:
    body = _write_body(item)
    kept = list_kept(item.card, _NATIVE, whole=isinstance(item.card, Flashcard))
    general = write_feedback(item.card, item.texts, [*kept, *item.extra])
    item.outcomes.append(_outcome("SOLUTION", "single", "identifier"))
    item.scoring.append(_set("SOLUTION", _value("identifier", "SHOWN")))
    item.show("SOLUTION", "SHOWN", general)
    attributes = [
        *(("xmlns", SPACE), ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"), ("xsi:schemaLocation", SCHEMA)),
        *(("identifier", f"card-{item.card.id}"), ("title", name_card(item.card)), ("xml:lang", deck.language)),
        *(("adaptive", "false"), ("timeDependent", "false"), ("toolName", "Quizapp")),
    ]
    parts = [
        *item.declarations,
        *item.outcomes,
        write_element("itemBody", "\n", body, "\n"),
        write_element("responseProcessing", "\n", "\n".join(item.scoring), "\n"),
        *item.feedback,
    ]
    inside = "\n".join(parts)
    return (_DECLARATION + write_element("assessmentItem", "\n", inside, "\n", attributes=attributes)).encode()


def _report(deck: Deck, file: str, missing: frozenset[str]) -> Iterator[Problem]:
    yield from tell(
        deck,
        file,
        lambda card: isinstance(card, Flashcard),
        {
            "code": "flashcard-as-essay",
            "message": say("QTI has no flashcards; they became questions with a long answer"),
            "fix": say("The answer stands in the feedback."),
        },
    )
    yield from tell(
        deck,
        file,
        lambda card: isinstance(card, Short) and card.match != "text" and not list_numbers(card),
        {
            "code": "typed-as-text",
            "message": say("Dates, and numbers with units or words, became short answers"),
            "fix": say("Other systems compare them letter by letter."),
        },
    )
    yield from tell(deck, file, lambda card: card.id in missing, MISSING)


def write_items(deck: Deck, media: Mapping[str, bytes]) -> Exported:
    """The deck as a package of QTI 2.1."""
    file = f"{deck.id}-qti21.zip"
    items = [_Item(card, TextWriter(QTI21, media)) for card in deck.cards]
    documents = {item_path(item.card): _write_item(deck, item) for item in items}
    uses = {item.card.id: tuple(item.texts.used) for item in items}
    missing = frozenset(item.card.id for item in items if item.texts.missing)
    files = {
        MANIFEST: write_manifest(deck, uses),
        "test.xml": write_test(deck),
        **documents,
        **{f"media/{name}": media[name] for names in uses.values() for name in names},
    }
    return Exported(write_package(files), file, "application/zip", tuple(_report(deck, file, missing)))

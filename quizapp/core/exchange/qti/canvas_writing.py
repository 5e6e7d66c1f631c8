"""A deck as a package of QTI 1.2 in the way of Canvas: what its classic quizzes export and import.

Structure: IMS QTI 1.2 (assessment, section, item; presentation, resprocessing, itemfeedback), with Canvas's own
``question_type`` in the metadata of each item, and ``assessment_meta.xml`` beside it.
"""

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, assert_never
from urllib.parse import quote

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import Card, Choice, Cloze, Deck, Flashcard, Match, Multiple, Order, Short, TrueFalse
from quizapp.core.exchange.carry import Line
from quizapp.core.exchange.model import Exported
from quizapp.core.exchange.qti.canvas_package import (
    identify,
    write_assessment,
    write_manifest,
    write_meta,
    write_metadata,
)
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
from quizapp.core.exchange.webtext import Dress, TextWriter, show_tex
from quizapp.core.exchange.xmltree import escape, write_element
from quizapp.core.media.names import is_sound
from quizapp.core.messages import say
from quizapp.core.problem import Problem

_NATIVE: Final = frozenset({"Option", "Why", "Explanation"})
GENERAL: Final = "general_fb"


def _show_file(name: str, label: str) -> str:
    address, words = f"%24IMS-CC-FILEBASE%24/media/{quote(name)}", html.escape(label)
    if is_sound(name):
        return f'<audio controls="controls" src="{address}" alt="{words}" aria-label="{words}"></audio>'
    return f'<img src="{address}" alt="{words}">'


CANVAS: Final = Dress(_show_file, show_tex)


def _material(text: str, *, kind: str = "text/html") -> str:
    mattext = write_element("mattext", escape(text), attributes=[("texttype", kind)])
    return write_element("material", mattext)


def _equals(response: str, value: str) -> str:
    return write_element("varequal", escape(value), attributes=[("respident", response)])


def _show(feedback: str) -> str:
    return write_element("displayfeedback", attributes=[("feedbacktype", "Response"), ("linkrefid", feedback)])


def _score(value: str, action: str = "Set") -> str:
    return write_element("setvar", value, attributes=[("action", action), ("varname", "SCORE")])


def _condition(inside: str, *then: str, goes_on: bool = True) -> str:
    return write_element(
        "respcondition",
        write_element("conditionvar", inside),
        *then,
        attributes=[("continue", "Yes" if goes_on else "No")],
    )


@dataclass(slots=True)
class _Item:
    """One card on its way into an item: what is shown, how it is scored, and feedback by its name."""

    card: Card
    texts: TextWriter
    presentation: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    feedback: dict[str, str] = field(default_factory=dict)
    extra: list[Line] = field(default_factory=list)

    def label(self, ident: str, text: str = "", *, kind: str = "text/plain") -> str:
        inside = _material(text, kind=kind) if text else ""
        return write_element("response_label", inside, attributes=[("ident", ident)])

    def option(self, ident: str, markdown: str) -> str:
        """An option: plain where it is plain, else HTML, so that simple ones can be edited simply."""
        shown = self.texts.line(markdown)
        plain = html.unescape(shown)
        is_plain = "<" not in shown and html.escape(plain, quote=False) == shown
        return self.label(ident, plain if is_plain else shown, kind="text/plain" if is_plain else "text/html")

    def ask(self, response: str, labels: Sequence[str], *, many: bool = False, left: str | None = None) -> None:
        """A response that chooses among labels."""
        cardinality = [] if left is not None else [("rcardinality", "Multiple" if many else "Single")]
        self.presentation.append(
            write_element(
                "response_lid",
                _material(left, kind="text/plain") if left is not None else "",
                write_element("render_choice", *labels),
                attributes=[("ident", response), *cardinality],
            )
        )

    def ask_text(self, *, number: bool = False) -> None:
        """A response that is typed."""
        label = write_element("response_label", attributes=[("ident", "answer1"), ("rshuffle", "No")])
        fib = write_element("render_fib", label, attributes=[("fibtype", "Decimal")] if number else [])
        attributes = [("ident", "response1"), ("rcardinality", "Single")]
        self.presentation.append(write_element("response_str", fib, attributes=attributes))

    def explain_option(self, ident: str, why: str) -> None:
        """Feedback to whoever chose an option."""
        if why:
            name = f"{ident}_fb"
            self.feedback[name] = self.texts.block(why)
            self.conditions.append(_condition(_equals("response1", ident), _show(name)))


def _write_options(item: _Item, card: Choice | Multiple) -> str:
    right = [card.answer] if isinstance(card, Choice) else list(card.answers)
    many = isinstance(card, Multiple)
    idents = [f"{1000 + number}" for number in range(len(card.options))]
    item.ask("response1", [item.option(*pair) for pair in zip(idents, card.options, strict=True)], many=many)
    for ident, option in zip(idents[len(right) :], card.wrong, strict=True):
        item.explain_option(ident, option.why)
    chosen = [_equals("response1", ident) for ident in idents[: len(right)]]
    left = [write_element("not", _equals("response1", ident)) for ident in idents[len(right) :]]
    inside = write_element("and", *chosen, *left) if many else chosen[0]
    item.conditions.append(_condition(inside, _score("100"), goes_on=False))
    return "multiple_answers_question" if many else "multiple_choice_question"


def _write_truefalse(item: _Item, card: TrueFalse) -> str:
    item.ask("response1", [item.label("1000", "True"), item.label("1001", "False")])
    right = "1000" if card.answer else "1001"
    item.conditions.append(_condition(_equals("response1", right), _score("100"), goes_on=False))
    return "true_false_question"


def _write_number(item: _Item, number: Decimal, tolerance: Decimal) -> None:
    low, high = write_decimal(number - tolerance), write_decimal(number + tolerance)
    bounds = (
        write_element("vargte", low, attributes=[("respident", "response1")]),
        write_element("varlte", high, attributes=[("respident", "response1")]),
    )
    inside = write_element("or", _equals("response1", write_decimal(number)), write_element("and", *bounds))
    item.conditions.append(_condition(inside, _score("100"), goes_on=False))


def _write_short(item: _Item, card: Short) -> str:
    numbers = list_numbers(card)
    if numbers:
        item.ask_text(number=True)
        for number in numbers:
            _write_number(item, number, card.tolerance or Decimal(0))
        if card.tolerance is not None and not card.tolerance:
            item.extra.append(("Tolerance", str(card.tolerance)))
        return "numerical_question"
    item.ask_text()
    if card.match != "text":
        item.extra.append(("Match", card.match))
    if card.tolerance is not None:
        item.extra.append(("Tolerance", str(card.tolerance)))
    right = "".join(_equals("response1", item.texts.verbatim(text)) for text in (card.answer, *card.accept))
    item.conditions.append(_condition(right, _score("100"), goes_on=False))
    return "short_answer_question"


def _share(count: int) -> str:
    return f"{100 / count:.2f}"


def _name_blanks(text: str, count: int) -> list[str]:
    """Names for the blanks that stand nowhere else in the text in brackets."""
    stem = "blank"
    while f"[{stem}" in text:
        stem += "-"
    return [f"{stem}{number}" for number in range(1, count + 1)]


def _write_cloze(item: _Item, card: Cloze) -> tuple[str, str]:
    blanks = parse_cloze(card.text).blanks
    names = _name_blanks(card.prompt + card.text, len(blanks))
    shown = item.texts.cloze(card.prompt, card.text, [f"[{name}]" for name in names])
    for index, (name, wordings) in enumerate(zip(names, blanks, strict=True)):
        idents = [f"{1000 + 100 * index + number}" for number in range(len(wordings))]
        labels = [item.label(*pair) for pair in zip(idents, map(item.texts.verbatim, wordings), strict=True)]
        item.ask(f"response_{name}", labels, left=name)
        item.conditions.append(_condition(_equals(f"response_{name}", idents[0]), _score(_share(len(blanks)), "Add")))
    return "fill_in_multiple_blanks_question", shown


def _write_pairs(item: _Item, pairs: Sequence[tuple[str, str]]) -> str:
    rights = list(dict.fromkeys(right for _, right in pairs))
    idents = {right: f"{1000 + number}" for number, right in enumerate(rights)}
    labels = [item.label(ident, item.texts.plain(right)) for right, ident in idents.items()]
    for number, (left, right) in enumerate(pairs, 1):
        response = f"response_{number}"
        item.ask(response, labels, left=item.texts.plain(left))
        item.conditions.append(_condition(_equals(response, idents[right]), _score(_share(len(pairs)), "Add")))
    return "matching_question"


def _write_body(item: _Item) -> tuple[str, str]:
    """The question type of Canvas and the text of the question; the rest goes into the item."""
    card = item.card
    if isinstance(card, Cloze):
        return _write_cloze(item, card)
    shown = item.texts.block(card.prompt)
    match card:
        case Choice() | Multiple():
            return _write_options(item, card), shown
        case TrueFalse():
            return _write_truefalse(item, card), shown
        case Short():
            return _write_short(item, card), shown
        case Match():
            return _write_pairs(item, card.pairs), shown
        case Order():
            return _write_pairs(item, [(text, str(place)) for place, text in enumerate(card.items, 1)]), shown
        case Flashcard():
            item.ask_text()
            return "essay_question", shown
        case _:
            assert_never(card)


def _write_feedback(name: str, markup: str) -> str:
    inside = write_element("flow_mat", _material(markup))
    return write_element("itemfeedback", inside, attributes=[("ident", name)]) + "\n"


def _write_item(item: _Item) -> str:
    kind, shown = _write_body(item)
    is_whole = isinstance(item.card, Flashcard)
    kept = list_kept(item.card, _NATIVE, whole=is_whole)
    general = write_feedback(item.card, item.texts, [*kept, *item.extra])
    other = write_element("other")
    score = [("maxvalue", "100"), ("minvalue", "0"), ("varname", "SCORE"), ("vartype", "Decimal")]
    metadata = {"question_type": kind, "points_possible": "1.0", "assessment_question_identifierref": item.card.id}
    parts = [
        write_element("itemmetadata", write_metadata(metadata)),
        write_element("presentation", _material(shown), *item.presentation),
        write_element(
            "resprocessing",
            write_element("outcomes", write_element("decvar", attributes=score)),
            _condition(other, _show(GENERAL)),
            *item.conditions,
        ),
        _write_feedback(GENERAL, general),
        *(_write_feedback(name, markup) for name, markup in item.feedback.items()),
    ]
    return write_element(
        "item", "\n", "\n".join(parts), attributes=[("ident", item.card.id), ("title", name_card(item.card))]
    )


def _list_items(deck: Deck, media: Mapping[str, bytes]) -> Iterator[tuple[str, TextWriter]]:
    for card in deck.cards:
        texts = TextWriter(CANVAS, media)
        yield _write_item(_Item(card, texts)), texts


def _list_otherwise(missing: frozenset[str]) -> Iterator[tuple[Callable[[Card], bool], dict[str, str]]]:
    """Which cards Canvas holds otherwise, and what to say of them."""
    yield (
        lambda card: isinstance(card, Flashcard),
        {
            "code": "flashcard-as-essay",
            "message": say("Canvas has no flashcards; they became essay questions"),
            "fix": say("The answer stands in the feedback for all."),
        },
    )
    yield (
        lambda card: isinstance(card, Order),
        {
            "code": "order-as-match",
            "message": say("Classic quizzes of Canvas put nothing in order; these became matching questions"),
            "fix": say("Each item is matched with its place: 1, 2, 3."),
        },
    )
    yield (
        lambda card: isinstance(card, Short) and card.match != "text" and not list_numbers(card),
        {
            "code": "typed-as-text",
            "message": say("Dates, and numbers with units or words, became short answers"),
            "fix": say("Canvas compares them letter by letter."),
        },
    )
    yield lambda card: card.id in missing, MISSING


def _report(deck: Deck, file: str, missing: frozenset[str]) -> Iterator[Problem]:
    for is_meant, words in _list_otherwise(missing):
        yield from tell(deck, file, is_meant, words)


def write_quiz(deck: Deck, media: Mapping[str, bytes]) -> Exported:
    """The deck as a package for Canvas."""
    file = f"{deck.id}-canvas.zip"
    written = list(_list_items(deck, media))
    used = list(dict.fromkeys(name for _, texts in written for name in texts.used))
    missing = frozenset(card.id for card, (_, texts) in zip(deck.cards, written, strict=True) if texts.missing)
    ident = identify(deck)
    files = {
        MANIFEST: write_manifest(deck, used),
        f"{ident}/{ident}.xml": write_assessment(deck, [item for item, _ in written]),
        f"{ident}/assessment_meta.xml": write_meta(deck),
        **{f"media/{name}": media[name] for name in used},
    }
    return Exported(write_package(files), file, "application/zip", tuple(_report(deck, file, missing)))

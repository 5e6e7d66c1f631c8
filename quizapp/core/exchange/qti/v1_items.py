"""Items of QTI 1.2, as Canvas makes them and as others do, into what a card needs."""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from quizapp.core.exchange.htmltext import to_text
from quizapp.core.exchange.qti.common import Item, NotTaken, Values, make_number, read_decimal, write_decimal
from quizapp.core.exchange.webtext import BLANK
from quizapp.core.exchange.xmltree import Node
from quizapp.core.messages import say

_RESPONSES: Final = ("response_lid", "response_str", "response_num", "response_grp", "response_xy")
_TYPED: Final = ("response_str", "response_num")
_BRACKETS = re.compile(r"\[([^\[\]\n<>]{1,200})\]")
_LISTED: Final = frozenset({"dropdown", "wordbank"})


@dataclass(slots=True)
class Condition:
    """One condition of the scoring: what must hold, the score it brings, and the feedback it shows."""

    node: Node
    score: float = 0.0
    feedback: list[str] = field(default_factory=list)

    def list_equals(self, response: str = "") -> Iterator[str]:
        """The values that must be given, to this response or to any; what must not be given is left out."""
        waiting = list(reversed(list(self.node.children)))
        while waiting:
            node = waiting.pop()
            if node.tag in ("varequal", "varsubset") and response in ("", node.get("respident")):
                yield " ".join(node.text.split())
            elif node.tag != "not":
                waiting.extend(reversed(list(node.children)))

    @property
    def is_other(self) -> bool:
        """Whether it holds for any answer."""
        return next(self.node.search("other", "unanswered"), None) is not None


@dataclass(slots=True)
class ItemParts:
    """An item of QTI 1.2 taken apart."""

    item: Item
    read_material: Callable[[Node], str]
    metadata: Mapping[str, str]
    text: str
    responses: list[Node]
    conditions: list[Condition]

    @property
    def kind(self) -> str:
        """Canvas's own name for the type; blank where another system made the item."""
        return self.metadata.get("question_type", "")

    def list_right(self, response: str = "") -> list[str]:
        """The values that bring a score, best first."""
        best = sorted((one for one in self.conditions if one.score > 0), key=lambda one: -one.score)
        return list(dict.fromkeys(value for one in best for value in one.list_equals(response)))

    def list_labels(self, response: Node) -> Iterator[tuple[str, Node]]:
        """The labels of a response by their names."""
        return ((label.get("ident"), label) for label in response.search("response_label"))

    def line(self, node: Node) -> str:
        """The text of a label in one line."""
        return self.item.texts.line(self.read_material(node))

    def plain(self, node: Node) -> str:
        """The text of a label that is no HTML in Canvas."""
        return self.item.texts.plain(" ".join(to_text(self.read_material(node)).split()))


def _read_score(node: Node) -> float:
    best = 0.0
    for setvar in node.list("setvar"):
        value = read_decimal(setvar.text)
        best = max(best, float(value) if value is not None else 0.0)
    return best


def list_conditions(item: Node) -> list[Condition]:
    """The conditions of an item's scoring."""
    return [
        Condition(
            inside, _read_score(condition), [shown.get("linkrefid") for shown in condition.list("displayfeedback")]
        )
        for condition in item.search("respcondition")
        if (inside := condition.find("conditionvar")) is not None
    ]


def list_responses(presentation: Node | None) -> list[Node]:
    """The responses of an item, however deep in flows."""
    return list(presentation.search(*_RESPONSES)) if presentation else []


def _find_whys(parts: ItemParts, feedback: Mapping[str, str]) -> dict[str, str]:
    """Feedback by the label that must be chosen for it, where it brings no score."""
    whys: dict[str, str] = {}
    for condition in parts.conditions:
        chosen = list(condition.list_equals())
        if len(chosen) == 1 and not condition.is_other:
            texts = [feedback[name] for name in condition.feedback if name in feedback and name != "correct_fb"]
            if texts:
                whys.setdefault(chosen[0], texts[0])
    return whys


def _read_options(parts: ItemParts, feedback: Mapping[str, str]) -> Values:
    response = parts.responses[0]
    is_many = response.get("rcardinality").lower() == "multiple" or parts.kind == "multiple_answers_question"
    right = parts.list_right(response.get("ident"))
    if not is_many and len(right) > 1:
        parts.item.lose(say("options for part of the mark, which count as wrong now"))
        right = right[:1]
    whys = _find_whys(parts, feedback)
    answers, wrong = list[str](), list[Values]()
    for ident, label in parts.list_labels(response):
        text = parts.line(label)
        if text and ident in right:
            answers.append(text)
            parts.item.feedback.append(whys.get(ident, ""))
        elif text:
            wrong.append({"text": text, "why": whys.get(ident, "")})
    if not answers:
        raise NotTaken(
            say("none of its options is marked as right"), say("Mark the right one there, and export it again.")
        )
    if not wrong:
        raise NotTaken(say("it has no wrong option"), say("Add a wrong option."))
    if is_many:
        return {"type": "multiple", "answers": answers, "wrong": wrong}
    return _read_truth(parts, answers[0], wrong) or {"type": "choice", "answer": answers[0], "wrong": wrong}


def _read_truth(parts: ItemParts, answer: str, wrong: Sequence[Values]) -> Values | None:
    """True or false, where the type or the two options say so."""
    words = {answer.lower(), *(str(option["text"]).lower() for option in wrong)}
    if parts.kind != "true_false_question" and words != {"true", "false"}:
        return None
    if len(wrong) != 1 or parts.item.texts.carried.type == "choice":
        return None
    labels = [parts.line(label) for _, label in parts.list_labels(parts.responses[0])]
    # In other languages the words differ; true stands first.
    is_true = answer.lower() == "true" or (answer.lower() != "false" and labels[0] == answer)
    parts.item.feedback.append(str(wrong[0]["why"]))
    return {"type": "truefalse", "answer": is_true}


def _read_short(parts: ItemParts) -> Values:
    right = [parts.item.texts.verbatim(value) for value in parts.list_right() if value]
    if not right:
        raise NotTaken(say("it names no right answer, so a person has to read it"), say("Make it a flashcard by hand."))
    if any(node.get("case").lower() == "yes" for one in parts.conditions for node in one.node.search("varequal")):
        parts.item.lose(say("that small and capital letters differ"))
    return {"type": "short", "answer": right[0], "accept": right[1:]}


def _find_bound(condition: Condition, *tags: str) -> Decimal | None:
    node = next(condition.node.search(*tags), None)
    return read_decimal(node.text) if node else None


def _read_number(condition: Condition) -> tuple[str, Decimal] | None:
    exact = next(condition.list_equals(), "")
    number = read_decimal(exact)
    low, high = _find_bound(condition, "vargte", "vargt"), _find_bound(condition, "varlte", "varlt")
    if number is None and (low is None or high is None):
        return None
    if low is None or high is None:
        return exact, Decimal(0)
    if number is None:
        return write_decimal((low + high) / 2), abs(high - low) / 2
    return write_decimal(number), max(abs(high - number), abs(number - low))


def _read_numerical(parts: ItemParts) -> Values:
    found = [number for one in parts.conditions if one.score > 0 and (number := _read_number(one))]
    if not found:
        raise NotTaken(say("it names no right number"), say("Give it an answer there, and export it again."))
    return make_number(found, parts.item)


def _read_blanks(parts: ItemParts) -> Values:
    """A text with names in brackets, each of which a response fills."""
    wordings: dict[str, tuple[str, ...]] = {}
    for response in parts.responses:
        name = response.get("ident").removeprefix("response_")
        wordings[name] = _read_wordings(parts, response)
    blanks: list[tuple[str, ...]] = []

    def put(found: re.Match[str]) -> str:
        words = wordings.pop(html.unescape(found[1]), None)
        if words is None:
            return found[0]
        blanks.append(words)
        return BLANK

    markup = _BRACKETS.sub(put, parts.text.replace(BLANK, " "))
    if not blanks or not all(blanks):
        raise NotTaken(say("not each of its blanks has a right answer that can be typed"), say("Mend it there."))
    if wordings:
        parts.item.lose(say("answers to blanks that are not in its text"))
    prompt, text = parts.item.texts.cloze(markup, blanks)
    return {"type": "cloze", "prompt": prompt, "text": text}


def _read_wordings(parts: ItemParts, response: Node) -> tuple[str, ...]:
    labels = list(parts.list_labels(response))
    is_listed = parts.kind == "multiple_dropdowns_question" or any(
        label.get("answer_type") in _LISTED for _, label in labels
    )
    right = set(parts.list_right(response.get("ident"))) if is_listed or response.tag in _TYPED else None
    if is_listed:
        parts.item.lose(say("lists to choose from: the blanks are typed into now"))
    if response.tag in _TYPED:
        texts: Iterable[str] = parts.list_right(response.get("ident"))
    else:
        texts = (to_text(parts.read_material(label)) for ident, label in labels if right is None or ident in right)
    plain = (parts.item.texts.verbatim(text) for text in texts if text.strip())
    return tuple(text for text in dict.fromkeys(plain) if not any(mark in text for mark in ("|", "{{", "}}")))


def _read_pairs(parts: ItemParts) -> Values:
    pairs = []
    for response in parts.responses:
        right = next(iter(parts.list_right(response.get("ident"))), "")
        label = next((label for ident, label in parts.list_labels(response) if ident == right), None)
        left = response.find("material")
        if left is not None and label is not None and (texts := (parts.plain(left), parts.plain(label))) and all(texts):
            pairs.append(texts)
    if parts.item.texts.carried.type == "order":
        return _order_by_place(pairs)
    if len(pairs) < 2:
        raise NotTaken(say("it has fewer than two pairs"), say("Add pairs."))
    if len(pairs) < len(parts.responses):
        parts.item.lose(say("left sides that have no right one"))
    offered = {parts.plain(label) for response in parts.responses for _, label in parts.list_labels(response)}
    if offered - {"", *(right for _, right in pairs)}:
        parts.item.lose(say("right sides that belong to no left one"))
    return {"type": "match", "pairs": pairs}


def _order_by_place(pairs: Sequence[tuple[str, str]]) -> Values:
    """An order that was written as pairs of an item and its place."""
    places = [(read_decimal(place), item) for item, place in pairs]
    known = sorted((place, item) for place, item in places if place is not None)
    return {"type": "order", "items": [item for _, item in known]}


def _read_order(parts: ItemParts) -> Values:
    response = parts.responses[0]
    labels = dict(parts.list_labels(response))
    best = max(
        (one for one in parts.conditions), key=lambda one: one.score or len(list(one.list_equals())), default=None
    )
    order = list(best.list_equals(response.get("ident"))) if best else []
    items = [text for ident in order if ident in labels and (text := parts.line(labels[ident]))]
    if len(items) < 2 or len(items) != len(labels):
        raise NotTaken(say("its right order is not told in a way that is known here"))
    return {"type": "order", "items": items}


def _read_essay(parts: ItemParts) -> Values:
    carried = parts.item.texts.carried
    if carried.type != "flashcard" or "answer" not in carried.parts:
        reason = say("it is an essay, which a person has to read")
        raise NotTaken(reason, say("Make it a flashcard by hand, with the points to look for as its answer."))
    return {"type": "flashcard", "answer": carried.parts["answer"]}


_REFUSED: Final[Mapping[str, str]] = {
    "file_upload_question": say("learners answer it with a file"),
    "text_only_question": say("it is a text without a question"),
    "calculated_question": say("its numbers are drawn by chance anew each time"),
    "hot_spot_question": say("learners answer it by a place in a picture"),
    "categorization_question": say("it puts things into groups, for which there is no card"),
}
_READERS: Final[Mapping[str, Callable[[ItemParts], Values]]] = {
    "short_answer_question": _read_short,
    "numerical_question": _read_numerical,
    "fill_in_multiple_blanks_question": _read_blanks,
    "multiple_dropdowns_question": _read_blanks,
    "matching_question": _read_pairs,
    "ordering_question": _read_order,
    "essay_question": _read_essay,
}


def _choose_reader(parts: ItemParts) -> Callable[[ItemParts], Values]:
    """How an item is read that does not say what it is."""
    first = parts.responses[0]
    if first.get("rcardinality").lower() == "ordered":
        return _read_order
    if len(parts.responses) > 1:
        return _read_blanks if _BRACKETS.search(parts.text) else _read_pairs
    if first.tag in _TYPED:
        fib = next(first.search("render_fib"), None)
        is_number = fib is not None and fib.get("fibtype").lower() in ("decimal", "integer")
        return _read_numerical if is_number and parts.list_right() else _read_short
    raise NotTaken(say("learners answer it in a way for which there is no card"))


def read_values(parts: ItemParts, feedback: Mapping[str, str]) -> Values:
    """What a card needs of an item, but its prompt and explanation. Raises NotTaken."""
    if reason := _REFUSED.get(parts.kind):
        raise NotTaken(reason)
    reader = _READERS.get(parts.kind)
    if not parts.responses:
        raise NotTaken(say("it is a text without a question"))
    first = parts.responses[0]
    is_ordered = first.get("rcardinality").lower() == "ordered"
    if reader is None and len(parts.responses) == 1 and first.tag == "response_lid" and not is_ordered:
        return _read_options(parts, feedback)
    return (reader or _choose_reader(parts))(parts)

"""Items of QTI 2 into what a card needs: interactions, what is declared right, and feedback."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final

from quizapp.core.exchange.htmltext import to_text
from quizapp.core.exchange.qti.common import Item, NotTaken, Values, make_number, read_decimal
from quizapp.core.exchange.qti.v2_markup import show_inside
from quizapp.core.exchange.webtext import BLANK
from quizapp.core.exchange.xmltree import Node
from quizapp.core.messages import say

_EMPTY = re.compile(r"<p>\s{0,100}</p>")
_FEEDBACK: Final = ("feedbackInline", "feedbackBlock")
_GAPS: Final = ("textEntryInteraction", "inlineChoiceInteraction", "gap")
_IGNORED: Final = frozenset({"endAttemptInteraction", "mediaInteraction"})
_NUMBERS: Final = frozenset({"float", "integer"})


@dataclass(frozen=True, slots=True)
class Declared:
    """What an item declares of a response: the right values, what each of some brings, and whether it takes but one."""

    kind: str
    right: tuple[str, ...]
    shares: Mapping[str, float]
    is_single: bool = False

    @property
    def best(self) -> tuple[str, ...]:
        """All values that are fully right, the one named as right first."""
        most = max((share for share in self.shares.values() if share > 0), default=None)
        mapped = (key for key, share in self.shares.items() if share == most)
        return tuple(dict.fromkeys([*self.right, *mapped]))

    @property
    def scoring(self) -> tuple[str, ...]:
        """The values named as right, or, where none is, those that bring anything."""
        return self.right or tuple(key for key, share in self.shares.items() if share > 0)


_NOTHING: Final = Declared("", (), {})


def _read_declaration(node: Node) -> Declared:
    right = node.find("correctResponse")
    values = tuple(" ".join(value.text.split()) for value in right.list("value")) if right else ()
    shares = {}
    mapping = node.find("mapping")
    for entry in mapping.list("mapEntry") if mapping else ():
        share = read_decimal(entry.get("mappedValue"))
        shares[entry.get("mapKey")] = float(share) if share is not None else 0.0
    is_single = node.get("cardinality") == "single"
    return Declared(node.get("baseType"), tuple(value for value in values if value), shares, is_single)


@dataclass
class ItemParts:
    """An item of QTI 2 taken apart."""

    item: Item
    clean: Callable[[str], str]
    declared: Mapping[str, Declared] = field(init=False)

    def __post_init__(self) -> None:
        self.declared = {one.get("identifier"): _read_declaration(one) for one in self.root.list("responseDeclaration")}

    @property
    def root(self) -> Node:
        """The element of the item."""
        return self.item.node

    @cached_property
    def body(self) -> Node:
        """What learners see."""
        return self.root.find("itemBody") or Node("itemBody")

    @cached_property
    def interactions(self) -> list[Node]:
        """What learners do, in the order of the text."""
        found = (
            node
            for node in self.body.walk()
            if node.tag.endswith("Interaction") and node.tag != "portableCustomInteraction"
        )
        return [node for node in found if node.tag not in _IGNORED]

    def find_declared(self, node: Node) -> Declared:
        """What is declared of the response to an interaction."""
        return self.declared.get(node.get("responseIdentifier"), _NOTHING)

    def html(self, node: Node, places: Sequence[str] = (), mark: str = "") -> str:
        """What is in an element as HTML."""
        return self.clean(show_inside(node, places, mark))

    def line(self, node: Node) -> str:
        """What is in an element, in one line."""
        return self.item.texts.line(self.html(node))

    def read_prompt(self) -> str:
        """The text of the question: that around the interaction, and the prompt in it."""
        around = _EMPTY.sub("", self.html(self.body)).strip()
        prompts = (self.html(prompt) for node in self.interactions for prompt in node.list("prompt"))
        return self.item.texts.block("\n".join([around, *(f"<p>{prompt}</p>" for prompt in prompts)]).strip())

    def list_choices(self, node: Node, *tags: str) -> Iterator[tuple[str, Node, str]]:
        """The choices in an interaction: name, element, text."""
        for choice in node.search(*tags):
            if text := self.line(choice):
                yield choice.get("identifier"), choice, text

    @cached_property
    def shown(self) -> dict[str, str]:
        """The texts of feedback by the value that shows them."""
        found: dict[str, str] = {}
        for node in [*self.root.list("modalFeedback"), *self.body.search(*_FEEDBACK)]:
            name = node.get("identifier")
            if name not in found and node.get("showHide") != "hide":
                found[name] = self.html(node)
        return found


def _read_choice(parts: ItemParts, node: Node) -> Values:
    declared = parts.find_declared(node)
    right = set(declared.scoring)
    answers, wrong, names = list[str](), list[Values](), list[str]()
    for name, _, text in parts.list_choices(node, "simpleChoice"):
        names.append(name)
        why = parts.item.texts.block(parts.shown.pop(name, ""))
        if name in right:
            answers.append(text)
            parts.item.feedback.append(why)
        else:
            wrong.append({"text": text, "why": why})
    if not answers:
        raise NotTaken(
            say("none of its options is declared as right"), say("Mark the right one there, and export it again.")
        )
    if not wrong:
        raise NotTaken(say("it has no wrong option"), say("Add a wrong option."))
    is_one = node.get("maxChoices") == "1" or declared.is_single
    if not is_one and (len(answers) > 1 or parts.item.texts.carried.type != "choice"):
        return {"type": "multiple", "answers": answers, "wrong": wrong}
    if len(answers) > 1:
        parts.item.lose(say("all right options but the first, since a card of one choice has one"))
    return _read_truth(parts, answers[0], wrong, names) or {"type": "choice", "answer": answers[0], "wrong": wrong}


def _read_truth(parts: ItemParts, answer: str, wrong: Sequence[Values], names: Sequence[str]) -> Values | None:
    words = {answer.lower(), *(str(option["text"]).lower() for option in wrong)}
    is_named = {name.lower() for name in names} == {"true", "false"}
    if (words != {"true", "false"} and not is_named) or parts.item.texts.carried.type == "choice":
        return None
    parts.item.feedback.append(str(wrong[0]["why"]))
    right = parts.find_declared(parts.interactions[0]).scoring[0] if is_named else answer
    return {"type": "truefalse", "answer": right.lower() == "true"}


def _read_order(parts: ItemParts, node: Node) -> Values:
    texts = {name: text for name, _, text in parts.list_choices(node, "simpleChoice")}
    items = [texts[name] for name in parts.find_declared(node).right if name in texts]
    if len(items) < 2 or len(items) != len(texts):
        raise NotTaken(say("its right order is not declared"))
    return {"type": "order", "items": items}


def _read_match(parts: ItemParts, node: Node) -> Values:
    texts = {name: text for name, _, text in parts.list_choices(node, "simpleAssociableChoice")}
    found = [tuple(pair.split()) for pair in parts.find_declared(node).scoring]
    pairs = [(pair[0], pair[1]) for pair in found if len(pair) == 2 and set(pair) <= set(texts)]
    if len({left for left, _ in pairs}) < len(pairs) and len({right for _, right in pairs}) == len(pairs):
        pairs = [(right, left) for left, right in pairs]
    chosen = dict(reversed(pairs))
    if len(chosen) < len(pairs):
        parts.item.lose(say("all partners but the first of what has several"))
    lefts = dict.fromkeys(left for left, _ in pairs)
    if len(lefts) < 2:
        raise NotTaken(say("it declares fewer than two right pairs"))
    if set(texts) - {side for pair in pairs for side in pair}:
        parts.item.lose(say("what belongs to nothing on the other side"))
    return {"type": "match", "pairs": [(texts[left], texts[chosen[left]]) for left in lefts]}


def _list_equals(parts: ItemParts) -> Iterator[tuple[str, Decimal]]:
    """The numbers that the scoring takes, each with its tolerance."""
    declared = parts.find_declared(parts.interactions[0])
    for equal in parts.root.search("equal"):
        base = equal.find_text("baseValue") or next(iter(declared.right), "")
        number = read_decimal(base)
        if number is None:
            continue
        bounds = [bound for text in equal.get("tolerance").split() if (bound := read_decimal(text)) is not None]
        tolerance = max(map(abs, bounds), default=Decimal(0))
        if equal.get("toleranceMode") == "relative":
            tolerance = abs(number) * tolerance / 100
        yield base, tolerance


def _read_number(parts: ItemParts, declared: Declared) -> Values:
    found = list(_list_equals(parts)) or [
        (text, Decimal(0)) for text in declared.best if read_decimal(text) is not None
    ]
    if not found:
        raise NotTaken(say("it declares no right number"), say("Give it an answer there, and export it again."))
    return make_number(found, parts.item)


def _is_alone(parts: ItemParts, markup: str) -> bool:
    """Whether a field stands for itself, not in the middle of a text."""
    line = next((line for line in to_text(markup).split("\n") if BLANK in line), "")
    return line.strip() == BLANK


def _lose_shares(parts: ItemParts, declared: Declared) -> None:
    if len(declared.best) < sum(share > 0 for share in declared.shares.values()):
        parts.item.lose(say("answers for part of the mark"))


def _read_typed(parts: ItemParts) -> Values:
    markup = parts.html(parts.body, _GAPS, BLANK)
    first = parts.interactions[0]
    is_one = len(parts.interactions) == 1 and first.tag == "textEntryInteraction"
    if not is_one or parts.item.texts.carried.type == "cloze" or not _is_alone(parts, markup):
        return _read_cloze(parts, markup)
    declared = parts.find_declared(first)
    if declared.kind in _NUMBERS:
        return _read_number(parts, declared)
    right = [parts.item.texts.verbatim(text) for text in declared.best]
    if not right:
        raise NotTaken(
            say("it declares no right answer, so a person has to read it"), say("Make it a flashcard by hand.")
        )
    _lose_shares(parts, declared)
    return {"type": "short", "answer": right[0], "accept": right[1:]}


def _list_wordings(parts: ItemParts) -> Iterator[list[str]]:
    """The right wordings of each gap, in the order of the text."""
    for node in parts.body.walk():
        if node.tag == "textEntryInteraction":
            declared = parts.find_declared(node)
            _lose_shares(parts, declared)
            yield list(declared.best)
        elif node.tag == "inlineChoiceInteraction":
            parts.item.lose(say("lists to choose from: the blanks are typed into now"))
            right = parts.find_declared(node).scoring
            yield [
                " ".join(to_text(parts.html(one)).split())
                for one in node.list("inlineChoice")
                if one.get("identifier") in right
            ]
        elif node.tag == "gap":
            yield _list_gap_words(parts, node.get("identifier"))


def _list_gap_words(parts: ItemParts, gap: str) -> list[str]:
    """What belongs into a gap of words to drag."""
    parts.item.lose(say("words to drag: the blanks are typed into now"))
    words = {one.get("identifier"): " ".join(to_text(parts.html(one)).split()) for one in parts.body.search("gapText")}
    pairs = (pair.split() for node in parts.interactions for pair in parts.find_declared(node).scoring)
    return [words[pair[0]] for pair in pairs if len(pair) == 2 and pair[1] == gap and pair[0] in words]


def _read_cloze(parts: ItemParts, markup: str) -> Values:
    blanks = []
    for wordings in _list_wordings(parts):
        plain = [parts.item.texts.verbatim(text) for text in wordings if text.strip()]
        blanks.append([text for text in plain if not re.search(r"\||\{\{|\}\}", text)])
    if not blanks or not all(blanks) or markup.count(BLANK) != len(blanks):
        raise NotTaken(say("not each of its blanks has a right answer that can be typed"), say("Mend it there."))
    prompt, text = parts.item.texts.cloze(markup, blanks)
    return {"type": "cloze", "prompt": prompt, "text": text}


def _read_essay(parts: ItemParts, node: Node) -> Values:
    carried = parts.item.texts.carried
    if carried.type != "flashcard" or "answer" not in carried.parts:
        reason = say("it asks for a long answer, which a person has to read")
        raise NotTaken(reason, say("Make it a flashcard by hand, with the points to look for as its answer."))
    return {"type": "flashcard", "answer": carried.parts["answer"]}


_READERS: Final[Mapping[str, Callable[[ItemParts, Node], Values]]] = {
    "choiceInteraction": _read_choice,
    "orderInteraction": _read_order,
    "matchInteraction": _read_match,
    "extendedTextInteraction": _read_essay,
}


def read_values(parts: ItemParts) -> Values:
    """What a card needs of an item, but its explanation. Raises NotTaken."""
    if next(parts.root.list("templateDeclaration"), None) is not None:
        raise NotTaken(say("its numbers or words are drawn by chance anew each time"))
    kinds = {node.tag for node in parts.interactions}
    if not kinds:
        raise NotTaken(say("it asks nothing that learners answer"))
    if "customInteraction" in kinds:
        raise NotTaken(say("it is a little program of its own (customInteraction)"))
    if kinds <= {"textEntryInteraction", "inlineChoiceInteraction", "gapMatchInteraction"}:
        values = _read_typed(parts)
    elif len(parts.interactions) > 1:
        raise NotTaken(say("it asks several things at once"), say("Make a card of each."))
    elif reader := _READERS.get(parts.interactions[0].tag):
        values = reader(parts, parts.interactions[0])
    else:
        raise NotTaken(say("there are no cards of its type “%(tag)s”", tag=parts.interactions[0].tag[:40]))
    return values if "prompt" in values else {**values, "prompt": parts.read_prompt()}

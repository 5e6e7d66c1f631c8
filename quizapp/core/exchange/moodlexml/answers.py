"""The questions of Moodle, one function for each type: what a card needs of it, or why it cannot be one."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from quizapp.core.exchange.moodlexml.embedded import name_losses, read_embedded
from quizapp.core.exchange.webtext import BLANK, TextReader, join_texts
from quizapp.core.exchange.xmltree import Node
from quizapp.core.messages import say

_FULL = 99.99
_MOST_PARTS = 1_000
_PLACE = re.compile(r"\[\[([0-9]{1,3})\]\]")


class NotTaken(Exception):
    """A question that cannot become a card, in words for people: what it is, and what to do."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


@dataclass(slots=True)
class Question:
    """One question while it is read: its element, its texts, and what is lost on the way."""

    node: Node
    texts: TextReader
    read_html: Callable[[Node | None], str]
    lost: list[str] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)

    def block(self, node: Node | None) -> str:
        """The text of an element that holds HTML, as paragraphs."""
        return self.texts.block(self.read_html(node))

    def line(self, node: Node | None) -> str:
        """The text of an element that holds HTML, in one line."""
        return self.texts.line(self.read_html(node))

    def list_answers(self) -> Iterator[tuple[float, Node]]:
        """The answers with their shares of the mark, in percent."""
        for answer in self.node.list("answer"):
            try:
                share = float(answer.get("fraction") or answer.find_text("fraction") or "0")
            except ValueError:
                share = 0.0
            yield share, answer

    def keep_feedback(self, answer: Node) -> None:
        """Feedback that belongs to no wrong option joins the explanation."""
        self.feedback.append(self.block(answer.find("feedback")))


Values = Mapping[str, Any]


def _plain_of(answer: Node) -> str:
    return " ".join((answer.find_text("text") or answer.text).split())


def _read_options(question: Question, *, single: bool) -> Values:
    right, wrong = list[str](), list[Values]()
    partly = False
    for share, answer in question.list_answers():
        text = question.line(answer)
        if not text:
            continue
        if share >= _FULL or (share > 0 and not single):
            right.append(text)
            question.keep_feedback(answer)
        else:
            partly = partly or share > 0
            wrong.append({"text": text, "why": question.block(answer.find("feedback"))})
    if partly:
        question.lost.append(say("options for part of the mark, which count as wrong now"))
    return {"right": right, "wrong": wrong}


def _read_multichoice(question: Question) -> Values:
    single = question.node.find_text("single").lower() not in ("false", "0")
    found = _read_options(question, single=single)
    if not found["right"]:
        raise NotTaken(say("no answer of it is fully right"), say("Give one answer the grade 100 %."))
    if not found["wrong"]:
        raise NotTaken(say("it has no wrong option"), say("Add a wrong option."))
    if not single:
        return {"type": "multiple", "answers": found["right"], "wrong": found["wrong"]}
    if len(found["right"]) > 1:
        question.lost.append(say("all right options but the first, since a card of one choice has one"))
    return {"type": "choice", "answer": found["right"][0], "wrong": found["wrong"]}


def _read_truefalse(question: Question) -> Values:
    truth: bool | None = None
    for number, (share, answer) in enumerate(question.list_answers()):
        said = _plain_of(answer).lower()
        # Old files hold the words in the language of the site: true stands first there.
        is_true = said == "true" or (said != "false" and number == 0)
        if share >= _FULL:
            truth = is_true
        question.keep_feedback(answer)
    if truth is None:
        raise NotTaken(say("neither of its answers is right"), say("Give “true” or “false” the grade 100 %."))
    return {"type": "truefalse", "answer": truth}


def _take_star(question: Question, text: str) -> str | None:
    """A short answer without the marks of Moodle; None where it holds a star that stands for any letters."""
    if re.search(r"(?<!\\)\*", text):
        if text != "*":
            question.lost.append(say("an answer with a star, which stands for any letters"))
        return None
    return text.replace("\\*", "*")


def _read_short(question: Question) -> Values:
    right = []
    for share, answer in question.list_answers():
        text = _take_star(question, _plain_of(answer))
        if share < _FULL and text and share > 0:
            question.lost.append(say("an answer for part of the mark"))
        if share >= _FULL and text:
            right.append(question.texts.verbatim(text))
            question.keep_feedback(answer)
    if not right:
        raise NotTaken(say("no answer of it that can be typed is fully right"), say("Give one answer the grade 100 %."))
    if question.node.find_text("usecase") == "1":
        question.lost.append(say("that small and capital letters differ"))
    return {"type": "short", "answer": right[0], "accept": right[1:]}


def _read_decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", ".")) if len(text) < 100 else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _read_numerical(question: Question) -> Values:
    right: list[tuple[str, Decimal | None]] = []
    for share, answer in question.list_answers():
        text = _plain_of(answer)
        if share >= _FULL and _read_decimal(text) is not None:
            tolerance = _read_decimal(answer.find_text("tolerance") or "0")
            right.append((text, abs(tolerance) if tolerance else None))
            question.keep_feedback(answer)
        elif share > 0:
            question.lost.append(say("an answer for part of the mark"))
    if not right:
        raise NotTaken(say("no number of it is fully right"), say("Give one number the grade 100 %."))
    if question.node.find("units", "unit"):
        question.lost.append(say("its units"))
    first, tolerance = right[0]
    accept = [text for text, other in right[1:] if other == tolerance]
    if len(accept) < len(right) - 1:
        question.lost.append(say("answers with another tolerance than the first"))
    values: dict[str, Any] = {"type": "short", "match": "number", "answer": first, "accept": accept}
    return values if tolerance is None else {**values, "tolerance": tolerance}


def _read_matching(question: Question) -> Values:
    pairs = []
    for pair in question.node.list("subquestion"):
        left, right = question.line(pair), question.texts.plain(pair.find_text("answer", "text"))
        if left and right:
            pairs.append((left, right))
        elif right:
            question.lost.append(say("right sides that belong to no left one"))
    if len(pairs) < 2:
        raise NotTaken(say("it has fewer than two pairs"), say("Add pairs."))
    return {"type": "match", "pairs": pairs}


def _read_ordering(question: Question) -> Values:
    items = [text for _, answer in question.list_answers() if (text := question.line(answer))]
    if len(items) < 2:
        raise NotTaken(say("it has fewer than two items"), say("Add items."))
    return {"type": "order", "items": items}


def _read_cloze(question: Question) -> Values:
    found = read_embedded(question.read_html(question.node.find("questiontext")))
    if found.broken:
        raise NotTaken(found.broken, say("Mend the embedded answers, {1:SHORTANSWER:=answer}, in Moodle."))
    if found.lost:
        question.lost.append(name_losses(found))
    if found.was_picked:
        question.lost.append(say("lists to choose from: the blanks are typed into now"))
    prompt, text = question.texts.cloze(found.markup, found.blanks)
    return {"type": "cloze", "prompt": prompt, "text": text}


def _list_words(question: Question, tag: str) -> list[str]:
    return [node.find_text("text") for node in question.node.list(tag)]


def _read_places(question: Question) -> Values:
    """Moodle's texts with words to drag or select: ``[[2]]`` stands for the second word of the list."""
    words = _list_words(question, "dragbox") or _list_words(question, "selectoption")
    markup = question.read_html(question.node.find("questiontext"))
    blanks: list[Sequence[str]] = []
    pieces, at = list[str](), 0
    for place in _PLACE.finditer(markup):
        number = int(place[1])
        if not 0 < number <= len(words) or not words[number - 1] or re.search(r"\||\{\{|\}\}", words[number - 1]):
            raise NotTaken(
                say("its place %(place)s has no word that a blank can hold", place=place[0]),
                say("Mend the list of words."),
            )
        pieces += [markup[at : place.start()], BLANK]
        blanks.append((words[number - 1],))
        at = place.end()
    if not blanks:
        raise NotTaken(say("there is no place for a word in its text"), say("Write places as [[1]]."))
    question.lost.append(say("lists to choose from: the blanks are typed into now"))
    prompt, text = question.texts.cloze("".join([*pieces, markup[at:]]), blanks)
    return {"type": "cloze", "prompt": prompt, "text": text}


def _read_essay(question: Question) -> Values:
    carried = question.texts.carried
    if carried.type != "flashcard" or "answer" not in carried.parts:
        reason = say("it is an essay, which a person has to read")
        raise NotTaken(reason, say("Make it a flashcard by hand, with the points to look for as its answer."))
    return {"type": "flashcard", "answer": carried.parts["answer"]}


READERS: Final[Mapping[str, Callable[[Question], Values]]] = {
    "multichoice": _read_multichoice,
    "truefalse": _read_truefalse,
    "shortanswer": _read_short,
    "numerical": _read_numerical,
    "matching": _read_matching,
    "match": _read_matching,
    "ddmatch": _read_matching,
    "ordering": _read_ordering,
    "cloze": _read_cloze,
    "multianswer": _read_cloze,
    "gapselect": _read_places,
    "ddwtos": _read_places,
    "essay": _read_essay,
}

_REFUSED: Final[Mapping[str, str]] = {
    "description": say("it is a text without a question"),
    "calculated": say("its numbers are drawn by chance anew each time"),
    "calculatedsimple": say("its numbers are drawn by chance anew each time"),
    "calculatedmulti": say("its options are drawn by chance anew each time"),
    "randomsamatch": say("its pairs are drawn from other questions"),
    "random": say("it stands for another question, drawn by chance"),
}


def read_values(question: Question) -> dict[str, Any]:
    """What a card needs of a question, its explanation among it. Raises NotTaken."""
    kind = question.node.get("type")
    reader = READERS.get(kind)
    if reader is None:
        reason = _REFUSED.get(kind, f"there are no cards of its type “{kind[:40]}”")
        raise NotTaken(reason, say("Make a card of another type by hand."))
    if len(question.node.inside) > _MOST_PARTS:
        raise NotTaken(say("it has more answers than any card"), say("Split it into several questions."))
    values = dict(reader(question))
    if values["type"] == "short":
        values |= {key: value for key, value in question.texts.carried.parts.items() if key in ("match", "tolerance")}
    if feedback := join_texts(question.feedback):
        values["feedback"] = feedback
    return values

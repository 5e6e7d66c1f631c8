"""A deck as a file of Moodle XML, of the kind that Moodle's question bank imports.

What Moodle asks of such a file is in ``question/format/xml/format.php`` and in its question types; the tests hold what
is written here to those rules.
"""

import base64
import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, assert_never
from urllib.parse import quote

from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import (
    Card,
    Choice,
    Cloze,
    Deck,
    Flashcard,
    Match,
    Multiple,
    Order,
    Short,
    TrueFalse,
    WrongOption,
)
from quizapp.core.deck.text import shorten
from quizapp.core.exchange.carry import Line, list_lines, pack_lines
from quizapp.core.exchange.filing import name_ids
from quizapp.core.exchange.model import Exported
from quizapp.core.exchange.moodlexml.embedded import write_blank
from quizapp.core.exchange.moodlexml.fractions import ALL, MOST_RIGHT, NONE, penalise, share_evenly
from quizapp.core.exchange.webtext import Dress, TextWriter, join_head, show_tex
from quizapp.core.exchange.xmltree import escape, write_element
from quizapp.core.markup import plain_text
from quizapp.core.media.names import is_sound
from quizapp.core.messages import say
from quizapp.core.problem import Problem, Severity

_LONGEST_NAME = 120
# What Moodle has a place of its own for.
_NATIVE: Final = frozenset({"Card", "Type", "Tag", "Hint", "Option", "Why"})
_NUMBER = re.compile(r"-?[0-9]{1,300}(?:\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,3})?")


def address_of(name: str) -> str:
    """How a text in Moodle XML names a file that comes with it."""
    return f"@@PLUGINFILE@@/{quote(name)}"


def _show_file(name: str, label: str) -> str:
    address, words = address_of(name), html.escape(label)
    if is_sound(name):
        return f'<audio controls="controls" src="{address}" alt="{words}" aria-label="{words}"></audio>'
    return f'<img src="{address}" alt="{words}">'


MOODLE: Final = Dress(_show_file, show_tex)


def is_number(text: str) -> bool:
    """Whether Moodle's numerical question can hold this as an answer."""
    return _NUMBER.fullmatch(text) is not None


def is_numerical(card: Short) -> bool:
    """Whether a card goes into Moodle's numerical question: one for numbers whose answers are plain ones."""
    return card.match == "number" and all(map(is_number, (card.answer, *card.accept)))


@dataclass(slots=True)
class _Question:
    """One card on its way: its texts and files, and what goes into the block of carried lines."""

    card: Card
    media: Mapping[str, bytes]
    texts: TextWriter = field(init=False)

    def __post_init__(self) -> None:
        self.texts = TextWriter(MOODLE, self.media)

    def field(self, tag: str, markup: str, *inside: str, attributes: Sequence[tuple[str, str]] = ()) -> str:
        """An element of Moodle's that holds HTML, with the files that this shows."""
        files = (
            write_element(
                "file",
                base64.b64encode(self.media[name]).decode(),
                attributes=[("name", name), ("path", "/"), ("encoding", "base64")],
            )
            for name in self.texts.used
            if f'"{address_of(name)}"' in markup
        )
        text = f"<text>{escape(markup)}</text>"
        return write_element(tag, text, *files, *inside, attributes=[*attributes, ("format", "html")]) + "\n"

    def feedback(self, markdown: str) -> str:
        return self.field("feedback", self.texts.block(markdown) if markdown else "")


def _plain(tag: str, text: str, *inside: str, attributes: Sequence[tuple[str, str]] = ()) -> str:
    return write_element(tag, f"<text>{escape(text)}</text>", *inside, attributes=attributes) + "\n"


def _simple(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>\n"


def _write_option(question: _Question, text: str, share: str, why: str = "") -> str:
    feedback = question.feedback(why)
    return question.field("answer", question.texts.line(text), feedback, attributes=[("fraction", share)])


def _write_wrong(question: _Question, wrong: Sequence[WrongOption], share: str) -> Iterator[str]:
    return (_write_option(question, option.text, share, option.why) for option in wrong)


def _write_options(question: _Question, right: Sequence[str], shares: Sequence[str], penalty: str) -> str:
    card = question.card
    wrong = card.wrong if isinstance(card, Choice | Multiple) else ()
    head = [
        _simple("single", "true" if isinstance(card, Choice) else "false"),
        _simple("shuffleanswers", "true"),
        _simple("answernumbering", "none"),
        _simple("showstandardinstruction", "0"),
    ]
    answers = (_write_option(question, text, share) for text, share in zip(right, shares, strict=True))
    return "".join([*head, *answers, *_write_wrong(question, wrong, penalty)])


def _write_truefalse(question: _Question, card: TrueFalse) -> str:
    return "".join(
        _plain("answer", name, question.feedback(""), attributes=[("fraction", ALL if is_right else NONE)])
        for name, is_right in (("true", card.answer), ("false", not card.answer))
    )


def _write_short(question: _Question, card: Short) -> str:
    numerical = is_numerical(card)
    tolerance = _simple("tolerance", str(card.tolerance or 0)) if numerical else ""
    answers = [
        _plain(
            "answer",
            text if numerical else question.texts.verbatim(text).replace("*", "\\*"),
            question.feedback(""),
            tolerance,
            attributes=[("fraction", ALL)],
        )
        for text in (card.answer, *card.accept)
    ]
    return "".join(answers if numerical else [_simple("usecase", "0"), *answers])


def _write_match(question: _Question, card: Match) -> str:
    pairs = (
        question.field("subquestion", question.texts.line(left), _plain("answer", question.texts.plain(right)))
        for left, right in card.pairs
    )
    return "".join([_simple("shuffleanswers", "true"), *pairs])


def _write_order(question: _Question, card: Order) -> str:
    head = {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": str(len(card.items)),
        "gradingtype": "RELATIVE_ALL_PREVIOUS_AND_NEXT",
        "showgrading": "SHOW",
        "numberingstyle": "none",
    }
    items = (
        question.field("answer", question.texts.line(item), attributes=[("fraction", str(number))])
        for number, item in enumerate(card.items, 1)
    )
    return "".join([*(_simple(tag, text) for tag, text in head.items()), *items])


def _write_essay(question: _Question, card: Flashcard) -> str:
    answer = question.texts.block(card.answer)
    head = {
        "responseformat": "editor",
        "responserequired": "0",
        "responsefieldlines": "5",
        "attachments": "0",
        "attachmentsrequired": "0",
    }
    return "".join([*(_simple(tag, text) for tag, text in head.items()), question.field("graderinfo", answer)])


def _write_body(question: _Question) -> tuple[str, str]:
    """Moodle's type and what stands behind the head of the question."""
    match card := question.card:
        case Choice():
            return "multichoice", _write_options(question, [card.answer], [ALL], NONE)
        case Multiple():
            shares = share_evenly(len(card.answers)) or ()
            return "multichoice", _write_options(question, card.answers, shares, penalise(len(card.answers)))
        case TrueFalse():
            return "truefalse", _write_truefalse(question, card)
        case Short():
            return "numerical" if is_numerical(card) else "shortanswer", _write_short(question, card)
        case Cloze():
            return "cloze", ""
        case Match():
            return "matching", _write_match(question, card)
        case Order():
            return "ordering", _write_order(question, card)
        case Flashcard():
            return "essay", _write_essay(question, card)
        case _:
            assert_never(card)


def _write_question_text(question: _Question) -> str:
    card = question.card
    if isinstance(card, Cloze):
        blanks = [write_blank(wordings) for wordings in parse_cloze(card.text).blanks]
        return question.texts.cloze(card.prompt, card.text, blanks)
    return question.texts.block(card.prompt)


def _list_carried(card: Card) -> Iterator[Line]:
    """What Moodle's question of this type has no place for."""
    takes_hints = not isinstance(card, TrueFalse | Flashcard)
    whole = isinstance(card, Flashcard)
    for key, value in list_lines(card, whole=whole):
        is_native = key in _NATIVE and not (key == "Hint" and not takes_hints) and not (key == "Type" and whole)
        if not is_native and key != "Explanation":
            yield key, value
    if isinstance(card, Short):
        if card.match != ("number" if is_numerical(card) else "text"):
            yield "Match", card.match
        if card.tolerance is not None and not (is_numerical(card) and card.tolerance):
            yield "Tolerance", str(card.tolerance)


def _write_general_feedback(question: _Question) -> str:
    """The explanation and the carried lines: to be called last, when all texts have been written."""
    card = question.card
    explanation = question.texts.block(card.explanation) if card.explanation else ""
    lines = [*_list_carried(card), *question.texts.extra]
    if not lines:
        return explanation
    block = "<br>".join(html.escape(line, quote=False) for line in pack_lines(lines).split("\n"))
    return f"{explanation}\n<p>{block}</p>".lstrip()


def _name_question(card: Card) -> str:
    text = card.text if isinstance(card, Cloze) and not card.prompt else card.prompt
    return shorten(plain_text(text), _LONGEST_NAME) or card.id


def _write_question(question: _Question) -> str:
    card = question.card
    text = question.field("questiontext", _write_question_text(question))
    kind, body = _write_body(question)
    hint = question.field("hint", question.texts.block(card.hint)) if card.hint and kind not in _HINTLESS else ""
    feedback = question.field("generalfeedback", _write_general_feedback(question))
    tags = "".join(_plain("tag", tag) for tag in card.tags)
    parts = [
        _plain("name", _name_question(card)),
        text,
        feedback,
        "" if kind == "cloze" else _simple("defaultgrade", "1"),
        _simple("penalty", "1" if kind == "truefalse" else "0" if kind == "essay" else "0.3333333"),
        _simple("hidden", "0"),
        _simple("idnumber", card.id),
        body,
        hint,
        f"<tags>\n{tags}</tags>\n" if tags else "",
    ]
    return f'<question type="{kind}">\n{"".join(parts)}</question>\n'


_HINTLESS: Final = frozenset({"truefalse", "essay"})


def _write_category(deck: Deck) -> str:
    # A slash of its own stands doubled; beside the one that parts the path it would be lost without the space.
    name = deck.title.replace("/", "//")
    name = f" {name}" if name.startswith("/") else name
    return (
        '<question type="category">\n'
        + _plain("category", f"$course$/top/{name}")
        + _plain("info", join_head(deck), attributes=[("format", "plain_text")])
        + "<idnumber></idnumber>\n</question>\n"
    )


@dataclass(slots=True)
class _Report:
    """What Moodle could not hold as it is, told once for each reason."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def tell(self, cards: Sequence[Card], code: str, message: str, fix: str) -> None:
        if cards:
            names = name_ids([card.id for card in cards])
            text = say("%(words)s (%(count)s: %(names)s).", words=message, count=len(cards), names=names)
            self.problems.append(Problem(self.file, 0, 0, code, text, fix, Severity.WARNING))


def _select(deck: Deck, is_meant: Callable[[Card], bool]) -> list[Card]:
    return [card for card in deck.cards if is_meant(card)]


def _is_too_wide(card: Card) -> bool:
    return isinstance(card, Multiple) and len(card.answers) > MOST_RIGHT


def _report_types(deck: Deck, report: _Report) -> None:
    flashcards = _select(deck, lambda card: isinstance(card, Flashcard))
    fix = say("The answer stands in the feedback and in the information for graders.")
    report.tell(flashcards, "flashcard-as-essay", say("Moodle has no flashcards; they became essay questions"), fix)
    odd = _select(deck, lambda card: isinstance(card, Short) and card.match == "number" and not is_numerical(card))
    message = say("Answers with units or words are no numbers to Moodle; they became short answers")
    report.tell(odd, "number-as-text", message, say("Moodle compares them letter by letter."))
    dates = _select(deck, lambda card: isinstance(card, Short) and card.match == "date")
    message = say("Moodle does not know dates; they became short answers")
    report.tell(dates, "date-as-text", message, say("Moodle compares them letter by letter."))
    orders = _select(deck, lambda card: isinstance(card, Order))
    message = say("Questions of order need Moodle 4.4, or the plugin qtype_ordering")
    report.tell(orders, "needs-ordering", message, say("An older Moodle leaves them out."))
    message = say("Moodle has no marks for more than 20 right answers; these cards were left out")
    report.tell(_select(deck, _is_too_wide), "too-many-right", message, say("Split each into two cards."))


def write_quiz(deck: Deck, media: Mapping[str, bytes]) -> Exported:
    """The deck as Moodle XML."""
    report = _Report(f"{deck.id}.xml")
    _report_types(deck, report)
    missing: list[Card] = []
    written = [_write_category(deck)]
    for card in deck.cards:
        if not _is_too_wide(card):
            question = _Question(card, media)
            written.append(_write_question(question))
            missing += [card] if question.texts.missing else []
    report.tell(
        missing, "missing-file", say("Files that these cards show are not there"), say("Add them to the deck's media.")
    )
    document = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "".join(written) + "</quiz>\n"
    return Exported(document.encode(), f"{deck.id}.xml", "application/xml", tuple(report.problems))

"""Aiken: questions with lettered options and a line ``ANSWER:``, in plain text.

The format knows one right option out of at most 26 and nothing else; see https://docs.moodle.org/en/Aiken_format.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from quizapp.core.deck.schema import Card, Choice, Deck, TrueFalse
from quizapp.core.deck.text import shorten
from quizapp.core.exchange.decoding import decode, iterate_lines
from quizapp.core.exchange.gathering import Gathering
from quizapp.core.exchange.htmltext import escape_markdown
from quizapp.core.exchange.model import Exported, Imported, ImportOptions, PastReview
from quizapp.core.exchange.tables_marks import find_marked
from quizapp.core.markup import plain_text
from quizapp.core.messages import say
from quizapp.core.problem import Problem, Severity

_LARGEST = 4 * 1024 * 1024
_MOST_QUESTIONS: Final = 25_000
_OPTION = re.compile(r"([A-Z])[).]\s+(.*)|([A-Za-z])\)\s*(\S.*)")
# As people type them: "b. two", "(b) two", "[B] two", "B ) two". Only the letter that is next makes an option of it.
_LOOSE_OPTION = re.compile(r"[(\[]?([A-Za-z])\s?[).\]:]\s*(\S.*)")
# A star or a tick before the letter, as in "*B) two": the right option of a question that has no line "ANSWER:".
_MARK = re.compile(r"[*✓✔☑✅]\s*(?=[(\[]?[A-Za-z]\s?[).\]:])")
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*)", re.IGNORECASE)
# What else people write there; without options above it may be the question itself.
_LOOSE_ANSWER = re.compile(r"(?:(?:CORRECT|RIGHT) ANSWER|(?:CORRECT |RIGHT )?(?:ANS\.?|KEY))\s*:\s*(.*)", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Z](?:\s*[,;&]\s*[A-Z])*[.)]?")
_LETTER_AND_TEXT = re.compile(r"[(\[]?([A-Z])[).\]]\s.*")
_NUMBER = re.compile(r"(?:question|q)?\s*([0-9]{1,5})\s?[.):]\s+(?=\S)", re.IGNORECASE)
_MOST_OPTIONS: Final = 26
_MOST_LINES = 200


@dataclass(slots=True)
class _Question:
    """A question while its lines are collected."""

    line: int = 0
    prompt: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    marked: list[int] = field(default_factory=list)
    answer: str | None = None

    def add_option(self, option: tuple[str, str], *, is_marked: bool) -> None:
        """Collect one more, and whether its line began with a mark."""
        self.marked += [len(self.options)] if is_marked else []
        self.options.append(option)

    def settle(self) -> bool:
        """Find the right options by their marks where no line names them, and take the marks off; say if any was."""
        if self.answer is not None or not self.options:
            return False
        right = self.marked
        if not right:
            texts, right = find_marked([text for _, text in self.options])
            self.options = [(letter, text) for (letter, _), text in zip(self.options, texts, strict=True)]
        is_marked = 0 < len(right) < len(self.options)
        if is_marked:
            self.answer = ", ".join(self.options[place][0] for place in right)
        return is_marked


def _read_option(line: str, count: int) -> tuple[str, str] | None:
    """The letter and the text of an option, of which ``count`` came before; None where the line is none."""
    if found := _OPTION.fullmatch(line):
        return (found[1] or found[3]).upper(), found[2] or found[4]
    loose = _LOOSE_OPTION.fullmatch(line)
    return (loose[1].upper(), loose[2]) if loose and loose[1].upper() == chr(ord("A") + count) else None


def _read_questions(text: str) -> Iterator[_Question]:
    question = _Question()
    for number, raw in enumerate(iterate_lines(text), 1):
        line = raw.strip()
        if not line:
            continue
        question.line = question.line or number
        mark, answer = _MARK.match(line), _ANSWER.fullmatch(line)
        if answer is None and len(question.options) > 1:
            answer = _LOOSE_ANSWER.fullmatch(line)
        option = _read_option(line[mark.end() :] if mark else line, len(question.options))
        if answer:
            question.answer = answer[1].strip().upper()
            yield question
            question = _Question()
        elif option:
            question.add_option(option, is_marked=mark is not None)
        elif question.options and len(question.options) > 1 and not question.answer:
            # A new question begins where the last one never had its answer.
            yield question
            question = _Question(number, [line])
        else:
            question.prompt.append(line)
    if question.prompt or question.options:
        yield question


def _drop_numbers(questions: Sequence[_Question]) -> None:
    """Take “1.”, “2.” and so on from before the questions, where all of them are counted like that."""
    found = [_NUMBER.match(question.prompt[0]) for question in questions if question.prompt]
    counted = [int(one[1]) for one in found if one]
    if (
        len(counted) < 2
        or len(counted) < len(questions)
        or counted != list(range(counted[0], counted[0] + len(counted)))
    ):
        return
    for question in questions:
        question.prompt[0] = _NUMBER.sub("", question.prompt[0], count=1)


def _read_card(question: _Question) -> dict[str, Any] | str:
    """The values of a card; or a sentence why there is none."""
    question.settle()
    letters = [letter for letter, _ in question.options]
    if not question.prompt:
        return say("no question stands above its options")
    if question.answer is None:
        return say("it has no line such as “ANSWER: B”, and no option marked with a star")
    if len(letters) < 2:
        return say("it has fewer than two options, each on a line such as “A) text”")
    if len(question.prompt) > _MOST_LINES or len(letters) > _MOST_OPTIONS:
        return say("it is too long")
    whole = _LETTER_AND_TEXT.fullmatch(question.answer)
    said = whole[1] if whole else question.answer
    right = re.findall("[A-Z]", said) if _LETTERS.fullmatch(said) else []
    if not right or not set(right) <= set(letters):
        return say("“%(answer)s” is none of its options", answer=question.answer[:20])
    prompt = escape_markdown("\n".join(question.prompt))
    words = [text.casefold() for _, text in question.options]
    if sorted(words) == ["false", "true"] and len(right) == 1:
        return {"type": "truefalse", "prompt": prompt, "answer": words[letters.index(right[0])]}
    answers = [escape_markdown(text) for letter, text in question.options if letter in right]
    wrong = [escape_markdown(text) for letter, text in question.options if letter not in right]
    if len(answers) == 1:
        return {"type": "choice", "prompt": prompt, "answer": answers[0], "wrong": wrong}
    return {"type": "multiple", "prompt": prompt, "answers": answers, "wrong": wrong}


def has_marked_options(text: str) -> bool:
    """Whether some question in this has no line such as “ANSWER: B”, but options with letters, some of them marked."""
    for question in _read_questions(text):
        if question.prompt and not any("\t" in text for _, text in question.options) and question.settle():
            return True
    return False


def read(data: bytes, options: ImportOptions) -> Imported:
    """Read an Aiken file. Never raises on what the bytes hold."""
    decoded = decode(data, options.file, _LARGEST, options.encoding)
    gathering = Gathering(options, problems=list(decoded.problems))
    if decoded.text is None:
        return gathering.finish()
    questions = list(islice(_read_questions(decoded.text), _MOST_QUESTIONS + 1))
    _drop_numbers(questions)
    for count, question in enumerate(questions):
        if count >= _MOST_QUESTIONS:
            gathering.report_too_many(question.line, _MOST_QUESTIONS)
            break
        values = _read_card(question)
        if isinstance(values, str):
            name = shorten(" ".join(question.prompt) or (question.options[0][1] if question.options else "ANSWER"), 50)
            message = say("“%(name)s” is left out: %(values)s.", name=name, values=values)
            gathering.report(question.line, "bad-question", message, say("Mend it, and import the file again."))
        else:
            gathering.add(question.line, values)
        if gathering.is_full:
            break
    return gathering.finish(note=decoded.note)


def _write_line(markdown: str) -> str:
    return " ".join(plain_text(markdown).split())


def _write_card(card: Card) -> str | None:
    """The lines of a card; None where Aiken has no such thing."""
    prompt = _write_line(card.prompt)
    if _read_option(prompt, 0) or _ANSWER.fullmatch(prompt):
        return None
    if isinstance(card, TrueFalse):
        return f"{prompt}\nA) True\nB) False\nANSWER: {'A' if card.answer else 'B'}\n"
    if not isinstance(card, Choice) or len(card.options) > _MOST_OPTIONS:
        return None
    shown = sorted(card.options, key=lambda text: (text.casefold(), text))
    lines = [f"{chr(ord('A') + place)}) {_write_line(text)}" for place, text in enumerate(shown)]
    return "\n".join([prompt, *lines, f"ANSWER: {chr(ord('A') + shown.index(card.answer))}\n"])


def _tell(card: Card, is_written: bool, file: str) -> Problem | None:
    if not is_written:
        message = say(
            "“%(id)s” is left out: Aiken has only questions with one right option out of at most 26.", id=card.id
        )
        return Problem(file, 0, 0, "not-written", message, say("Choose GIFT or Moodle XML to take all cards along."))
    whys = isinstance(card, Choice) and any(option.why for option in card.wrong)
    if not (card.explanation or card.note or card.hint or card.tags or card.citations or whys):
        return None
    message = say(
        "“%(id)s” goes without explanation, hint, note, tags and citations: Aiken has no place for them.", id=card.id
    )
    return Problem(file, 0, 0, "left-behind", message, "", Severity.WARNING)


def write(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = ()) -> Exported:
    """The deck as an Aiken file, without what the format has no place for, each of which is told."""
    file = f"{deck.id}.aiken.txt"
    written = [(card, _write_card(card)) for card in deck.cards]
    told = (_tell(card, text is not None, file) for card, text in written)
    data = "\n".join(text for _, text in written if text is not None).encode("utf-8", "replace")
    return Exported(data, file, "text/plain; charset=utf-8", tuple(problem for problem in told if problem))

"""Anki's texts with clozes, ``{{c1::answer::hint}}``: one number is one card, and clozes may lie in each other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_MARK = re.compile(r"\{\{c([0-9]{1,3}(?:,[0-9]{1,3}){0,20})::|\}\}")
_MOST_MARKS = 2_000
_DEEPEST = 8
# A sign for private use stands for a blank until its text is Markdown.
_FIRST_SIGN = 0xF0000
_MOST_BLANKS = 500
_PRIVATE = re.compile("[\U000f0000-\U000ffffd]")


@dataclass(slots=True)
class _Open:
    """A cloze that is being read: its numbers, and its text so far in pieces."""

    numbers: frozenset[int]
    pieces: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Blank:
    """What is asked: HTML of the answer and of the hint, blank where there is none."""

    answer: str
    hint: str


@dataclass(frozen=True, slots=True)
class Hollow:
    """A text with a sign of its own for each blank, in their order; ``signs`` lists these."""

    markup: str
    blanks: tuple[Blank, ...]

    @property
    def signs(self) -> tuple[str, ...]:
        """The characters that stand for the blanks."""
        return tuple(chr(_FIRST_SIGN + at) for at in range(len(self.blanks)))

    def show(self, *, answers: bool) -> str:
        """The text as Anki shows it: the blanks as ``[…]`` or their hints, or filled."""
        shown = self.markup
        for sign, blank in zip(self.signs, self.blanks, strict=True):
            shown = shown.replace(sign, blank.answer if answers else f"[{blank.hint or '…'}]")
        return shown


def list_numbers(markup: str) -> frozenset[int]:
    """The numbers of the clozes in a text."""
    found = (mark[1] for mark in _MARK.finditer(markup) if mark[1])
    return frozenset(int(number) for numbers in found for number in numbers.split(","))


def _read_marks(markup: str) -> Iterator[tuple[str, str | None, bool]]:
    """Text, then the numbers of the cloze that opens behind it, and whether one closes there."""
    at = 0
    for count, mark in enumerate(_MARK.finditer(markup)):
        if count >= _MOST_MARKS:
            break
        yield markup[at : mark.start()], mark[1], not mark[1]
        at = mark.end()
    yield markup[at:], None, False


def hollow_out(markup: str, number: int) -> Hollow:
    """The text with the clozes of one number as blanks; those of other numbers show their answers.

    What is not closed is text. No blank is found where none has the number.
    """
    blanks: list[Blank] = []
    outer = _Open(frozenset())
    stack = [outer]
    for text, opened, closed in _read_marks(_PRIVATE.sub("", markup)):
        stack[-1].pieces.append(text)
        if opened and len(stack) <= _DEEPEST:
            stack.append(_Open(frozenset(map(int, opened.split(",")))))
        elif opened:
            stack[-1].pieces.append(f"{{{{c{opened}::")
        elif closed and len(stack) > 1:
            cloze = stack.pop()
            stack[-1].pieces.append(_close(cloze, number, blanks))
        elif closed:
            stack[-1].pieces.append("}}")
    for cloze in stack[1:]:
        numbers = ",".join(map(str, sorted(cloze.numbers)))
        outer.pieces += [f"{{{{c{numbers}::", *cloze.pieces]
    return _order("".join(outer.pieces), blanks)


def _close(cloze: _Open, number: int, blanks: list[Blank]) -> str:
    answer, _, hint = "".join(cloze.pieces).partition("::")
    if number not in cloze.numbers or len(blanks) >= _MOST_BLANKS:
        return answer
    # A blank within a blank is part of the outer one.
    inner = _PRIVATE.sub(lambda sign: blanks[ord(sign[0]) - _FIRST_SIGN].answer, answer)
    blanks.append(Blank(inner, _PRIVATE.sub("", hint)))
    return chr(_FIRST_SIGN + len(blanks) - 1)


def _order(markup: str, blanks: list[Blank]) -> Hollow:
    """The text with its blanks numbered as they come, without those that are within others."""
    found = [ord(sign) - _FIRST_SIGN for sign in _PRIVATE.findall(markup)]
    numbers = iter(range(len(found)))
    return Hollow(_PRIVATE.sub(lambda _: chr(_FIRST_SIGN + next(numbers)), markup), tuple(blanks[at] for at in found))

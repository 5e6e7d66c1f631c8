"""Anki's texts with clozes, ``{{c1::answer::hint}}``: one number is one card, and clozes may lie in each other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

_MARK = re.compile(r"\{\{c([0-9]{1,3}(?:,[0-9]{1,3}){0,20})::|\}\}")
_MOST_MARKS = 2_000
_DEEPEST = 8
# A sign for private use stands for a blank until its text is Markdown.
_FIRST_SIGN = 0xF0000
_MOST_BLANKS = 500
_PRIVATE = re.compile("[\U000f0000-\U000ffffd]")


@dataclass(slots=True)
class _Cloze:
    """A cloze: its numbers and what is in it, texts and further clozes.

    ``within`` are the numbers of it and of those in it. ``shown`` is its answer where it is not asked.
    """

    numbers: frozenset[int]
    parts: "list[str | _Cloze]" = field(default_factory=list)
    within: frozenset[int] = frozenset()
    shown: str = ""

    def close(self) -> None:
        """Note what does not change any more."""
        inner = (part.within for part in self.parts if not isinstance(part, str))
        self.within = self.numbers.union(*inner)
        text = "".join(part if isinstance(part, str) else part.shown for part in self.parts)
        self.shown = text.partition("::")[0]


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with clozes, read once for all its numbers.

    ``shown`` has a piece for each part, with no cloze asked; ``places`` says for a number which of them it changes.
    """

    parts: "tuple[str | _Cloze, ...]"
    shown: tuple[str, ...]
    places: Mapping[int, Sequence[int]]


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


@lru_cache(maxsize=4)  # the cards of a note come one after the other, and all are of one text
def _read(markup: str) -> _Text:
    """The parts of a text. What is not closed, or lies too deep, is text."""
    outer = _Cloze(frozenset())
    stack = [outer]
    for text, opened, closed in _read_marks(_PRIVATE.sub("", markup)):
        stack[-1].parts.append(text)
        if opened and len(stack) <= _DEEPEST:
            stack.append(_Cloze(frozenset(map(int, opened.split(",")))))
        elif opened:
            stack[-1].parts.append(f"{{{{c{opened}::")
        elif closed and len(stack) > 1:
            cloze = stack.pop()
            cloze.close()
            stack[-1].parts.append(cloze)
        elif closed:
            stack[-1].parts.append("}}")
    for cloze in stack[1:]:
        numbers = ",".join(map(str, sorted(cloze.numbers)))
        outer.parts += [f"{{{{c{numbers}::", *cloze.parts]
    places: dict[int, list[int]] = {}
    for place, part in enumerate(outer.parts):
        for number in () if isinstance(part, str) else part.within:
            places.setdefault(number, []).append(place)
    shown = tuple(part if isinstance(part, str) else part.shown for part in outer.parts)
    return _Text(tuple(outer.parts), shown, places)


def hollow_out(markup: str, number: int) -> Hollow:
    """The text with the clozes of one number as blanks; those of other numbers show their answers.

    What is not closed is text. No blank is found where none has the number.
    """
    blanks: list[Blank] = []
    text = _read(markup)
    pieces = list(text.shown)
    for place in text.places.get(number, ()):
        pieces[place] = _ask(text.parts[place], number, blanks)
    return _order("".join(pieces), blanks)


def _ask(part: str | _Cloze, number: int, blanks: list[Blank]) -> str:
    """A part with a sign for each cloze of the number in it."""
    if isinstance(part, str) or number not in part.within:
        return part if isinstance(part, str) else part.shown
    answer, _, hint = "".join([_ask(inner, number, blanks) for inner in part.parts]).partition("::")
    if number not in part.numbers or len(blanks) >= _MOST_BLANKS:
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

"""The deck format, version 1, as frozen models: see the contract in ``docs/writing-decks.md``.

Every value arrives as text (see ``quizapp.core.deck.read``); this schema alone converts. Unknown keys are errors, and
characters that hide from the eye are refused. A key with nothing behind it counts as not written.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from quizapp.core.deck.cloze import ClozeError, parse_cloze
from quizapp.core.deck.text import HIDDEN
from quizapp.core.markup import render
from quizapp.core.messages import say

LONGEST_TEXT = 20_000
MOST_CARDS = 100_000
LONGEST_QUOTE_WORDS = 12

SLUG_PATTERN = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
LANGUAGE_PATTERN = r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$"
_VISIBLE = f"^[^{HIDDEN}]*$"
_VISIBLE_LINE = f"^[^{HIDDEN}\\r\\n]*$"

Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=_VISIBLE_LINE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT, pattern=_VISIBLE)]
OptionalText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT, pattern=_VISIBLE)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN, max_length=35)]
Difficulty = Literal["easy", "medium", "hard"]


def refuse(code: str, message: str, fix: str, path: tuple[str | int, ...] = ()) -> PydanticCustomError:
    """The error to raise from a validator: ``code`` is stable, ``fix`` says what to do.

    ``path`` leads from the value that is validated to the part of it at fault.
    """
    return PydanticCustomError(code, "{message}", {"message": message, "fix": fix, "path": path})


def option_key(text: str) -> str:
    """The form in which two options of a card count as the same: letter case and runs of white space set aside."""
    return " ".join(text.split()).casefold()


def _at_most(count: int) -> BeforeValidator:
    """Refuse a longer list before its entries are looked at: a huge one must not bring a huge number of errors."""

    def check(value: Any) -> Any:
        if isinstance(value, list | tuple) and len(value) > count:
            raise refuse(
                "too-many",
                say("The list here has %(count)s entries.", count=f"{len(value):,}"),
                say("At most %(count)s are allowed.", count=f"{count:,}"),
            )
        return value

    return BeforeValidator(check)


def _refuse_repeats(texts: Iterable[tuple[tuple[str | int, ...], str]], what: str) -> None:
    """Refuse the first text that repeats one before it; each comes with its path."""
    seen: set[str] = set()
    for path, text in texts:
        if option_key(text) in seen:
            message = say("The %(what)s “%(text)s” is listed twice.", what=what, text=text)
            raise refuse("repeated-option", message, say("Delete one, or tell them apart."), path)
        seen.add(option_key(text))


def _place_wrong(wrong: tuple["WrongOption", ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    return ((("wrong", index, "text"), option.text) for index, option in enumerate(wrong))


class StrictModel(BaseModel):
    """A frozen model of something that people write: unknown keys are errors, empty values are left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_what_is_empty(cls, value: Any) -> Any:
        if isinstance(value, dict) and "" in value.values():
            return {key: inner for key, inner in value.items() if inner != "" or key not in cls.model_fields}
        return value


class Citation(StrictModel):
    """The place in a source that proves an answer: ``quote`` is verbatim, at most 12 words."""

    source: Slug
    paragraph: Annotated[int, Field(ge=1, le=100_000)]
    quote: Line

    @field_validator("quote")
    @classmethod
    def _is_short(cls, quote: str) -> str:
        if (words := len(quote.split())) > LONGEST_QUOTE_WORDS:
            message = say(
                "The quote has %(words)s words; at most %(longest_quote_words)s are allowed.",
                words=words,
                longest_quote_words=LONGEST_QUOTE_WORDS,
            )
            raise refuse("quote-too-long", message, say("Keep only the words that prove the answer."))
        return quote


class WrongOption(StrictModel):
    """An option that is not right; ``why`` is the feedback to whoever chose it."""

    text: Line
    why: OptionalText = ""


def _option(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


WrongOptions = Annotated[
    tuple[Annotated[WrongOption, BeforeValidator(_option)], ...], Field(min_length=1), _at_most(100)
]


class _Card(StrictModel):
    """What all card types share."""

    id: Slug
    prompt: Text
    explanation: OptionalText = ""
    note: OptionalText = ""
    hint: OptionalText = ""
    tags: Annotated[tuple[Line, ...], _at_most(50)] = ()
    difficulty: Difficulty | None = None
    citations: Annotated[tuple[Citation, ...], _at_most(20)] = ()
    waive: dict[Slug, Line] = Field(default_factory=dict)


class Flashcard(_Card):
    """Front and back; the learner rates the recall."""

    type: Literal["flashcard"]
    answer: Text


class Choice(_Card):
    """One right option among wrong ones."""

    type: Literal["choice"]
    answer: Line
    wrong: WrongOptions

    @model_validator(mode="after")
    def _options_differ(self) -> Self:
        _refuse_repeats([(("answer",), self.answer), *_place_wrong(self.wrong)], say("option"))
        return self

    @property
    def options(self) -> tuple[str, ...]:
        """All texts to choose from, the right one first: to be shuffled before anybody sees them."""
        return (self.answer, *(option.text for option in self.wrong))


class Multiple(_Card):
    """Several right options among wrong ones."""

    type: Literal["multiple"]
    answers: Annotated[tuple[Line, ...], Field(min_length=1), _at_most(100)]
    wrong: WrongOptions

    @model_validator(mode="after")
    def _options_differ(self) -> Self:
        right = ((("answers", index), text) for index, text in enumerate(self.answers))
        _refuse_repeats([*right, *_place_wrong(self.wrong)], say("option"))
        return self

    @property
    def options(self) -> tuple[str, ...]:
        """All texts to tick, the right ones first: to be shuffled before anybody sees them."""
        return (*self.answers, *(option.text for option in self.wrong))


def _truth(value: Any) -> Any:
    if isinstance(value, str):
        if value.casefold() not in ("true", "false"):
            raise refuse(
                "wrong-value",
                say("“%(value)s” is neither true nor false.", value=value),
                say("Write `true` or `false`."),
            )
        return value.casefold() == "true"
    return value


class TrueFalse(_Card):
    """A statement that holds or does not."""

    type: Literal["truefalse"]
    answer: Annotated[bool, BeforeValidator(_truth)]


class Short(_Card):
    """A typed answer; ``accept`` lists other right wordings, ``tolerance`` goes with ``match: number``."""

    type: Literal["short"]
    answer: Line
    accept: Annotated[tuple[Line, ...], _at_most(100)] = ()
    match: Literal["text", "number", "date"] = "text"
    tolerance: Annotated[Decimal, Field(ge=0, max_digits=30, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _tolerance_is_for_numbers(self) -> Self:
        if self.tolerance is not None and self.match != "number":
            message = say("`tolerance` goes with `match: number` only.")
            raise refuse("stray-tolerance", message, say("Add `match: number`, or delete `tolerance`."))
        return self


# Only these Markdown marks make text that is not shown: links and pictures, link definitions, names of code blocks.
_MARKS_THAT_SWALLOW = ("](", "]:", "```", "~~~")


def _is_every_blank_shown(pieces: Sequence[str]) -> bool:
    """Whether each blank lands between the tags of the rendered text, so that a field can stand there."""
    used = set("".join(pieces))
    # There are more characters for private use than a text can have.
    blank = next(chr(code) for code in range(0xF0000, 0xFFFFE) if chr(code) not in used)
    parts = render(blank.join(pieces)).split(blank)
    tags = [part.count("<") - part.count(">") for part in parts]
    return len(parts) == len(pieces) and not any(accumulate(tags))


class Cloze(_Card):
    """A text with blanks ``{{answer|accepted|…}}``, typed in place; several blanks are one card."""

    type: Literal["cloze"]
    prompt: OptionalText = ""
    text: Text

    @field_validator("text")
    @classmethod
    def _has_blanks(cls, text: str) -> str:
        try:
            pieces = parse_cloze(text).pieces
        except ClozeError as error:
            fix = say("Write each blank as {{answer}} or {{answer|also right}}.")
            raise refuse("bad-cloze", say("The blanks cannot be read: %(error)s.", error=error.args[0]), fix) from error
        if any(mark in text for mark in _MARKS_THAT_SWALLOW) and not _is_every_blank_shown(pieces):
            message = say("A blank {{…}} stands where no field can be shown, in the address or title of a link, say.")
            raise refuse("bad-cloze", message, say("Put it into the words that are read."))
        return text


class Order(_Card):
    """Items to be put in order; ``items`` lists them in the right one."""

    type: Literal["order"]
    items: Annotated[tuple[Line, ...], Field(min_length=2), _at_most(100)]

    @field_validator("items")
    @classmethod
    def _items_differ(cls, items: tuple[str, ...]) -> tuple[str, ...]:
        _refuse_repeats((((index,), item) for index, item in enumerate(items)), say("item"))
        return items


class Match(_Card):
    """Pairs to be found; a right side may serve more than one left side."""

    type: Literal["match"]
    pairs: Annotated[tuple[tuple[Line, Line], ...], Field(min_length=2), _at_most(100)]

    @field_validator("pairs")
    @classmethod
    def _left_sides_differ(cls, pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        _refuse_repeats((((index, 0), left) for index, (left, _) in enumerate(pairs)), say("left side"))
        if len({option_key(right) for _, right in pairs}) < 2:
            message = say("All right sides are the same, so there is nothing to match.")
            raise refuse("nothing-to-match", message, say("Give at least two different right sides."))
        return pairs


Card = Annotated[Flashcard | Choice | Multiple | TrueFalse | Short | Cloze | Order | Match, Field(discriminator="type")]
CARD_MODELS: Mapping[str, type[StrictModel]] = {
    "flashcard": Flashcard,
    "choice": Choice,
    "multiple": Multiple,
    "truefalse": TrueFalse,
    "short": Short,
    "cloze": Cloze,
    "order": Order,
    "match": Match,
}
CARD_TYPES: tuple[str, ...] = tuple(CARD_MODELS)


class AnyCard(_Card):
    """What can be said about a card whose type is not known."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    prompt: OptionalText = ""


class DeckHead(StrictModel):
    """What a deck file says before its cards."""

    format: Literal[1]
    id: Slug
    title: Line
    description: OptionalText = ""
    language: Language
    theme: Line
    sources: Annotated[tuple[Slug, ...], _at_most(100)] = ()
    author: OptionalText = ""
    license: OptionalText = ""
    tags: Annotated[tuple[Line, ...], _at_most(50)] = ()
    waive: dict[Slug, Line] = Field(default_factory=dict)

    @field_validator("format", mode="before")
    @classmethod
    def _format_is_a_number(cls, value: Any) -> Any:
        return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value) else value


class Deck(DeckHead):
    """A deck: what one file of ``decks/`` holds."""

    cards: Annotated[tuple[Card, ...], Field(min_length=1), _at_most(MOST_CARDS)]

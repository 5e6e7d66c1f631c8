"""A plan as somebody typed it, read: every fault is told at once, each with its field."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from quizapp.core.deck.text import HIDDEN
from quizapp.core.errors import Invalid
from quizapp.core.learning.examplan import ExamGoal, check_day
from quizapp.core.learning.examscope import ExamScope, TextPart, parse_ranges
from quizapp.core.messages import Message, say

LONGEST_TITLE = 200
MOST_CHOSEN = 500
PARAGRAPHS = "paragraphs-"
"""The field of a text's paragraphs is this and the text's id."""

_USUAL_GOAL = ExamGoal(date.max)
T = TypeVar("T")

_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")
_WHOLE = re.compile(r"\d{1,9}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HIDDEN = re.compile(f"[{HIDDEN}]")


@dataclass(frozen=True, slots=True)
class TypedPlan:
    """What stands in the form; ``paragraphs`` by the ids of texts."""

    title: str = ""
    day: str = ""
    recall: str = ""
    minutes_per_day: str = ""
    new_per_day: str = ""
    decks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    paragraphs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """The same, understood."""

    title: str
    scope: ExamScope
    goal: ExamGoal


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen: decks by id, tags, and texts by id with the number of their paragraphs."""

    decks: Collection[str]
    tags: Collection[str]
    texts: Mapping[str, int]


def _read_title(text: str) -> str:
    title = " ".join(_HIDDEN.sub(" ", text).split())
    if not any(sign.isprintable() and not sign.isspace() for sign in title):
        raise Invalid(say("Give the plan a title."))
    if len(title) > LONGEST_TITLE:
        raise Invalid(say("The title has at most %(most)s characters.", most=LONGEST_TITLE))
    return title


def _read_day(text: str, today: date) -> date:
    if not text.strip():
        raise Invalid(say("Say on which day the exam is."))
    try:
        if not _DATE.fullmatch(text.strip()):
            raise ValueError("not in the form that browsers send")
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid(say("This is no day of the calendar. Write it like 2027-01-31.")) from error
    check_day(day, today)
    return day


def _read_number(text: str, pattern: re.Pattern[str], message: Message) -> float:
    if not pattern.fullmatch(text.strip()):
        raise Invalid(message)
    return float(text.strip().replace(",", "."))


def _read_recall(text: str) -> float:
    number = _read_number(text.strip().removesuffix("%"), _NUMBER, say("Write a number of percent, such as 90."))
    return number if number <= 1 else number / 100


def _read_chosen(
    chosen: Collection[str], offered: Collection[str], refuse: Callable[[str], Message]
) -> tuple[str, ...]:
    if len(chosen) > MOST_CHOSEN:
        raise Invalid(say("These are more than %(most)s.", most=MOST_CHOSEN))
    for name in chosen:
        if name not in offered:
            raise Invalid(refuse(name[:80]))
    return tuple(dict.fromkeys(chosen))


def _read_part(source: str, text: str, texts: Mapping[str, int]) -> TextPart:
    if source not in texts:
        raise Invalid(say("There is no text “%(name)s”.", name=source[:80]))
    ranges = parse_ranges(text)
    if ranges and ranges[-1][1] > texts[source]:
        raise Invalid(say("This text has paragraphs 1 to %(last)s.", last=texts[source]))
    return TextPart(source=source, ranges=ranges)


class _Reader:
    """Reads one thing after the other and remembers what is wrong with each."""

    def __init__(self) -> None:
        self.faults: dict[str, str] = {}

    def take(self, name: str, read: Callable[[], T], usual: T) -> T:
        """What was read; where it cannot be, what is usual, so that the rest can be read too."""
        try:
            return read()
        except Invalid as error:
            self.faults |= error.fields or {name: error.message}
            return usual

    def read_scope(self, typed: TypedPlan, offered: Offered) -> ExamScope:
        """The scope; something must have been chosen."""

        def refuse_deck(name: str) -> Message:
            return say("There is no deck “%(name)s”.", name=name)

        def refuse_tag(name: str) -> Message:
            return say("No card has the tag “%(name)s”.", name=name)

        if not (typed.decks or typed.tags or any(text.strip() for text in typed.paragraphs.values())):
            self.faults["scope"] = say("Choose at least one deck, tag or paragraph.")
        none: tuple[str, ...] = ()
        decks = self.take("decks", lambda: _read_chosen(typed.decks, offered.decks, refuse_deck), none)
        tags = self.take("tags", lambda: _read_chosen(typed.tags, offered.tags, refuse_tag), none)
        parts = [self._read_part(source, text, offered.texts) for source, text in typed.paragraphs.items()]
        return ExamScope(decks=decks, tags=tags, parts=tuple(part for part in parts if part.ranges))

    def _read_part(self, source: str, text: str, texts: Mapping[str, int]) -> TextPart:
        name = f"{PARAGRAPHS}{source}" if source in texts else "scope"
        return self.take(name, lambda: _read_part(source, text, texts), TextPart(source=source, ranges=()))

    def read_goal(self, typed: TypedPlan, today: date) -> ExamGoal:
        """The goal, each number read by itself and all of them checked."""
        minutes = say("Write a number of minutes, such as 20.")
        cards = say("Write a number of cards, such as 10.")
        day = self.take("day", lambda: _read_day(typed.day, today), today)
        recall = self.take("recall", lambda: _read_recall(typed.recall), _USUAL_GOAL.recall)
        time = self.take("minutes_per_day", lambda: _read_number(typed.minutes_per_day, _NUMBER, minutes), 20.0)
        new = self.take("new_per_day", lambda: _read_number(typed.new_per_day, _WHOLE, cards), 10.0)
        return self.take("goal", lambda: ExamGoal(day, recall, time, int(new)), _USUAL_GOAL)


def read_scope(typed: TypedPlan, offered: Offered) -> ExamScope:
    """What was typed of the scope alone. Raises Invalid with every field at fault."""
    reader = _Reader()
    scope = reader.read_scope(typed, offered)
    if reader.faults:
        raise Invalid(say("This cannot be studied as it stands."), reader.faults)
    return scope


def read_plan(typed: TypedPlan, offered: Offered, today: date) -> PlanDraft:
    """The plan that was typed. Raises Invalid with every field at fault."""
    reader = _Reader()
    title = reader.take("title", lambda: _read_title(typed.title), "")
    goal = reader.read_goal(typed, today)
    scope = reader.read_scope(typed, offered)
    if reader.faults:
        raise Invalid(say("The plan is not made yet."), reader.faults)
    return PlanDraft(title, scope, goal)

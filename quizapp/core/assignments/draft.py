"""An assignment as somebody typed it, read: every fault is told at once, each with its field."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from quizapp.core.assignments.dates import FIELDS, Dates, check_dates, read_moment
from quizapp.core.deck.text import HIDDEN
from quizapp.core.errors import Invalid
from quizapp.core.learning.examdraft import MOST_CHOSEN, Offered, TypedPlan, read_scope
from quizapp.core.learning.examscope import ExamScope
from quizapp.core.messages import Message, say

LONGEST_TITLE = 200
LONGEST_INSTRUCTIONS = 5_000
KINDS = ("study", "test")
WHOM = ("class", "groups", "students")
_HIDDEN = re.compile(f"[{HIDDEN}]")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TypedAssignment:
    """What stands in the form. ``paragraphs`` by the ids of texts; ``test``, groups and students by their handles."""

    title: str = ""
    instructions: str = ""
    kind: str = "study"
    decks: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    paragraphs: Mapping[str, str] = field(default_factory=dict)
    test: str = ""
    opens: str = ""
    due: str = ""
    closes: str = ""
    whom: str = "class"
    groups: tuple[str, ...] = ()
    students: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignmentOffer:
    """What can be chosen: what there is to study, themes, tests with their titles, and groups and students."""

    study: Offered
    themes: Collection[str]
    tests: Mapping[str, str]
    groups: Collection[str]
    students: Collection[str]


@dataclass(frozen=True, slots=True)
class AssignmentDraft:
    """The same, understood. ``scope`` is None for a test, which ``test`` names, and which has dates of its own."""

    title: str
    instructions: str
    scope: ExamScope | None
    test: str
    dates: Dates
    for_class: bool
    groups: tuple[str, ...]
    students: tuple[str, ...]


class Faults:
    """Reads one thing after the other and remembers what is wrong with each."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def take(self, name: str, read: Callable[[], T], usual: T) -> T:
        """What was read; where it cannot be, what is usual, so that the rest can be read too."""
        try:
            return read()
        except Invalid as error:
            self.found |= error.fields or {name: error.message}
            return usual

    def raise_found(self, message: Message) -> None:
        """Raise Invalid where anything is wrong."""
        if self.found:
            raise Invalid(message, self.found)


def read_dates(typed: Mapping[str, str], zone: ZoneInfo, faults: Faults) -> Dates:
    """The dates of a form by their fields, in this zone; a day alone is its beginning to open, its end to be due."""

    def read(name: str) -> datetime | None:
        return faults.take(name, lambda: read_moment(typed.get(name, ""), zone, end_of_day=name != "opens"), None)

    return Dates(*(read(name) for name in FIELDS))


def hold_dates(dates: Dates, faults: Faults) -> None:
    """Note what is wrong with the order of dates; a field that could not be read is told alone."""
    faults.found |= {name: message for name, message in check_dates(dates).items() if name not in faults.found}


def _read_title(text: str, usual: str) -> str:
    title = " ".join(_HIDDEN.sub(" ", text).split()) or usual
    if not any(sign.isalnum() for sign in title):
        raise Invalid(say("Give the assignment a title."))
    if len(title) > LONGEST_TITLE:
        raise Invalid(say("The title has at most %(most)s characters.", most=LONGEST_TITLE))
    return title


def _read_instructions(text: str) -> str:
    cleaned = _HIDDEN.sub(" ", text.replace("\r\n", "\n")).strip()
    if len(cleaned) > LONGEST_INSTRUCTIONS:
        raise Invalid(say("The instructions have at most %(most)s characters.", most=LONGEST_INSTRUCTIONS))
    return cleaned


def _read_scope(typed: TypedAssignment, offer: AssignmentOffer) -> ExamScope:
    for theme in typed.themes:
        if theme not in offer.themes:
            raise Invalid(
                say("There is no such theme."), {"themes": say("No deck has the theme “%(name)s”.", name=theme[:80])}
            )
    themes = tuple(dict.fromkeys(typed.themes))
    other = TypedPlan(decks=typed.decks, tags=typed.tags, paragraphs=typed.paragraphs)
    if themes and not (typed.decks or typed.tags or any(text.strip() for text in typed.paragraphs.values())):
        return ExamScope(themes=themes)
    try:
        return read_scope(other, offer.study).model_copy(update={"themes": themes})
    except Invalid as error:
        nothing = (
            {"scope": say("Choose at least one deck, theme, tag or paragraph.")} if "scope" in error.fields else {}
        )
        raise Invalid(error.message, {**error.fields, **nothing}) from error


def _read_people(chosen: Collection[str], offered: Collection[str], nobody: Message) -> tuple[str, ...]:
    """Those of the chosen who are there still; somebody must be."""
    if len(chosen) > MOST_CHOSEN:
        raise Invalid(say("These are more than %(most)s.", most=MOST_CHOSEN))
    found = tuple(dict.fromkeys(handle for handle in chosen if handle in offered))
    if not found:
        raise Invalid(nobody)
    return found


def _read_whom(typed: TypedAssignment, offer: AssignmentOffer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if typed.whom == "class":
        return (), ()
    if typed.whom == "groups":
        nobody = say("Choose at least one group of the class.")
        return _read_people(typed.groups, offer.groups, nobody), ()
    if typed.whom == "students":
        return (), _read_people(typed.students, offer.students, say("Choose at least one student of the class."))
    raise Invalid(say("Say whom it is for: the class, groups, or single students."))


def read_assignment(typed: TypedAssignment, offer: AssignmentOffer, zone: ZoneInfo) -> AssignmentDraft:
    """The assignment that was typed; the dates are in this zone. Raises Invalid with every field at fault."""
    faults = Faults()
    is_test = typed.kind == "test"
    if typed.kind not in KINDS:
        faults.found["kind"] = say("Say what is to be done: study cards, or sit a test.")
    if is_test and typed.test not in offer.tests:
        faults.found["test"] = say("Choose a test of this class.")
    title = faults.take(
        "title", lambda: _read_title(typed.title, offer.tests.get(typed.test, "") if is_test else ""), ""
    )
    instructions = faults.take("instructions", lambda: _read_instructions(typed.instructions), "")
    scope = None if is_test else faults.take("scope", lambda: _read_scope(typed, offer), ExamScope())
    dates = Dates()
    if not is_test:
        dates = read_dates({"opens": typed.opens, "due": typed.due, "closes": typed.closes}, zone, faults)
        hold_dates(dates, faults)
    nobody: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    groups, students = faults.take("whom", lambda: _read_whom(typed, offer), nobody)
    faults.raise_found(say("The assignment is not saved yet."))
    test = typed.test if is_test else ""
    return AssignmentDraft(title, instructions, scope, test, dates, typed.whom == "class", groups, students)

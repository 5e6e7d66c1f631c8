"""What a test is: its questions or the pools they are drawn from, and the settings that a teacher chooses."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from quizapp.core.deck.schema import SLUG_PATTERN, Difficulty, Slug
from quizapp.core.errors import Invalid
from quizapp.core.messages import Message, say

MOST_QUESTIONS = 200
MOST_DRAWS = 20
MOST_ATTEMPTS = 50
LONGEST_LIMIT = 24 * 60
"""The longest time limit, in minutes."""

_REF = SLUG_PATTERN.removesuffix("$") + "/" + SLUG_PATTERN.removeprefix("^")

Ref = Annotated[str, StringConstraints(pattern=_REF, max_length=161)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Feedback(StrEnum):
    """When a student sees what was right: after each question, after handing in, after the due date, or never."""

    AT_ONCE = "at-once"
    AT_END = "at-end"
    AFTER_DUE = "after-due"
    NEVER = "never"


class Counting(StrEnum):
    """Which attempt counts."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"
    AVERAGE = "average"


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Draw(_Frozen):
    """``count`` cards out of those that fit. An empty filter lets every card through.

    ``paragraphs`` belong to ``source``; a card fits where it cites one of them.
    """

    count: Annotated[int, Field(ge=1, le=MOST_QUESTIONS)]
    decks: tuple[Slug, ...] = ()
    tags: tuple[Word, ...] = ()
    themes: tuple[Word, ...] = ()
    difficulties: tuple[Difficulty, ...] = ()
    source: Slug | Literal[""] = ""
    paragraphs: tuple[Annotated[int, Field(ge=1, le=100_000)], ...] = ()


class Plan(_Frozen):
    """All that is said of a test but its title, its dates and who sits it.

    ``cards`` are asked of everybody, named ``DECK/CARD``; ``draws`` come on top. ``limit_minutes`` is what a student
    without extra time has. ``confidence``: each answer comes with how sure the student is, and is scored by it.
    """

    cards: Annotated[tuple[Ref, ...], Field(max_length=MOST_QUESTIONS)] = ()
    draws: Annotated[tuple[Draw, ...], Field(max_length=MOST_DRAWS)] = ()
    introduction: Annotated[str, StringConstraints(strip_whitespace=True, max_length=5_000)] = ""
    all_on_one_page: bool = False
    shuffle_questions: bool = True
    shuffle_options: bool = True
    feedback: Feedback = Feedback.AT_END
    attempts: Annotated[int, Field(ge=1, le=MOST_ATTEMPTS)] = 1
    counting: Counting = Counting.BEST
    limit_minutes: Annotated[int, Field(ge=1, le=LONGEST_LIMIT)] | None = None
    confidence: bool = False

    @property
    def questions(self) -> int:
        """How many questions an attempt has."""
        return len(self.cards) + sum(draw.count for draw in self.draws)


def check_plan(plan: Plan, *, has_due: bool) -> dict[str, Message]:
    """What keeps students from sitting this test, by field; empty where nothing does.

    ``has_due`` says whether there is a due date.
    """
    faults: dict[str, Message] = {}
    if plan.questions == 0:
        faults["cards"] = say("The test has no questions yet. Choose cards, or draw some from a pool.")
    elif plan.questions > MOST_QUESTIONS:
        faults["cards"] = say("At most %(most)s questions; these are %(count)s.", most=200, count=plan.questions)
    if plan.feedback is Feedback.AFTER_DUE and not has_due:
        faults["due"] = say("Feedback after the due date needs a due date.")
    return faults


def check_change(before: Plan, after: Plan) -> dict[str, Message]:
    """What must not change once somebody has begun, by field: what was promised holds, and scores stay comparable."""
    faults: dict[str, Message] = {}
    if (before.cards, before.draws) != (after.cards, after.draws):
        faults["cards"] = say("Students have begun, so the questions stay. Copy the test to ask others.")
    if before.confidence != after.confidence:
        faults["confidence"] = say("Students have begun, so the scoring stays. Copy the test to score another way.")
    if after.attempts < before.attempts:
        faults["attempts"] = say("Students have begun: you can give more attempts, not fewer.")
    if after.limit_minutes is not None and (before.limit_minutes is None or after.limit_minutes < before.limit_minutes):
        faults["limit_minutes"] = say("Students have begun: the time can be made longer, not shorter.")
    return faults


def refuse(faults: dict[str, Message]) -> None:
    """Raise Invalid where there are faults."""
    if faults:
        raise Invalid(say("The test was not saved."), faults)

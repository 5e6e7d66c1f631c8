"""The form of a test: what is in its fields, as a draft of the test, and back."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from quizapp.core.assessments.plan import LONGEST_LIMIT, MOST_ATTEMPTS, MOST_DRAWS, MOST_QUESTIONS, Draw, Plan
from quizapp.core.assessments.timing import Window
from quizapp.core.errors import Invalid
from quizapp.core.messages import say
from quizapp.services.assessments.editing import Draft
from quizapp.web.assessments.blueprint import read_moment, read_number

Form = MultiDict[str, str]
MOST_PARAGRAPHS = 2_000
"""Paragraphs that a row of a form may name: each is asked for in the database by its number."""
_LONGEST_FIELD = 20_000
_RANGE = re.compile(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?")
_DRAW_FIELDS = ("count", "deck", "theme", "tags", "difficulty", "source", "paragraphs")


@dataclass(frozen=True, slots=True)
class DrawFields:
    """A row of the form, as typed."""

    count: str = ""
    deck: str = ""
    theme: str = ""
    tags: str = ""
    difficulty: str = ""
    source: str = ""
    paragraphs: str = ""


def _write_ranges(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def draw_fields(draw: Draw) -> DrawFields:
    """A draw as its row in the form."""
    return DrawFields(
        str(draw.count),
        ", ".join(draw.decks),
        ", ".join(draw.themes),
        ", ".join(draw.tags),
        ", ".join(draw.difficulties),
        draw.source,
        _write_ranges(draw.paragraphs),
    )


def read_rows(form: Form) -> list[DrawFields]:
    """The rows of draws as typed, blank ones left out."""
    rows = []
    for number in range(MOST_DRAWS + 1):
        row = DrawFields(*(form.get(f"draw-{number}-{name}", "").strip() for name in _DRAW_FIELDS))
        if row != DrawFields():
            rows.append(row)
    return rows


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _read_paragraphs(text: str) -> tuple[int, ...]:
    """Numbers and ranges such as ``3-7, 9``. Raises ValueError, and Invalid where they are too many."""
    numbers: dict[int, None] = {}
    named = 0
    for part in _words(text):
        found = _RANGE.fullmatch(part)
        if found is None:
            raise ValueError(part)
        first, last = int(found[1]), int(found[2] or found[1])
        if not 0 < first <= last <= first + 1_000:
            raise ValueError(part)
        named += last + 1 - first
        if named > MOST_PARAGRAPHS:
            raise Invalid(say("Name at most %(most)s paragraphs.", most=MOST_PARAGRAPHS))
        numbers |= dict.fromkeys(range(first, last + 1))
    return tuple(numbers)


def _read_draw(row: DrawFields, number: int, faults: dict[str, str]) -> Draw | None:
    field = f"draw-{number}-count"
    if any(len(text) > _LONGEST_FIELD for text in astuple(row)):
        faults[field] = say("This row is too long.")
        return None
    try:
        paragraphs = _read_paragraphs(row.paragraphs)
    except ValueError:
        faults[f"draw-{number}-paragraphs"] = say("Write paragraphs like 3-7, 9.")
        return None
    except Invalid as error:
        faults[f"draw-{number}-paragraphs"] = error.message
        return None
    if paragraphs and not row.source:
        faults[f"draw-{number}-source"] = say("Choose the text that these paragraphs belong to.")
        return None
    try:
        return Draw(
            count=read_number({field: row.count}, field, 1, MOST_QUESTIONS, faults),
            decks=_words(row.deck),
            themes=_words(row.theme),
            tags=_words(row.tags),
            difficulties=_words(row.difficulty),
            source=row.source,
            paragraphs=paragraphs,
        )
    except ValidationError:
        faults[field] = say("This row names something that does not exist.")
        return None


def _read_plan(form: Form, cards: Sequence[str], faults: dict[str, str]) -> Plan:
    draws = [_read_draw(row, number, faults) for number, row in enumerate(read_rows(form))]
    limit = None
    if form.get("limit_minutes", "").strip():
        limit = read_number(form, "limit_minutes", 1, LONGEST_LIMIT, faults)
    try:
        return Plan.model_validate(
            {
                "cards": tuple(cards),
                "draws": tuple(draw for draw in draws if draw is not None),
                "introduction": form.get("introduction", "").replace("\r\n", "\n"),
                "all_on_one_page": form.get("layout") == "all",
                "shuffle_questions": "shuffle_questions" in form,
                "shuffle_options": "shuffle_options" in form,
                "feedback": form.get("feedback", "at-end"),
                "attempts": read_number(form, "attempts", 1, MOST_ATTEMPTS, faults),
                "counting": form.get("counting", "best"),
                "limit_minutes": limit,
                "confidence": "confidence" in form,
            }
        )
    except ValidationError as error:
        for problem in error.errors():
            faults[str(problem["loc"][0])] = say("Choose one of the values of the form.")
        return Plan(cards=tuple(cards))


def read_draft(form: Form, cards: Sequence[str]) -> Draft:
    """The test that a form describes; ``cards`` are those asked of everybody. Raises Invalid naming the fields."""
    faults: dict[str, str] = {}
    plan = _read_plan(form, cards, faults)
    window = Window(*(read_moment(form.get(name, ""), name, faults) for name in ("opens", "due", "closes")))
    if len(read_rows(form)) > MOST_DRAWS:
        faults["cards"] = say("At most %(most)s rows.", most=MOST_DRAWS)
    if faults:
        raise Invalid(say("The test was not saved."), faults)
    return Draft(
        title=form.get("title", ""),
        plan=plan,
        window=window,
        class_handle=form.get("class_handle", ""),
        by_link="by_link" in form,
        holds="holds" in form,
    )


def new_client() -> str:
    """A name for one page in one tab, so that its saves can be told from those of others."""
    return str(uuid.uuid4())

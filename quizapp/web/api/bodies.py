"""Reading what a program sends to the API, with a sentence for each field at fault."""

import json
from typing import Annotated, Any

from flask import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quizapp.core.errors import Invalid, NotFound
from quizapp.core.messages import say
from quizapp.services.submissions import Submission
from quizapp.web.words import gettext


class AnswerBody(BaseModel):
    """The body of ``POST /api/v1/answers``: Contracts 3.4."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    key: Annotated[str, Field(description="The client's own UUID for this one answer.", min_length=1, max_length=64)]
    card: Annotated[str, Field(description="DECK/CARD, as in `ref`.", min_length=1, max_length=200)]
    revision: Annotated[int, Field(description="The revision that was shown.", ge=1, le=2**31 - 1)]
    response: Annotated[
        Any,
        Field(
            description="Text for short; the option's text for choice; a list for multiple, cloze and order; an object"
            " left to right for match; true or false for truefalse; nothing for a flashcard."
        ),
    ] = None
    shown_ms: Annotated[int | None, Field(description="How long the card was shown, in milliseconds.")] = None
    hint_used: Annotated[bool | None, Field(description="Whether the hint was looked at.")] = None
    confidence: Annotated[int | None, Field(description="How sure the learner was: 1, 2 or 3.")] = None
    rating: Annotated[int | None, Field(description="1 to 4; for a flashcard, and for no other type.")] = None


_MOST_NAMED = 20
_LONGEST_NAME = 80


def _mend_name(name: str) -> str:
    """The name of a field as it can be said again: what is no letter, such as half a surrogate pair, is replaced."""
    if len(name) <= _LONGEST_NAME and name.isprintable():
        return name
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name[:_LONGEST_NAME])


def _sentence(problem: dict[str, Any]) -> str:
    kind = str(problem["type"])
    if kind == "missing":
        return gettext("This field is missing.")
    if kind == "extra_forbidden":
        return gettext("There is no such field.")
    if kind.endswith("_type"):
        return gettext("This field wants another kind of value.")
    return gettext("This value is too small, too large, too short or too long.")


def read_json(request: Request) -> object:
    """What the body holds; None where it is no JSON at all, or nested deeper than anybody would.

    Whoever looks into the body of a request reads it here: Flask's own reader takes NaN, and fails on deep nesting.
    """
    if not request.is_json:
        return None
    try:
        return json.loads(request.get_data(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def read_answer_body(request: Request) -> tuple[str, Submission]:
    """The key and the submission. Raises Invalid for a wrong shape, NotFound for a card that is no ``DECK/CARD``."""
    data = read_json(request)
    if not isinstance(data, dict):
        raise Invalid(say("The body is not a JSON object."), {"body": say("Send a JSON object as application/json.")})
    try:
        body = AnswerBody.model_validate({_mend_name(name): value for name, value in data.items()})
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)[:_MOST_NAMED]
        fields = {".".join(map(str, problem["loc"])): _sentence(dict(problem)) for problem in problems}
        raise Invalid(say("The answer was not recorded."), fields) from error
    deck, slash, card = body.card.partition("/")
    if not slash:
        raise NotFound(say("There is no such card."))
    submission = Submission(
        deck=deck,
        card=card,
        revision=body.revision,
        response=body.response,
        shown_ms=body.shown_ms,
        hint_used=bool(body.hint_used),
        confidence=body.confidence,
        rating=body.rating,
    )
    return body.key, submission

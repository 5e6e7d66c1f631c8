"""Where a round of practice is found: under its handle; or, before a visitor's first answer, in its address alone."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from quizapp.core.errors import Invalid, NotFound
from quizapp.core.learning.practice import PracticeChoice
from quizapp.core.messages import say
from quizapp.services import practice_round
from quizapp.services.practice_round import PracticeRound
from quizapp.services.submissions import check_key
from quizapp.web.context import learner_id, now, reader, rules

LONGEST_TOKEN = 3000
"""Servers refuse longer addresses."""


@dataclass(frozen=True, slots=True)
class RoundPlace:
    """A round and its address. ``choice`` is there where the round may not be written down yet."""

    round: PracticeRound
    token: str | None = None
    choice: PracticeChoice | None = None

    def url(self, action: str = "") -> str:
        """Where the round is asked, or the address of one of its actions (``hint``, ``reveal``)."""
        handle = self.round.plan.handle
        if self.token is None:
            return url_for(f"practice.{action or 'ask'}", handle=handle)
        return url_for(f"practice.{'try_' + action if action else 'try_it'}", token=self.token)


def read_key() -> str:
    """The key in the form in hand, so that a repeat of it counts once; a new one where it holds none."""
    try:
        return check_key(request.form.get("key", ""))
    except Invalid:
        return str(uuid.uuid4())


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="practice")


def make_token(handle: str, choice: PracticeChoice) -> str:
    """A round that is stored nowhere, as a part of an address. Raises Invalid where it does not fit into one."""
    token = _serializer().dumps({"handle": handle, "choice": choice.model_dump(mode="json")})
    if len(token) > LONGEST_TOKEN:
        raise Invalid(say("This is more than can be chosen at once."))
    return str(token)


def find_round(handle: str) -> RoundPlace:
    """The viewer's round with this handle. Raises NotFound."""
    return RoundPlace(practice_round.load_round(reader(), learner_id(), handle, now()))


def find_trial(token: str) -> RoundPlace:
    """The round that an address holds. Raises NotFound for an address that was not made here."""
    try:
        held: dict[str, Any] = _serializer().loads(token)
    except BadSignature as error:
        raise NotFound(say("There is no such practice, or it is not yours.")) from error
    choice = PracticeChoice.model_validate(held["choice"])
    found = practice_round.preview_round(reader(), learner_id(), choice, str(held["handle"]), rules(), now())
    return RoundPlace(found, token, choice)

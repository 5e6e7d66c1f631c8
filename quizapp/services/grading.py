"""Grading that never stands in the way: one answer that it cannot handle holds up no other."""

import logging
from traceback import extract_tb

from quizapp.core.deck.schema import Card
from quizapp.core.errors import Invalid
from quizapp.core.learning.grading import Grade, Response, count_wrong, grade

log = logging.getLogger("quizapp")


def grade_any(card: Card, response: Response, language: str) -> Grade:
    """What a checked answer is worth; wrong where grading fails on it, with a line in the log that says which card.

    Without this an attempt at a test that holds such an answer could never be ended. Raises Invalid where the answer
    is none to this card.
    """
    try:
        return grade(card, response, language)
    except Invalid:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other answers count
        # Where it happened, and not the whole error: its text may hold the learner's words.
        place = extract_tb(error.__traceback__)[-1]
        log.error("Grading failed on an answer to %s: %s in %s.", card.id, type(error).__name__, place.name)
        return count_wrong(card, response)
